"""The generated seed and the store filled from it: always the same past, and nothing lost in between."""

import csv
import gzip
import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from demo import generated, generating, seed
from demo.app import create_app
from demo.clock import Clock
from demo.generated import Generated, Say
from demo.seed_values import MIDNIGHT, TIME_OF_DAY
from demo.store import Store
from demo.value_export import Wanted, csv_lines
from demo.whotopia.seed import Listener, write_seed
from tests.demo.whotopia.conftest import DAY, DISTRICTS, YEAR_LATER

Key = tuple[str, str, str, str]
Values = dict[Key, tuple[str, str]]
EVERYTHING = "SELECT ou, pe, de, coc, value, stored_by, last_updated FROM data_values ORDER BY 1, 2, 3, 4"
WRITE = (
    "INSERT OR REPLACE INTO data_values (ou, pe, de, coc, aoc, value, stored_by, first_stored, last_updated)"
    " VALUES (?, ?, ?, ?, 'HllvX50cXC0', ?, ?, ?, ?)"
)


def values(folder: Path) -> Values:
    """(element, period, unit, option) -> (value, day on which it was stored)."""
    with gzip.open(folder / "values.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return {(row[0], row[1], row[2], row[3]): (row[4], row[5]) for row in rows}


def quiet(_: str) -> None:
    """Hears nothing."""


@pytest.fixture(scope="module")
def before(small_seed: Path) -> Values:
    """What was stored by DAY."""
    return values(small_seed)


@pytest.fixture(scope="module")
def after(small_seed_a_year_later: Path) -> Values:
    """What was stored by YEAR_LATER."""
    return values(small_seed_a_year_later)


def test_the_same_seed_and_day_give_the_same_bytes(small_seed: Path, tmp_path: Path) -> None:
    again = write_seed(tmp_path / "again", DAY, districts=DISTRICTS)
    names = sorted(path.name for path in small_seed.iterdir())
    assert names == sorted(path.name for path in again.iterdir())
    assert [n for n in names if (small_seed / n).read_bytes() != (again / n).read_bytes()] == []


def test_a_year_later_the_past_is_the_same_past(before: Values, after: Values) -> None:
    oldest = min(period for _, period, _, _ in after if len(period) == 6)
    known = {key: told for key, told in before.items() if len(key[1]) == 6 and key[1] >= oldest}
    past = {key: told for key, told in after.items() if told[1] <= DAY.isoformat() and len(key[1]) == 6}
    assert len(past) > 10_000
    assert {key: told for key, told in past.items() if before.get(key) != told} == {}
    changed = {key: after.get(key) for key, told in known.items() if after.get(key) != told}
    assert all(told is None or told[1] > DAY.isoformat() for told in changed.values())
    assert len(changed) < len(known) / 20, "only the last months' reports are revised"


def test_nothing_is_stored_before_it_happened_or_after_today(before: Values) -> None:
    assert all(stored <= DAY.isoformat() for _, stored in before.values())
    assert all(period <= f"{DAY:%Y%m}" for _, period, _, _ in before if len(period) == 6)
    assert f"{DAY:%Y%m}" in {period for _, period, _, _ in before}, "the stores' form of this month is open"


def test_sixty_months_are_given_out(before: Values) -> None:
    months = {period for _, period, _, _ in before if len(period) == 6}
    assert {f"{year}{month:02}" for year in range(2022, 2026) for month in range(1, 13)} < months
    assert min(months) >= "202107"


def test_every_row_of_the_seed_names_what_the_metadata_has(store: Store, before: Values) -> None:
    count = store.execute("SELECT count(*) FROM data_values").fetchone()[0]
    assert count == len(before)
    assert store.execute("SELECT count(*) FROM events").fetchone()[0] > 100
    assert store.execute("SELECT count(*) FROM registrations").fetchone()[0] > 1000
    assert store.execute("SELECT count(*) FROM conversations").fetchone()[0] > 0


def test_every_value_names_the_clerk_or_the_keeper_who_stored_it(store: Store) -> None:
    users = {user["username"]: user for user in store.all("users").values()}
    units, elements = store.all("organisationUnits"), store.all("dataElements")
    told = store.execute("SELECT DISTINCT ou, de, stored_by FROM data_values").fetchall()
    for ou, de, by in told:
        code, (works_in,) = elements[de]["code"], users[by]["organisationUnits"]
        if code.startswith("POP_"):
            assert by == "admin"
        else:
            assert works_in["id"] in units[ou]["path"]
            assert (works_in["id"] == ou) == code.startswith("DE_"), "a store's form is its keeper's"
    assert len({by for _, _, by in told}) >= DISTRICTS + 2


def test_it_is_marked_as_synthetic_wherever_it_is_described(store: Store) -> None:
    forms = store.all("dataSets").values()
    (country,) = (u for u in store.all("organisationUnits").values() if u["level"] == 1)
    told = [*(form["description"] for form in forms), country["description"]]
    assert all("Synthetic" in text and "Synthétique" in text for text in told)
    assert "synthetic" in store.setting("applicationTitle")


def test_the_server_says_that_the_figures_are_synthetic(store: Store) -> None:
    client = create_app(store).test_client()
    page = client.get("/").get_data(as_text=True)
    assert "synthetic, invented figures" in page
    assert "données synthétiques" in page
    info = client.get("/api/system/info", headers={"Authorization": _basic("ministry", "Viewer-1234")})
    assert "synthetic" in info.get_json()["systemName"]


def _basic(username: str, password: str) -> str:
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode()


def test_the_life_saving_form_is_the_recorded_one_with_this_month_open(store: Store) -> None:
    (form,) = (f for f in store.all("dataSets").values() if f["code"] == "DS_1153709")
    assert form["id"] == "ULowA8V3ucd"
    assert form["openFuturePeriods"] == 1
    assert len(form["dataSetElements"]) == 13
    elements = [store.all("dataElements")[each["dataElement"]["id"]] for each in form["dataSetElements"]]
    assert {element["zeroIsSignificant"] for element in elements} == {False}


def test_the_truth_is_never_read(small_seed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "land"
    folder.mkdir()
    for path in small_seed.iterdir():
        if path.name != "truth.json":
            (folder / path.name).symlink_to(path)
    (folder / "truth.json").mkdir()
    store = seed.fill(folder, tmp_path / "land.sqlite3", Clock(DAY), "mark")
    store.close()
    planted = json.loads((small_seed / "truth.json").read_text(encoding="utf-8"))
    assert planted["errors"]


@pytest.fixture(scope="module")
def store(small_seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store filled from the seed of DAY."""
    path = tmp_path_factory.mktemp("store") / "small.sqlite3"
    kept = seed.fill(small_seed, path, Clock(DAY), "mark")
    yield kept
    kept.close()


@pytest.fixture
def small(small_seed: Path, small_seed_a_year_later: Path) -> Generated:
    """The small country as the embedded server asks for it, its seeds written already."""
    folders = {DAY: small_seed, YEAR_LATER: small_seed_a_year_later}

    def write(folder: Path, today: date, _: Say) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folders[today].iterdir():
            (folder / path.name).unlink(missing_ok=True)
            (folder / path.name).symlink_to(path)
        return folder

    return Generated("small", write, "1")


def rows(store: Store) -> dict[Key, tuple[str, ...]]:
    """(unit, period, element, option) -> value, who stored it, when.

    What a store was given before eight of the same day is of its midnight: another time, the same day.
    """
    return {
        tuple(row[:4]): tuple(str(each).replace(MIDNIGHT, TIME_OF_DAY) for each in row[4:])
        for row in store.execute(EVERYTHING)
    }


def test_a_later_day_adds_what_was_stored_since_and_keeps_what_people_wrote(
    small: Generated, small_seed_a_year_later: Path, tmp_path: Path
) -> None:
    anew = seed.fill(small_seed_a_year_later, tmp_path / "anew.sqlite3", Clock(YEAR_LATER), "mark")
    store = generated.open_store(small, tmp_path, Clock(DAY), quiet)
    wanted, first = rows(anew), rows(store)
    revised = next(key for key, row in first.items() if wanted.get(key, row) != row)
    late = next(key for key in wanted if key not in first)
    for key in (revised, late):
        store.execute(WRITE, (*key, "77", "store", "2026-06-18T10:20:30.000", "2026-06-18T10:20:30.000"))
    store.close()
    moved = generated.open_store(small, tmp_path, Clock(YEAR_LATER), quiet)
    told, units = rows(moved), moved.all("organisationUnits")
    assert [told[key][:2] for key in (revised, late)] == [("77", "store")] * 2
    assert {key for key, row in wanted.items() if told.get(key) != row} == {revised, late}
    assert first.keys() <= told.keys(), "what was there stays, though the months shown have moved on"
    assert units.keys() == anew.all("organisationUnits").keys()
    assert _counts(moved)["events"] >= _counts(anew)["events"]
    assert _counts(moved)["registrations"] >= _counts(anew)["registrations"]
    moved.close()
    anew.close()


def _counts(store: Store) -> dict[str, int]:
    return {
        "events": store.execute("SELECT count(*) FROM events").fetchone()[0],
        "registrations": store.execute("SELECT count(*) FROM registrations").fetchone()[0],
    }


def test_a_store_of_a_later_day_is_served_as_it_is(small: Generated, tmp_path: Path) -> None:
    generated.open_store(small, tmp_path, Clock(YEAR_LATER), quiet).close()
    told: list[str] = []
    store = generated.open_store(small, tmp_path, Clock(DAY), told.append)
    assert store.setting(seed.SEEDED)["day"] == YEAR_LATER.isoformat()
    assert "--fresh" in told[0]
    store.close()


def test_the_second_start_generates_nothing(small: Generated, tmp_path: Path) -> None:
    generated.open_store(small, tmp_path, Clock(DAY), quiet).close()

    def refuse(folder: Path, today: date, say: Say) -> Path:
        raise AssertionError("generated again")

    told: list[str] = []
    store = generated.open_store(Generated("small", refuse, "1"), tmp_path, Clock(DAY), told.append)
    assert told == []
    assert store.execute("SELECT count(*) FROM data_values").fetchone()[0] > 10_000
    store.close()


def read_by(store: Store, **wanted: Any) -> list[str]:
    """The lines of an export, sorted."""
    return sorted("".join(csv_lines(store, Wanted(**wanted))).splitlines())


def test_a_store_filled_while_the_country_is_generated_is_the_one_filled_from_its_folder(
    store: Store, small_seed: Path, tmp_path: Path
) -> None:
    write = partial(generated.whotopia, districts=DISTRICTS)
    asked = Generated("small", write, "1", partial(generating.blocks, write))
    both = generated.open_store(asked, tmp_path, Clock(DAY), quiet)
    assert rows(both) == rows(store)
    assert _counts(both) == _counts(store)
    names = [path.name for path in small_seed.iterdir()]
    assert all((small_seed / n).read_bytes() == (tmp_path / "small" / n).read_bytes() for n in names)
    assert both.small and not store.small
    late, recent = {"201801", f"{DAY:%Y}05", f"{DAY:%Y}"}, {"changed_since": f"{DAY:%Y}-06-01"}
    units = set(list(store.all("organisationUnits"))[-3:])
    for wanted in ({}, {"periods": late}, {"units": units}, recent, {"changed_since": "2025-11-02"}):
        lines = read_by(store, **wanted)
        assert len(lines) > 10
        assert read_by(both, **wanted) == lines
    both.close()


def broken_off(folder: Path, today: date, listener: Listener) -> None:
    """A generator that fails."""
    raise OSError("no room left")


def test_a_generator_that_fails_says_why_and_leaves_no_store(tmp_path: Path) -> None:
    asked = Generated("small", broken_off, "1", partial(generating.blocks, broken_off))
    with pytest.raises(seed.BadSeed, match="no room left"):
        generated.open_store(asked, tmp_path, Clock(DAY), quiet)
    assert not list(tmp_path.glob("*.sqlite3*"))


def test_a_changed_generator_fills_the_store_anew(small: Generated, tmp_path: Path) -> None:
    generated.open_store(small, tmp_path, Clock(DAY), quiet).close()
    store = generated.open_store(Generated("small", small.write, "2"), tmp_path, Clock(DAY), quiet)
    assert store.setting(seed.SEEDED)["version"] == "2"
    store.close()


def test_a_filling_that_was_broken_off_leaves_no_store(small: Generated, tmp_path: Path) -> None:
    def broken(folder: Path, today: date, say: Say) -> Path:
        small.write(folder, today, say)
        (folder / "registrations.csv").unlink()
        (folder / "registrations.csv").write_text("dataset,period,orgunit,date,storedby\nNOWHERE,,,,\n")
        return folder

    with pytest.raises(seed.BadSeed, match="NOWHERE"):
        generated.open_store(Generated("small", broken, "1"), tmp_path, Clock(DAY), quiet)
    assert not list(tmp_path.glob("*.sqlite3*"))


def test_the_packed_values_hold_neither_name_nor_time(small_seed: Path) -> None:
    packed = (small_seed / "values.csv.gz").read_bytes()
    assert packed[4:8] == b"\0\0\0\0", "no time inside"
    assert not packed[3] & 8, "no name inside"
