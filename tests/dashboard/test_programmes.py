"""Programmes and the indicators' interface over each country: right figures, within everybody's scope."""

import copy
import csv
import io
import json
from dataclasses import replace
from html import escape

import numpy as np
import pytest

from dashboard import i18n
from dashboard.logistics import LogisticsDesk, rows
from dashboard.pages.programmes_view import view
from dashboard.programme import ProgrammeAddress, look, months_before, programmes
from dashboard.questions import BadQuestionError, NotInScopeError, UnknownUnitError
from dashboard.transfers import proposal
from indicators.stock_status import Status
from installation import everything
from tests.callbacks import request_for
from tests.web import PASSWORDS

INDICATORS, TRANSFERS = "/api/v1/indicators", "/api/v1/transfers"
MOST_BYTES = 20_000  # of one click, packed


@pytest.fixture(scope="module")
def desk(figures):
    return LogisticsDesk(figures)


@pytest.fixture(scope="module")
def scope(figures):
    return everything(figures)


@pytest.fixture(scope="module")
def nation(figures):
    units = figures.holding().units
    return units[units["level"] == 1].iloc[0]


@pytest.fixture(scope="module")
def shown(desk, scope):
    """The whole view of the nation in English."""
    with i18n.use("en"):
        return view(look(desk, ProgrammeAddress(), scope), scope)


def test_a_family_of_unlike_units_says_who_lacks_all_of_it_and_adds_nothing_up(desk, scope):
    country = desk.figures.country
    sums = {each.name["en"]: country.adds_up(each.commodities) for each in country.families.values()}
    with i18n.use("en"):
        views = [
            view(look(desk, ProgrammeAddress(programme=each), scope), scope) for each in country.programmes
        ]
        named = {i18n.t("programmes.family", name=name): name for name in sums}
    found = [row for each in views for row in each["products"]["rows"] if row["family"]]
    assert {named[row["name"]] for row in found} >= {name for name, alike in sums.items() if not alike}
    for row in found:
        alike = sums[named[row["name"]]]
        assert (row["cells"] != ["–"] * 3 and row["c"] != "u") if alike else row["cells"] == ["–"] * 3
        assert row["out"]


def a_product(site):
    return next(iter(site.country.pairs[site.pair].commodities))


def told(browser, path, **parameters):
    answer = browser.get(path, query_string=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_month_so_many_before_another_crosses_the_year():
    assert months_before(202601, 13) == 202412


def test_every_programme_with_products_can_be_chosen(site, shown):
    options = [each["value"] for each in shown["controls"]["programme"]["options"]]
    assert options == list(programmes(site.country))
    assert shown["controls"]["programme"]["value"] == options[0]


def test_the_month_shown_first_has_at_least_half_of_its_reports(desk, scope):
    programme = look(desk, ProgrammeAddress(), scope)
    with i18n.use("en"):
        drawn = {each["define"]: each for each in view(programme, scope)["trends"]["lines"]}
    assert drawn["reporting_rate"]["values"][-1] >= 0.5


def test_cells_say_what_compare_says_of_the_same_places(desk, scope, site):
    """Months of stock of each child are those of the roll-up's own function, which Compare shows."""
    from indicators.compare import View
    from indicators.stock import months_of_stock

    programme = look(desk, ProgrammeAddress(), scope)
    here = View(str(programme.unit["id"]), programme.month, programme.month)
    lasting = programme.ask("months_of_stock", programme.now)
    for at, subject in enumerate(programme.subjects):
        compared = months_of_stock(site.figures.holding().rollup, subject.codes, here)
        np.testing.assert_allclose(lasting.value[:, at, 0], compared.value[:, 0], equal_nan=True)


def test_a_place_is_out_only_when_all_that_reported_are(desk, scope):
    programme = look(desk, ProgrammeAddress(), scope)
    out = programme.ask("stockout_rate", programme.now)
    everybody = (out.denominator > 0) & (out.numerator == out.denominator)
    assert ((programme.classes == Status.STOCKED_OUT) == everybody[:, :, 0])[out.expected[:, :, 0] > 0].all()


def test_a_row_stands_for_every_child_that_carries_anything_and_none_is_empty(shown, desk, scope):
    programme = look(desk, ProgrammeAddress(), scope)
    drawn = shown["heat"]["rows"]
    assert drawn[0]["id"] == programme.unit["id"]
    assert {row["id"] for row in drawn[1:]} <= set(programme.children)
    assert all(len(row["c"]) == len(row["t"]) == len(shown["heat"]["columns"]) for row in drawn)
    assert all(set(row["c"]) - {"n"} for row in drawn[1:])


def test_a_facility_shows_its_months(desk, scope, figures):
    units = figures.holding().units
    carrying = look(desk, ProgrammeAddress(), scope)
    leaf = next(
        unit
        for unit in units.index[units["level"] == units["level"].max()]
        if look(desk, ProgrammeAddress(unit=unit), scope).carried()
    )
    with i18n.use("fr"):
        drawn = view(look(desk, ProgrammeAddress(unit=leaf, month=carrying.month), scope), scope)
        assert drawn["heat"]["hint"] == i18n.t("programmes.heat_hint_months")  # its rows lead nowhere below
    assert not drawn["heat"]["below"]
    assert drawn["heat"]["rows"][0]["id"] == str(carrying.month)
    assert not drawn["transfers"]


def test_losses_are_a_column_only_where_they_are_reported(shown, site):
    reported = any(
        "lost" in form.measures.values() for form in site.country.forms if form.kind == "commodity"
    )
    assert (len(shown["products"]["columns"]) == 7) == reported


def test_what_cannot_be_shown_is_named(desk, scope):
    with pytest.raises(BadQuestionError, match="no programme 'dentistry'"):
        look(desk, ProgrammeAddress(programme="dentistry"), scope)
    with pytest.raises(BadQuestionError, match="1999-01"):
        look(desk, ProgrammeAddress(month=199901), scope)
    with pytest.raises(UnknownUnitError):
        look(desk, ProgrammeAddress(unit="nowhere"), scope)


def test_a_country_that_compares_no_products_is_told_so(figures, scope):
    pairs = {name: replace(pair, commodities=()) for name, pair in figures.country.pairs.items()}
    bare = copy.copy(figures)
    bare.country = replace(figures.country, pairs=pairs)
    with pytest.raises(BadQuestionError, match="products"):
        look(LogisticsDesk(bare), ProgrammeAddress(), scope)


def test_an_answer_travels_light(shown):
    import gzip

    assert len(gzip.compress(json.dumps(shown).encode())) < MOST_BYTES


def test_the_page_answers_everybody_within_their_own_units(web, browsers, person):
    dash = web.extensions["tandem"]["dash"]
    values = {"address.search": "", "address.pathname": "/programmes"}
    for username in PASSWORDS:
        answer = browsers[username].call(
            request_for(dash, "programmes-view.data", values), page="/programmes"
        )
        drawn = answer.json["response"]["programmes-view"]["data"]
        assert drawn["about"]["unit"] == person(username).scope.home


def test_transfers_move_whole_packs_and_leave_every_giver_its_needs(desk, scope):
    programme = look(desk, ProgrammeAddress(), scope)
    found = proposal(programme)
    moved = found.transfers
    assert found.stores > found.unknown
    assert (moved["packs"] >= 1).all()
    assert (moved["donor_after"] < moved["donor_before"]).all()
    assert (moved["receiver_after"] > moved["receiver_before"]).all()
    for _, of_item in moved.groupby("item"):
        assert set(of_item["donor"]).isdisjoint(of_item["receiver"])


def test_transfers_are_told_with_names_and_as_a_table(browsers, nation):
    body = told(browsers["admin"], TRANSFERS, unit=nation["id"])
    table = browsers["admin"].get(TRANSFERS, query_string={"unit": nation["id"], "format": "csv"})
    assert table.mimetype == "text/csv"
    read = list(csv.DictReader(io.StringIO(table.text)))
    assert len(read) == len(body["transfers"])
    for row, same in zip(read, body["transfers"], strict=True):
        assert row["donor"] == same["donor"]
        assert float(row["quantity"]) == same["quantity"]
        assert same["donor_name"] and same["receiver_name"] and same["item_name"]


def test_nobody_is_told_what_stores_above_their_own_units_hold(browsers, person, nation):
    outside = [name for name in PASSWORDS if not person(name).scope.sees(str(nation["path"]))]
    assert outside
    for username in outside:
        answer = browsers[username].get(TRANSFERS, query_string={"unit": nation["id"]})
        assert answer.status_code == 403


def test_an_indicator_comes_with_numerator_and_denominator(site, browsers, nation):
    asked = {"id": "stockout_rate", "unit": nation["id"], "item": a_product(site), "children": "true"}
    found = told(browsers["admin"], INDICATORS, **asked, **{"from": site.months[0], "to": site.months[1]})[
        "rows"
    ]
    assert {row["indicator"] for row in found} == {"stockout_rate"}
    known = [row for row in found if row["value"] is not None]
    assert known
    for row in known:
        assert row["value"] == pytest.approx(row["numerator"] / row["denominator"])
        assert 0 < row["n_reported"] <= row["n_expected"]


def test_a_nations_indicator_is_pooled_of_its_childrens_parts(site, browsers, nation):
    asked = {"id": "stockout_rate", "unit": nation["id"], "item": a_product(site), "children": "true"}
    found = told(browsers["admin"], INDICATORS, **asked, **{"from": site.months[0], "to": site.months[1]})[
        "rows"
    ]
    for period in {row["period"] for row in found}:
        rows_of = [row for row in found if row["period"] == period]
        whole = next(row for row in rows_of if row["level"] == 1)
        below = [row for row in rows_of if row["level"] == 2]
        for part in ("numerator", "denominator", "n_expected"):
            assert whole[part] == sum(row[part] for row in below)


def test_families_are_asked_for_by_their_id(site, browsers, nation):
    families = [each for each in site.country.families.values() if len(each.commodities) > 1]
    for family in families[:2]:
        asked = {"id": "stockout_rate", "unit": nation["id"], "item": family.id}
        together = told(browsers["admin"], INDICATORS, **asked)["rows"]
        members = told(browsers["admin"], INDICATORS, **(asked | {"item": ",".join(family.commodities)}))[
            "rows"
        ]
        for row in together:
            single = [each["numerator"] for each in members if each["period"] == row["period"]]
            assert row["numerator"] <= sum(single)


def test_json_csv_and_the_frame_are_the_same_rows(site, browsers, nation, desk, scope):
    from dashboard.api.indicators import asked

    parameters = {"id": "months_of_stock", "unit": nation["id"], "item": a_product(site)}
    body = told(browsers["admin"], INDICATORS, **parameters)["rows"]
    table = browsers["admin"].get(INDICATORS, query_string=parameters | {"format": "csv"})
    frame = rows(desk.ask("months_of_stock", asked(desk, parameters), scope))
    read = list(csv.DictReader(io.StringIO(table.text)))
    assert len(read) == len(body) == len(frame)
    assert [row["value"] or None for row in body] == [
        float(row["value"]) if row["value"] else None for row in read
    ]
    assert [row["state"] for row in read] == frame["state"].tolist()


@pytest.mark.parametrize(
    ("parameters", "status", "where"),
    [
        ({"id": "happiness"}, 404, "id"),
        ({"item": "NOTHING"}, 400, "item"),
        ({"from": "2019-13"}, 400, "from"),
        ({"colour": "blue"}, 400, "colour"),
        ({"format": "pdf"}, 400, "format"),
        ({"unit": "nowhere"}, 404, "unit"),
        ({"grain": "week"}, 400, "grain"),
        ({"id": ""}, 400, "id"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_name(browsers, nation, parameters, status, where):
    asked = {"id": "stockout_rate", "unit": nation["id"]} | parameters
    answer = browsers["admin"].get(INDICATORS, query_string=asked)
    assert answer.status_code == status, answer.text
    assert answer.json["errors"][0]["where"] == where
    assert answer.json["errors"][0]["remedy"]


def test_a_unit_of_somebody_else_is_refused(browsers, person, figures):
    units = figures.holding().units
    for username in PASSWORDS:
        scope = person(username).scope
        others = [unit for unit, path in units["path"].items() if not scope.leads_home(path)]
        if others:
            answer = browsers[username].get(INDICATORS, query_string={"id": "stock", "unit": others[0]})
            assert answer.status_code == 403


def test_the_scope_of_the_command_line_may_not_read_what_nobody_reads(desk):
    from accounts.scope import Scope

    home = everything(desk.figures).units
    with pytest.raises(NotInScopeError, match="data sets"):
        look(desk, ProgrammeAddress(), Scope(home, frozenset()))


def test_the_first_answer_holds_heading_reports_and_trends_and_names_of_one_s_own_units_alone(site, browsers):
    """A reader on a slow link reads before any script has come; whoever may not see it reads nothing."""
    page = browsers["admin"].get("/programmes?lang=en").text
    with i18n.use("en"):
        scope = everything(site.figures)
        drawn = view(look(LogisticsDesk(site.figures), ProgrammeAddress(), scope), scope)
    first = page[page.index('id="first-look"') :]
    assert f"<h1>{escape(drawn['title'])}</h1>" in first
    assert all(f"<b>{escape(each['value'])}</b>" in first for each in drawn["trends"]["lines"])
    refused = browsers["store"].get("/programmes?lang=en&unit=nowhere").text
    assert 'class="programmes"' not in refused[refused.index('id="first-look"') :]
