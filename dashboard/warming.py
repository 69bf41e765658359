"""What the first look at each pair needs, worked out before anybody asks.

The nation's view of every pair sums the units above the facilities and learns what is usual; every later
click, on whatever place, stands on these sums. A place with two levels below it tells of each of its
children's children when the two sides parted: that is looked at ahead too, as far as the time given to it
goes. Nothing is shown and nothing goes into the shared cache.
"""

import logging
import time
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from accounts.scope import Scope, Unit
from dashboard import i18n
from dashboard.address import Address
from dashboard.holdings import Holding
from dashboard.queries import Figures
from dashboard.questions import QuestionError

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
    there = copy(figures)
    there.holdings, there.cache = _One(holding), None  # type: ignore[assignment]
    top = holding.units.iloc[0]
    everything = Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)
    until = float("inf")
    for address in _addresses(there):
        if address.unit and until == float("inf"):
            until = time.thread_time() + SECONDS
        if time.thread_time() > until:
            return
        try:
            with i18n.use(figures.country.languages[0]):
                look(there, address, everything)
        except QuestionError as problem:  # a pair without any figures: whoever looks is told
            _log.info("Nothing to prepare for %s: %s", address.pair, problem)


def _addresses(figures: Figures) -> Iterator[Address]:
    """The nation with every pair, then each place below it that has two more levels below."""
    pairs, rollup = list(figures.country.pairs), figures.holding().rollup
    yield from (Address(pair=pair) for pair in pairs)
    top = str(rollup.units["id"].iloc[0])
    deep = [unit for unit in rollup.children(top) if any(map(rollup.children, rollup.children(unit)))]
    yield from (Address(unit=unit, pair=pair) for pair in pairs for unit in deep)
