"""What the rules know beside the figures: items, pairs, cascades, and what the stores' own ledger says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Partners:
    """Services and the commodities that they use.

    Attributes:
        id: of the pair.
        services: ids of service items; their sum is compared.
        commodities: ids of items that stand in for each other; their sum is compared.
        per_service: units used for each service, 1 where no dose is fixed.
    """

    id: str
    services: tuple[str, ...]
    commodities: tuple[str, ...]
    per_service: float = 1.0


@dataclass(frozen=True)
class Cascade:
    """Counts of which the later can never be more than the earlier.

    Attributes:
        whole: ids of the items of the earlier step; their sum is compared.
        part: ids of the items of the later step.
        needs: ids of the products that the earlier step cannot be counted without (tests): where one was
            out, the later step may go on without it, and nothing is compared.
    """

    whole: tuple[str, ...]
    part: tuple[str, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What the rules know beside the figures.

    Attributes:
        items: `id, kind, form`, and `pack_size` where it is known.
        pairs: what is compared with what.
        cascades: which counts are part of which.
        substitutes: items that stand in for each other, each a tuple of ids.
        homes: of a place that reports, where both sides of a pair are compared; itself where absent.
        ledger: `org_unit, item, month, opening`, what the stores' own ledgers say there was when the month
            began; None where none is kept.
    """

    items: pd.DataFrame
    pairs: tuple[Partners, ...] = ()
    cascades: tuple[Cascade, ...] = ()
    substitutes: tuple[tuple[str, ...], ...] = ()
    homes: Mapping[str, str] = field(default_factory=dict)
    ledger: pd.DataFrame | None = None

    def of_kind(self, *kinds: str) -> set[str]:
        """The ids of the items of some kinds."""
        return set(self.items.loc[self.items["kind"].isin(kinds), "id"].astype(str))
