"""What a sync asks a DHIS2 for but its values: the account, the metadata, the country's forms in it."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Self

import pandas as pd

from countries import Country
from loaders.checked import check
from loaders.chunks import Shape
from loaders.contacts import contacts_of
from loaders.described import Metadata
from loaders.dhis2 import Client, Me, System, ValueQuery
from loaders.errors import NotPermitted
from loaders.hierarchy import depth_first
from loaders.mapping import Mapping, data_sets_of, resolve
from loaders.metadata import shape_of
from loaders.outlines import outlines_of

FIRST_YEAR = 1970
SOURCE = "DHIS2"


@dataclass(frozen=True)
class Scope:
    """What must be known before values can be asked for.

    Attributes:
        system: its version and clock.
        me: the account.
        roots: ids of the units whose data the account sees, each with all below.
        data_sets: ids of the country's forms.
    """

    system: System
    me: Me
    roots: tuple[str, ...]
    data_sets: tuple[str, ...]

    @property
    def everything(self) -> ValueQuery:
        """All values of the forms that the account may see; the dates are wider than any period."""
        last = date(self.system.time.year + 2, 12, 31)
        return ValueQuery(self.data_sets, date(FIRST_YEAR, 1, 1), last, self.roots)


@dataclass(frozen=True)
class Source:
    """Everything about a DHIS2 but its values.

    Attributes:
        scope: the account and the forms.
        pulled_at: our clock when it told us its own.
        units: canonical `org_units`.
        outlines: canonical `outlines`.
        contacts: canonical `contacts`.
        groups: canonical `groups`.
        elements: its data elements.
        forms: its data sets.
        metadata: all that forms are resolved in.
        mapping: what the country's forms were found to be.
        shape: for planning large pulls.
        rejected: rows of `rejected`: metadata that broke a rule.
    """

    scope: Scope
    pulled_at: datetime
    units: pd.DataFrame
    outlines: pd.DataFrame
    contacts: pd.DataFrame
    groups: pd.DataFrame
    elements: pd.DataFrame
    forms: pd.DataFrame
    metadata: Metadata
    mapping: Mapping
    shape: Shape
    rejected: pd.DataFrame

    @property
    def system(self) -> System:
        """Its version and clock."""
        return self.scope.system

    @property
    def me(self) -> Me:
        """The account."""
        return self.scope.me

    @property
    def roots(self) -> tuple[str, ...]:
        """Ids of the units whose data the account sees, each with all below."""
        return self.scope.roots

    @property
    def data_sets(self) -> tuple[str, ...]:
        """Ids of the forms to pull."""
        return self.scope.data_sets


class Examination:
    """The metadata of a DHIS2, asked for all at once; use it as a context manager.

    Each part can be had as soon as it has come, so that values are under way while the rest is read.

    Args:
        client: the DHIS2.
        country: its forms are looked for.
    """

    def __init__(self, client: Client, country: Country) -> None:
        self._country = country
        self._asked_at = datetime.now(UTC)
        self._pool = ThreadPoolExecutor(10, thread_name_prefix="ask")
        ask = self._pool.submit
        # What must be known before values can be asked for goes first.
        self._system, self._me, self._names = ask(client.system), ask(client.me), ask(client.form_names)
        self._forms, self._units = ask(client.data_sets), ask(client.org_units)
        self._combos = ask(client.option_combos)
        self._groups, self._elements = ask(client.groups), ask(client.data_elements)
        self._scope = ask(self._find_scope)
        self._shape = ask(lambda: shape_of(self._units.result(), self._forms.result(), self._combos.result()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.shutdown(cancel_futures=True)

    def scope(self) -> Scope:
        """Which values there are to ask for.

        Raises:
            SourceError: DHIS2 cannot be read.
            NotPermitted: the account sees no organisation unit.
        """
        return self._scope.result()

    def shape(self) -> Shape:
        """For planning large pulls.

        Raises:
            SourceError: DHIS2 cannot be read.
        """
        return self._shape.result()

    def source(self) -> Source:
        """All of it, with the country's forms resolved.

        Raises:
            SourceError: DHIS2 cannot be read.
            NotPermitted: the account sees no organisation unit.
        """
        scope, forms = self.scope(), self._forms.result()
        elements, combos = self._elements.result(), self._combos.result()
        units = self._units.result()
        placed = check("org_units", depth_first(units), SOURCE)
        grouped = check("groups", self._groups.result(), SOURCE)
        metadata = Metadata(forms.frame, forms.elements, forms.assignments, elements, combos)
        return Source(
            scope=scope,
            pulled_at=self._asked_at,
            units=placed.frame,
            outlines=check("outlines", outlines_of(units), SOURCE).frame,
            contacts=check("contacts", contacts_of(units), SOURCE).frame,
            groups=grouped.frame,
            elements=elements,
            forms=forms.frame,
            metadata=metadata,
            mapping=resolve(self._country, metadata),
            shape=self.shape(),
            rejected=pd.concat([placed.rejected, grouped.rejected], ignore_index=True),
        )

    def _find_scope(self) -> Scope:
        me = self._me.result()
        if not me.sees:
            raise NotPermitted(
                f"The account {me.username!r} has no organisation unit in DHIS2.",
                "Give it data view units (Users app, 'Data view organisation units').",
            )
        roots = topmost((unit.id, unit.path) for unit in me.sees)
        forms = data_sets_of(self._country, self._names.result())
        return Scope(self._system.result(), me, roots, tuple(forms))


def examine_source(client: Client, country: Country) -> Source:
    """Pull the metadata and resolve the country's forms in it.

    Raises:
        SourceError: DHIS2 cannot be read.
        NotPermitted: the account sees no organisation unit.
    """
    with Examination(client, country) as examination:
        return examination.source()


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
