"""The JSON interface over each country's figures, as scripts use it."""

import csv
import io
import json
import re
import unicodedata
from calendar import monthrange

import pytest
import requests
from requests.auth import HTTPBasicAuth

from dashboard.api import openapi
from tests.web import PASSWORDS, Browser

PATH = "/api/v1/compare"
COLUMNS = list(openapi.ROW)


@pytest.fixture(scope="module")
def units(figures):
    return figures.holding().units


@pytest.fixture(scope="module")
def nation(units):
    return units[units["level"] == 1].iloc[0]


@pytest.fixture(scope="module")
def dhis2(site):
    return site.dhis2


@pytest.fixture(scope="module")
def url(site):
    """Addresses of the interface, for the first pair and the last nine months unless told otherwise."""

    def of(unit, pair=site.pair, **more):
        more = {"from": site.months[0], "to": site.months[1], **more}
        return f"{PATH}?unit={unit}&pair={pair}&" + "&".join(f"{key}={value}" for key, value in more.items())

    return of


def problem_of(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    body = answer.json
    assert body["status"] == status
    assert body["title"]
    return body


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


@pytest.mark.parametrize(
    ("query", "status", "where"),
    [
        ("unit=Zunknown001&pair={pair}", 404, "unit"),
        ("unit={unit}&pair=aspirin", 404, "pair"),
        ("unit={unit}", 400, "pair"),
        ("pair={pair}", 400, "unit"),
        ("unit={unit}&pair={pair}&from=2019", 400, "from"),
        ("unit={unit}&pair={pair}&from=2019-13", 400, "from"),
        ("unit={unit}&pair={pair}&to=yesterday", 400, "to"),
        ("unit={unit}&pair={pair}&from=2019-05&to=2019-01", 400, "to"),
        ("unit={unit}&pair={pair}&from=2030-01&to=2031-01", 400, "from"),
        ("unit={unit}&pair={pair}&to=1999-12", 400, "to"),
        ("unit={unit}&pair={pair}&pair=other", 400, "pair"),
        ("unit={unit}&pair={pair}&lang=de", 400, "lang"),
        ("unit={unit}&pair={pair}&view=globe", 400, "view"),
        ("unit={unit}&pair={pair}&sort=luck", 400, "sort"),
        ("unit={unit}&pair={pair}&grain=week", 400, "grain"),
        ("unit={unit}&pair={pair}&children=perhaps", 400, "children"),
        ("unit={unit}&pair={pair}&format=pdf", 400, "format"),
        ("unit={unit}&pair={pair}&group=nobody", 400, "group"),
        ("unit={unit}&pair={pair}&colour=red", 400, "colour"),
    ],
)
def test_what_cannot_be_answered_says_where_and_what_to_do(site, browsers, nation, query, status, where):
    asked = query.format(unit=nation["code"], pair=site.pair)
    body = problem_of(browsers["admin"].get(f"{PATH}?{asked}"), status)
    assert [error["where"] for error in body["errors"]] == [where]
    assert all(error["what"] and error["remedy"] for error in body["errors"])


@pytest.mark.parametrize(
    ("path", "query", "where"),
    [
        (f"{PATH}/change", "month=2030-01", "month"),
        (f"{PATH}/change", "month=2019-00", "month"),
        (f"{PATH}/change", "from=2019-01", "from"),
        (f"{PATH}/change", "side=left", "side"),
        (f"{PATH}/change", "format=xlsx", "format"),
        (f"{PATH}/reported", "from=2019-09&to=2019-01", "to"),
        (f"{PATH}/reported", "grain=month", "grain"),
        (f"{PATH}/reported", "lang=de", "lang"),
    ],
)
def test_the_story_behind_the_rows_is_asked_for_as_strictly(site, browsers, nation, path, query, where):
    body = problem_of(browsers["admin"].get(f"{path}?unit={nation['id']}&pair={site.pair}&{query}"), 400)
    assert [error["where"] for error in body["errors"]] == [where]
    assert all(error["what"] and error["remedy"] for error in body["errors"])


@pytest.mark.parametrize("unit", ["%00", "%F0%9F%92%8A", "a%0D%0Ab"])
def test_strange_letters_are_only_unknown_units(site, browsers, unit):
    problem_of(browsers["admin"].get(f"{PATH}?unit={unit}&pair={site.pair}"), 404)


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "1900-01"])
def test_months_far_away_are_answered_with_nothing_or_refused(browsers, nation, url, month):
    answer = browsers["admin"].get(url(nation["id"], **{"from": month, "to": month}))
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert not [r for r in answer.json["rows"] if r["value"] is not None]


def test_another_unit_than_ones_own_is_refused(browsers, units, person, url):
    own = person("store").scope.units[0]
    other = units[(units["level"] == units["level"].max()) & (units["id"] != own.id)].iloc[0]
    body = problem_of(browsers["store"].get(url(other["id"])), 403)
    assert other["name"] not in json.dumps(body, ensure_ascii=False)


def test_above_ones_own_unit_only_the_total_is_given(browsers, nation, person, url):
    own = person("store").scope.units[0]
    body = browsers["store"].get(url(nation["id"], children="true")).json
    assert body["totals_only"] is True
    assert {r["unit_id"] for r in body["rows"]} <= set(own.path.split("/"))


@pytest.fixture
def token(web, browsers):
    tokens = web.extensions["tandem"]["access"].books.tokens
    return tokens.make("store", "a test")


def test_a_token_reads_as_its_owner(web, browsers, person, token, url):
    own = person("store").scope.units[0]
    script = Browser(web)
    bearer = {"Authorization": f"Bearer {token}"}
    answer = script.get(url(own.id), headers=bearer)
    assert answer.json["rows"] == browsers["store"].get(url(own.id)).json["rows"]
    assert not script.cookie()
    problem_of(script.get(url("Zunknown001", children="true"), headers=bearer), 404)


def test_a_revoked_token_opens_nothing(web, token, url):
    tokens = web.extensions["tandem"]["access"].books.tokens
    tokens.revoke(tokens.of("store")[0].id, "store")
    body = problem_of(Browser(web).get(url("ANY"), headers={"Authorization": f"Bearer {token}"}), 401)
    assert "token" in body["detail"]


def test_a_token_opens_the_api_and_no_page(web, token):
    bearer = {"Authorization": f"Bearer {token}"}
    assert Browser(web).get("/data", headers=bearer).status_code == 303
    assert Browser(web).get("/_dash-layout", headers=bearer).status_code == 401


def test_a_wrong_token_is_not_helped_by_a_session(browsers, url):
    problem_of(browsers["admin"].get(url("ANY"), headers={"Authorization": "Bearer tandem_wrong"}), 401)


def test_an_unknown_address_of_the_api_is_a_problem(browsers):
    problem_of(browsers["admin"].get("/api/v1/nothing"), 404)
    problem_of(browsers["admin"].get("/api/"), 404)


def test_a_wrong_method_is_a_problem(web, browsers):
    browser = browsers["admin"]
    answer = browser.post(PATH, headers={"X-CSRFToken": browser.callback_token()})
    problem_of(answer, 405)


def test_every_route_of_the_api_is_described_and_nothing_else(web, site):
    described = set(openapi.description(site.country)["paths"])
    rules = {re.sub(r"<(\w+)>", r"{\1}", rule.rule) for rule in web.url_map.iter_rules()}
    served = {rule for rule in rules if rule.startswith("/api/v1/")} | {"/healthz", "/readyz"}
    assert described == served


def test_the_description_names_every_parameter_that_is_read(site):
    from dashboard.api.compare import PARAMETERS

    described = openapi.description(site.country)["paths"][PATH]["get"]["parameters"]
    assert tuple(each["name"] for each in described) == PARAMETERS


def test_the_answers_are_as_described(browsers, nation, url):
    body = browsers["admin"].get(url(nation["id"], children="true")).json
    document = browsers["admin"].get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    fits(body, {"$ref": "#/components/schemas/Comparison"}, document)
    fits(browsers["admin"].get(PATH).json, {"$ref": "#/components/schemas/Problem"}, document)


TYPES = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def fits(value, schema, document):
    """As much of JSON Schema as our document uses."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    if "enum" in schema:
        assert value in schema["enum"]
    if "type" in schema:
        allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        kinds = tuple(type(None) if kind == "null" else TYPES[kind] for kind in allowed)
        assert any(isinstance(value, kind) for kind in kinds), (value, schema)
    for name in schema.get("required", []):
        assert name in value
    for name, part in schema.get("properties", {}).items():
        fits(value[name], part, document)
    for each in value if isinstance(value, list) else []:
        fits(each, schema["items"], document)


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
