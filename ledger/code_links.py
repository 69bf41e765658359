"""Which item a product's code means at a store: said by a person, known to every device of the store.

A link is never changed. Whoever finds that a code means another item says so, and a newer link stands beside
the former ones: who said what, and when, can be read for ever.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from ledger.chain import GENESIS
from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.tables import code_links, stores
from ledger.upserts import insert_absent

LONGEST_CODE = 80


@dataclass(frozen=True)
class Link:
    """What somebody said a code means.

    Attributes:
        code: as a scanner reads it: a GTIN of 14 digits, or any other text.
        item: its id.
        username: who said so.
        linked_at: when.
        version: the store's from then on; of two links of a code the one with the higher version holds.
    """

    code: str
    item: str
    username: str
    linked_at: datetime
    version: int


class CodeLinks:
    """The codes that stores know.

    Args:
        database: where they are kept.
        clock: the server's.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    def of(self, unit: str, since: int = 0) -> list[Link]:
        """What codes mean at a store that were linked after a version of it, by code."""
        return sorted(_latest(self._said(unit, since)).values(), key=lambda each: each.code)

    def history(self, unit: str) -> list[Link]:
        """Every link that was ever made at a store: by code, the one that holds first."""
        return sorted(self._said(unit), key=lambda each: (each.code, -each.version))

    def _said(self, unit: str, since: int = 0) -> list[Link]:
        chosen = (code_links.c.unit == unit, code_links.c.version > since)
        with self._database.read() as connection:
            return [_link(row) for row in connection.execute(select(code_links).where(*chosen))]

    def learn(
        self, unit: str, meant: Mapping[str, str], username: str, instead: Mapping[str, int] | None = None
    ) -> list[Link]:
        """Keep what codes mean.

        A code that the store knows keeps its item, unless whoever says otherwise names the link that is
        wrong: what a device says late does not put aside what was said since.

        Args:
            unit: the store's.
            meant: the id of the item by code.
            username: who says so.
            instead: the version of the link that is wrong, by code.

        Returns:
            What these codes mean from now on.
        """
        wrong = instead or {}
        with self._database.write() as connection:
            known = _known(connection, unit, meant)
            if _news(known, meant, wrong):
                version = _next_version(connection, unit)  # whoever else says something waits from here on
                known = _known(connection, unit, meant)
                facts = {"unit": unit, "username": username, "linked_at": self._clock(), "version": version}
                rows = [facts | {"code": each, "item": meant[each]} for each in _news(known, meant, wrong)]
                if rows:
                    connection.execute(insert(code_links), rows)
                known = _known(connection, unit, meant)
        return [known[code] for code in sorted(known)]


def _news(known: Mapping[str, Link], meant: Mapping[str, str], wrong: Mapping[str, int]) -> list[str]:
    """The codes of which something is said that does not hold yet, and may."""
    return [
        code
        for code, item in sorted(meant.items())
        if code not in known or (known[code].item != item and known[code].version == wrong.get(code))
    ]


def _known(connection: Connection, unit: str, meant: Mapping[str, str]) -> dict[str, Link]:
    chosen = (code_links.c.unit == unit, code_links.c.code.in_(list(meant)))
    return _latest(_link(row) for row in connection.execute(select(code_links).where(*chosen)))


def _latest(said: Iterable[Link]) -> dict[str, Link]:
    return {each.code: each for each in sorted(said, key=lambda each: each.version)}


def _link(row: Row[Any]) -> Link:
    return Link(row.code, row.item, row.username, row.linked_at, row.version)


def _next_version(connection: Connection, unit: str) -> int:
    """The version that a store has from now on; one that recorded nothing yet begins with it."""
    insert_absent(connection, stores, [{"unit": unit, "last": 0, "digest": GENESIS, "version": 0}])
    bump = update(stores).where(stores.c.unit == unit).values(version=stores.c.version + 1)
    return int(connection.execute(bump.returning(stores.c.version)).scalar_one())
