"""What is usual in words: how the band came about, where the period looked at lies, what a chart shows."""

from math import isnan

import numpy as np

from dashboard.i18n import number, percent, t, tn
from dashboard.pages.compare_reading import Reading, value_at
from dashboard.pages.compare_usual import ABOVE, BELOW, Normal
from indicators.usual import FEWEST

SIGNS = {ABOVE: "▲", BELOW: "▼", 0: ""}
# Halves of the window that differ by less than this are called steady.
STEADY = 0.1


def about_usual(reading: Reading, side: str) -> str:
    """The sentences under a chart: where the period looked at lies, and what the band stands on."""
    found = reading.usual(side)
    if found is None:
        return ""
    if not found.known:
        return t("usual.too_short", place=reading.place_of(side).name, fewest=number(FEWEST))
    return _capital(f"{_verdict(reading, side, found)} {_basis(reading, side, found)}".strip())


def _verdict(reading: Reading, side: str, found: Normal) -> str:
    at, value = reading.at, value_at(reading.total(side), reading.at)
    if value is None:
        return ""
    words = {"period": reading.label, "value": number(value), "unit": reading.unit(side)}
    if np.isnan(found.high[at]):
        return t("usual.not_known", **words)
    key = {ABOVE: "usual.above", BELOW: "usual.below"}.get(int(found.side[at]), "usual.within")
    return t(key, low=number(found.low[at]), high=_high(found, at), **words)


def _high(found: Normal, index: int) -> str:
    """Where what is usual ends; with the zero, where it is usual too and the band does not reach it."""
    high = number(found.high[index])
    apart = bool(found.zero[index]) and round(float(found.low[index])) > 0
    return t("usual.or_zero", high=high) if apart else high


def _basis(reading: Reading, side: str, found: Normal) -> str:
    if np.isnan(found.high[reading.at]):
        return t("usual.basis_elsewhere")
    grain = "usual.months" if reading.address.grain == "month" else "usual.periods"
    history = int(found.history[reading.at])
    parts = {
        "periods": tn(grain, history),
        "season": t("usual.season") if found.seasonal else t("usual.no_season"),
    }
    if found.regular > 1:
        level = len(reading.country.levels) if side == "commodity" else reading.comparison.overlap.level
        return t(
            "usual.basis_of_many",
            n=number(found.regular),
            units=reading.level_count(level, found.regular),
            **parts,
        )
    return t("usual.basis", **parts)


def sign(found: Normal | None, index: int) -> str:
    """▲ above what is usual, ▼ below it, nothing where it is usual or not known."""
    return SIGNS[int(found.side[index])] if found else ""


HOVERS = {ABOVE: "usual.hover_above", BELOW: "usual.hover_below", 0: "usual.hover"}
NOTED = {ABOVE: "usual.noted_above", BELOW: "usual.noted_below"}


def hovers(found: Normal | None) -> list[str]:
    """What each bar says of the band under the pointer; empty where there is none in its period."""
    if found is None:
        return []
    lows, highs, sides = found.low.tolist(), found.high.tolist(), found.side.tolist()
    return [
        "" if isnan(high) else _told(HOVERS[side], low=number(low), high=_high(found, index))
        for index, (low, high, side) in enumerate(zip(lows, highs, sides, strict=True))
    ]


def _told(key: str, **values: object) -> str:
    return t(key, **values)


def noted(reading: Reading, side: str, measure: str) -> list[str]:
    """What stands behind each figure in the table of all periods: that it is above or below what is usual."""
    drawn = side in ("service", "commodity") and measure == reading.measure(side)
    found = reading.usual(side) if drawn else None
    if found is None:
        return [""] * len(reading.labels)
    words = {way: f" ({_told(key)})" for way, key in NOTED.items()}
    return [words.get(way, "") for way in found.side.tolist()]


def summary(reading: Reading, side: str) -> str:
    """A chart in one sentence for those who cannot see it: its trend, the newest figure, what is unusual."""
    values = reading.total(side)
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        return ""
    newest = int(known[-1])
    parts = [
        t(
            "usual.summary",
            unit=reading.unit(side),
            span=_span(reading.labels[int(known[0])], reading.labels[newest]),
            trend=_trend(np.where(reading.comparison.partial, np.nan, values)[known[0] : newest + 1]),
            newest=reading.labels[newest],
            value=number(float(values[newest])),
        )
    ]
    found = reading.usual(side)
    if found and found.known:
        outside = [(found.outside(ABOVE), "usual.list_above"), (found.outside(BELOW), "usual.list_below")]
        told = [t(key, periods=", ".join(reading.labels[i] for i in each)) for each, key in outside if each]
        parts.append(t("usual.then").join(told) if told else t("usual.none_outside"))
    return _capital(t("usual.then").join(parts) + ".")


def _span(first: str, last: str) -> str:
    return first if first == last else t("parted.span", first=first, last=last)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _trend(values: np.ndarray) -> str:
    """The mean of the window's second half against that of the first, over periods that are over."""
    middle = len(values) // 2
    halves = [half[~np.isnan(half)] for half in (values[:middle], values[middle:])]
    if not all(len(half) for half in halves) or not halves[0].mean() > 0:
        return t("usual.no_trend")
    change = float(halves[1].mean() / halves[0].mean() - 1)
    if abs(change) < STEADY:
        return t("usual.steady")
    return t("usual.higher" if change > 0 else "usual.lower", change=percent(abs(change)))
