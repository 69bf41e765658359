import re

import pytest

from tests.web import Browser

PATHS = ["/login", "/", "/_dash-layout", "/api/v1/compare", "/healthz", "/nowhere", "/assets/head/theme.js"]


def rules(answer):
    policy = answer.headers["Content-Security-Policy"]
    return {name: values for name, *values in (rule.split() for rule in policy.split(";"))}


@pytest.fixture(scope="module", params=PATHS)
def answer(request, browsers):
    return browsers["store"].get(request.param)


def test_no_script_runs_but_our_own(answer):
    found = rules(answer)
    assert found["default-src"] == ["'none'"]
    scripts = found["script-src"]
    assert "'self'" in scripts
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/=]+'", each) for each in scripts if each != "'self'")
    assert "unsafe" not in " ".join(scripts)


def test_nothing_comes_from_or_goes_to_another_host(answer):
    found = rules(answer)
    allowed = {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}
    others = {value for name, values in found.items() if name != "script-src" for value in values}
    assert others <= allowed
    assert found["frame-ancestors"] == ["'self'"]
    assert found["base-uri"] == found["object-src"] == ["'none'"]
    assert found["form-action"] == ["'self'"]


def test_the_other_headers_are_there(answer):
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
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


@pytest.mark.parametrize("path", ["/_dash-layout", "/_dash-dependencies", "/api/v1/openapi.json", "/readyz"])
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
