"""Every route and every callback × everybody × units in and out of scope: nothing leaks.

The routes are those of the server's own map and the callbacks those of Dash's: a new one is asked at once. An
answer leaks when it names a unit that the asker may not know of, or holds a series of its figures.
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.callbacks import on_the_server, request_for, texts
from tests.web import PASSWORDS, Browser

PAGES = ("/", "/definitions", "/data", "/profile", "/nowhere")
OPEN = {"/login", "/healthz", "/readyz", "/sw.js", "/manifest.webmanifest"}
TURNED_AWAY = {303, 401}
UNIT = "UNIT"  # stands in an address for the unit that is asked for


@dataclass(frozen=True)
class Place:
    """A unit to ask for, and what the asker may know of."""

    unit: str
    seen: bool


@pytest.fixture(scope="module")
def dash(web):
    return web.extensions["tandem"]["dash"]


@pytest.fixture(scope="module")
def series(site, figures, units):
    """The figures of each unit that tell it from all others: unit -> series of its two sides."""
    everything = scope_of_all(figures)
    found: dict[str, set[tuple[float, ...]]] = {unit: set() for unit in units.index}
    for pair in site.pairs[:2]:
        for top in units.index[units["level"] < units["level"].max()]:
            for unit, values in of_children(site, top, pair, everything):
                if len(set(values) - {0.0}) >= 4:
                    found[unit].add(values)
    return found


def scope_of_all(figures):
    from installation import everything

    return everything(figures)


def of_children(site, top, pair, scope) -> Iterator[tuple[str, tuple[float, ...]]]:
    from dashboard.questions import Question

    first, last = (int(month.replace("-", "")) for month in site.months)
    comparison = site.figures.compare(Question(top, pair, first, last), scope).comparison
    for line in comparison.lines:
        for unit, values in zip(comparison.units, np.nan_to_num(line.value), strict=True):
            yield unit, tuple(values.tolist())


@pytest.fixture(scope="module")
def secrets(units, series, person):
    """What somebody may not be told: names, ids and codes of units out of scope, and their figures."""

    @cache
    def of(username: str) -> tuple[frozenset[str], frozenset[tuple[float, ...]]]:
        scope = person(username).scope if username != "nobody" else None
        known = [scope is not None and scope.leads_home(path) for path in units["path"]]
        mine, others = units[known], units[[not each for each in known]]
        words = {str(each) for name in ("id", "code", "name") for each in others[name].dropna()}
        words -= {str(each) for name in ("id", "code", "name") for each in mine[name].dropna()}
        figures = set().union(*(series[unit] for unit in others.index), set())
        figures -= set().union(*(series[unit] for unit in mine.index), set())
        return frozenset(words), frozenset(figures)

    return of


@pytest.fixture(scope="module")
def places(units, person):
    """Units to ask for: the nation, and for each account one inside and one outside its scope."""

    def of(username: str) -> list[Place]:
        scope = person(username).scope if username != "nobody" else None
        found = []
        for level in sorted(units["level"].unique()):
            of_level = units[units["level"] == level]
            for seen in (True, False):
                fits = [(scope is not None and scope.leads_home(path)) == seen for path in of_level["path"]]
                found += [Place(unit, seen) for unit in of_level.index[fits][:1]]
        return found

    return of


def sequences(body: Any) -> Iterator[tuple[float, ...]]:
    """Every series of numbers in an answer, packed ones included; what is missing counts as 0."""
    if isinstance(body, dict) and {"bdata", "dtype"} <= body.keys():
        yield tuple(np.nan_to_num(np.frombuffer(base64.b64decode(body["bdata"]), body["dtype"])).tolist())
    elif isinstance(body, dict):
        for value in body.values():
            yield from sequences(value)
    elif isinstance(body, list):
        if body and all(value is None or isinstance(value, int | float) for value in body):
            yield tuple(float(value or 0) for value in body)
        for value in body:
            yield from sequences(value)


def leaked(answer: Any, words: frozenset[str], figures: frozenset[tuple[float, ...]]) -> set[str]:
    """What of the forbidden an answer holds."""
    body = answer.json if answer.is_json else answer.get_data().decode(errors="replace")
    held = "\n".join(texts(body))
    found = {word for word in words if word in held and not _part_of_another(word, held)} if held else set()
    return found | {str(each) for each in sequences(body) if each in figures}


def _part_of_another(word: str, held: str) -> bool:
    """Whether a unit's name occurs only inside longer words, as `Man` does in `demande`."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", held) is None


def addresses(server) -> list[tuple[str, str]]:
    """A method and a path for each rule of the server's map."""
    filled = {
        "path": "data",
        "filename": "head/theme.js",
        "rest": "v1/nothing",
        "package_name": "dash",
        "fingerprinted_path": "deps/react@18.3.1.min.js",
        "number": "no-such-remark",
        "pair": "no-such-pair",
        "name": "months_of_stock",
        "unit": UNIT,
    }
    found = []
    for rule in server.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda argument: filled[argument[1]], rule.rule)
        found += [(method, path) for method in sorted(rule.methods - {"OPTIONS", "HEAD"})]
    return found


def test_the_map_is_walked_whole(web):
    assert len(addresses(web)) >= len(list(web.url_map.iter_rules()))
    assert not [path for _, path in addresses(web) if "<" in path]


def test_nobody_is_turned_away_from_every_route(web, secrets):
    words, figures = secrets("nobody")
    country = web.extensions["tandem"]["figures"].country
    words -= {country.name["fr"], country.name["en"]}  # the log-in page says whose figures these are
    for method, path in addresses(web):
        browser = Browser(web)
        if method == "GET":
            answer = browser.get(path)
        else:
            answer = browser.post(path, data={"csrf_token": browser.form_token()})
        if path in OPEN or path == "/assets/head/theme.js":
            assert answer.status_code < 500 or path == "/readyz", (method, path)
        else:
            assert answer.status_code in TURNED_AWAY, (method, path, answer.status_code)
        assert not leaked(answer, words, figures), (method, path)


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["/_dash-layout", "/_dash-update-component", "/api/v1/compare", "/data"])
def test_no_method_gets_past_the_guard(web, method, path):
    answer = getattr(web.test_client(), method)(path)
    assert answer.status_code in {*TURNED_AWAY, 400, 405}, answer.status_code


def test_nobody_gets_nothing_from_any_callback(web, dash):
    for output in on_the_server(dash):
        browser = Browser(web)
        browser.form_token()
        answer = browser.call(request_for(dash, output, {}), token=browser.cookie("_csrf_token"))
        assert answer.status_code == 401, output
        assert answer.json["errors"]


@pytest.mark.parametrize("username", PASSWORDS)
def test_no_route_names_a_unit_out_of_scope(site, browsers, places, secrets, username):
    words, figures = secrets(username)
    for method, path in addresses(site.web):
        if method == "GET":
            for place in places(username):
                asked_for = f"?unit={place.unit}&pair={site.pair}&from={site.months[0]}"
                if UNIT in path:
                    asked_for = "?item=no-such-item" if path.endswith("/neighbours") else ""
                answer = browsers[username].get(path.replace(UNIT, place.unit) + asked_for)
                assert answer.status_code < 500, (path, place)
                asked = {place.unit} if not place.seen else set()
                assert not leaked(answer, words, figures) - asked, (path, place)


@pytest.mark.parametrize("username", PASSWORDS)
@pytest.mark.parametrize("number", [0, 1])
def test_the_api_gives_what_is_in_scope_and_refuses_the_rest(
    site, browsers, places, secrets, username, number
):
    words, figures = secrets(username)
    pair, (first, last) = site.pairs[number], site.months
    for place in places(username):
        for more in ("children=true", "children=true&format=csv", "group=nobody"):
            path = f"/api/v1/compare?unit={place.unit}&pair={pair}&from={first}&to={last}&{more}"
            answer = browsers[username].get(path)
            expected = 403 if not place.seen else 400 if "group" in more else 200
            assert answer.status_code == expected, (path, answer.text[:300])
            assert not leaked(answer, words, figures) - {place.unit}, path


@pytest.mark.parametrize("username", PASSWORDS)
def test_examples_are_worked_out_of_units_in_scope_and_of_totals_above_alone(
    browsers, places, secrets, username
):
    words, figures = secrets(username)
    for place in places(username):
        answer = browsers[username].get(f"/api/v1/definitions/examples?unit={place.unit}")
        assert answer.status_code == (200 if place.seen else 403), (place, answer.text[:300])
        assert not leaked(answer, words, figures) - {place.unit}, place


@pytest.mark.parametrize("username", PASSWORDS)
def test_no_callback_leaks(site, dash, browsers, places, secrets, username):
    words, figures = secrets(username)
    for output in on_the_server(dash):
        for place in places(username):
            for page in PAGES:
                answer = browsers[username].call(
                    request_for(dash, output, values(site, place, page)), page=page
                )
                assert answer.status_code in (200, 204, 400), (output, place, page, answer.text[:500])
                asked = {place.unit} if not place.seen else set()
                assert not leaked(answer, words, figures) - asked, (output, place, page)


def values(site: Any, place: Place, page: str) -> dict[str, Any]:
    """What the parts of a page would hold while it shows a unit."""
    first, last = site.months
    search = f"?unit={place.unit}&pair={site.pair}&from={first}&to={last}&grain=month"
    return {
        "address.search": search,
        "address.pathname": page,
        "page-wanted.data": page,
        "page-shown.data": "/",
        "status-clock.n_intervals": 1,
        "data-clock.n_intervals": 1,
        "data-shown.data": "",
        "profile-make.n_clicks": 0,
        "profile-name.value": "",
    }


def test_compare_shows_its_own_unit_and_hides_the_others(site, dash, browsers, places, series):
    """Shows that the test above can fail: in scope, the same callback does answer with figures and names."""
    output = next(each for each in on_the_server(dash) if "compare-view.data" in each)
    for username in ("district", "viewer"):
        answers = {
            place.seen: browsers[username].call(request_for(dash, output, values(site, place, "/")))
            for place in places(username)
            if series[place.unit]
        }
        figures = frozenset(set().union(*series.values()))
        assert leaked(answers[True], frozenset(), figures), username
        if False in answers:
            assert not leaked(answers[False], frozenset(), figures), username


def test_nobody_revokes_anothers_token_through_the_page(web, dash, browsers):
    tokens = web.extensions["tandem"]["access"].books.tokens
    text = tokens.make("admin", "the ministry's sheet")
    number = tokens.of("admin")[0].id
    output = next(each for each in on_the_server(dash) if "profile-tokens.children" in each)
    body = request_for(dash, output, {})
    revoke = {"id": {"kind": "profile-revoke", "token": number}, "property": "n_clicks", "value": 1}
    body["inputs"][1] = [revoke]
    body["changedPropIds"] = [json.dumps(revoke["id"], separators=(",", ":")) + ".n_clicks"]
    answer = browsers["store"].call(body, page="/profile")
    assert answer.status_code == 200
    assert "ministry" not in answer.text
    assert tokens.find(text)
    browsers["admin"].call(body, page="/profile")
    assert tokens.find(text) is None


def test_a_sync_is_started_by_those_who_may(web, dash, browsers):
    output = next(each for each in on_the_server(dash) if each.startswith("data-asked."))
    body = request_for(dash, output, {"data-sync.n_clicks": 1})
    jobs = len(job_rows(web))
    for username in ("store", "district", "viewer"):
        browsers[username].call(body, page="/data")
    assert len(job_rows(web)) == jobs
    browsers["admin"].call(body, page="/data")
    assert len(job_rows(web)) == jobs + 1


def job_rows(web):
    from ledger.jobs import Jobs

    return Jobs(web.extensions["tandem"]["database"]).history("sync")
