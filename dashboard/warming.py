"""What the first look at each pair needs, worked out before anybody asks.

The nation's view of every pair sums the units above the facilities and learns what is usual; every later
click, on whatever place, stands on these sums. One place of each level below needs what the nation does not,
and shares it with its neighbours. A place with two levels below it tells of each of its children's children
when the two sides parted. Both are looked at ahead too, as far as the time given to it goes. Nothing is shown
and nothing goes into the shared cache.
"""

import logging
import time
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from accounts.scope import Scope, Unit
from dashboard import i18n
from dashboard.address import Address
from dashboard.holdings import Holding
from dashboard.queries import Figures
from dashboard.questions import QuestionError
from dashboard.recent import Recent
from indicators.rollup import Rollup

_log = logging.getLogger(__name__)
Look = Callable[[Figures, Address, Scope], Any]
# Processor time for the places below the nation: while it runs, those who ask wait the longer.
SECONDS = 10.0


@dataclass(frozen=True)
class _One:
    """Holdings of one version, whatever is newest."""

    holding: Holding

    def current(self) -> Holding:
        return self.holding


def warm(figures: Figures, look: Look, holding: Holding) -> None:
    """Look once at every pair of the whole country.

    Args:
        figures: of the installation.
        look: works out the whole view of an address as somebody with a scope sees it.
        holding: the version to look at; it need not be the one that answers yet.
    """
    pairs = list(figures.country.pairs)
    nation = _Looking(_figures_of(figures, holding), look, _everything(holding))
    for pair in pairs:
        nation.at(Address(pair=pair))
    # The nation's comparisons stay at hand: those of the places below do not drive them out.
    passing = replace(holding, recent=Recent(holding.rollup))
    below = replace(nation, figures=_figures_of(figures, passing))
    until = time.thread_time() + SECONDS
    for unit, pair in product(_below(holding.rollup), pairs):
        if time.thread_time() > until:
            return
        below.at(Address(unit=unit, pair=pair))


@dataclass(frozen=True)
class _Looking:
    """Whoever looks at addresses, of some figures and with a scope."""

    figures: Figures
    look: Look
    scope: Scope

    def at(self, address: Address) -> None:
        try:
            with i18n.use(self.figures.country.languages[0]):
                self.look(self.figures, address, self.scope)
        except QuestionError as problem:  # a pair without any figures: whoever looks is told
            _log.info("Nothing to prepare for %s: %s", address.pair, problem)


def _figures_of(figures: Figures, holding: Holding) -> Figures:
    """The figures as one holding has them, without the shared cache."""
    there = copy(figures)
    there.holdings, there.cache = _One(holding), None  # type: ignore[assignment]
    return there


def _everything(holding: Holding) -> Scope:
    top = holding.units.iloc[0]
    return Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)


def _below(rollup: Rollup) -> Iterator[str]:
    """Of each level the unit with the most below it, then all others that have two more levels below."""
    units = rollup.units[["id", "level", "first", "last"]]
    sizes = (units["last"] - units["first"]).rename("size")
    largest = sizes.iloc[1:].groupby(units["level"]).idxmax()
    found = units["id"].loc[largest].astype(str).tolist()
    yield from found
    for unit in rollup.children(str(units["id"].iloc[0])):
        if unit not in found and any(map(rollup.children, rollup.children(unit))):
            yield unit
