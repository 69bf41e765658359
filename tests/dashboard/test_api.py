"""The JSON interface over the Ivorian figures, as scripts use it."""

import csv
import io
import json

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


def url(unit, pair="pill", **more):
    more = {"from": "2019-01", "to": "2019-09", **more}
    return f"{PATH}?unit={unit}&pair={pair}&" + "&".join(f"{key}={value}" for key, value in more.items())


def problem_of(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    body = answer.json
    assert body["status"] == status
    assert body["title"]
    return body


def test_one_row_comes_for_each_unit_period_side_and_measure(browsers, nation):
    body = browsers["admin"].get(url(nation["id"], children="true")).json
    rows = body["rows"]
    assert list(rows[0]) and set(rows[0]) == set(COLUMNS)
    keys = [(r["unit_id"], r["period"], r["side"], r["measure"], r["item"]) for r in rows]
    assert len(set(keys)) == len(keys)
    assert {r["side"] for r in rows} == set(openapi.SIDES)
    assert {r["period"] for r in rows} == {f"2019-{month:02}" for month in range(1, 10)}
    assert {r["level"] for r in rows} == {1, 2}
    assert body["totals_only"] is False
    assert body["left_out"] == []


def test_a_unit_may_be_named_by_its_code(browsers, nation):
    by_code = browsers["admin"].get(url(nation["code"])).json
    assert by_code["rows"] == browsers["admin"].get(url(nation["id"])).json["rows"]


def test_without_children_the_unit_stands_alone(browsers, nation):
    rows = browsers["admin"].get(url(nation["id"])).json["rows"]
    assert {r["unit_id"] for r in rows} == {nation["id"]}


def from_dhis2(civ_demo, path, **parameters):
    """DHIS2's own answer, asked for directly."""
    account = HTTPBasicAuth("admin", PASSWORDS["admin"])
    return requests.get(f"{civ_demo}/api/{path}", params=parameters, auth=account, timeout=60).json()


def stored(civ_demo, **parameters):
    return from_dhis2(civ_demo, "dataValueSets", **parameters)["dataValues"]


def id_of(civ_demo, kind, wanted):
    return from_dhis2(civ_demo, kind, filter=wanted, fields="id", paging="false")[kind][0]["id"]


def name_of(civ_demo, combo):
    return from_dhis2(civ_demo, f"categoryOptionCombos/{combo}", fields="name")["name"]


def test_the_totals_are_those_of_the_values_in_dhis2(civ_demo, browsers, units):
    region = units[units["level"] == 2].iloc[3]
    data_set = id_of(civ_demo, "dataSets", "name:eq:Contraceptive logistics")
    pills = {id_of(civ_demo, "dataElements", f"code:eq:{code}") for code in ("AS27000", "AS27132")}
    held = stored(civ_demo, dataSet=data_set, period="201908", orgUnit=region["id"], children="true")
    combos = {value["categoryOptionCombo"] for value in held}
    consumption = {each for each in combos if name_of(civ_demo, each) == "Consumption"}
    expected = sum(
        float(value["value"])
        for value in held
        if value["dataElement"] in pills and value["categoryOptionCombo"] in consumption
    )
    rows = browsers["admin"].get(url(region["id"], **{"from": "2019-08", "to": "2019-08"})).json["rows"]
    wanted = ("commodity", "consumed", "total")
    assert [r["value"] for r in rows if (r["side"], r["measure"], r["item"]) == wanted] == [expected]
    assert expected > 0


def test_csv_has_the_same_rows(browsers, nation):
    answer = browsers["admin"].get(url(nation["id"], children="true", format="csv"))
    assert answer.mimetype == "text/csv"
    assert 'filename="pill-c-te-d-ivoire-201901-201909.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    same = browsers["admin"].get(url(nation["id"], children="true")).json["rows"]
    assert list(rows[0]) == COLUMNS
    assert [r["value"] for r in rows] == ["" if r["value"] is None else str(r["value"]) for r in same]
    assert [r["unit_name"] for r in rows] == [r["unit_name"] for r in same]


@pytest.mark.parametrize(("grain", "periods"), [("quarter", ["2019-Q1", "2019-Q2"]), ("half", ["2019-S1"])])
def test_a_coarser_grain_has_fewer_periods(browsers, nation, grain, periods):
    rows = browsers["admin"].get(url(nation["id"], grain=grain, to="2019-06")).json["rows"]
    assert list(dict.fromkeys(r["period"] for r in rows)) == periods


@pytest.mark.parametrize(
    ("query", "status", "where"),
    [
        ("unit=Zunknown001&pair=pill", 404, "unit"),
        ("unit=CIV&pair=aspirin", 404, "pair"),
        ("unit=CIV", 400, "pair"),
        ("pair=pill", 400, "unit"),
        ("unit=CIV&pair=pill&from=2019", 400, "from"),
        ("unit=CIV&pair=pill&from=2019-13", 400, "from"),
        ("unit=CIV&pair=pill&to=yesterday", 400, "to"),
        ("unit=CIV&pair=pill&from=2019-05&to=2019-01", 400, "to"),
        ("unit=CIV&pair=pill&grain=week", 400, "grain"),
        ("unit=CIV&pair=pill&children=perhaps", 400, "children"),
        ("unit=CIV&pair=pill&format=pdf", 400, "format"),
        ("unit=CIV&pair=pill&group=nobody", 400, "group"),
        ("unit=CIV&pair=pill&colour=red", 400, "colour"),
    ],
)
def test_what_cannot_be_answered_says_where_and_what_to_do(browsers, query, status, where):
    body = problem_of(browsers["admin"].get(f"{PATH}?{query}"), status)
    assert [error["where"] for error in body["errors"]] == [where]
    assert all(error["what"] and error["remedy"] for error in body["errors"])


@pytest.mark.parametrize(
    "query", ["unit=%00&pair=pill", "unit=%F0%9F%92%8A&pair=pill", "unit=a%0D%0Ab&pair=pill"]
)
def test_strange_letters_are_only_unknown_units(browsers, query):
    problem_of(browsers["admin"].get(f"{PATH}?{query}"), 404)


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "1900-01"])
def test_months_far_away_are_answered_with_nothing_or_refused(browsers, nation, month):
    answer = browsers["admin"].get(f"{PATH}?unit={nation['id']}&pair=pill&from={month}&to={month}")
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert not [r for r in answer.json["rows"] if r["value"] is not None]


def test_another_unit_than_ones_own_is_refused(browsers, units, person):
    own = person("store").scope.units[0]
    other = units[(units["level"] == 4) & (units["id"] != own.id)].iloc[0]
    body = problem_of(browsers["store"].get(url(other["id"])), 403)
    assert other["name"] not in json.dumps(body, ensure_ascii=False)


def test_above_ones_own_unit_only_the_total_is_given(browsers, nation, person):
    own = person("store").scope.units[0]
    body = browsers["store"].get(url(nation["id"], children="true")).json
    assert body["totals_only"] is True
    assert {r["unit_id"] for r in body["rows"]} <= set(own.path.split("/"))


@pytest.fixture
def token(civ_web, browsers):
    tokens = civ_web.extensions["tandem"]["access"].books.tokens
    return tokens.make("store", "a test")


def test_a_token_reads_as_its_owner(civ_web, browsers, person, token):
    own = person("store").scope.units[0]
    script = Browser(civ_web)
    bearer = {"Authorization": f"Bearer {token}"}
    answer = script.get(url(own.id), headers=bearer)
    assert answer.json["rows"] == browsers["store"].get(url(own.id)).json["rows"]
    assert not script.cookie()
    problem_of(script.get(url("CIV", children="true").replace("CIV", "Zunknown001"), headers=bearer), 404)


def test_a_revoked_token_opens_nothing(civ_web, token):
    tokens = civ_web.extensions["tandem"]["access"].books.tokens
    tokens.revoke(tokens.of("store")[0].id, "store")
    body = problem_of(Browser(civ_web).get(url("CIV"), headers={"Authorization": f"Bearer {token}"}), 401)
    assert "token" in body["detail"]


def test_a_token_opens_the_api_and_no_page(civ_web, token):
    bearer = {"Authorization": f"Bearer {token}"}
    assert Browser(civ_web).get("/data", headers=bearer).status_code == 303
    assert Browser(civ_web).get("/_dash-layout", headers=bearer).status_code == 401


def test_a_wrong_token_is_not_helped_by_a_session(browsers):
    problem_of(browsers["admin"].get(url("CIV"), headers={"Authorization": "Bearer tandem_wrong"}), 401)


def test_an_unknown_address_of_the_api_is_a_problem(browsers):
    problem_of(browsers["admin"].get("/api/v1/nothing"), 404)
    problem_of(browsers["admin"].get("/api/"), 404)


def test_a_wrong_method_is_a_problem(civ_web, browsers):
    browser = browsers["admin"]
    answer = browser.post(PATH, headers={"X-CSRFToken": browser.callback_token()})
    problem_of(answer, 405)


def test_every_route_of_the_api_is_described_and_nothing_else(civ_web, civ):
    described = set(openapi.description(civ)["paths"])
    rules = {str(rule) for rule in civ_web.url_map.iter_rules() if "<" not in rule.rule}
    served = {rule for rule in rules if rule.startswith("/api/v1/")} | {"/healthz", "/readyz"}
    assert described == served


def test_the_description_names_every_parameter_that_is_read(civ):
    from dashboard.api.compare import PARAMETERS

    described = openapi.description(civ)["paths"][PATH]["get"]["parameters"]
    assert tuple(each["name"] for each in described) == PARAMETERS


def test_the_answers_are_as_described(browsers, nation):
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


def test_asking_again_is_answered_from_the_cache_and_the_same(figures, browsers, nation, monkeypatch):
    from indicators.compare import Comparison

    path = url(nation["id"], pair="iud", children="true")
    first = browsers["admin"].get(path).json
    monkeypatch.setattr(Comparison, "rows", lambda *_: pytest.fail("the rows were written down twice"))
    assert browsers["admin"].get(path).json == first


def test_the_cache_tells_people_of_different_rights_apart(browsers, nation):
    path = url(nation["id"], pair="iud", children="true")
    of_all = browsers["admin"].get(path).json["rows"]
    of_one = browsers["store"].get(path).json["rows"]
    assert {r["unit_id"] for r in of_one} < {r["unit_id"] for r in of_all}
    assert browsers["admin"].get(path).json["rows"] == of_all


def test_health_is_told_to_anybody_and_nothing_else_with_it(civ_web, figures):
    assert Browser(civ_web).get("/healthz").json == {"status": "ok"}
    ready = Browser(civ_web).get("/readyz")
    assert ready.status_code == 200
    assert ready.json["snapshot"]["version"] == figures.version()
    assert ready.json["snapshot"]["age_seconds"] >= 0
