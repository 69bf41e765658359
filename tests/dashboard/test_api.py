"""The JSON interface over each country's figures, as scripts use it."""

import csv
import io
import re
import unicodedata
from calendar import monthrange

import pytest
import requests
from requests.auth import HTTPBasicAuth

from dashboard.api import openapi
from tests.web import PASSWORDS, Browser

COLUMNS = list(openapi.ROW)


@pytest.fixture(scope="module")
def dhis2(site):
    return site.dhis2


def test_one_row_comes_for_each_unit_period_side_and_measure(site, browsers, nation, url):
    body = browsers["admin"].get(url(nation["id"], children="true")).json
    rows = body["rows"]
    assert list(rows[0]) and set(rows[0]) == set(COLUMNS)
    keys = [(r["unit_id"], r["period"], r["side"], r["measure"], r["item"]) for r in rows]
    assert len(set(keys)) == len(keys)
    told = {"service", "commodity"} | (
        {"service_report"} if site.country.pairs[site.pair].reported else set()
    )
    assert {r["side"] for r in rows} == told <= set(openapi.SIDES)
    assert len({r["period"] for r in rows}) == 9
    assert site.months == (min(r["period"] for r in rows), max(r["period"] for r in rows))
    assert {r["level"] for r in rows} == {1, 2}
    assert body["totals_only"] is False
    assert body["left_out"] == []


def test_a_unit_may_be_named_by_its_code(browsers, nation, url):
    by_code = browsers["admin"].get(url(nation["code"])).json
    assert by_code["rows"] == browsers["admin"].get(url(nation["id"])).json["rows"]


def test_without_children_the_unit_stands_alone(browsers, nation, url):
    rows = browsers["admin"].get(url(nation["id"])).json["rows"]
    assert {r["unit_id"] for r in rows} == {nation["id"]}


def from_dhis2(dhis2, path, **parameters):
    """DHIS2's own answer, asked for directly."""
    account = HTTPBasicAuth("admin", PASSWORDS["admin"])
    return requests.get(f"{dhis2}/api/{path}", params=parameters, auth=account, timeout=60).json()


def stored(dhis2, **parameters):
    return from_dhis2(dhis2, "dataValueSets", **parameters)["dataValues"]


def id_of(dhis2, kind, wanted):
    return from_dhis2(dhis2, kind, filter=wanted, fields="id", paging="false")[kind][0]["id"]


def name_of(dhis2, combo):
    return from_dhis2(dhis2, f"categoryOptionCombos/{combo}", fields="name")["name"]


def of_name(dhis2, kind, named):
    """The id of an object that a configuration names by code or by name."""
    return id_of(dhis2, kind, f"identifiable:eq:{named}")


def of_one_form(site, form, unit) -> bool:
    """Whether everybody below a unit is assigned this form, and none that covers other months."""
    forms = site.figures.holding().rollup.due.forms
    others = [each.key for each in site.country.forms if each.window and each.key != form.key]
    below = slice(unit["first"], unit["last"])
    return not any(forms.assigned(other)[below].any() for other in others)


def test_the_totals_are_those_of_the_values_in_dhis2(site, dhis2, browsers, units, url):
    """The newest quarter of a unit of the second level: the sum of what DHIS2 stores for it and all below."""
    form = next(each for each in site.country.forms if each.key == site.form("commodity"))
    second = next(row for _, row in units[units["level"] == 2].iterrows() if of_one_form(site, form, row))
    pair = site.country.pairs[site.pair]
    items = {id_of(dhis2, "dataElements", f"code:eq:{code}") for code in pair.commodities}
    year, month = map(int, site.months[1].split("-"))
    start = f"{year}-{month - 2:02}-01"
    held = stored(
        dhis2,
        dataSet=of_name(dhis2, "dataSets", form.data_set),
        startDate=start,
        endDate=f"{site.months[1]}-{monthrange(year, month)[1]}",
        orgUnit=second["id"],
        children="true",
    )
    combos = {value["categoryOptionCombo"] for value in held}
    consumption = {each for each in combos if form.measures.get(name_of(dhis2, each)) == "consumed"}
    expected = sum(
        float(value["value"])
        for value in held
        if value["dataElement"] in items and value["categoryOptionCombo"] in consumption
    )
    rows = browsers["admin"].get(url(second["id"], **{"from": start[:7]})).json["rows"]
    wanted = ("commodity", "consumed", "total")
    found = [r["value"] or 0 for r in rows if (r["side"], r["measure"], r["item"]) == wanted]
    assert sum(found) == pytest.approx(expected, abs=1e-6)
    assert expected > 0


def test_csv_has_the_same_rows(site, browsers, nation, url):
    answer = browsers["admin"].get(url(nation["id"], children="true", format="csv"))
    assert answer.mimetype == "text/csv"
    plain = unicodedata.normalize("NFKD", nation["name"]).encode("ascii", "ignore").decode().lower()
    place = re.sub("[^a-z]+", "-", plain)
    months = "-".join(site.months).replace("-", "")
    file = f"{site.pair}-{place}-{months[:6]}-{months[6:]}.csv"
    assert f'filename="{file}"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    same = browsers["admin"].get(url(nation["id"], children="true")).json["rows"]
    assert list(rows[0]) == COLUMNS
    assert [r["value"] for r in rows] == ["" if r["value"] is None else str(r["value"]) for r in same]
    assert [r["unit_name"] for r in rows] == [r["unit_name"] for r in same]


@pytest.mark.parametrize(("grain", "periods"), [("quarter", ["Q1", "Q2"]), ("half", ["S1"])])
def test_a_coarser_grain_has_fewer_periods(site, browsers, nation, grain, periods, url):
    year = site.months[1][:4]
    asked = url(nation["id"], grain=grain, **{"from": f"{year}-01", "to": f"{year}-06"})
    rows = browsers["admin"].get(asked).json["rows"]
    assert list(dict.fromkeys(r["period"] for r in rows)) == [f"{year}-{period}" for period in periods]


def test_asking_again_is_answered_from_the_cache_and_the_same(
    site, figures, browsers, nation, monkeypatch, url
):
    from indicators.compare import Comparison

    path = url(nation["id"], pair=site.pairs[1], children="true")
    first = browsers["admin"].get(path).json
    monkeypatch.setattr(Comparison, "rows", lambda *_: pytest.fail("the rows were written down twice"))
    assert browsers["admin"].get(path).json == first


def test_the_cache_tells_people_of_different_rights_apart(site, browsers, nation, url):
    path = url(nation["id"], pair=site.pairs[1], children="true")
    of_all = browsers["admin"].get(path).json["rows"]
    of_one = browsers["store"].get(path).json["rows"]
    assert {r["unit_id"] for r in of_one} < {r["unit_id"] for r in of_all}
    assert browsers["admin"].get(path).json["rows"] == of_all


def test_health_is_told_to_anybody_and_nothing_else_with_it(web, figures):
    assert Browser(web).get("/healthz").json == {"status": "ok"}
    ready = Browser(web).get("/readyz")
    assert ready.status_code == 200
    assert ready.json["snapshot"]["version"] == figures.version()
    assert ready.json["snapshot"]["age_seconds"] >= 0
