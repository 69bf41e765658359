"""Lists of metadata, page by page, several pages at a time, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pandas as pd

from loaders.asking import Ask
from loaders.bodies import Answer, cut_off
from loaders.errors import BadAnswer
from loaders.http import Http
from loaders.settling import settle

PAGE = 1000
ROUNDS = 3

Row = dict[str, Any]
B = TypeVar("B")


@dataclass(frozen=True)
class Page(Generic[B]):
    """One page: the rows that the whole list has by the server, the ids here, and what was made of them."""

    total: int | None
    ids: list[str]
    built: B


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

    def rows(self, kind: str, fields: str) -> list[Row]:
        """All objects of a KIND (``dataElements``, ...) with these FIELDS, ``id`` among them, ordered by it.

        Raises:
            BadAnswer: The list kept changing while it was read.
        """
        pages = self._whole(kind, lambda number: _ask_page(kind, fields, (), number), 1, _itself)
        return list({row["id"]: row for page in pages for row in page}.values())

    def frame(
        self, kind: str, fields: str, build: Callable[[list[Row]], pd.DataFrame], filters: Sequence[str] = ()
    ) -> pd.DataFrame:
        """The same of a list that is long as a rule, as a frame.

        Several pages are asked for before their number is known, and each is built into a frame while others
        are on their way.

        Args:
            kind: ``organisationUnits``, ...
            fields: As DHIS2's ``fields`` parameter; must hold ``id``.
            build: Makes a frame with a column ``id`` of the rows of a page.
            filters: As DHIS2's ``filter`` parameter, all of them to hold.

        Raises:
            BadAnswer: The list kept changing while it was read.
        """
        pages = self._whole(kind, lambda number: _ask_page(kind, fields, filters, number), self._ahead, build)
        return pd.concat(pages, ignore_index=True).drop_duplicates("id", ignore_index=True)

    def _whole(
        self, kind: str, ask: Callable[[int], Ask], ahead: int, build: Callable[[list[Row]], B]
    ) -> list[B]:
        """All pages, each as BUILD makes it, of a passage in which no row was missing."""
        for _ in range(ROUNDS):
            total, pages = self._once(kind, ask, ahead, build)
            found = {row for page in pages for row in page.ids}
            if total is None or len(found) == total:
                return [page.built for page in pages if page.ids] or [pages[0].built]
        what = f"The list of {kind} changed each time while it was read ({len(found)} of {total} rows)."
        raise BadAnswer(what, "Try again when nobody imports metadata.", kind="shifting pages")

    def _once(
        self, kind: str, ask: Callable[[int], Ask], ahead: int, build: Callable[[list[Row]], B]
    ) -> tuple[int | None, list[Page[B]]]:
        """The total that the server states, and one passage through all pages."""

        def page(number: int) -> Page[B]:
            return self._http.fetch(ask(number), _page_of(kind, build))

        asked = [self._pool.submit(page, number) for number in range(1, ahead + 1)]
        try:
            total = asked[0].result().total
            if total is not None:
                asked += [
                    self._pool.submit(page, number) for number in range(ahead + 1, -(-total // PAGE) + 1)
                ]
            pages = [answer.result() for answer in asked]
        finally:
            settle(asked)
        while total is None and len(pages[-1].ids) == PAGE:
            pages.append(page(len(pages) + 1))
        return total, pages


def _itself(rows: list[Row]) -> list[Row]:
    return rows


def _ask_page(kind: str, fields: str, filters: Sequence[str], number: int) -> Ask:
    params = (
        ("fields", fields),
        *(("filter", condition) for condition in filters),
        ("order", "id:asc"),  # without an order rows move between pages
        ("page", str(number)),
        ("pageSize", str(PAGE)),
    )
    return Ask(f"/api/{kind}", params, about=f"(page {number})", memorable=True)


def _page_of(kind: str, build: Callable[[list[Row]], B]) -> Callable[[Answer], Page[B]]:
    def read(answer: Answer) -> Page[B]:
        body = answer.json()
        if not isinstance(body, dict) or not isinstance(body.get(kind), list):
            raise cut_off(answer.asked, f"it holds no list of {kind}")
        rows, total = body[kind], body.get("pager", {}).get("total")
        return Page(None if total is None else int(total), [row["id"] for row in rows], build(rows))

    return read
