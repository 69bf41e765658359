"""The scorecard, its trends, and the same shares by place, by form and by month."""

from collections.abc import Sequence
from math import isnan
from typing import Any

from dashboard import i18n
from dashboard.i18n import number, t
from dashboard.programme import months_before
from dashboard.quality import SHOWN, Quality, Share
from dashboard.quality_address import WORST
from dashboard.quality_words import CLASSES, DIMENSIONS, named

View = dict[str, Any]
Shares = dict[str, Share]
LETTERS = "pwgu"
"""Classes as they are sorted by, the worst first."""
DEFINED = {
    "completeness": "reporting_rate",
    "timeliness": "timeliness",
    "filled": "quality_filled",
    "consistency": "quality_consistency",
    "outliers": "quality_outliers",
    "arithmetic": "quality_arithmetic",
    "related": "quality_related",
    "agreement": "quality_agreement",
}
"""Where each dimension is defined."""
CLOSE = 0.93
"""From where a limit calls for a decimal."""


def cards(quality: Quality) -> View:
    """A card a dimension: the share of the period with its class, and its way over a year and a month."""
    [now] = quality.shares([str(quality.unit["id"])])
    months = [months_before(quality.month, back) for back in reversed(range(SHOWN))]
    trend = quality.trend(months)
    return {
        "labels": [i18n.month(months[0]), i18n.month(months[-1])],
        "words": {letter: named(key) for letter, key in CLASSES.items()},
        "legend": t("quality.legend"),
        "each": [_card(quality, name, now[name], trend[name]) for name in DIMENSIONS],
    }


def _card(quality: Quality, dimension: str, share: Share, trend: Sequence[Share]) -> View:
    name, _, checks = DIMENSIONS[dimension]
    said = t("quality.card_of", n=number(share.held), of=number(share.made), checks=named(checks))
    return {
        "define": DEFINED[dimension],
        "name": named(name),
        "value": percent_of(quality, dimension, share),
        "note": said if share.made else t("quality.not_known"),
        "c": letter_of(quality, dimension, share),
        "values": [None if isnan(each.value) else round(each.value, 3) for each in trend],
    }


def letter_of(quality: Quality, dimension: str, share: Share) -> str:
    """The class of a share by the country's limits."""
    return share.letter(quality.country.quality.shares[dimension])


def percent_of(quality: Quality, dimension: str, share: Share) -> str:
    """A share in percent, with a decimal where classes lie that close.

    It is 100 only where every check held, and 0 only where none did.
    """
    if not share.made:
        return "–"
    digits = 1 if quality.country.quality.shares[dimension][1] >= CLOSE else 0
    least = 10.0**-digits
    shown = round(100 * share.value, digits)
    if shown == 100 and share.held < share.made:
        shown = 100 - least
    if shown == 0 and share.held:
        shown = least
    return t("quality.percent", n=number(shown, digits if shown != 100 else 0))


def places(quality: Quality) -> View:
    """The place and those below it, or a facility's last months."""
    below = bool(quality.children)
    rows = _by_place(quality) if below else _by_month(quality)
    level = quality.country.level_name(int(quality.unit["level"]) + 1, i18n.language()).capitalize()
    return {
        "title": t("quality.places") if below else t("quality.months"),
        "corner": level if below else t("quality.month"),
        "below": below,
        "columns": _columns(),
        "rows": rows,
        "note": t("quality.places_note"),
    }


def forms(quality: Quality) -> View:
    """Each form of the place by itself; nothing where there is only one."""
    unit = str(quality.unit["id"])
    rows = [
        _row(quality, each, str(quality.holding.forms.loc[each, "name"]), quality.shares([unit], (each,))[0])
        for each in quality.forms
    ]
    asked = [row for row in rows if set(row["c"]) != {"u"}]
    return {
        "title": t("quality.forms"),
        "corner": t("quality.form"),
        "below": True,
        "columns": _columns(),
        "rows": asked if len(asked) > 1 else [],
    }


def _columns() -> list[View]:
    return [
        {"id": dimension, "name": named(name), "short": named(short)}
        for dimension, (name, short, _) in DIMENSIONS.items()
    ]


def _by_place(quality: Quality) -> list[View]:
    names, units = quality.holding.names, (str(quality.unit["id"]), *quality.children)
    shares = quality.shares(units)
    rows = [
        _row(quality, unit, names[unit], told)
        for at, (unit, told) in enumerate(zip(units, shares, strict=True))
        if at == 0 or any(share.made for share in told.values())
    ]
    return [*rows[:1], *sorted(rows[1:], key=_bad)] if quality.address.order == WORST else rows


def _by_month(quality: Quality) -> list[View]:
    """The last months, the newest first."""
    months = [months_before(quality.month, back) for back in range(SHOWN)]
    trend = quality.trend(months)
    return [
        _row(quality, str(month), i18n.month(month), {name: trend[name][at] for name in DIMENSIONS})
        for at, month in enumerate(months)
    ]


def _row(quality: Quality, name: str, called: str, told: Shares) -> View:
    return {
        "id": name,
        "name": called,
        "t": [percent_of(quality, each, told[each]) if told[each].made else "" for each in DIMENSIONS],
        "c": "".join(letter_of(quality, each, told[each]) for each in DIMENSIONS),
        "n": [f"{number(told[each].held)}/{number(told[each].made)}" for each in DIMENSIONS],
    }


def _bad(row: View) -> tuple[int, ...]:
    """What is worst comes first: most dimensions to review, then most to watch."""
    return tuple(-row["c"].count(letter) for letter in LETTERS[:2])
