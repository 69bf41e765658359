"""What must hold once everything has healed; each breach is a sentence."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bench.simulator.form import OPTIONS, Place
from bench.simulator.worker import MEASURES
from bench.simulator.world import World
from ledger.chain import broken
from ledger.device_clocks import moment_of_rank
from ledger.disagreements import BELOW_ZERO, CHANGED, DECIDED, REFUSED, ZERO
from ledger.months import months_from
from ledger.projection import CLOSING, project
from ledger.tables import balances, deliveries, differences, lots, movements, openings, transfers
from tests.ledger.oracle import Book, Happened, replay

Row = dict[str, Any]
OPTION_OF = {measure: OPTIONS[name] for name, measure in MEASURES.items()}
MAY_BE_REFUSED = {"reversed_already", "received_already"}
LAWFULLY_OPEN = {"reverses_unknown", "transfer"}


def breaches(world: World) -> list[str]:
    """Everything that does not hold in a world that has settled."""
    with world.database.read() as connection:
        rows = [dict(row) for row in connection.execute(select(movements)).mappings()]
    return [
        *_of_entries(world, rows),
        *_of_answers(world),
        *(f"trail: {each.unit} {each.number} {each.what}" for each in broken(world.database)),
        *_of_sums(world, rows),
        *_of_transfers(world, rows),
        *_of_dhis2(world, rows),
        *_of_others(world),
    ]


def _of_entries(world: World, rows: list[Row]) -> Iterator[str]:
    """What a person saw as saved is there once, as that person's; nothing else is."""
    there = {row["id"]: row for row in rows}
    sent = {each.number: each for each in world.entries()}
    for entry in sent.values():
        row, said = there.get(entry.number), f"{entry.movement['kind']} {entry.number[:8]}"
        if entry.state == "accepted" and row is None:
            yield f"lost: {said} was answered for and is not there"
        elif entry.state == "accepted" and row and row["username"] != entry.user:
            yield f"of another: {said} of {entry.user} stands as {row['username']}'s"
        elif entry.state != "accepted" and row is not None:
            yield f"doubtful: {said} is {entry.state} ({entry.problem}) and there"
        elif entry.state == "open" and entry.problem not in LAWFULLY_OPEN:
            yield f"never taken: {said} still waits ({entry.problem})"
        elif entry.state in ("rejected", "conflict") and entry.problem not in MAY_BE_REFUSED:
            yield f"refused: {said} {entry.problem}"
    for row in rows:
        if row["device"] not in ("server", "DHIS2") and row["kind"] != "revision" and row["id"] not in sent:
            yield f"from nowhere: {row['kind']} {row['id']}"


def _of_answers(world: World) -> Iterator[str]:
    """A movement is accepted once, and each repeat has the same answer."""
    for number, said in world.server.answered.items():
        statuses = Counter(status for status, _ in said)
        told = {balance for status, balance in said if status in ("accepted", "duplicate")}
        if statuses["accepted"] > 1 or len(told) > 1:
            yield f"answers: {number[:8]} was told {said}"


def _of_sums(world: World, rows: list[Row]) -> Iterator[str]:
    """Balances, lots and the differences of counts are those of everything in its true order."""
    book = _replayed(world, rows)
    with world.database.read() as connection:
        held = {(row.unit, row.item): row.balance for row in connection.execute(select(balances))}
        by_lot = {(row.unit, row.item, row.lot): row.balance for row in connection.execute(select(lots))}
    for found, expected, what in ((held, book.items, "balance"), (by_lot, book.lots, "lot")):
        for key in sorted(set(found) | set(expected)):
            if found.get(key, 0) != expected.get(key, 0):
                yield f"{what}: {key} is {found.get(key, 0)}, in true order {expected.get(key, 0)}"
    revised: Counter[str] = Counter()
    for row in rows:
        revised[row["revises"] or row["id"]] += row["delta"]
    for number, expected_difference in book.differences.items():
        if revised[number] != expected_difference:
            yield f"count: {number[:8]} found {revised[number]}, in true order {expected_difference}"


def _replayed(world: World, rows: list[Row], month: int = 999912) -> Book:
    """The book of everything up to a month; of entries whose clock told, in the order of true time."""
    true = {each.number: each.moment for each in world.entries() if each.moment is not None}
    undone = {row["reverses"] for row in rows if row["reverses"]}
    events = [
        Happened(
            _moments(world, row, true),
            row["id"],
            "count" if row["kind"] == "opening" else row["kind"],
            row["unit"],
            row["item"],
            row["packs"],
            row["lot"],
            row["month"],
        )
        for row in rows
        if row["kind"] not in ("revision", "reverse") and row["month"] <= month
    ]
    return replay(events, undone)


def _moments(world: World, row: Row, true: Mapping[str, datetime]) -> tuple[datetime, datetime]:
    """When it happened; of what was taken from DHIS2 as of one moment, in the order in which it was typed."""
    moment = true.get(row["id"]) or moment_of_rank(row["rank"])
    cell = row["unit"], str(row["month"]), row["item"], OPTION_OF[CLOSING]
    taken = row["device"] == "DHIS2" and row["kind"] == "count"
    return moment, world.form.typed.get((cell, str(row["packs"])), moment) if taken else moment


def _of_transfers(world: World, rows: list[Row]) -> Iterator[str]:
    """What was sent arrived, was lost or is on the way: packs are conserved."""
    carried: defaultdict[str, Counter[str]] = defaultdict(Counter)
    names = {"transfer_send": "sent", "transfer_receive": "received", "write_off": "lost"}
    kind_of = {row["id"]: row["kind"] for row in rows}
    for row in rows:
        if not row["transfer"]:
            continue
        sign = -1 if row["reverses"] else 1
        kind = kind_of[row["reverses"]] if row["reverses"] else row["kind"]
        carried[row["transfer"]][names[kind]] += sign * row["packs"]
    with world.database.read() as connection:
        for row in connection.execute(select(transfers)).mappings():
            for name in names.values():
                told = carried[row["id"]][name]
                if row[name] != told:
                    yield f"transfer {row['id'][:8]}: {name} {row[name]}, the rows say {told}"
    for row in rows:
        here, packs = f"store:{row['unit']}", abs(row["delta"])
        ends = (
            (row["origin"], row["destination"]) if row["delta"] >= 0 else (row["destination"], row["origin"])
        )
        if packs and (ends[1] != here or ends[0] == here):
            yield f"conserved: {row['kind']} of {row['delta']} goes {row['origin']} -> {row['destination']}"


def _of_dhis2(world: World, rows: list[Row]) -> Iterator[str]:
    """DHIS2's sums agree with the ledger's, or a difference is open; never neither."""
    with world.database.read() as connection:
        opened = {row.unit: row for row in connection.execute(select(openings)) if row.opened_at}
        queued = {(row.unit, row.month): row for row in connection.execute(select(deliveries))}
        for (unit, month), row in queued.items():
            if unit not in opened:
                yield f"not taken over: {unit}"
            elif row.marked > row.delivered:
                yield f"not delivered: {unit} {month} {row.problem}"
            elif month >= _began(world, unit, opened[unit].asked_at, rows):
                figures = project(connection, unit, month)
                yield from _of_month(world, (unit, month), figures)
                book = _replayed(world, rows, month)
                for item, line in figures.items():
                    if line.closing != book.items.get((unit, item), 0):
                        yield f"projection: {unit} {month} {item} closes with {line.closing}"
    now = _month(world, world.fates.now)
    for unit in {row["unit"] for row in rows if row["kind"] != "opening"}:
        first = min(row["month"] for row in rows if row["unit"] == unit and row["kind"] != "opening")
        for month in months_from(first, now):
            if (unit, month) not in queued:
                yield f"never queued: {unit} {month}"


def _began(world: World, unit: str, asked_at: datetime, rows: list[Row]) -> int:
    """The month in which a store came to us; what DHIS2 holds of those before stays as it was reported."""
    received = [row["received_at"] for row in rows if row["unit"] == unit and row["kind"] != "opening"]
    return _month(world, min([asked_at, *received]))


def _month(world: World, moment: datetime) -> int:
    local = moment.astimezone(world.zone)
    return local.year * 100 + local.month


def _of_month(world: World, place: tuple[str, int], figures: Any) -> Iterator[str]:
    unit, month = place
    there = {
        (each["item"], each["measure"], each["kind"])
        for each in world.disagreements.open_of([unit])
        if each["month"] == month
    }
    for item, line in figures.items():
        for measure, option in OPTION_OF.items():
            ours = line.of(measure)
            if ours is None:
                continue
            value = world.form.value((unit, str(month), item, option))
            kinds = {kind for where, what, kind in there if (where, what) == (item, measure)}
            dropped = value is None and ours <= 0 and not world.form.zeros_kept[item]
            needed = CHANGED if value != str(max(0, ours)) and not dropped else ZERO if dropped else ""
            if needed and not kinds & {needed, REFUSED}:
                yield f"neither: {unit} {month} {item} {measure} is {ours}, there {value}, told {kinds}"
            if ours < 0 and BELOW_ZERO not in kinds:
                yield f"below zero: {unit} {month} {item} {measure} is {ours}, told: {kinds}"


def _of_others(world: World) -> Iterator[str]:
    """What others typed was overwritten only after it was told; nothing is told that nobody typed."""
    with world.database.read() as connection:
        told = [row for row in connection.execute(select(differences)) if row.kind in DECIDED]
    places = {(_place(row), row.theirs) for row in told}
    for taken in world.form.taken:
        known = world.form.opened_with.get(taken.place, "") == taken.theirs
        if (taken.place, taken.theirs) not in places and not known:
            yield f"overwritten: {taken.theirs} in {taken.place} gave way, and nobody was told"
    for row in told:
        if (_place(row), row.theirs) not in world.form.typed:
            yield f"false alarm: {row.kind} of {_place(row)} by {row.theirs}, which nobody typed"


def _place(row: Any) -> Place:
    return row.unit, str(row.month), row.item, OPTION_OF[row.measure]
