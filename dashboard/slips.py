"""What stores write slip by slip, as far as the asker may read it: lots, losses, orders of a place."""

from dataclasses import dataclass

import pandas as pd

from accounts.scope import Scope
from dashboard.holdings import Holding
from dashboard.readable import unread
from indicators.registered import Registry
from indicators.rollup import Rollup


@dataclass(frozen=True)
class SlipsSeen:
    """The slips of a place, of some products.

    Attributes:
        registry: the indicators of slips.
        codes: of the products that slips name and the asker may read.
        lots: what stood at the end of the month, or stands now: the place's `Registry.expiring` of these,
            with `code`.
        losses: the place's losses of these, with `code`.
        days_out: the place's days without stock in the month, of the products whose every day is known, with
            `code`.
        stores: how many stores of the place write slips of these; 0 where orders alone are known.
    """

    registry: Registry
    codes: frozenset[str]
    lots: pd.DataFrame
    losses: pd.DataFrame
    days_out: pd.DataFrame
    stores: int


def readable_codes(holding: Holding, registry: Registry, scope: Scope) -> frozenset[str]:
    """The products that slips name and the asker may read.

    Who may read a form in which a product is asked for, that of the stores or another, may read its slips.
    """
    forms = holding.snapshot.read("store_forms").set_index("form")["data_set"]
    stores = holding.snapshot.read("store_items")
    each = zip(stores["code"], stores["form"], strict=True)
    of_stores = {code for code, form in each if scope.reads(forms.get(form, ""))}
    named = set(registry.codes.values())
    others = named - set(stores["code"])
    return frozenset((named & of_stores) | (others - unread(holding, others, scope)[0]))


def slips_of(
    holding: Holding, unit: str, wanted: frozenset[str], scope: Scope, month: int
) -> SlipsSeen | None:
    """The slips of a place and all below it as of a month; None where nobody writes of these products."""
    registry = holding.registry
    if registry is None:
        return None
    codes = readable_codes(holding, registry, scope) & wanted
    wrote = _here(registry.slips.issues, registry, unit, codes)
    if wrote.empty and _here(registry.slips.orders, registry, unit, codes).empty:
        return None
    lots = _here(registry.expiring(month), registry, unit, codes)
    losses = _here(registry.slips.losses, registry, unit, codes)
    out = registry.slips.days_out
    out = _here(out.loc[out["month"] == month], registry, unit, codes)
    return SlipsSeen(registry, codes, lots, losses, out, int(wrote["org_unit"].nunique()))


def _here(table: pd.DataFrame, registry: Registry, unit: str, codes: frozenset[str]) -> pd.DataFrame:
    rollup: Rollup = registry.rollup
    first = rollup.position(unit)
    at = table["org_unit"].astype(str).map(rollup.hierarchy.positions)
    inside = (at >= first) & (at < int(rollup.hierarchy.last[first]))
    named = table.assign(
        org_unit=table["org_unit"].astype(str), code=table["item"].astype(str).map(registry.codes)
    )
    return named.loc[inside & named["code"].isin(codes)].reset_index(drop=True)
