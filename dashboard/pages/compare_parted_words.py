"""Where consumption and services parted, in words: the places below as links, and a place's own months."""

from collections.abc import Iterable, Sequence
from math import isnan
from typing import Any

from dashboard import i18n
from dashboard.i18n import number, t, tn
from dashboard.pages.compare_parted import LEAST, Months, Parted
from dashboard.pages.compare_reading import Reading
from dashboard.pages.compare_together import APART_BY_NATURE, LESS, MORE, PARTED, SHAPES
from dashboard.pages.compare_together import STOCK_OUT as WHILE_OUT
from dashboard.pages.compare_usual import normal
from indicators.discordance import (
    BOTH_MOVED,
    CONSUMPTION_MOVED,
    SERVICES_MOVED,
    STOCK_OUT,
    UNCLEAR,
    cause,
)
from indicators.usual import OUTSIDE

CAUSES = {
    STOCK_OUT: "parted.stock_out",
    SERVICES_MOVED: "parted.services_moved",
    CONSUMPTION_MOVED: "parted.consumption_moved",
    BOTH_MOVED: "parted.both_moved",
    UNCLEAR: "parted.unclear",
}
WAYS = {MORE: "parted.more", LESS: "parted.less", WHILE_OUT: "parted.less"}
# Where a place's id and the name of a period go in the link to them.
UNIT, PERIOD = "UNIT", "PERIOD"


def listed(reading: Reading, found: Parted) -> dict[str, Any]:
    """Every place below in which the two parted, with its months; assets/compare makes links of them.

    Places that are rows of the table themselves say it there and are in no group. `labels` and `periods` are
    there where other periods were judged than the page shows.
    """
    if reading.pair.kind in APART_BY_NATURE:
        return {"title": "", "groups": []}
    places = [each for group in found.below or (found.own[1:],) for each in group]
    told = [each for each in places if each.told]
    groups = [
        {"row": each.id, "places": [_place(reading, found, months) for months in group if months.apart]}
        for each, group in zip(reading.children, found.below, strict=bool(found.below))
    ]
    told_of = {
        "title": _title(reading, found, told) if told else "",
        "groups": [each for each in groups if each["places"]],
        "href": _link(reading, found),
    }
    rest = _rest(reading, found, places) if told else ""
    if rest:
        told_of["rest"] = rest
    if found.labels == reading.labels:
        return told_of
    periods = [str(name) for name in found.judged.comparison.periods]
    return told_of | {"labels": found.labels, "periods": periods}


def _title(reading: Reading, found: Parted, told: Sequence[Months]) -> str:
    level = reading.place.level + (2 if found.below else 1)
    return t(
        "parted.title",
        n=number(sum(bool(each.apart) for each in told)),
        of=number(len(told)),
        units=reading.level_name(level, plural=i18n.is_plural(len(told))),
        span=_span(found, told),
    )


def _link(reading: Reading, found: Parted) -> str:
    """The address of a place and of a period there, in the grain that was judged."""
    grain = found.judged.comparison.view.grain
    return reading.address.href(unit=UNIT, at=PERIOD, grain=grain)


def _span(found: Parted, told: Iterable[Months]) -> str:
    """The first to the last period of which something can be said."""
    known = [(each.first, each.last) for each in told]
    first, last = min(each[0] for each in known), max(each[1] for each in known)
    if first == last:
        return found.labels[first]
    return t("parted.span", first=found.labels[first], last=found.labels[last])


def _rest(reading: Reading, found: Parted, places: Sequence[Months]) -> str:
    """Of how many places nothing can be said, and why; empty where all can be judged."""
    untold = {each.unit for each in places if not each.told}
    if not untold:
        return ""
    one_sided = len(untold & {each.unit_id for each in reading.comparison.one_sided})
    level = reading.place.level + (2 if found.below else 1)
    words = {
        "all": number(len(places)),
        "units": reading.level_name(level, plural=i18n.is_plural(len(places))),
        "told": number(len(places) - len(untold)),
    }
    if level != reading.comparison.coverage.level:  # whether such a place has one side alone nobody counted
        return t("parted.rest", rest=number(len(untold)), **words)
    counts = {"parted.rest_one": one_sided, "parted.rest_few": len(untold) - one_sided}
    why = t("usual.then").join(tn(key, count) for key, count in counts.items() if count)
    return t("parted.rest_why", why=why, **words)


def _place(reading: Reading, found: Parted, months: Months) -> dict[str, str]:
    told = {"marks": months.marks, "often": found.often(months)}
    return {"name": reading.names[months.unit], "unit": months.unit, **told}


def sentence(reading: Reading, found: Parted) -> str:
    """Which months parted at the place itself and why the page thinks so; empty where none can be judged."""
    own = found.own[0]
    if reading.pair.kind in APART_BY_NATURE or found.below or not own.told:
        return ""
    key = "parted.own" if own.apart else "parted.never"
    periods = _periods(found, own.told)
    words = {"apart": number(len(own.apart)), "periods": periods, "span": _span(found, [own])}
    return " ".join([t(key, **words), *_grouped(found)])


def _periods(found: Parted, count: int) -> str:
    return tn("usual.months" if found.in_months else "usual.periods", count)


def _grouped(found: Parted) -> list[str]:
    """A sentence for each way to part and each cause, with its months."""
    causes, groups = _causes(found), dict[tuple[str, str], list[str]]()
    kinds = (kind for kind in found.place.kinds if kind >= 0)
    for each, kind in zip(found.own[0].apart, kinds, strict=True):
        groups.setdefault((PARTED[kind], causes[each.at]), []).append(_month(found, each.at))
    return [
        f"{SHAPES[kind]} {t(WAYS[kind], why=_said(why), months=t('usual.then').join(months))}"
        for (kind, why), months in groups.items()
    ]


def _month(found: Parted, at: int) -> str:
    """A month, with what was used for each service and what usually is."""
    seen, usual = found.place.seen[at], found.place.usual[at]
    if isnan(seen) or isnan(usual):
        return found.labels[at]
    key = "parted.month" if usual >= LEAST else "parted.month_none"
    return t(key, period=found.labels[at], seen=number(seen, 2), usual=number(usual, 2))


def _causes(found: Parted) -> dict[int, str]:
    """For each period in which the place parts, which side moved: a key of its words."""
    comparison = found.judged.comparison
    services = normal(comparison, comparison.pair.services, "count")
    consumption = normal(comparison, comparison.pair.commodities, "consumed")
    told = {}
    for at, (kind, strength) in enumerate(zip(found.place.kinds, found.place.strength, strict=True)):
        if kind >= 0:
            sides = [OUTSIDE * int(side.side[at]) if side else 0.0 for side in (services, consumption)]
            told[at] = CAUSES[cause(strength, sides[0], sides[1], PARTED[kind] == WHILE_OUT)]
    return told


def _said(key: str) -> str:
    return t(key)
