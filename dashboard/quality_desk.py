"""What rules and review say of one version of the data, worked out once and kept."""

import threading
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from dashboard.holdings import Holding
from dashboard.quality_books import Stamp, StoreBooks
from dashboard.quality_known import known_of
from dashboard.queries import Figures
from indicators.quality import Known, findings, laid_out
from indicators.quality_review import review
from indicators.quality_tally import Review
from indicators.rollup import Rollup

_KEPT: WeakKeyDictionary[Rollup, "Assessed"] = WeakKeyDictionary()
_LOCK = threading.Lock()
NEEDED = ["org_unit", "item", "measure", "month", "months", "value"]


@dataclass(frozen=True)
class Assessed:
    """What the rules and the review say of one version of the data.

    Attributes:
        found: findings of all places, with `position` of the place, in the hierarchy's order.
        review: checks by dimension, form, place and month.
        known: items, pairs, cascades.
    """

    found: pd.DataFrame
    review: Review
    known: Known


class QualityDesk:
    """Data quality, asked through the asker's scope; all desks of a process share what was worked out.

    Args:
        figures: of the installation; its cache keeps what was worked out once a version.
        books: of its stores, that openings are held against; None where there are none.
    """

    def __init__(self, figures: Figures, books: StoreBooks | None = None) -> None:
        self.figures, self._books = figures, books
        self._booked: WeakKeyDictionary[Rollup, tuple[Stamp, Assessed]] = WeakKeyDictionary()

    def assessed(self) -> Assessed:
        """What is known of the version that answers this request."""
        return self.of(self.figures.holding())

    def of(self, holding: Holding) -> Assessed:
        """What is known of a version, worked out by whoever asks first."""
        with _LOCK:
            found = _KEPT.get(holding.rollup)
            if found is None:
                found = _KEPT[holding.rollup] = assess(self.figures, holding)
            return self._with_books(holding, found)

    def _with_books(self, holding: Holding, found: Assessed) -> Assessed:
        """With what the stores' books say as they stand, which change between two versions of the data."""
        if self._books is None:
            return found
        stamp = self._books.stamp()
        known = self._booked.get(holding.rollup)
        if known is None or known[0] != stamp:
            told = self._books.findings(holding, found.known)
            every = pd.concat([found.found, placed(told, holding)]) if len(told) else found.found
            known = stamp, replace(found, found=in_order(every))
            self._booked[holding.rollup] = known
        return known[1]


def assess(figures: Figures, holding: Holding) -> Assessed:
    """Run the rules and the review, or take what was kept of this version."""
    known, rollup, cache = known_of(figures.country, holding), holding.rollup, figures.cache
    made: dict[str, pd.DataFrame] = {}

    def worked_out(name: str) -> pd.DataFrame:
        if not made:
            values = holding.snapshot.read("values", NEEDED)
            made["found"] = findings(values, known)
            made["review"] = review(rollup, laid_out(values, known), made["found"], known).rows()
        return made[name]

    def kept(name: str) -> pd.DataFrame:
        question = ["quality", name, holding.version, figures.country.id]
        return cache.frame(question, lambda: worked_out(name)) if cache else worked_out(name)

    forms = tuple(dict.fromkeys(form for forms in rollup.due.forms.of_item for form in forms))
    shape = (rollup.hierarchy.size, rollup.calendar.size)
    found = in_order(placed(kept("found"), holding))
    return Assessed(found, Review.of_rows(kept("review"), forms, shape), known)


def placed(found: pd.DataFrame, holding: Holding) -> pd.DataFrame:
    """Findings with the position of their place."""
    positions = holding.rollup.hierarchy.positions
    at = np.array([positions.get(unit, -1) for unit in found["org_unit"]], dtype=np.intp)
    return found.assign(position=at)


def in_order(found: pd.DataFrame) -> pd.DataFrame:
    """Findings in the order of the hierarchy."""
    order = np.argsort(found["position"].to_numpy(), kind="stable")
    return found.iloc[order].reset_index(drop=True)
