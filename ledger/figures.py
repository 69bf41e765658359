"""What the movements of a store add up to: month by month and day by day.

Every figure is a sum over the places that packs went to or came from, so that a reversal, which goes the same
way back in the same month, takes away what it undoes without being looked at.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select

from ledger.database import Database
from ledger.months import months_from
from ledger.places import BEFORE, COUNT, DISPENSE, KINDS, LOSS, REVERSE, SUPPLIER
from ledger.tables import movements

DEPARTMENT, TRANSIT = "department", "transit"


@dataclass(frozen=True)
class MonthFigures:
    """One item of a store in one month (YYYYMM), in packs.

    Attributes:
        consumed: went to departments less what came back.
        asked: was asked for; what was given where nothing was said.
        received: came from the supplier.
        lost: was written off.
        transferred: came from other stores less what went to them.
        differences: what counts found more than the book (less, below 0).
        closing: what there was at the month's end.
    """

    item: str
    month: int
    consumed: int
    asked: int
    received: int
    lost: int
    transferred: int
    differences: int
    closing: int


@dataclass(frozen=True)
class Days:
    """What an item's days brought: what was asked for, and what there was at each day's end; in packs."""

    first: date
    asked: tuple[int, ...]
    closing: tuple[int, ...]

    @property
    def out(self) -> int:
        """Days that ended with nothing on the shelf."""
        return sum(1 for each in self.closing if each <= 0)


def _touches(place: str) -> Any:
    ends = (movements.c.origin, movements.c.destination)
    return or_(*(end.like(f"{place}:%") if place in (DEPARTMENT, TRANSIT) else end == place for end in ends))


_END = case(*((_touches(each), each) for each in (DEPARTMENT, TRANSIT, SUPPLIER, LOSS, COUNT, BEFORE)))
_ASKED = func.sum(
    case(
        (movements.c.kind == DISPENSE, func.coalesce(movements.c.asked, movements.c.packs)),
        (movements.c.kind == REVERSE, -func.coalesce(movements.c.asked, 0)),
        else_=0,
    )
)


def monthly(database: Database, unit: str, first: int, last: int) -> list[MonthFigures]:
    """The figures of a store's items from one month to another, from the month each was first recorded.

    Args:
        database: where the movements are.
        unit: the store's unit.
        first: YYYYMM.
        last: YYYYMM.
    """
    kept = movements.c
    end = _END.label("end")
    question = select(kept.item, kept.month, end, func.sum(kept.delta), _ASKED)
    told = question.where(kept.unit == unit, kept.month <= last).group_by(kept.item, kept.month, end)
    flows: dict[str, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    with database.read() as connection:
        for item, month, place, packs, asked in connection.execute(told):
            flows[item][month][place] += int(packs)
            flows[item][month]["asked"] += int(asked)
    return [each for item in sorted(flows) for each in _of_item(item, flows[item], first, last)]


def _of_item(item: str, flows: Mapping[int, Mapping[str, int]], first: int, last: int) -> list[MonthFigures]:
    found, closing = [], 0
    for month in months_from(min(flows), last):
        flow = flows.get(month, {})
        closing += sum(packs for place, packs in flow.items() if place != "asked")
        if month >= first:
            found.append(
                MonthFigures(
                    item=item,
                    month=month,
                    consumed=-flow.get(DEPARTMENT, 0),
                    asked=flow.get("asked", 0),
                    received=flow.get(SUPPLIER, 0),
                    lost=-flow.get(LOSS, 0),
                    transferred=flow.get(TRANSIT, 0),
                    differences=flow.get(COUNT, 0),
                    closing=closing,
                )
            )
    return found


def book_begins(database: Database, unit: str) -> date | None:
    """The first day of which somebody at a store recorded anything; None where nobody did."""
    kept = movements.c
    question = select(func.min(kept.day)).where(kept.unit == unit, kept.kind.in_(KINDS))
    with database.read() as connection:
        found = connection.execute(question).scalar()
    return date_of(int(found)) if found else None


def daily(database: Database, unit: str, first: date, last: date) -> dict[str, Days]:
    """What the days of a store's items brought, from one day to another, both included.

    An item that was recorded for the first time within them begins on that day. A first balance that came
    from elsewhere is no book: give the day on which the store's own begins.
    """
    kept = movements.c
    until = (kept.unit == unit, kept.day <= number_of_day(last))
    question = select(kept.item, kept.day, func.sum(kept.delta), _ASKED).where(*until)
    flows: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    with database.read() as connection:
        for item, day, packs, asked in connection.execute(question.group_by(kept.item, kept.day)):
            flows[item][day] = (int(packs), int(asked))
    return {item: _days(of_item, first, last) for item, of_item in flows.items() if last >= first}


def _days(flows: Mapping[int, tuple[int, int]], first: date, last: date) -> Days:
    begins = max(first, date_of(min(flows)))
    held = sum(packs for day, (packs, _) in flows.items() if day < number_of_day(begins))
    asked, closing = [], []
    for number in range((last - begins).days + 1):
        packs, wanted = flows.get(number_of_day(begins + timedelta(days=number)), (0, 0))
        held += packs
        asked.append(wanted)
        closing.append(held)
    return Days(begins, tuple(asked), tuple(closing))


def number_of_day(day: date) -> int:
    """A day as the ledger writes it, YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


def month_number(day: date) -> int:
    """The month of a day as the ledger writes it, YYYYMM."""
    return day.year * 100 + day.month


def date_of(number: int) -> date:
    """The day that the ledger writes as YYYYMMDD."""
    return date(number // 10_000, number // 100 % 100, number % 100)
