"""Lists of metadata, page by page, several pages at a time, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

from loaders.asking import Ask
from loaders.bodies import Answer, cut_off
from loaders.errors import BadAnswer
from loaders.http import Http

PAGE = 1000
ROUNDS = 3

Row = dict[str, Any]


class Lists:
    """Reads whole lists from one server.

    Args:
        http: The way to it.
        pool: Threads for the pages.
        ahead: Pages asked at once before the number of pages is known, where a list is long as a rule.
    """

    def __init__(self, http: Http, pool: Executor, ahead: int) -> None:
        self._http = http
        self._pool = pool
        self._ahead = ahead

    def rows(self, kind: str, fields: str, filters: Sequence[str] = (), long: bool = False) -> list[Row]:
        """All objects of a kind.

        Args:
            kind: ``organisationUnits``, ``dataElements``, ...
            fields: As DHIS2's ``fields`` parameter; must hold ``id``.
            filters: As DHIS2's ``filter`` parameter, all of them to hold.
            long: Whether to ask for several pages before knowing how many there are.

        Raises:
            BadAnswer: The list kept changing while it was read.
        """
        for _ in range(ROUNDS):
            total, rows = self._once(kind, fields, filters, self._ahead if long else 1)
            if total is None or len(rows) == total:
                return list(rows.values())
        what = f"The list of {kind} changed each time while it was read ({len(rows)} of {total} rows)."
        raise BadAnswer(what, "Try again when nobody imports metadata.", kind="shifting pages")

    def _once(
        self, kind: str, fields: str, filters: Sequence[str], ahead: int
    ) -> tuple[int | None, dict[str, Row]]:
        """The total that the server states, and the rows by id, of one passage through all pages."""

        def page(number: int) -> tuple[int | None, list[Row]]:
            return self._http.fetch(_ask_page(kind, fields, filters, number), _page_of(kind))

        asked = [self._pool.submit(page, number) for number in range(1, ahead + 1)]
        total = asked[0].result()[0]
        if total is not None:
            asked += [self._pool.submit(page, number) for number in range(ahead + 1, -(-total // PAGE) + 1)]
        pages = [answer.result() for answer in asked]
        while total is None and len(pages[-1][1]) == PAGE:
            pages.append(page(len(pages) + 1))
        return total, {row["id"]: row for _, rows in pages for row in rows}


def _ask_page(kind: str, fields: str, filters: Sequence[str], number: int) -> Ask:
    params = (
        ("fields", fields),
        *(("filter", condition) for condition in filters),
        ("order", "id:asc"),  # without an order rows move between pages
        ("page", str(number)),
        ("pageSize", str(PAGE)),
    )
    return Ask(f"/api/{kind}", params, about=f"(page {number})", memorable=True)


def _page_of(kind: str) -> Callable[[Answer], tuple[int | None, list[Row]]]:
    def read(answer: Answer) -> tuple[int | None, list[Row]]:
        body = answer.json()
        if not isinstance(body, dict) or not isinstance(body.get(kind), list):
            raise cut_off(answer.asked, f"it holds no list of {kind}")
        total = body.get("pager", {}).get("total")
        return (int(total) if total is not None else None), body[kind]

    return read
