"""A store that is there already: kept when it is of this seed and version, made anew when it is not."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from demo import seed
from demo.clock import Clock
from tests.demo.conftest import write_seed as write_land
from tests.tiny.seed import write_seed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_seed(tmp_path_factory.mktemp("seed") / "tiny")


def number_of_values(store):
    return store.execute("SELECT count(*) FROM data_values").fetchone()[0]


def test_a_store_of_the_same_seed_is_kept_with_what_was_written(folder, tmp_path):
    first = seed.open_store(folder, tmp_path, Clock())
    first.set_setting("written", "by hand")
    first.close()
    again = seed.open_store(folder, tmp_path, Clock())
    assert again.setting("written") == "by hand"
    again.close()


def test_a_store_of_an_earlier_version_is_made_anew(folder, tmp_path):
    with closing(sqlite3.connect(tmp_path / f"demo-{folder.name}.sqlite3")) as earlier:
        earlier.executescript(
            "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
            "CREATE TABLE metadata (type TEXT, id TEXT, body TEXT, PRIMARY KEY (type, id)) WITHOUT ROWID;"
            f"INSERT INTO settings VALUES ('{seed.SEEDED}', '\"of another version\"');"
        )
    store = seed.open_store(folder, tmp_path, Clock())
    assert number_of_values(store) > 0
    store.close()


def test_a_file_that_is_no_store_is_made_anew(folder, tmp_path):
    (tmp_path / f"demo-{folder.name}.sqlite3").write_bytes(b"not a database at all" * 100)
    store = seed.open_store(folder, tmp_path, Clock())
    assert number_of_values(store) > 0
    store.close()


class Morning(Clock):
    """A day in November 2026, before anybody is at work."""

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 3, tzinfo=UTC).replace(tzinfo=None)


def test_before_eight_what_was_stored_today_is_not_in_the_future(tmp_path):
    land = write_land(tmp_path / "land")
    with (land / "values.csv").open("a") as file:
        file.write("PILLS,202611,SITE_A,Used,1,2026-11-22\nPILLS,202610,SITE_A,Used,1,2026-11-21\n")
    store = seed.open_store(land, tmp_path, Morning())
    rows = store.execute("SELECT pe, last_updated FROM data_values WHERE pe > '2026'").fetchall()
    store.close()
    assert dict(map(tuple, rows)) == {
        "202610": "2026-11-21T08:00:00.000",
        "202611": "2026-11-22T00:00:00.000",
    }
