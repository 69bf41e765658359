"""How much of each item a store can give today: the ledger's book, asked of `indicators.safe_issue`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from indicators.demand import DailyUse, Demand, learn
from indicators.grids import Floats
from indicators.safe_issue import Advice, Outlook, advise, outlook
from ledger.figures import Days, month_number

LOOKED_BACK = timedelta(days=365)
WITHOUT_DELIVERY = 30
"""Days looked ahead where no delivery is known to come."""


@dataclass(frozen=True)
class Known:
    """What is known of a store's items, each by its id.

    Attributes:
        balances: packs on the shelf; an item that was never recorded is not in it.
        days: what each day until yesterday brought.
        months: packs consumed in each earlier month, before the store kept its book here.
        slips: what each day brought by the registry in DHIS2, before that book began.
    """

    balances: Mapping[str, int]
    days: Mapping[str, Days]
    months: Mapping[str, Sequence[int]]
    slips: Mapping[str, Days] = field(default_factory=dict)


def advice_of(known: Known, today: date, delivery: date | None) -> dict[str, dict[str, Any]]:
    """What a desk is told of each item that has a balance.

    Args:
        known: the store's book.
        today: in the country's time zone.
        delivery: the day of the next delivery.

    Returns:
        By item: `expected_daily`, `safe_today`, `run_out` (ISO day), `reserve` and `needed` by day from
        today, `fair`, `share`, `rests_on`, `status`; null where nothing is known.
    """
    items = list(known.balances)
    if not items:
        return {}
    ahead_days = max((delivery - today).days, 1) if delivery else WITHOUT_DELIVERY
    use = _use(known, items, today)
    demand = learn(use)
    ahead = outlook(demand, today.weekday(), ahead_days)
    found = advise([known.balances[item] for item in items], ahead)
    registry = [_told_days(known.slips.get(item)) for item in items]
    given = _Found(use, demand, ahead, found, today, registry)
    return {item: given.of(at, known.balances[item]) for at, item in enumerate(items)}


@dataclass(frozen=True)
class _Found:
    use: DailyUse
    demand: Demand
    ahead: Outlook
    advice: Advice
    today: date
    registry: Sequence[int]

    def of(self, at: int, balance: int) -> dict[str, Any]:
        """What is told of one item."""
        lasts = float(self.advice.lasts[at])
        return {
            "expected_daily": _number(self.demand.mean[at]),
            "safe_today": _whole(self.advice.safe[at]),
            "run_out": (self.today + timedelta(days=int(lasts))).isoformat() if np.isfinite(lasts) else None,
            "reserve": [_whole(each) for each in self.ahead.reserve[at]],
            "needed": [_number(each) for each in self.ahead.needed[at]],
            "fair": _whole(self.advice.fair[at]),
            "share": _number(self.advice.share[at]),
            "rests_on": {
                "days": int(self.demand.days[at]),
                "months": int((~np.isnan(self.use.monthly[at])).sum()),
                "registry": self.registry[at],
                "asked": int(np.nansum(self.use.asked[at])),
            },
            "status": self._status(at, balance),
        }

    def _status(self, at: int, balance: int) -> str:
        if balance <= 0:
            return "out"
        if np.isnan(self.advice.safe[at]):
            return "unknown"
        return "enough" if self.advice.safe[at] > 0 else "low"  # low where nothing can go without risk


def _use(known: Known, items: Sequence[str], today: date) -> DailyUse:
    """The days and months of the items side by side; NaN where they say nothing."""
    books = [each[item] for each in (known.slips, known.days) for item in items if item in each]
    first = min((book.first for book in books), default=today)
    asked = np.full((len(items), max((today - first).days, 0)), np.nan)
    longest = max((len(known.months.get(item, ())) for item in items), default=0)
    monthly = np.full((len(items), longest), np.nan)
    for at, item in enumerate(items):
        for book in (known.slips.get(item), known.days.get(item)):
            if book:
                begins = (book.first - first).days
                told = _asked(book)[: asked.shape[1] - begins]
                asked[at, begins : begins + len(told)] = told
        months = known.months.get(item, ())
        monthly[at, longest - len(months) :] = months
    return DailyUse(asked, first.weekday(), monthly)


def before(packs: Mapping[int, int], slips: Days | None) -> list[int]:
    """Monthly figures (by YYYYMM) but for those of the months in which slips tell the days."""
    begins = month_number(slips.first) if slips else None
    return [each for month, each in packs.items() if begins is None or month < begins]


def _asked(days: Days) -> Floats:
    """What was asked for by day; a day without anything on the shelf that brought no ask says nothing."""
    asked, closing = np.array(days.asked, dtype=np.float64), np.array(days.closing)
    began = np.concatenate([[1], closing[:-1]]) if len(closing) else closing
    return np.where((asked == 0) & (closing <= 0) & (began <= 0), np.nan, asked)


def _told_days(slips: Days | None) -> int:
    """The days of which the registry says something: those slips are no part of the book's history."""
    return int(np.count_nonzero(~np.isnan(_asked(slips)))) if slips else 0


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 3)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
