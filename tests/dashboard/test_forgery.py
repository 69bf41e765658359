"""Requests that no page of ours sends: forged, malformed, and random ones."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.callbacks import on_the_server, request_for
from tests.web import CALLBACKS, Browser, signed_in

TRACE = ("Traceback", 'File "', '.py"', "site-packages")


@pytest.fixture(scope="module")
def dash(civ_web):
    return civ_web.extensions["tandem"]["dash"]


@pytest.fixture(scope="module")
def store(civ_web):
    return signed_in(civ_web, "store")


@pytest.fixture(scope="module")
def status(dash):
    """A callback that anybody signed in may ask, and that always answers."""
    output = next(each for each in on_the_server(dash) if "freshness.children" in each)
    return request_for(dash, output, {"status-clock.n_intervals": 1})


def test_a_callback_with_the_pages_token_is_answered(store, status):
    assert store.call(status).status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", "ImZha2Ui.awJT2w.brPyQGA1fMEa_8JW2bM_VFZkGdA"])
def test_a_callback_without_it_is_refused(store, status, token):
    answer = store.call(status, token=token)
    assert answer.status_code == 400
    assert answer.json["errors"][0]["where"] == "X-CSRFToken"


def test_the_token_of_another_browser_is_refused(civ_web, store, status):
    other = signed_in(civ_web, "viewer").callback_token()
    assert store.call(status, token=other).status_code == 400


def test_the_token_alone_opens_nothing_without_a_session(civ_web, status):
    browser = Browser(civ_web)
    browser.form_token()
    assert browser.call(status, token=browser.cookie("_csrf_token")).status_code == 401


def test_the_cookies_are_not_sent_from_other_sites(civ_web):
    answer = Browser(civ_web).get("/login")
    assert all("SameSite=" in each for each in answer.headers.getlist("Set-Cookie"))


def quiet(answer):
    assert answer.status_code < 500, (answer.status_code, answer.text[:500])
    assert not [mark for mark in TRACE if mark in answer.text]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
relaxed = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@relaxed
@given(body=anything)
def test_any_json_at_the_callbacks_address_is_refused_quietly(store, body):
    quiet(store.call(body))


@relaxed
@given(data=st.data())
def test_a_callback_of_ours_with_any_value_and_any_damage_fails_quietly(store, dash, data):
    output = data.draw(st.sampled_from(on_the_server(dash)))
    body = request_for(dash, output, {})
    for part in [*body["inputs"], *body["state"]]:
        for one in part if isinstance(part, list) else [part]:
            one["value"] = data.draw(anything)
    broken = data.draw(st.sampled_from([None, *body, "inputs.0", "id"]))
    if broken == "inputs.0":
        body["inputs"][0] = data.draw(anything)
    elif broken == "id" and isinstance(body["inputs"][0], dict):
        body["inputs"][0]["id"] = data.draw(anything)
    elif broken in body:
        body[broken] = data.draw(anything)
    quiet(store.call(body))


def test_a_page_asked_for_by_something_that_is_no_path_changes_nothing(store, dash):
    output = next(each for each in on_the_server(dash) if "page-shown.data" in each)
    answer = store.call(request_for(dash, output, {"page-wanted.data": []}))
    assert answer.status_code == 200
    assert "layout" not in answer.text and "children" not in answer.json["response"].get("page", {})


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"output":' * 5_000, b"null", b"1e999"]
)
def test_what_is_not_json_is_refused_quietly(civ_web, store, body):
    quiet(store.call(body))
    quiet(Browser(civ_web).post(CALLBACKS, data=body, headers={"Content-Type": "application/json"}))


def test_a_request_of_more_than_a_megabyte_is_refused(store, status):
    answer = store.call(json.dumps(status | {"more": "x" * 1_100_000}))
    assert answer.status_code == 413
    assert answer.json["status"] == 413
    assert "1,000,000 bytes" in answer.json["errors"][0]["remedy"]


def test_a_fault_of_ours_is_told_without_a_trace(civ_web, store, monkeypatch, caplog):
    figures = civ_web.extensions["tandem"]["figures"]

    def fail(*_):
        raise ZeroDivisionError("the secret inside")

    monkeypatch.setattr(figures, "compare", fail)
    answer = store.get("/api/v1/compare?unit=CIV&pair=pill")
    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert "secret" not in answer.text
    assert "the secret inside" in caplog.text
