"""The country as a workbook that Excel's other readers open, with the same figures as the DHIS2."""

import json
from datetime import date, datetime, time
from itertools import pairwise, zip_longest
from zipfile import ZipFile

import openpyxl
import pytest

from demo import spreadsheet, workbook
from demo.whotopia import seed, spellings, transactions
from demo.whotopia.timeline import yyyymm
from demo.whotopia.world import World

TODAY = date(2021, 5, 9)
SHEETS = ["Read me", "Units", "Populations", "Services", "Logistics", "Store balances", "Slips"]


@pytest.fixture(scope="module")
def simulated():
    return seed.simulate(World.of(1, TODAY, districts=4))


@pytest.fixture(scope="module")
def path(simulated, tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "whotopia.xlsx"
    workbook.write(path, simulated)
    return path


@pytest.fixture(scope="module")
def book(path):
    read = openpyxl.load_workbook(path, read_only=True)
    yield read
    read.close()


def table(book, name):
    """A sheet's rows as dictionaries."""
    header, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip_longest(header, row)) for row in rows]


def values(simulated, element, option=""):
    """What the DHIS2 holds of a box: (unit, period) -> value."""
    return {
        (unit, period): int(value)
        for block in simulated.reports.blocks()
        if (block.element, block.option) == (element, option)
        for unit, period, value in zip(block.units, block.periods, block.values, strict=True)
    }


def codes(simulated, writer):
    """Facility codes by the district's and the facility's name as a writer spells it."""
    world = simulated.world
    names = spellings.spelling(world, writer).names
    districts = {district.code: district.name for district in world.places.districts}
    return {(districts[f.district], names[f.code]): f.code for f in world.places.facilities}


def test_it_has_its_sheets_and_says_that_all_is_invented(book):
    assert book.sheetnames == SHEETS
    text = " ".join(str(row[0]) for row in book["Read me"].iter_rows(values_only=True))
    assert "SYNTHETIC" in text
    assert "spel" not in text.lower()


def test_services_are_those_of_the_dhis2(book, simulated):
    known, told = codes(simulated, "health information"), values(simulated, "DELIVERIES")
    rows = table(book, "Services")
    read = {
        (known[row["District"], row["Facility"]], f"{row['Month']:%Y%m}"): row["Deliveries in the facility"]
        for row in rows
        if row["Deliveries in the facility"] is not None
    }
    assert read == told
    assert read


def test_logistics_are_those_of_the_dhis2_in_the_last_two_years(book, simulated):
    known, since = codes(simulated, "logistics"), str(yyyymm(simulated.world.timeline.first_stored))
    told = values(simulated, "OXYTOCIN", "End Balance")
    read = {
        (known[row["District"], row["Facility"]], f"{row['Month']:%Y%m}"): row["End Balance"]
        for row in table(book, "Logistics")
        if row["Product"].startswith("Oxytocin") and row["End Balance"] is not None
    }
    assert read == {key: value for key, value in told.items() if key[1] >= since}
    assert read


def test_store_balances_hold_together_and_agree_with_the_slips(book, simulated):
    rows = table(book, "Store balances")
    for row in rows:
        came = row["Opening balance"] + row["Received"] + row["Adjustment"]
        assert came - row["Consumption"] - row["Losses"] == row["End Balance"]
    consumed = {}
    signs = {"dispense": 1, "return": -1, "reverse": -1}
    for slip in table(book, "Slips"):
        key = slip["District"], slip["Facility"], slip["Commodity"], slip["Date"].replace(day=1)
        consumed[key] = consumed.get(key, 0) + signs.get(slip["Kind"], 0) * slip["Quantity"]
    told = {(r["District"], r["Facility"], r["Commodity"], r["Month"]): r["Consumption"] for r in rows}
    assert all(told[key] == packs for key, packs in consumed.items())
    assert sum(consumed.values()) > 0


def test_slips_are_all_there_with_days_as_days(book, simulated):
    slips = table(book, "Slips")
    assert len(slips) == len(list(transactions.events(simulated.world, simulated.stores)))
    assert all(isinstance(slip["Date"], datetime) and slip["Date"].date() < TODAY for slip in slips)
    assert any(isinstance(slip["Expiry"], datetime) for slip in slips)


def test_some_places_are_spelled_otherwise_and_only_the_truth_tells(path, book, simulated):
    told = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))
    proper = {f.code: f.name for f in simulated.world.places.facilities}
    assert told == spellings.truth(simulated.world)
    assert all(row["written"] != row["name"] == proper[row["where"]] for row in told)
    written = {row["Facility"] for row in table(book, "Logistics")}
    assert written - set(proper.values())
    others = {row["written"] for row in told if row["writer"] == "logistics"}
    assert written - set(proper.values()) <= others


def test_no_two_facilities_of_a_district_are_spelled_the_same(simulated):
    for writer in spellings.SHARES:
        assert len(codes(simulated, writer)) == simulated.world.places.size


def test_the_same_country_gives_the_same_bytes(path, simulated, tmp_path):
    workbook.write(tmp_path / "again.xlsx", simulated)
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_every_part_is_named_in_the_content_types(path):
    with ZipFile(path) as parts:
        types = parts.read("[Content_Types].xml").decode()
        names = [n for n in parts.namelist() if not n.endswith(".rels") and n != "[Content_Types].xml"]
        assert all(f'PartName="/{name}"' in types for name in names)
        assert parts.testzip() is None


def test_text_numbers_days_and_nothing_come_back_as_they_were(tmp_path):
    rows = [["<Côte & Est>", 3, -2.5, date(2024, 2, 29), None], ["  a", 0, 1, None, "é"]]
    with spreadsheet.Workbook(tmp_path / "small.xlsx") as book:
        assert book.sheet("One & two", ("a", "b", "c", "d", "e"), rows) == 2
    sheet = openpyxl.load_workbook(tmp_path / "small.xlsx")["One & two"]
    _, first, second = sheet.iter_rows(values_only=True)
    assert first == ("<Côte & Est>", 3, -2.5, datetime.combine(date(2024, 2, 29), time()), None)
    assert second == ("  a", 0, 1, None, "é")
    assert sheet.freeze_panes == "A2"


def test_more_rows_than_excel_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    with (
        pytest.raises(ValueError, match="'Slips' has more than 3 rows"),
        spreadsheet.Workbook(tmp_path / "long.xlsx") as book,
    ):
        book.sheet("Slips", ("a",), ([n] for n in range(3)))


def test_the_command_says_how_many_rows_it_wrote_and_what_is_wrong(simulated, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(seed, "simulate", lambda world: simulated)
    assert workbook.main(["--out", str(tmp_path / "w.xlsx"), "--today", TODAY.isoformat()]) == 0
    assert "Slips: " in capsys.readouterr().out
    with pytest.raises(SystemExit):
        workbook.main(["--out", str(tmp_path / "nowhere" / "w.xlsx")])
    assert "make it first" in capsys.readouterr().err


def test_letters_of_columns_follow_each_other():
    letters = [spreadsheet.column(n) for n in range(800)]
    assert all((len(a), a) < (len(b), b) for a, b in pairwise(letters))
