"""The figures, asked through the asker's scope: nothing leaves here that the asker may not see."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd

from accounts.person import Person
from accounts.scope import Scope
from countries.configuration import Country, Pair
from dashboard.cache import Cache
from dashboard.holdings import Holding, Holdings
from dashboard.questions import (
    BadQuestionError,
    NothingSyncedError,
    NotInScopeError,
    Question,
    UnknownPairError,
    UnknownUnitError,
    dated,
)
from dashboard.readable import LeftOut, readable
from indicators.compare import Comparison, PairItems, View
from indicators.ratio_rows import ratio_rows
from loaders.snapshot import SnapshotError, Snapshots


@dataclass(frozen=True)
class Answer:
    """A comparison as the asker may see it.

    Attributes:
        question: what was asked, with the months filled in.
        comparison: the figures; units out of scope are not in it.
        totals_only: whether the unit lies above the asker's own, so that only its total is shown.
        left_out: the forms that the asker may not read.
        holding: the version of the data that it was answered from.
        scope: what the asker may see.
    """

    question: Question
    comparison: Comparison
    totals_only: bool
    left_out: tuple[LeftOut, ...]
    holding: Holding
    scope: Scope

    @property
    def units(self) -> pd.DataFrame:
        """Id, code, name, level, path of the asked unit and then its children, by id."""
        return self.holding.units.loc[list(self.comparison.units)]

    @property
    def version(self) -> int:
        """The snapshot's number."""
        return self.holding.version

    @property
    def as_of(self) -> datetime:
        """When the data was last confirmed to be what DHIS2 holds."""
        return self.holding.as_of

    def rows(self) -> pd.DataFrame:
        """One row for each unit, period, side and measure, with the columns of `GET /api/v1/compare`."""
        as_of = self.as_of.isoformat()
        rows, ratios = self.comparison.rows(as_of), ratio_rows(self.comparison, as_of)
        return pd.concat([rows, ratios], ignore_index=True) if len(ratios) else rows

    def key(self) -> list[Any]:
        """What tells this answer from every other in the cache: the version, the scope, the question."""
        moment = [self.version, self.as_of.isoformat()]
        return [*moment, self.scope.key(), asdict(self.question), self.comparison.units[0]]


class Figures:
    """The figures of one installation. Every question goes through here with the asker's scope.

    Args:
        snapshots: the versions of the data.
        country: its pairs and families.
        cache: where answers that take long to write down are kept; None keeps none.
    """

    def __init__(self, snapshots: Snapshots, country: Country, cache: Cache | None = None) -> None:
        self.holdings = Holdings(snapshots)
        self.country = country
        self.cache = cache

    def holding(self) -> Holding:
        """What this request is answered from.

        Raises:
            NothingSyncedError: there is no snapshot yet.
        """
        try:
            holding = self.holdings.current()
        except SnapshotError as problem:
            raise NothingSyncedError("data", str(problem), "") from problem
        if holding is None:
            what = "Nothing was synced yet, so there are no figures."
            raise NothingSyncedError(
                "data", what, "Run `python app.py sync`, or ask for a sync on the Data page."
            )
        return holding

    def version(self) -> int:
        """The number of the snapshot that answers."""
        return self.holding().version

    def months(self) -> tuple[int, int]:
        """The first and the last month that there are figures for, YYYYMM."""
        months = self.holding().rollup.months
        return int(months[0]), int(months[-1])

    def pairs(self) -> tuple[Pair, ...]:
        """The pairs of the country."""
        return tuple(self.country.pairs.values())

    def pair(self, name: str) -> Pair:
        """One pair.

        Raises:
            UnknownPairError: the country has none of this name.
        """
        if name not in self.country.pairs:
            known = ", ".join(self.country.pairs)
            raise UnknownPairError("pair", f"There is no pair {name!r}.", f"Ask for one of: {known}.")
        return self.country.pairs[name]

    def unit(self, name: str, scope: Scope) -> Mapping[str, Any]:
        """A unit by id or code: its id, code, name, level and path.

        Raises:
            UnknownUnitError: there is none, or the asker may not know of it.
            NotInScopeError: it is neither the asker's own nor above them.
        """
        holding = self.holding()
        try:
            found = holding.records[holding.rollup.find(name)]
        except KeyError:
            what = f"No unit has the id or code {name!r}."
            remedy = "Look it up in DHIS2, and sync if it is new."
            raise UnknownUnitError("unit", what, remedy) from None
        if not scope.leads_home(str(found["path"])):
            what = f"The unit {name!r} is not among those that you may see."
            remedy = "Ask your DHIS2 administrator to add it to your data view units, then log in again."
            raise NotInScopeError("unit", what, remedy)
        return found

    def home(self, scope: Scope) -> str:
        """The id of the unit where the asker begins.

        Raises:
            NotInScopeError: the asker has no units, or none that the snapshot knows.
        """
        known = self.holding().units.index
        for unit in scope.units:
            if unit.id in known:
                return unit.id
        what = "DHIS2 gives your account no unit whose figures are here."
        raise NotInScopeError(
            "unit", what, "Ask your DHIS2 administrator for data view units, then log in again."
        )

    def names(self, person: Person) -> list[str]:
        """The names of the units that a person may see, of those that the snapshot knows."""
        names = self.holding().names
        return [names[unit.id] for unit in person.scope.units if unit.id in names]

    def way(self, name: str, scope: Scope) -> list[Mapping[str, Any]]:
        """The units above a unit, from the top, and the unit itself, each as `unit` gives it."""
        records, path = self.holding().records, str(self.unit(name, scope)["path"])
        return [records[each] for each in path.strip("/").split("/")]

    def ancestors(self, name: str, scope: Scope) -> pd.DataFrame:
        """The same as rows of the units."""
        return self.holding().units.loc[[each["id"] for each in self.way(name, scope)]]

    def children(self, name: str, scope: Scope) -> pd.DataFrame:
        """A unit's children as far as the asker may know of them."""
        unit = self.unit(name, scope)
        return self._seen(
            self.holding().units.loc[list(self.holding().rollup.children(str(unit["id"])))], scope
        )

    def compare(self, question: Question, scope: Scope) -> Answer:
        """Services and commodities of a unit and its children, as far as the asker may see them.

        Raises:
            QuestionError: one of its kinds says what is wrong and what to do.
        """
        view = self.viewed(question, scope)
        items, left_out = self.readable(self.pair(question.pair), scope)
        holding = self.holding()
        comparison = holding.recent.compare(items, view)
        asked = replace(question, first=view.first, last=view.last)
        above = view.only is not None
        return Answer(asked, comparison, above, left_out, holding, scope)

    def viewed(self, question: Question, scope: Scope) -> View:
        """What a question looks at, checked: its months filled in, and of whom the asker may hear by name.

        Raises:
            QuestionError: one of its kinds says what is wrong and what to do.
        """
        self.pair(question.pair)
        return self.seen(question, scope)

    def seen(self, question: Question, scope: Scope) -> View:
        """The same for a question that is of no pair.

        Raises:
            QuestionError: one of its kinds says what is wrong and what to do.
        """
        unit = self.unit(question.unit, scope)
        asked = self._dated(question)
        above = scope.sees_total(str(unit["path"]))
        if above and asked.group:
            raise _one_of_few(question.unit)
        grain: Any = asked.grain
        return View(
            unit=str(unit["id"]),
            first=asked.first or 0,
            last=asked.last or 0,
            grain=grain,
            children=asked.children,
            group=asked.group,
            only=self._nameable(scope) if above else None,
        )

    def readable(self, pair: Pair, scope: Scope) -> tuple[PairItems, tuple[LeftOut, ...]]:
        """The items of a pair that the asker may read, and the forms that were left out.

        Raises:
            NotInScopeError: nothing is left.
        """
        return readable(self.holding(), self.country, pair, scope)

    def kept(self, scope: Scope, question: Any, make: Callable[[], Any]) -> Any:
        """What `make` gives (JSON) for a question, kept for the next who asks it with the same rights.

        Args:
            scope: what the asker may see.
            question: all else that the answer depends on, the language included; JSON.
            make: makes the answer; what it raises is not kept.
        """
        return self.cache.json(self._key(scope, question), make) if self.cache else make()

    def kept_text(self, scope: Scope, question: Any, make: Callable[[], str]) -> str:
        """The same of an answer that `make` has written down already."""
        return self.cache.text(self._key(scope, question), make) if self.cache else make()

    def _key(self, scope: Scope, question: Any) -> list[Any]:
        holding = self.holding()
        return [holding.version, holding.as_of.isoformat(), scope.key(), question]

    def rows(self, answer: Answer) -> pd.DataFrame:
        """The rows of an answer, kept for the next who asks the same with the same rights."""
        return self.cache.frame(answer.key(), answer.rows) if self.cache else answer.rows()

    def _seen(self, units: pd.DataFrame, scope: Scope) -> pd.DataFrame:
        return units.loc[[scope.leads_home(path) for path in units["path"]]]

    def _nameable(self, scope: Scope) -> frozenset[str]:
        """The units that somebody who looks from below may know of: their own, and the way up from them."""
        units = self.holding().units
        return frozenset(units.index[[scope.leads_home(path) for path in units["path"]]])

    def _dated(self, question: Question) -> Question:
        """The question with its months filled in and checked, its group known."""
        asked = dated(question, self.months())
        try:
            self.holding().rollup.members(asked.group)
        except KeyError:
            what = f"There is no group of units {asked.group!r}."
            raise BadQuestionError("group", what, "Name one of DHIS2's organisation unit groups.") from None
        return asked


def _one_of_few(unit: str) -> NotInScopeError:
    """A group may hold one facility of somebody else's, whose figures the group's total would give away."""
    what = f"The unit {unit!r} lies above yours: its total is shown, but not that of a group in it."
    return NotInScopeError("group", what, "Leave out the group, or ask for a unit of your own.")
