import re

import pytest

from tests.web import Browser

PAGES = ["/login", "/", "/nowhere", "/assets/icon.svg"]
OTHERS = ["/_dash-layout", "/api/v1/compare", "/healthz", "/assets/head/theme.js"]


def rules(answer):
    policy = answer.headers["Content-Security-Policy"]
    return {name: values for name, *values in (rule.split() for rule in policy.split(";"))}


@pytest.fixture(scope="module", params=PAGES)
def page(request, browsers):
    return browsers["store"].get(request.param)


@pytest.fixture(scope="module", params=[*PAGES, *OTHERS])
def answer(request, browsers):
    return browsers["store"].get(request.param)


def test_no_script_runs_but_our_own(page):
    found = rules(page)
    assert found["default-src"] == ["'none'"]
    scripts = found["script-src"]
    assert "'self'" in scripts
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/=]+'", each) for each in scripts if each != "'self'")
    assert "unsafe" not in " ".join(scripts)


def test_nothing_comes_from_or_goes_to_another_host(page):
    found = rules(page)
    allowed = {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}
    others = {value for name, values in found.items() if name != "script-src" for value in values}
    assert others <= allowed
    assert found["frame-ancestors"] == ["'self'"]
    assert found["base-uri"] == found["object-src"] == ["'none'"]
    assert found["form-action"] == ["'self'"]


@pytest.mark.parametrize("path", OTHERS)
def test_what_is_no_page_may_load_nothing_and_stand_in_no_frame(browsers, path):
    found = rules(browsers["store"].get(path))
    assert found == {"default-src": ["'none'"], "frame-ancestors": ["'none'"]}


def test_the_other_headers_of_a_page_are_there(page):
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in page.headers["Permissions-Policy"]


def test_no_answer_is_taken_for_another_kind_or_used_by_another_site(answer):
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer.headers


def test_every_inline_script_of_the_first_page_has_its_hash(browsers):
    import base64
    import hashlib

    page = browsers["store"].get("/")
    inline = re.findall(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", page.text, re.S
    )
    hashes = {
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in inline
    }
    assert inline
    assert hashes <= set(rules(page)["script-src"])


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/api/v1/me", "/readyz"])
def test_what_depends_on_the_person_is_kept_by_nobody(browsers, path):
    assert browsers["store"].get(path).headers["Cache-Control"] == "no-store"


def test_the_models_interface_is_not_served_whatever_the_environment_says(civ_demo, tmp_path, monkeypatch):
    from tests.web import application, signed_in

    monkeypatch.setenv("DASH_MCP_ENABLED", "true")
    browser = signed_in(application(tmp_path, civ_demo), "admin")
    assert browser.get("/_mcp").status_code == 404
    assert browser.client.post("/_mcp", json={}).status_code in (400, 404, 405)


def test_the_development_tools_are_off(civ_web):
    dash = civ_web.extensions["tandem"]["dash"]
    assert not civ_web.debug
    assert not dash._dev_tools.ui
    assert Browser(civ_web).get("/_reload-hash").status_code == 401
