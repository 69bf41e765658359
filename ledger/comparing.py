"""What DHIS2 holds of a month beside what it should: what to send, and what somebody else wrote."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from ledger.disagreements import BELOW_ZERO, CHANGED, ZERO, Found
from ledger.doubts import Doubt
from ledger.projection import MEASURES, Figures
from ledger.tables import known_values
from ledger.upserts import upsert
from loaders.store_entry import Held
from loaders.store_form import StoreForm

Cell = tuple[str, str]  # item, measure
Value = str | None


@dataclass(frozen=True)
class There:
    """What is known of a month in DHIS2.

    Attributes:
        held: what its cells hold.
        accepted: what each may hold without anybody else having written it: what it held after our last
            write, what we were about to write, what a person decided upon.
        form: the form; what is not on it any more stays as it is.
        doubts: the cells to which a write of ours may still be under way.
    """

    held: Mapping[Cell, Held]
    accepted: Mapping[Cell, Sequence[Value]]
    form: StoreForm
    doubts: Mapping[Cell, Doubt] = field(default_factory=dict)

    def value(self, cell: Cell) -> Value:
        """What a cell holds; None for nothing."""
        return self.held[cell].value if cell in self.held else None

    def known(self, cell: Cell, value: Value) -> list[Value]:
        """What a cell may hold once it holds VALUE: first that, then what may still arrive late."""
        late = self.doubts[cell].written if cell in self.doubts else ()
        return [value, *(each for each in late if each != value)]

    def drops_zero(self, cell: Cell) -> bool:
        """Whether DHIS2 does not store a zero there."""
        return cell[0] not in self.form.zeros_kept


@dataclass
class Comparison:
    """One month of one store.

    Attributes:
        targets: what each cell should hold, as DHIS2 takes it: never below 0.
        send: the cells to be written.
        found: what differs and is not to be overwritten, or cannot be held.
        settled: what is known of cells that are not written: they hold what they should.
    """

    targets: dict[Cell, int] = field(default_factory=dict)
    send: list[Cell] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    settled: dict[Cell, list[Value]] = field(default_factory=dict)


def compare(figures: Mapping[str, Figures], there: There) -> Comparison:
    """Compare what should be with what is.

    Args:
        figures: what the ledger says, by item.
        there: what DHIS2 holds.
    """
    result = Comparison()
    for item, line in figures.items():
        for measure in MEASURES:
            ours = line.of(measure)
            if ours is not None and (item, measure) in there.form.cells:
                _compare_cell(result, (item, measure), ours, there)
    return result


def _compare_cell(result: Comparison, cell: Cell, ours: int, there: There) -> None:
    value, accepted = there.value(cell), there.accepted.get(cell, ())
    target = result.targets[cell] = max(0, ours)
    untouched = value in accepted or (value is None and not accepted)
    if ours < 0:
        result.found.append(Found(BELOW_ZERO, *cell, ours=ours, theirs=value))
    if value == str(target):
        result.settled[cell] = there.known(cell, value)
    elif value is None and target == 0 and there.drops_zero(cell):  # whoever emptied it, they agree
        result.settled[cell] = there.known(cell, None)
        result.found.append(Found(ZERO, *cell, ours=0))
    elif untouched:
        result.send.append(cell)
    else:
        held = there.held.get(cell)
        who, when = (held.stored_by, held.changed_at) if held else ("", None)
        result.found.append(Found(CHANGED, *cell, ours=ours, theirs=value, stored_by=who, changed_at=when))


def read_accepted(connection: Connection, unit: str, month: int) -> dict[Cell, list[Value]]:
    """What each cell of a month may hold without anybody else having written it."""
    kept = known_values.c
    question = select(kept.item, kept.measure, kept.accepted).where(kept.unit == unit, kept.month == month)
    return {(item, measure): json.loads(text) for item, measure, text in connection.execute(question)}


def write_accepted(
    connection: Connection, unit: str, month: int, values: Mapping[Cell, Collection[Value]]
) -> None:
    """Keep what cells of a month may hold."""
    rows = [
        {
            "unit": unit,
            "month": month,
            "item": item,
            "measure": measure,
            "accepted": json.dumps(list(dict.fromkeys(accepted))),
        }
        for (item, measure), accepted in sorted(values.items())
    ]
    upsert(connection, known_values, rows, _replaced)


def _replaced(came: Any) -> dict[str, Any]:
    return {"accepted": came.accepted}
