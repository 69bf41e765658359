"""Events of a program as DHIS2 pages them: what is configured of each, and nothing else.

`GET /api/tracker/events` in the words of 2.40 (`instances`, flat pages) and of 2.41 to 2.43 (`events`). Who
was given something, and by whom, stands in the events too: it is left where it is, on no disk of ours. Pages
are in the order of the events' ids and hold the deleted ones, so that none slips from one page to the page
before while they are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from loaders.asking import Ask, Params
from loaders.bodies import Answer
from loaders.dhis2 import Client
from loaders.errors import BadAnswer
from loaders.event_programs import Program
from loaders.settling import settle
from loaders.staging import Staging

PATH = "/api/tracker/events"
SIZE = 4000
AT_A_TIME = 2
FIELDS = "event,orgUnit,occurredAt,updatedAt,deleted,status,dataValues[dataElement,value]"
SAID = ("item", "quantity", "kind", "lot", "expiry", "reason", "number")
HEAD = {"event": "event", "org_unit": "orgUnit", "occurred": "occurredAt", "updated": "updatedAt"}
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in HEAD),
        ("status", pa.string()),
        ("deleted", pa.bool_()),
        *((name, pa.string()) for name in SAID),
    ]
)


@dataclass(frozen=True)
class Page:
    """One page of a program's events.

    Attributes:
        program: id of the program.
        number: of the page, from 1 on.
        since: only what was changed from this moment on (the server's local time); "" for all.
    """

    program: str
    number: int
    since: str = ""

    @property
    def params(self) -> Params:
        """The query."""
        changed = (("updatedAfter", self.since),) if self.since else ()
        return (
            ("program", self.program),
            ("fields", FIELDS),
            ("includeDeleted", "true"),
            ("order", "event:asc"),
            ("page", str(self.number)),
            ("pageSize", str(SIZE)),
            ("totalPages", "true"),
            *changed,
        )


def pages(
    client: Client, program: Program, since: str = "", staging: Staging | None = None
) -> Iterator[pa.Table]:
    """All events of a program, page by page, columns of `SCHEMA`.

    Args:
        client: the DHIS2.
        program: which, and what its elements say.
        since: as of `Page`.
        staging: where whole pages are set aside, so that a pull that was killed goes on.

    Raises:
        SourceError: DHIS2 could not be read; what is whole is set aside.
    """
    first, total = _one(client, program, staging, Page(program.id, 1, since))
    yield first
    if total is None:
        yield from _to_the_end(client, program, since, len(first))
        return
    rest = [Page(program.id, number, since) for number in range(2, -(-total // SIZE) + 1)]
    with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="events") as pool:
        for begin in range(0, len(rest), AT_A_TIME):  # a few at hand, however many there are
            asked = [
                pool.submit(_one, client, program, staging, page) for page in rest[begin : begin + AT_A_TIME]
            ]
            try:
                yield from (each.result()[0] for each in asked)
            finally:
                settle(asked)


def _to_the_end(client: Client, program: Program, since: str, rows: int) -> Iterator[pa.Table]:
    """The pages after the first of a server that does not say how many there are."""
    number = 1
    while rows == SIZE:
        number += 1
        table, _ = _one(client, program, None, Page(program.id, number, since))
        rows = len(table)
        yield table


def _one(
    client: Client, program: Program, staging: Staging | None, page: Page
) -> tuple[pa.Table, int | None]:
    held = staging.get(page) if staging else None
    if held is not None:
        total = (held.schema.metadata or {}).get(b"total", b"")
        return held, int(total) if total else None
    ask = Ask(PATH, page.params, about=f"({program.name}, page {page.number})")
    table, total = client.ask(ask, partial(_read, program))
    if staging:
        staging.put(page, table.replace_schema_metadata({"total": "" if total is None else str(total)}))
    return table, total


def _read(program: Program, answer: Answer) -> tuple[pa.Table, int | None]:
    body = answer.json()
    rows = body.get("events", body.get("instances")) if isinstance(body, dict) else None
    if not isinstance(rows, list):
        what = f"The answer to {answer.asked} holds no list of events."
        raise BadAnswer(what, "Try again; if it stays so, see DHIS2's log.", kind="cut off")
    total = body.get("total", body.get("pager", {}).get("total"))
    return table_of(program, rows), None if total is None else int(total)


def table_of(program: Program, rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Events as JSON to the columns of `SCHEMA`."""
    told = [_row(program, row) for row in rows]
    return pa.Table.from_pylist(told, schema=SCHEMA)


def _row(program: Program, row: dict[str, Any]) -> dict[str, Any]:
    said = {
        name: str(value["value"])
        for value in row.get("dataValues") or ()
        if (name := program.elements.get(value["dataElement"])) and value.get("value") is not None
    }
    head = {name: row.get(theirs) for name, theirs in HEAD.items()}
    return {**head, "status": row.get("status"), "deleted": bool(row.get("deleted")), **said}
