"""Large pulls in pieces: planned from units × elements × periods, and cut smaller where one is too much."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol, Self, TypeVar

from loaders.errors import TooMuch
from loaders.settling import settle
from loaders.spans import Span, spans_between

# A month of 270,000 values took a live DHIS2 2.4 s and 1.4 MB; larger answers gain nothing beyond that.
BUDGET = 400_000
FLOOR = 20_000
# Chunks for each connection: what came can be worked on while the rest is on its way.
SHARE = 2
# A request's address must stay below the 8 kB that Tomcat and nginx take, with 20 bytes for each of its ids.
MOST_IDS = 100

C = TypeVar("C", bound="Divisible")
R = TypeVar("R")


class Divisible(Protocol):
    """A piece of work that can be cut."""

    def parts(self) -> tuple[Self, ...]:
        """Smaller pieces that together are this one; none when it cannot be cut."""


@dataclass(frozen=True)
class Shape:
    """What may hold values in a DHIS2, as far as planning needs it.

    Attributes:
        children: Org unit -> its children.
        elements: Data set -> its data elements.
        fields: Data set -> cells of one unit and period (elements × their option combos).
        assigned: Data set -> org unit -> how many units of its subtree have the form.
        period_types: Data set -> period type.
    """

    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    elements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, int] = field(default_factory=dict)
    assigned: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    period_types: Mapping[str, str] = field(default_factory=dict)

    def cells(self, data_sets: Sequence[str], unit: str) -> int:
        """Values that one period of DATA_SETS can hold in the subtree of UNIT."""
        return sum(self.fields.get(form, 0) * self.assigned.get(form, {}).get(unit, 0) for form in data_sets)


@dataclass(frozen=True)
class ValueQuery:
    """Which raw values are wanted.

    Attributes:
        data_sets: Ids of data sets.
        start: First day; a period counts when it lies wholly between start and end.
        end: Last day.
        org_units: Ids of units, each with all below it.
    """

    data_sets: tuple[str, ...]
    start: date
    end: date
    org_units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chunk:
    """The values of one request.

    Attributes:
        data_sets: Its data sets, all of one period type.
        periods: Its periods, consecutive.
        org_units: Its units.
        below: Whether everything below the units belongs to it, too.
        elements: When not empty, only these elements of the data sets.
        changed_since: When not empty, only what changed since then (server's local time), deletions included.
        shape: For cutting.
    """

    data_sets: tuple[str, ...]
    periods: tuple[Span, ...]
    org_units: tuple[str, ...]
    below: bool = True
    elements: tuple[str, ...] = ()
    changed_since: str = ""
    shape: Shape = field(default_factory=Shape, repr=False, compare=False)

    @property
    def start(self) -> date:
        """Its first day."""
        return self.periods[0].start

    @property
    def end(self) -> date:
        """Its last day."""
        return self.periods[-1].end

    @property
    def cells(self) -> int:
        """Values that it can hold at most, by the assignments of its forms."""
        if not self.below:
            return len(self.periods) * sum(self.shape.fields.get(form, 0) for form in self.data_sets)
        return len(self.periods) * sum(self.shape.cells(self.data_sets, unit) for unit in self.org_units)

    @property
    def about(self) -> str:
        """It in words, for messages and reports."""
        when = f"{self.start:%Y-%m-%d} to {self.end:%Y-%m-%d}"
        forms, units = _some(self.data_sets), _some(self.org_units)
        only = f", elements {_some(self.elements)}" if self.elements else ""
        since = f", changed since {self.changed_since}" if self.changed_since else ""
        return f"({forms}{only}; {when}; {units}{' and below' if self.below else ''}{since})"

    @property
    def params(self) -> tuple[tuple[str, str], ...]:
        """Its query parameters for ``/api/dataValueSets``."""
        what = [("dataElement", element) for element in self.elements]
        return (
            *(what or [("dataSet", form) for form in self.data_sets]),
            ("startDate", f"{self.start:%Y-%m-%d}"),
            ("endDate", f"{self.end:%Y-%m-%d}"),
            *(("orgUnit", unit) for unit in self.org_units),
            *([("children", "true")] if self.below else []),
            *(
                [("lastUpdated", self.changed_since), ("includeDeleted", "true")]
                if self.changed_since
                else []
            ),
        )

    def parts(self) -> tuple[Chunk, ...]:
        """Smaller chunks: by period, form, unit, the units below, and at last by element."""
        for name in ("periods", "data_sets", "org_units"):
            if len(getattr(self, name)) > 1:
                halves: list[dict[str, Any]] = [{name: half} for half in _halves(getattr(self, name))]
                return tuple(replace(self, **half) for half in halves)
        below = self.shape.children.get(self.org_units[0], ()) if self.below else ()
        if below:
            alone = replace(self, below=False)
            return (alone, *(replace(self, org_units=half) for half in _halves(below) if half))
        elements = self.elements or tuple(sorted(self.shape.elements.get(self.data_sets[0], ())))
        if len(elements) > 1:
            return tuple(replace(self, elements=half) for half in _halves(elements))
        return ()


def plan(query: ValueQuery, shape: Shape, parallel: int = 4) -> list[Chunk]:
    """The requests that together bring all values of QUERY, newest periods last.

    Args:
        query: What is wanted.
        shape: What can hold values.
        parallel: Requests at a time; a small pull is cut into a few for each.
    """
    chunks: list[Chunk] = []
    for kind in sorted({shape.period_types[form] for form in query.data_sets}):
        forms = tuple(form for form in query.data_sets if shape.period_types[form] == kind)
        periods = spans_between(kind, query.start, query.end)
        whole = len(periods) * sum(shape.cells(forms, unit) for unit in query.org_units)
        budget = min(BUDGET, max(FLOOR, -(-whole // (SHARE * parallel))))
        for units, below, cells in _territories(shape, forms, query.org_units, budget):
            span = max(1, budget // max(1, cells))
            pieces = [tuple(periods[i : i + span]) for i in range(0, len(periods), span)]
            chunks += [Chunk(forms, piece, units, below, shape=shape) for piece in pieces]
    return sorted(chunks, key=lambda chunk: (chunk.end, chunk.start))


def pull(chunks: Sequence[C], fetch: Callable[[C], R], pool: Executor, at_once: int) -> Iterator[tuple[C, R]]:
    """Fetch CHUNKS several at a time and yield each with its result, as they come.

    A chunk that is too much for one request is cut, and its parts fetched in its stead.

    Args:
        chunks: What to fetch.
        fetch: Brings one chunk's result; called in the pool's threads.
        pool: Threads.
        at_once: Chunks under way, the finished ones that nobody took yet included.

    Raises:
        SourceError: What fetch raised; `TooMuch` only for a chunk that cannot be cut.
    """
    waiting = deque(chunks)
    running: dict[Future[R], C] = {}
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                chunk = waiting.popleft()
                running[pool.submit(fetch, chunk)] = chunk
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                chunk = running.pop(done)
                error = done.exception()
                parts = chunk.parts() if isinstance(error, TooMuch) else ()
                if parts:
                    waiting.extendleft(reversed(parts))
                else:
                    yield chunk, done.result()
    finally:
        settle(running)


Territory = tuple[tuple[str, ...], bool, int]


def _territories(shape: Shape, forms: Sequence[str], units: Sequence[str], budget: int) -> list[Territory]:
    """UNITS with all below, as groups (units, below, cells of one period) that fit BUDGET where they can."""
    groups: list[Territory] = []
    open_units: list[str] = []
    open_cells = 0
    for unit in units:
        cells = shape.cells(forms, unit)
        below = shape.children.get(unit, ())
        if cells > budget and below:
            groups.append(((unit,), False, sum(shape.fields.get(form, 0) for form in forms)))
            groups += _territories(shape, forms, below, budget)
            continue
        if open_units and (open_cells + cells > budget or len(open_units) == MOST_IDS):
            groups.append((tuple(open_units), True, open_cells))
            open_units, open_cells = [], 0
        open_units.append(unit)
        open_cells += cells
    return groups + ([(tuple(open_units), True, open_cells)] if open_units else [])


def _halves(things: tuple[R, ...]) -> tuple[tuple[R, ...], tuple[R, ...]]:
    middle = (len(things) + 1) // 2
    return things[:middle], things[middle:]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")
