"""What a sync asks DHIS2 for: the metadata, several lists at a time, and the years that hold values."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from countries import Country
from loaders.checked import check
from loaders.chunks import Shape
from loaders.dhis2 import Client, Me, System, ValueQuery
from loaders.errors import NotPermitted
from loaders.hierarchy import depth_first
from loaders.mapping import Mapping, Metadata, resolve
from loaders.metadata import shape_of

FIRST_YEAR = 1970
SOURCE = "DHIS2"


@dataclass(frozen=True)
class Source:
    """Everything about a DHIS2 but its values.

    Attributes:
        system: its version and clock.
        pulled_at: our clock when it told us its own.
        me: the account.
        units: canonical `org_units`.
        groups: canonical `groups`.
        elements: its data elements.
        forms: its data sets.
        metadata: all that forms are resolved in.
        roots: ids of the units whose data the account sees, each with all below.
        mapping: what the country's forms were found to be.
        shape: for planning large pulls.
        rejected: rows of `rejected`: metadata that broke a rule.
    """

    system: System
    pulled_at: datetime
    me: Me
    units: pd.DataFrame
    groups: pd.DataFrame
    elements: pd.DataFrame
    forms: pd.DataFrame
    metadata: Metadata
    roots: tuple[str, ...]
    mapping: Mapping
    shape: Shape
    rejected: pd.DataFrame

    @property
    def data_sets(self) -> tuple[str, ...]:
        """Ids of the forms to pull."""
        return tuple(self.mapping.forms["data_set"])


def at_once(*questions: Callable[[], Any]) -> list[Any]:
    """Ask several things at a time; the answers in the order of the questions.

    Raises:
        SourceError: the first question's error that failed.
    """
    with ThreadPoolExecutor(max(len(questions), 1), thread_name_prefix="ask") as pool:
        return [answer.result() for answer in [pool.submit(question) for question in questions]]


def examine_source(client: Client, country: Country) -> Source:
    """Pull the metadata and resolve the country's forms in it.

    Raises:
        SourceError: DHIS2 cannot be read.
        NotPermitted: the account sees no organisation unit.
    """
    asked_at = datetime.now(UTC)
    system, me, units, groups, forms, elements, combos = at_once(
        client.system, client.me, client.org_units, client.groups, client.data_sets,
        client.data_elements, client.option_combos,
    )  # fmt: skip
    if not me.sees:
        raise NotPermitted(
            f"The account {me.username!r} has no organisation unit in DHIS2.",
            "Give it data view units (Users app, 'Data view organisation units').",
        )
    placed = check("org_units", depth_first(units), SOURCE)
    grouped = check("groups", groups, SOURCE)
    metadata = Metadata(forms.frame, forms.elements, forms.assignments, elements, combos)
    return Source(
        system=system,
        pulled_at=asked_at,
        me=me,
        units=placed.frame,
        groups=grouped.frame,
        elements=elements,
        forms=forms.frame,
        metadata=metadata,
        roots=topmost((unit.id, unit.path) for unit in me.sees),
        mapping=resolve(country, metadata),
        shape=shape_of(units, forms, combos),
        rejected=pd.concat([placed.rejected, grouped.rejected], ignore_index=True),
    )


def topmost(places: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Ids of the places (id, path) that lie below no other one; below two a value would come twice.

    Example:
        >>> topmost([("d", "/n/r/d"), ("r", "/n/r"), ("q", "/n/q")])
        ('q', 'r')
    """
    paths = dict(places)
    above = {path + "/" for path in paths.values()}
    return tuple(
        sorted(id_ for id_, path in paths.items() if not any(path.startswith(other) for other in above))
    )


def everything(source: Source) -> ValueQuery:
    """All values of the source's forms that the account may see; the dates are wider than any period."""
    last = date(source.system.time.year + 2, 12, 31)
    return ValueQuery(source.data_sets, date(FIRST_YEAR, 1, 1), last, source.roots)


def years_with_values(client: Client, query: ValueQuery, today: date) -> tuple[int, int] | None:
    """The first and the last year that hold a value; None when there is no value.

    Any one value tells a year that holds some; then one question each way often is enough.

    Args:
        client: the DHIS2.
        query: forms and units.
        today: the server's day; forms may be open for the year after it.
    """

    def any_in(first: int, last: int) -> int | None:
        """The year of some value between two years."""
        params = [("dataSet", form) for form in query.data_sets]
        params += [("orgUnit", unit) for unit in query.org_units]
        params += [("startDate", f"{first}-01-01"), ("endDate", f"{last}-12-31")]
        values = client.get("/api/dataValueSets", [*params, ("children", "true"), ("limit", "1")])
        periods = [str(value["period"]) for value in values.get("dataValues", [])]
        return min(max(int(periods[0][:4]), first), last) if periods else None

    low, high = query.start.year, today.year + 1
    some = any_in(low, high)
    if some is None:
        return None
    first, last = at_once(lambda: _first(any_in, low, some), lambda: _last(any_in, some, high))
    return first, last


def _first(any_in: Callable[[int, int], int | None], low: int, known: int) -> int:
    """The first year with a value from `low` on; `known` has one."""
    until = known - 1
    while low < known:
        found = any_in(low, until)
        if found is None:
            low = until + 1
        else:
            known = found
        until = min((low + known) // 2, known - 1)
    return known


def _last(any_in: Callable[[int, int], int | None], known: int, high: int) -> int:
    """The last year with a value up to `high`; `known` has one."""
    since = known + 1
    while known < high:
        found = any_in(since, high)
        if found is None:
            high = since - 1
        else:
            known = found
        since = max((known + high + 1) // 2, known + 1)
    return known
