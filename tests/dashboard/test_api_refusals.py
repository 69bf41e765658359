"""What the JSON interface does not answer: wrong questions, others' units, tokens that open nothing."""

import json

import pytest

from dashboard.errors import LONGEST_ADDRESS
from tests.dashboard.api_asked import PATH, problem_of
from tests.web import Browser


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
    told = problem_of(answer, 405)["errors"][0]
    assert (told["what"], told["where"]) == ("POST is not answered here.", PATH)
    assert told["remedy"]


def test_an_address_that_is_too_long_is_a_problem_under_the_interface_and_a_page_elsewhere(browsers):
    long = "x" * LONGEST_ADDRESS
    assert "longer than" in problem_of(browsers["admin"].get(f"{PATH}?unit={long}"), 414)["errors"][0]["what"]
    page = browsers["admin"].get(f"/?unit={long}")
    assert (page.status_code, page.mimetype) == (414, "text/html")
