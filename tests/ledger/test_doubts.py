"""What DHIS2's audit tells of a cell, read from the last certain look on."""

from datetime import UTC, datetime, timedelta

import pytest

from ledger.database import Database
from ledger.doubts import Doubt, gave_way, read_doubts, write_doubts
from loaders.store_audit import Change
from loaders.store_entry import Held

LOOKED = datetime(2026, 3, 31, 12, 0, 0, 250_000, tzinfo=UTC)
UNTIL = LOOKED + timedelta(minutes=10)


def line(seconds: float, before: str, deleted: bool = False) -> Change:
    return Change(before, "district", LOOKED + timedelta(seconds=seconds), deleted)


def told(doubt: Doubt, held: str | None, *newest_last: Change, ours: tuple[str | None, ...] = ()) -> list:
    return [each.before for each in gave_way(doubt, newest_last[::-1], held, ours)]


STOOD = Doubt("19", LOOKED, ("61",), UNTIL)
EMPTY = Doubt(None, LOOKED, ("61",), UNTIL)
ZERO = Doubt("19", LOOKED, ("0", None), UNTIL)


def test_what_somebody_typed_before_our_write_arrived_is_told():
    assert told(STOOD, "61", line(2, "19"), line(4, "2400")) == ["2400"]
    assert told(EMPTY, "61", line(4, "2400")) == ["2400"]


def test_what_a_dropped_zero_deleted_is_told():
    assert told(ZERO, None, line(2, "19"), line(4, "2400", deleted=True)) == ["2400"]


def test_a_deletion_from_before_the_look_is_not_told_again():
    assert told(EMPTY, "61", line(-1, "19", deleted=True)) == []


def test_in_the_second_of_the_look_the_line_itself_says_what_came_first():
    assert told(EMPTY, "61", line(-0.1, "19", deleted=True)) == []
    assert told(EMPTY, "61", line(0.1, "2400")) == ["2400"]


def test_a_line_of_a_server_that_tells_seconds_counts_as_after_the_look():
    at = LOOKED.replace(microsecond=0)
    assert told(EMPTY, "61", Change("2400", "district", at, False)) == ["2400"]


def test_our_own_values_are_not_told():
    assert told(STOOD, "61", line(2, "19")) == []
    assert told(Doubt("19", LOOKED, ("61", "59"), UNTIL), "59", line(2, "19"), line(4, "61")) == []


def test_what_a_person_decided_about_is_not_told_again():
    assert told(STOOD, "61", line(2, "19"), line(4, "2400"), ours=("2400",)) == []


def test_what_its_own_writer_replaced_did_not_give_way_to_us():
    assert told(STOOD, "2500", line(2, "19"), line(4, "2400")) == []


def test_of_two_that_gave_way_both_are_told_the_newest_first():
    lines = (line(2, "19"), line(4, "2400"), line(6, "61"), line(8, "2500"))
    assert told(STOOD, "61", *lines) == ["2500", "2400"]


def test_a_cell_emptied_by_hand_and_filled_by_us_is_told():
    assert told(STOOD, "61", line(2, "19", deleted=True)) == [None]


@pytest.fixture
def kept(tmp_path, migrated_file):
    path = tmp_path / "tandem.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    database = Database.open(path)
    yield database
    database.close()


def test_doubts_are_kept_until_they_are_settled(kept):
    both = {("zinc", "closing"): STOOD, ("zinc", "consumed"): EMPTY}
    for doubts in (both, {("zinc", "closing"): ZERO}, {}):
        with kept.write() as connection:
            write_doubts(connection, "Hospital", 202603, doubts)
            write_doubts(connection, "Hospital", 202604, both)
        with kept.read() as connection:
            assert read_doubts(connection, "Hospital", 202603) == doubts


def test_what_was_looked_at_begins_anew_with_what_is_held_now():
    later = LOOKED + timedelta(minutes=1)
    assert STOOD.seen_now(Held("61", "us", later), UNTIL) == Doubt("61", later, ("61",), UNTIL)
    assert STOOD.seen_now(None, later) == Doubt(None, later, ("61",), UNTIL)
