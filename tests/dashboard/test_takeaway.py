"""What is taken away with the rows: the second sheet, the companion of the CSV, the rows that are shown."""

import csv
import io

import openpyxl
import pandas as pd
import pytest

from dashboard import i18n
from dashboard.pages.compare_take import exports
from dashboard.pages.compare_view import ask
from dashboard.row_files import as_csv, as_xlsx
from dashboard.takeaway import COLUMNS
from indicators.definitions import BY_ID

PATH = "/api/v1/compare"


@pytest.fixture
def months(site):
    """The last quarter that there are figures for: a workbook of all months is the same, and long to read."""
    last = int(site.months[1][-2:])
    assert last > 2
    return f"{site.months[1][:4]}-{last - 2:02}", site.months[1]


@pytest.fixture
def asked(site, figures, months):
    """The address of the first pair at the nation, in a format."""
    units = figures.holding().units

    def of(wanted, unit=None, **more):
        unit = unit or units.index[0]
        more = {"from": months[0], "to": months[1], "children": "true", "format": wanted, **more}
        more = {"pair": site.pair} | more
        return f"{PATH}?unit={unit}&" + "&".join(f"{k}={v}" for k, v in more.items())

    return of


def workbook(answer):
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.data), read_only=True)


def table(sheet):
    names, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_the_workbook_holds_the_rows_of_the_interface_and_the_csv(browsers, asked):
    admin = browsers["admin"]
    rows = admin.get(asked("json")).json["rows"]
    sheet = table(workbook(admin.get(asked("xlsx")))["Tandem"])
    written = list(csv.DictReader(io.StringIO(admin.get(asked("csv")).text)))
    assert len(sheet) == len(written) == len(rows)
    for told, cell, text in zip(rows, sheet, written, strict=True):
        assert (cell["unit_id"], cell["period"], cell["measure"], cell["item"], cell["state"]) == (
            told["unit_id"], told["period"], told["measure"], told["item"], told["state"],
        )  # fmt: skip
        assert (
            cell["value"] == pytest.approx(told["value"]) if told["value"] is not None else not cell["value"]
        )
        assert text["value"] == "" if told["value"] is None else float(text["value"]) == told["value"]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_second_sheet_says_what_was_asked_from_where_and_what_it_means(
    site, browsers, asked, months, language
):
    notes = table(workbook(browsers["admin"].get(asked("xlsx", lang=language)))["Notes"])
    said = {(note["part"], note["id"]): note["text"] for note in notes}
    assert site.country.pairs[site.pair].name[language] in said["asked", "pair"]
    assert (said["asked", "from"], said["asked", "to"]) == months
    assert said["asked", "link"].startswith("http://localhost/?unit=")
    assert said["source", "credit"] == site.country.credit[language]
    assert {"state", "definition", "source", "item"} <= {note["part"] for note in notes}
    for name in ("services.formula", "consumed.is_not", "closing.unit", "reports.denominator"):
        assert said["definition", name]


def test_every_measure_of_the_rows_is_defined(browsers, asked):
    book = workbook(browsers["admin"].get(asked("xlsx")))
    measures = {(row["side"], row["measure"]) for row in table(book["Tandem"])}
    defined = {note["id"] for note in table(book["Notes"]) if note["part"] == "definition"}
    told = {(each.side, each.measure) for name, each in BY_ID.items() if name in defined and each.measure}
    ratios = {(side, measure) for side, measure in measures if measure == "ratio"}
    assert measures - ratios == told
    assert ("ratio" in defined) == bool(ratios)


def test_the_companion_of_the_csv_is_the_second_sheet(browsers, asked):
    companion = browsers["admin"].get(asked("csv", part="notes"))
    assert companion.headers["Content-Disposition"].endswith('-notes.csv"')
    rows = list(csv.DictReader(io.StringIO(companion.text)))
    assert list(rows[0]) == list(COLUMNS)
    sheet = table(workbook(browsers["admin"].get(asked("xlsx")))["Notes"])
    plain = [row["id"] for row in sheet if row["id"] != "link"]
    assert [row["id"] for row in rows if row["id"] != "link"] == plain


def test_no_cell_of_either_sheet_is_a_formula():
    hostile = pd.DataFrame({"unit_name": ["=1+1", "+1", "-1", "@SUM(A1)"], "value": [1.0, -2.0, 3.0, 4.0]})
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(hostile, {"Notes": hostile})))
    for sheet in book:
        assert {cell.data_type for row in sheet.iter_rows(min_row=2, max_col=1) for cell in row} == {"s"}
    written = list(csv.DictReader(io.StringIO(as_csv(hostile))))
    assert [row["unit_name"] for row in written] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)"]


@pytest.mark.parametrize(
    ("wanted", "part"), [("xlsx", "notes"), ("json", "notes"), ("csv", "all"), ("ods", "")]
)
def test_what_there_is_not_is_refused(browsers, asked, wanted, part):
    more = {"part": part} if part else {}
    assert browsers["admin"].get(asked(wanted, **more)).status_code == 400


def test_nobody_takes_away_what_is_not_theirs(browsers, figures, person, asked):
    units = figures.holding().units
    scope = person("district").scope
    foreign = next(unit for unit, path in units["path"].items() if not scope.leads_home(path))
    for wanted in ("xlsx", "csv"):
        assert browsers["district"].get(asked(wanted, unit=foreign)).status_code == 403
        assert browsers["nobody"].get(asked(wanted)).status_code == 401


def test_a_fixed_dose_comes_with_its_ratio_and_what_it_stands_on(site, browsers, asked):
    rows = browsers["admin"].get(asked("json")).json["rows"]
    ratios = [row for row in rows if row["measure"] == "ratio"]
    fixed = site.country.pairs[site.pair].kind == "fixed_dose"
    assert bool(ratios) == fixed
    assert {row["numerator"] for row in rows if row["measure"] != "ratio"} == {None}
    for row in ratios:
        if row["value"] is not None:
            assert row["value"] == pytest.approx(row["numerator"] / row["denominator"])
            assert 0 < row["n_reported"] <= row["n_expected"]


def test_a_pair_without_a_fixed_dose_has_no_ratio(site, browsers, asked):
    for pair in site.country.pairs.values():
        rows = browsers["admin"].get(asked("json", pair=pair.id)).json["rows"]
        assert pair.kind == "fixed_dose" or not [row for row in rows if row["measure"] == "ratio"], pair.id


def test_where_the_page_shows_all_pairs_the_files_hold_them_all(site, browsers, figures, asked):
    programme = site.country.pairs[site.pair].programme
    wanted = [pair.id for pair in site.country.pairs.values() if pair.programme == programme]
    rows = browsers["admin"].get(asked("json", view="pairs")).json["rows"]
    assert {row["pair"] for row in rows} == set(wanted)
    nation = figures.holding().units.index[0]
    for pair in wanted:
        alone = browsers["admin"].get(asked("json", pair=pair)).json["rows"]
        of_pair = [row for row in rows if row["pair"] == pair]
        assert of_pair == [row for row in alone if pair == site.pair or row["unit_id"] == nation]
    book = workbook(browsers["admin"].get(asked("xlsx", view="pairs", lang="en")))
    shown = [row["Service and commodity"] for row in table(book["Shown"])]
    assert shown == [site.country.pairs[pair].name["en"] for pair in wanted]


@pytest.mark.parametrize(
    "sort", ["size", "-size", "name", "-name", "commodity", "-commodity", "disagreement"]
)
def test_a_workbook_holds_the_rows_below_in_the_order_of_the_page(figures, browsers, asked, sort):
    sheet = table(workbook(browsers["admin"].get(asked("xlsx", sort=sort, lang="en")))["Shown"])
    below = figures.holding().rollup.children(figures.holding().units.index[0])
    assert sorted(row["Place"] for row in sheet) == sorted(figures.holding().names[unit] for unit in below)
    if sort.endswith("name"):
        names = [row["Place"].casefold() for row in sheet]
        assert names == sorted(names, reverse=sort.startswith("-"))


def test_a_workbook_tells_whose_movement_it_is_as_the_interface_does(site, browsers, asked, figures):
    month, unit = site.months[1], figures.holding().units.index[0]
    sheet = table(workbook(browsers["admin"].get(asked("xlsx", at=month)))["Change"])
    assert {row["month"] for row in sheet} == {month}
    for side in {row["side"] for row in sheet}:
        query = f"{PATH}/change?unit={unit}&pair={site.pair}&month={month}&side={side}"
        told = browsers["admin"].get(query).json["parts"]
        parts = [{name: row[name] for name in told[0]} for row in sheet if row["side"] == side]
        assert parts == [pytest.approx(part) for part in told]
        assert sum(part["percent"] or 0 for part in parts) in (0, 100)


def test_where_services_are_reported_above_their_rows_are_taken_too(site, browsers, figures, asked):
    units, lowest = figures.holding().units, len(site.country.levels)
    of_lowest = list(units.index[units["level"] == lowest])[:60]
    for unit in of_lowest:
        rows = browsers["admin"].get(asked("json", unit=unit, above="true")).json["rows"]
        above = {row["unit_id"] for row in rows} - {unit}
        if above:
            assert {row["side"] for row in rows if row["unit_id"] in above} <= {"service", "service_report"}
            assert len(above) == 1
            return
    own = {row["unit_id"] for row in browsers["admin"].get(asked("json", unit=of_lowest[0])).json["rows"]}
    assert own == {of_lowest[0]}


def test_the_page_offers_exactly_what_it_shows(site, browsers, figures, person):
    from dashboard.address import Address

    address = Address(pair=site.pair, grain="quarter")
    shown = ask(figures, site.country, address, person("admin").scope)
    offered = exports(shown.reading, shown.answer)
    rows = browsers["admin"].get(offered["json"]).json["rows"]
    periods = {str(each) for each in shown.reading.comparison.periods}
    assert {row["period"] for row in rows} == periods
    assert {row["unit_id"] for row in rows} == {place.id for place in shown.reading.places}
    assert set(offered["pictures"]) == {"service", "commodity"}
