"""Coverage of services on Programmes, in its report and over the interface, within everybody's scope."""

from dataclasses import replace

import numpy as np
import openpyxl
import pytest

from accounts.scope import Scope
from dashboard import i18n, report_book, report_pages
from dashboard.logistics import LogisticsDesk, coverages
from dashboard.pages.programmes_heat import heat
from dashboard.pages.programmes_view import view
from dashboard.programme import SHOWN, ProgrammeAddress, look, programmes
from dashboard.report import gather
from dashboard.report_columns import COVERAGE
from installation import everything
from tests.web import PASSWORDS, signed_in

API = "/api/v1/indicators"


@pytest.fixture(scope="module")
def desk(whotopia_web):
    return LogisticsDesk(whotopia_web.extensions["tandem"]["figures"])


@pytest.fixture(scope="module")
def scope(desk):
    return everything(desk.figures)


@pytest.fixture(scope="module")
def admin(whotopia_web):
    assert "admin" in PASSWORDS
    return signed_in(whotopia_web, "admin")


def shown(desk, scope, programme="immunisation", **more):
    with i18n.use("en"):
        return view(look(desk, ProgrammeAddress(programme=programme, **more), scope), scope)["coverage"]


def test_populations_are_no_months_no_reports_and_no_items(desk):
    holding = desk.figures.holding()
    estimates = {each["id"] for each in holding.rollup.populations.items.values()}
    assert len(estimates) == 4
    values = holding.snapshot.read("values", ["item", "month", "months"])
    found = values[values["item"].isin(estimates)]
    assert len(found) and set(found["months"]) == {12}
    assert desk.figures.months()[1] < found["month"].max() // 100 * 100 + 12  # not stretched to December
    assert "population" not in set(holding.snapshot.read("reports", ["form"])["form"])
    assert "population" not in holding.snapshot.manifest["newest_month"]
    assert not estimates & set(holding.rollup.items["id"])


def test_the_page_says_what_the_interface_says(desk, scope, admin):
    drawn = shown(desk, scope)
    month = look(desk, ProgrammeAddress(programme="immunisation"), scope).month
    name = f"{month // 100}-{month % 100:02}"
    asked = {"id": "coverage", "unit": "WTP", "from": name, "to": name, "grain": "last12", "item": "penta3"}
    [row] = admin.get(API, query_string=asked).json["rows"]
    with i18n.use("en"):
        assert drawn["cards"][1]["value"] == i18n.percent(row["value"])
    assert row["numerator"] / row["denominator"] == pytest.approx(row["value"])
    assert 0 < row["n_reported"] <= row["n_expected"]
    assert row["source"] == "HMIS (synthetic), Population estimates (synthetic)"


def test_without_an_item_every_coverage_is_told(admin, desk):
    rows = admin.get(API, query_string={"id": "coverage", "unit": "WTP"}).json["rows"]
    assert {row["item"] for row in rows} == set(desk.figures.country.coverage)
    assert {row["unit"] for row in rows} == {"share"}


def test_a_country_without_populations_says_so(civ_web):
    browser = signed_in(civ_web, "admin")
    figures = civ_web.extensions["tandem"]["figures"]
    refused = browser.get(API, query_string={"id": "coverage", "unit": "CIV"})
    assert refused.status_code == 400
    assert "no population is configured" in refused.text
    drawn = shown(LogisticsDesk(figures), everything(figures), "family-planning")
    assert "No population is configured" in drawn["face"]
    assert "country.toml" not in drawn["face"]
    assert (drawn["cards"], drawn["rows"]) == ([], [])


def test_a_programme_without_a_target_says_so(desk, scope):
    assert "target population" in shown(desk, scope, "hiv")["face"]


def test_a_trend_has_a_year_and_a_month_and_never_leaves_its_frame(desk, scope):
    for card in shown(desk, scope)["cards"]:
        values = [each for each in card["values"] if each is not None]
        assert len(card["values"]) == SHOWN
        assert values and all(0 <= each <= 1 for each in values)


def test_more_than_all_is_shown_and_explained(desk, scope):
    told = {"notes": [], "rows": []}
    children = desk.figures.children("WTP", scope)["id"]
    for unit in ["WTP", *children]:
        found = shown(desk, scope, unit=unit)
        above = any(cell["k"] == "above" for row in found["rows"] for cell in row["cells"])
        assert above is any(note.startswith("More than 100%") for note in found["notes"])
        told["rows"].append(above)
    assert any(told["rows"])


def test_who_may_not_read_the_populations_is_told_so_and_gets_none(desk, scope):
    units = desk.figures.holding()
    sets = frozenset(each for form, each in units.data_sets.items() if form != "population")
    blind = replace(scope, data_sets=sets)
    assert isinstance(blind, Scope)
    assert "may not read" in shown(desk, blind)["face"]
    assert desk.readable(coverages(desk.figures.country), blind)[0] == ()


def test_the_report_has_it_on_paper_and_as_numbers(desk, scope, tmp_path):
    month = look(desk, ProgrammeAddress(programme="immunisation"), scope).month
    with i18n.use("en"):
        report = gather(desk, "WTP", month, scope)
        assert report_pages.write(report, tmp_path / "report.pdf") > 1
        report_book.write(report, tmp_path / "report.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Coverage"]
    head, *rows = sheet.iter_rows(values_only=True)
    assert len(head) == len(COVERAGE)
    found = [dict(zip(COVERAGE, row, strict=True)) for row in rows]
    assert {row["coverage"] for row in found} == set(desk.figures.country.coverage)
    assert all(
        np.isclose(row["services"] / row["expected_services"], row["value"]) for row in found if row["value"]
    )


def test_the_worst_places_come_first_where_that_is_asked_for(desk, scope):
    def out(order):
        with i18n.use("en"):
            found = view(look(desk, ProgrammeAddress(programme="malaria", order=order), scope), scope)
        assert found["controls"]["order"]["value"] == (order or "places")
        return [row["c"].count("o") for row in found["heat"]["rows"][1:]], {
            r["id"] for r in found["heat"]["rows"]
        }

    worst, usual = out("worst"), out(None)
    assert worst[0] == sorted(usual[0], reverse=True)
    assert worst[1] == usual[1]
    assert ProgrammeAddress.read("?order=worst").href() == "/programmes?order=worst"
    assert ProgrammeAddress.read("?order=best").order is None


def test_of_places_that_stand_alike_those_with_most_sites_out_come_first(desk, scope):
    for name in programmes(desk.figures.country):
        programme = look(desk, ProgrammeAddress(programme=name, order="worst"), scope)
        columns, known = programme.carried(), programme.ask("stockout_rate", programme.now)
        at = {unit: row for row, unit in enumerate(programme.now.units)}
        ranks = []
        for shown in heat(programme)["rows"][1:]:
            row = at[shown["id"]]
            out, asked = (part[row, columns, 0].sum() for part in (known.numerator, known.denominator))
            ranks.append((shown["c"].count("o"), shown["c"].count("l"), out / asked if asked else 0))
        assert ranks == sorted(ranks, reverse=True)
