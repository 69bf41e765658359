"""Every movement of a store, found again: newest first, by whatever one remembers of it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select, true, tuple_

from ledger.database import Database
from ledger.recipients import key_of
from ledger.tables import departments, movements, recipients

MOST = 500


@dataclass(frozen=True)
class Wanted:
    """Which movements; what is left out leaves open.

    Attributes:
        items: ids.
        kinds: of `ledger.places.KINDS` and `SERVER_KINDS`.
        first: the first day, YYYYMMDD.
        last: the last one.
        recipient: id of who collected or gave back; who was merged into them counts as them.
        text: part of the name of who collected or gave, of a department, lot, document or reason.
        before: (rank, id) of the row that the page before ended with.
        limit: how many at most.
    """

    items: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    first: int = 0
    last: int = 99_991_231
    recipient: str = ""
    text: str = ""
    before: tuple[str, str] | None = None
    limit: int = 100


_SHOWN = (
    "id", "kind", "item", "packs", "delta", "asked", "lot", "expiry", "origin", "destination", "given_by",
    "reason", "document", "reverses", "revises", "cause", "transfer", "occurred_at", "corrected_at",
    "received_at", "day", "username", "rank",
)  # fmt: skip


def history(database: Database, unit: str, wanted: Wanted) -> list[dict[str, Any]]:
    """The movements of a store that fit, newest first.

    Returns:
        Columns of `movements`, with `recipient` and `department` by name, and `reversed_by`, the id of what
        undid it.
    """
    kept, undone = movements.c, movements.alias("undone")
    names = [kept[name] for name in _SHOWN]
    people = (recipients.c.name.label("recipient"), departments.c.name.label("department"))
    source = (
        movements.outerjoin(recipients, and_(recipients.c.id == kept.recipient, recipients.c.unit == unit))
        .outerjoin(departments, and_(departments.c.id == kept.department, departments.c.unit == unit))
        .outerjoin(undone, undone.c.reverses == kept.id)
    )
    question = select(*names, *people, undone.c.id.label("reversed_by")).select_from(source)
    fitting = question.where(kept.unit == unit, *_conditions(wanted))
    with database.read() as connection:
        rows = connection.execute(
            fitting.order_by(kept.rank.desc(), kept.id.desc()).limit(min(wanted.limit, MOST))
        ).mappings()
        return [dict(row) for row in rows]


def _conditions(wanted: Wanted) -> list[Any]:
    kept = movements.c
    asked = (
        (bool(wanted.items), kept.item.in_(wanted.items)),
        (bool(wanted.kinds), kept.kind.in_(wanted.kinds)),
        (True, kept.day.between(wanted.first, wanted.last)),
        (wanted.before is not None, tuple_(kept.rank, kept.id) < tuple_(*(wanted.before or ("", "")))),
        (bool(wanted.recipient), kept.recipient.in_(_merged(wanted.recipient))),
        (bool(wanted.text), _says(wanted.text)),
    )
    return [condition for holds, condition in asked if holds]


def _merged(number: str) -> Any:
    known = recipients.c
    return select(known.id).where(or_(known.id == number, known.merged_into == number))


def _says(text: str) -> Any:
    """Whether every word occurs somewhere; names are looked up as they are compared, without accents."""
    kept = movements.c
    plain = (kept.given_by, kept.lot, kept.document, kept.reason)
    keys = (recipients.c.key, departments.c.key)
    words = text.split()
    return and_(
        true(),
        *(
            or_(
                *(column.ilike(f"%{_literal(word)}%", escape="\\") for column in plain),
                *(column.like(f"%{_literal(key_of(word))}%", escape="\\") for column in keys if key_of(word)),
            )
            for word in words
        ),
    )


def _literal(text: str) -> str:
    """A text in which the signs of LIKE mean themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
