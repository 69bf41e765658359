"""From what score on an alert is worth a visit, learnt from what closed alerts turned out to be.

Everybody begins with the same threshold. At places and for items where alerts turn out to be real events or
explained, the threshold rises; where nearly all are mistakes, it falls a little, so that more are seen. A few
outcomes move it little: the prior counts as so many alerts of the share that is hoped for. Where more figures
than people can look into reach the usual threshold, everybody begins with the one that the strongest reach.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, log

import numpy as np
import numpy.typing as npt

from indicators.aberration import ALERT

# What an alert turned out to be. What cannot be verified says nothing.
CORRECTED, REAL, EXPLAINED, UNKNOWN = "corrected", "confirmed_real", "explained", "cannot_verify"
MISTAKEN = {CORRECTED: True, REAL: False, EXPLAINED: False}

# Of 100 alerts, so many should be mistakes; the prior is worth so many alerts.
HOPED, WORTH = 0.8, 10.0
LEAST, MOST = -1.5, 6.0

# Of so many figures one may be an alert: what a district can look into (data_quality.md, 8). Of fewer figures
# than these the share says nothing.
BUDGET, ENOUGH = 5 / 1000, 2000


@dataclass(frozen=True)
class Threshold:
    """Where alerts of a pair or an item at a place begin.

    Attributes:
        value: the score (log odds) from which a figure is an alert.
        mistakes: closed alerts that were mistakes,
        others: that were not.
    """

    value: float
    mistakes: int = 0
    others: int = 0

    @property
    def share(self) -> float:
        """The share of mistakes that is expected among the next alerts, the prior taken in."""
        return (self.mistakes + HOPED * WORTH) / (self.mistakes + self.others + WORTH)


def learned(prior: float = ALERT, outcomes: Iterable[str] = ()) -> Threshold:
    """The threshold that closed alerts ask for.

    A share of mistakes among the alerts that differs from the one hoped for moves it by the difference of the
    log odds: if scores are odds, but of a prior that does not fit the place, that is how far they are off.

    Args:
        prior: the threshold of the level above, or the one that all begin with.
        outcomes: what closed alerts turned out to be; what is not in `MISTAKEN` says nothing.

    >>> learned().value == ALERT, learned(outcomes=["confirmed_real"] * 10).share
    (True, 0.4)
    >>> round(learned(0.2, outcomes=["confirmed_real"] * 10).value, 2)
    1.99
    >>> round(learned(0.2, outcomes=["corrected"] * 10).value, 2)
    -0.61
    """
    known = [MISTAKEN[outcome] for outcome in outcomes if outcome in MISTAKEN]
    mistakes = sum(known)
    found = Threshold(prior, mistakes, len(known) - mistakes)
    moved = log(HOPED / (1 - HOPED)) - log(found.share / (1 - found.share))
    return Threshold(min(max(prior + moved, LEAST), MOST), found.mistakes, found.others)


def within_budget(scores: npt.NDArray[np.floating], budget: float = BUDGET, usual: float = ALERT) -> float:
    """The threshold from which no larger share of the figures are alerts; never below the usual one.

    Args:
        scores: of all figures of a country, log odds of any shape; NaN where nothing can be said.
        budget: the share.
        usual: the threshold that is taken where fewer reach it, or where there are too few figures to tell.

    >>> scores = np.linspace(-9, 1, 10_001)
    >>> cut = within_budget(scores)
    >>> cut, float((scores >= cut).mean()) <= BUDGET, within_budget(scores - 2), within_budget(scores[-1999:])
    (0.96, True, -0.25, -0.25)
    """
    known = np.asarray(scores)[~np.isnan(scores)]
    most = int(budget * len(known))
    if len(known) < ENOUGH or int((known >= usual).sum()) <= most:
        return usual
    first_left_out = float(np.partition(known, -most - 1)[-most - 1])
    return (floor(first_left_out * 100) + 1) / 100
