"""Whose movement it is, in words and bars: the change of the period looked at, parted among those below."""

from dataclasses import dataclass
from typing import Any

from dashboard.i18n import number, percent, t, tn
from dashboard.movement import CHILD, ITSELF, OTHERS, Movement
from dashboard.pages.compare_moved import at_both, one_report_each
from dashboard.pages.compare_reading import Place, Reading
from indicators import attribution
from indicators.attribution import Attribution

View = dict[str, Any]
MOST_BARS = 5
HARDLY = 0.05  # of what was there before: a smaller change is no movement to blame on anybody
REST, REPORTING = "rest", "reporting"
SIDE_NAMES = {"service": "story.services", "commodity": "story.consumption"}
UP_OR_DOWN = {True: "story.of_the_rise", False: "story.of_the_fall"}


@dataclass(frozen=True)
class Bar:
    """One part of a change.

    Attributes:
        kind: child, rest, itself, others or reporting.
        name: whose it is, in words.
        change: the part.
        percent: its share of the whole, a whole number; None without any change.
        unit: the place a click leads to; empty where there is none.
    """

    kind: str
    name: str
    change: float
    percent: int | None
    unit: str = ""


def told(reading: Reading, movement: Movement | None, place: Place) -> View | None:
    """One side's movement: a headline, a verdict, and the bars that add up to 100 %.

    Args:
        reading: the page.
        movement: the parts; None where the pair has nothing on this side.
        place: whose change it is: the page's place, or the one above that reports for it.
    """
    if movement is None:
        return None
    found = movement.found
    bars = parted(reading, movement, place)
    widest = max((abs(bar.percent or 0) for bar in bars), default=0) or 1
    return {
        "side": movement.side,
        "title": _title(reading, movement, place),
        "head": _head(reading, movement),
        "verdict": verdict(reading, movement, place),
        "bars": [_drawn(bar, widest, reading) for bar in bars] if found.percents else [],
        "sum": t("story.sum") if found.percents else "",
    }


def parted(reading: Reading, movement: Movement, place: Place) -> list[Bar]:
    """The parts of a change: the largest children, the rest of them, and what is no child's."""
    found = movement.found
    percents: tuple[int | None, ...] = found.percents or (None,) * len(found.amounts)
    parts = list(zip(movement.parts, found.amounts.tolist(), percents, strict=True))
    children = sorted((each for each in parts if each[0][0] == CHILD), key=lambda each: -abs(each[1]))
    shown = [each for each in children[:MOST_BARS] if each[1]]
    bars = [Bar(CHILD, reading.names[unit], change, share, unit) for (_, unit), change, share in shown]
    in_both = {unit for unit, reporters in zip(found.units, found.in_both, strict=True) if reporters}
    rest = [each for each in children[len(shown) :] if each[0][1] in in_both]
    if any(change for _, change, _ in rest):
        words = tn("story.rest", len(rest), units=reading.level_count(place.level + 1, len(rest)))
        bars.append(_summed(REST, words, [each[1:] for each in rest]))
    return [*bars, *_apart(reading, movement, parts, place)]


def _summed(kind: str, words: str, parts: list[tuple[float, int | None]]) -> Bar:
    shares = [share for _, share in parts if share is not None]
    return Bar(kind, words, sum(change for change, _ in parts), sum(shares) if shares else None)


def _apart(reading: Reading, movement: Movement, parts: list[Any], place: Place) -> list[Bar]:
    """What the unit itself reports, children that may not be named, and reports that came and went."""
    by_kind = {kind: (change, share) for (kind, unit), change, share in parts if kind != CHILD}
    words = {
        ITSELF: t("story.itself", place=place.name),
        OTHERS: t("story.others"),
        attribution.REPORTING_CHANGED: _who(reading, movement, "story.reporting", "story.months_once"),
    }
    return [
        Bar(REPORTING if kind == attribution.REPORTING_CHANGED else kind, words[kind], change, share)
        for kind, (change, share) in by_kind.items()
        if change
    ]


def _who(reading: Reading, movement: Movement, of_one: str, of_several: str) -> str:
    """How many places reported one of the two times only, or some of the months only one of the two times."""
    found = movement.found
    key = of_one if one_report_each(reading, movement.measure) else of_several
    return t(key, began=number(found.began), silent=number(found.silent))


def _drawn(bar: Bar, widest: int, reading: Reading) -> View:
    share = bar.percent or 0
    return {
        "kind": bar.kind,
        "name": bar.name,
        "share": percent(share / 100),
        "change": signed(bar.change),
        "width": round(abs(share) / widest, 3),
        "down": bar.change < 0,
        "href": deeper(reading, bar.unit) if bar.unit else None,
    }


def deeper(reading: Reading, unit: str) -> str:
    """The address of a place, the period looked at kept."""
    return reading.address.href(unit=unit, at=str(reading.comparison.periods[reading.at]))


def signed(value: float) -> str:
    """A change with its sign; a true minus."""
    return ("+" if value > 0 else "−" if value < 0 else "±") + number(abs(value))


def _title(reading: Reading, movement: Movement, place: Place) -> str:
    stock = movement.side == "commodity" and reading.stock_only
    name = t("story.stock") if stock else _side_name(movement.side)
    return name if place.id == reading.place.id else t("story.side_of", side=name, place=place.name)


def _side_name(side: str) -> str:
    return t(SIDE_NAMES[side])


def _head(reading: Reading, movement: Movement) -> str:
    """``3,813 → 6,452: +2,639 (+69%) against Sep 2018; −120 (−3%) at the 172 places that reported both``."""
    found = movement.found
    if found.reference == "none":
        text = t("story.no_reference", period=reading.label)
        return text[:1].upper() + text[1:]
    words = {"before": number(found.before), "after": number(found.after)}
    shown = round(found.after) - round(found.before)  # what a reader who takes one from the other finds
    change = _changed(shown, found.before)
    head = t("story.head", **words, change=change, against=against(reading, found))
    if not found.began + found.silent:
        return head
    both = _changed(found.change_both, found.before_both)
    return t("story.head_both", head=head, both=at_both(reading, found, movement.measure, both))


def _changed(change: float, before: float) -> str:
    return signed(change) + (f" ({_signed_percent(change / before)})" if before else "")


def _signed_percent(share: float) -> str:
    return ("+" if share > 0 else "−" if share < 0 else "±") + percent(abs(share))


def against(reading: Reading, found: Attribution) -> str:
    """What a change is counted against, in words."""
    if found.reference == "year_before":
        return t("story.year_before", period=reading.label)
    return t("story.twelve_months")


def verdict(reading: Reading, movement: Movement, place: Place) -> str:
    """Whose movement it is, as one sentence."""
    found, code = movement.found, movement.found.verdict
    if code == attribution.NO_REFERENCE:
        return ""
    if code == attribution.NO_CHANGE:
        return t("story.no_change")
    if code == attribution.OFFSETTING:
        return t("story.offsetting")
    if code == attribution.REPORTING_CHANGED:
        return _who(reading, movement, "story.reporting_changed", "story.months_changed")
    if abs(found.change) < HARDLY * found.before:
        return t("story.hardly")
    if found.top is not None and movement.parts[found.top][0] == ITSELF:
        return t("story.itself_alone", place=place.name)
    return _of_places(reading, movement, place)


def _of_places(reading: Reading, movement: Movement, place: Place) -> str:
    found = movement.found
    top = found.top or 0
    kind, unit = movement.parts[top]
    share, of = percent(found.percents[top] / 100), _of(found.change > 0)
    if kind == OTHERS:  # how many these are, and whether they moved alike, is not the asker's to know
        return t("story.mostly_others", share=share, of=of)
    words = {"name": reading.names[unit], "share": share, "of": of}
    if found.verdict == attribution.ONE_PLACE:
        return t("story.one_place", **words)
    alike, known = found.alike
    words |= {"n": number(alike), "expected": number(known)}
    units = reading.level_count(place.level + 1, known)
    if found.verdict == attribution.AREA_WIDE:
        return t("story.area_wide", units=units, **words)
    return t("story.uneven" if found.most_alike else "story.mixed", units=units, **words)


def _of(rise: bool) -> str:
    return t(UP_OR_DOWN[rise])
