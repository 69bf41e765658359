"""What the rules of data quality know of a country: its items by their ids, its pairs and cascades."""

from collections.abc import Iterable

import pandas as pd

from countries.configuration import Country
from dashboard.holdings import Holding
from indicators.hierarchy import Hierarchy
from indicators.measures import COMMODITY, SERVICE
from indicators.quality_known import Cascade, Known, Partners
from indicators.rollup import Rollup

COMPARED = ("fixed_dose", "banded")
"""Classes of pairs whose sides must go together; of the others one side alone says nothing of the other."""


def known_of(country: Country, holding: Holding) -> Known:
    """What the rules know beside the figures of a snapshot; items that it lacks are passed over."""
    rollup = holding.rollup
    ids = dict(zip(rollup.items["code"].astype(str), rollup.items["id"].astype(str), strict=True))

    def of(codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(ids[code] for code in codes if code in ids)

    pairs = [
        Partners(pair.id, of(pair.services), of(pair.commodities), pair.expected or 1.0)
        for pair in country.pairs.values()
        if pair.kind in COMPARED
    ]
    cascades = [Cascade(of(each.whole), of(each.part), of(each.needs)) for each in country.quality.cascades]
    return Known(
        items=_items(rollup),
        pairs=tuple(each for each in pairs if each.services and each.commodities),
        cascades=tuple(each for each in cascades if each.whole and each.part),
        substitutes=tuple(of(each.commodities) for each in country.families.values()),
        homes=homes_of(rollup),
    )


def _items(rollup: Rollup) -> pd.DataFrame:
    wanted = ["id", "code", "kind", "form", "pack_size"]
    return rollup.items[[name for name in wanted if name in rollup.items]]


def homes_of(rollup: Rollup) -> dict[str, str]:
    """Where a place's figures are compared, for places whose services somebody above them reports.

    Services and products may be reported at different levels: then both are known at the coarser one.
    """
    items, hierarchy = rollup.items, rollup.hierarchy
    numbers = {kind: tuple(items.index[items["kind"] == kind]) for kind in (SERVICE, COMMODITY)}
    levels = {kind: rollup.due.level(found) for kind, found in numbers.items() if found}
    if len(levels) < 2 or None in levels.values() or len(set(levels.values())) == 1:
        return {}
    coarser = min(level for level in levels.values() if level is not None)
    return {unit: above for unit, above in _above(hierarchy, coarser) if unit != above}


def _above(hierarchy: Hierarchy, level: int) -> Iterable[tuple[str, str]]:
    """Each unit at or below a level with the unit of that level that it is in."""
    for position, unit in enumerate(hierarchy.ids):
        way = [*hierarchy.ancestors(position), position]
        at = next((each for each in way if hierarchy.levels[each] == level), None)
        if at is not None:
            yield unit, hierarchy.ids[at]
