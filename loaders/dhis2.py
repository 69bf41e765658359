"""A client of DHIS2's Web API: what it holds as frames, what it says as a few kinds of errors.

Example:
    >>> client = Client("https://play.example.org/dev", Token("d2p_..."))     # doctest: +SKIP
    >>> units = client.org_units()                                            # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import pandas as pd
import pyarrow as pa

from loaders import chunks, metadata
from loaders.analytics import Cells, plan_cells, read_cells
from loaders.asking import Ask, Basic, Limits, Token
from loaders.bodies import Answer
from loaders.chunks import Chunk, Shape, ValueQuery
from loaders.completeness import read_registrations
from loaders.errors import NotReachable, NotSignedIn, SourceError
from loaders.http import Http
from loaders.lists import Lists
from loaders.metadata import DataSets
from loaders.people import ME_FIELDS, Me, SignedIn, read_me
from loaders.remembered import Remembered
from loaders.report import Fault, Report
from loaders.server import System, read_system
from loaders.spans import Span
from loaders.throttle import Throttle
from loaders.values import COLUMNS, read_values, to_frame
from loaders.writes import Stored, read_stored

T = TypeVar("T")
OVERLAP = timedelta(hours=1)
SIGN_IN = Limits(attempts=2, read=30.0, total=60.0, longest_wait=5.0)

__all__ = ["Basic", "Client", "Fault", "Limits", "Me", "SignedIn", "System", "Token", "ValueQuery", "sign_in"]


class Client:
    """One account's view of one DHIS2. Usable from several threads; close it, or use it in a ``with``.

    Args:
        url: The server's address with its context path.
        credentials: `Token` or `Basic`.
        limits: Patience and appetite.
        memory: A folder where metadata is kept, so that what did not change is not sent again.
        listener: Called with each fault as it strikes.

    Raises:
        NotReachable: The address is no http(s) address.
        ValueError: More than 8 requests at a time.
    """

    def __init__(
        self,
        url: str,
        credentials: Token | Basic | None,
        limits: Limits | None = None,
        *,
        memory: Path | None = None,
        listener: Callable[[Fault], None] | None = None,
    ) -> None:
        limits = limits or Limits()
        self.report = Report(listener=listener)
        remembered = Remembered(memory) if memory else None
        self._http = Http(url, credentials, limits, self.report, remembered)
        self._parallel = limits.parallel
        # Twice as many threads as requests: while one reads its answer, another's request is on the way.
        self._pool = ThreadPoolExecutor(2 * limits.parallel, thread_name_prefix="dhis2")
        self._lists = Lists(self._http, self._pool, ahead=limits.parallel)

    @property
    def url(self) -> str:
        """The server's address."""
        return self._http.base

    @property
    def throttle(self) -> Throttle:
        """How many requests are allowed at this moment."""
        return self._http.throttle

    def close(self) -> None:
        """End waiting requests, close all connections."""
        self._http.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # -- the server and the account

    @cached_property
    def server(self) -> System:
        """The server as it was when last asked by `system`, which is done now if it was not."""
        return self.system()

    def system(self) -> System:
        """The server's version, clock and analytics age, asked now.

        Raises:
            UnsupportedServer: Its version or calendar is not supported.
        """
        told = self._http.fetch(Ask("/api/system/info"), lambda answer: read_system(self.url, answer.json()))
        self.__dict__["server"] = told
        return told

    def me(self) -> Me:
        """The account, its rights and its places."""
        ask = Ask("/api/me", (("fields", ME_FIELDS),))
        return self._http.fetch(ask, lambda answer: read_me(answer.json()))

    # -- places, forms, items

    def org_units(self, root: str = "") -> pd.DataFrame:
        """Org units; columns as `loaders.metadata.org_units`."""
        return metadata.org_units(self._lists, root)

    def levels(self) -> pd.DataFrame:
        """Levels: ``id, level, name``."""
        return metadata.levels(self._lists)

    def groups(self) -> pd.DataFrame:
        """Membership of org unit groups: ``group, name, org_unit``."""
        return metadata.groups(self._lists)

    def form_names(self) -> pd.DataFrame:
        """Forms without what is in them, which is quick: ``id, code, name, period_type``."""
        return metadata.form_names(self._lists)

    def data_sets(self) -> DataSets:
        """Forms, their elements, the units that have them."""
        return metadata.data_sets(self._lists)

    def data_elements(self) -> pd.DataFrame:
        """Data elements; columns as `loaders.metadata.data_elements`."""
        return metadata.data_elements(self._lists)

    def option_combos(self) -> pd.DataFrame:
        """Category option combos: ``id, code, name, category_combo``."""
        return metadata.option_combos(self._lists)

    def shape(self) -> Shape:
        """What may hold values, for planning; `loaders.metadata.shape_of` makes it from frames at hand."""
        return metadata.shape_of(self.org_units(), self.data_sets(), self.option_combos())

    # -- raw values

    def plan_values(self, query: ValueQuery, shape: Shape | None = None) -> list[Chunk]:
        """The requests that bring QUERY, oldest periods first; without units, all that the account sees."""
        query = (
            query if query.org_units else replace(query, org_units=tuple(unit.id for unit in self.me().sees))
        )
        return chunks.plan(query, shape or self.shape(), self._parallel)

    def values(
        self, plan: Sequence[Chunk], columns: Sequence[str] = COLUMNS
    ) -> Iterator[tuple[Chunk, pa.Table]]:
        """Fetch the chunks of a plan; yields each with its values as they come, the cut ones in parts.

        Tables are those of `loaders.values.read_values`, with these columns. A value that DHIS2 holds within
        a chunk's forms, periods and units is in its table; what is not there does not exist (any more).

        Raises:
            NotPermitted: The account may not see these units or forms.
        """
        return chunks.pull(plan, partial(self._chunk, columns), self._pool, 2 * self._parallel)

    def all_values(self, query: ValueQuery, shape: Shape | None = None) -> pd.DataFrame:
        """The values of QUERY in one frame, its columns those of `loaders.values.read_values`."""
        return to_frame([table for _, table in self.values(self.plan_values(query, shape))])

    def values_changed_since(
        self, since: datetime, query: ValueQuery, shape: Shape | None = None, overlap: timedelta = OVERLAP
    ) -> pd.DataFrame:
        """Values of QUERY that were stored, changed or deleted (``deleted``) since a moment.

        The date range is always sent: 2.43.0 and 2.43.1 refuse a query that has only ``lastUpdated``.

        Args:
            since: `System.time` as it was before the last pull: the server's clock, with its zone.
            query: As for `plan_values`.
            shape: For cutting, should the changes be too many for one request.
            overlap: How much earlier to begin, for values stored by transactions that ended later.
        """
        whole = Span(query.start, query.end)
        units = query.org_units or tuple(unit.id for unit in self.me().sees)
        moment = self.server.local(since - overlap)
        chunk = Chunk(query.data_sets, (whole,), units, changed_since=moment, shape=shape or Shape())
        return to_frame([table for _, table in self.values([chunk])])

    def _chunk(self, columns: Sequence[str], chunk: Chunk) -> pa.Table:
        read = partial(read_values, columns=columns)
        ask = Ask(
            self.server.dialect.values_path,
            (*chunk.params, ("compression", "gzip"), ("attachment", "values.csv.gz")),
            accept="application/csv",
            divisible=bool(chunk.parts()),
            about=chunk.about,
        )
        try:
            return self._http.fetch(ask, read)
        except SourceError as error:
            if error.kind not in ("cut off", "status 400", "status 406"):
                raise
        # A server, or a proxy, that cannot send compressed files.
        return self._http.fetch(replace(ask, params=chunk.params), read)

    # -- completeness and aggregated figures

    def completeness(self, query: ValueQuery) -> pd.DataFrame:
        """Registrations of the query's forms; columns as `loaders.completeness.read_registrations`."""
        units = query.org_units or tuple(unit.id for unit in self.me().sees)
        chunk = Chunk(query.data_sets, (Span(query.start, query.end),), units)
        ask = Ask("/api/completeDataSetRegistrations", chunk.params, about=chunk.about, memorable=True)
        return self._http.fetch(ask, read_registrations)

    def analytics(self, dx: Sequence[str], pe: Sequence[str], ou: Sequence[str]) -> pd.DataFrame:
        """Aggregated figures for all combinations: ``dx, pe, ou, value``; empty cells are absent.

        Args:
            dx: Data elements, ``ELEMENT.COMBO``, indicators, ``DATASET.REPORTING_RATE``, ...
            pe: ISO periods or relative ones.
            ou: Org units, or ``LEVEL-3`` and groups beside the units that bound them.
        """
        plan = plan_cells(tuple(dx), tuple(pe), tuple(ou), self._parallel)
        pulled = chunks.pull(plan, self._cells, self._pool, 2 * self._parallel)
        return pd.concat([frame for _, frame in pulled], ignore_index=True)

    def _cells(self, cells: Cells) -> pd.DataFrame:
        ask = Ask("/api/analytics", cells.params, divisible=bool(cells.parts()), about=cells.about)
        return self._http.fetch(ask, read_cells)

    # -- anything else

    def get(self, path: str, params: Sequence[tuple[str, str]] = ()) -> Any:
        """The JSON at PATH (``/api/...``)."""
        return self._http.fetch(Ask(path, tuple(params)), Answer.json)

    def send(self, method: str, path: str, body: Any = None, *, repeatable: bool = False) -> Any:
        """Send BODY as JSON; returns DHIS2's JSON, None when it sends nothing.

        Args:
            method: POST, PUT, PATCH or DELETE.
            path: ``/api/...``.
            body: Anything that JSON can hold.
            repeatable: Whether storing it twice is the same as once; only then is it tried again.
        """
        ask = Ask(path, method=method, json=body, repeatable=repeatable)
        return self._http.fetch(ask, lambda answer: answer.json() if answer.body else None)

    def ask(self, ask: Ask, read: Callable[[Answer], T]) -> T:
        """Ask anything, and read the answer."""
        return self._http.fetch(ask, read)

    def store_values(self, data_set: str, values: Sequence[dict[str, Any]]) -> Stored:
        """Send values of one form; the same values may be sent again without harm.

        Args:
            data_set: The form, whose locks and open periods shall count.
            values: ``dataElement, period, orgUnit, categoryOptionCombo, value``, and what else DHIS2 takes.

        Raises:
            NotPermitted: The account may not enter data.
        """
        body = {"dataSet": data_set, "dataValues": list(values)}
        about = f"({len(values)} values of {data_set})"
        ask = Ask("/api/dataValueSets", method="POST", json=body, about=about, also=(409,))
        return self._http.fetch(ask, read_stored)


def sign_in(url: str, username: str, password: str) -> SignedIn:
    """Ask DHIS2 whether a password is right, and for a token of the person's own.

    Raises:
        NotSignedIn: Wrong user name or password, or a locked account.
        NotReachable: The server does not answer.
    """
    with Client(url, Basic(username, password), SIGN_IN) as client:
        me = client.me()
        try:
            answer = client.send("POST", "/api/apiToken", {})
        except (NotSignedIn, NotReachable):
            raise
        except SourceError:
            return SignedIn(me)  # tokens are switched off here, or not for this account
        return SignedIn(me, str(answer.get("response", {}).get("key") or ""))
