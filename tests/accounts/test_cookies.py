"""Several installations on one host keep out of each other's cookies."""

import re

import pytest
from flask import Flask

from accounts.cookies import Cookie, named
from tests.web import PASSWORDS, Browser, application


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("tandem.example.org", "tandem"),
        ("localhost:8050", "tandem"),
        ("localhost:443", "tandem"),
        ("127.0.0.1:8060", "tandem-8060"),
        ("[::1]:8060", "tandem-8060"),
        ("[::1]", "tandem"),
        ("localhost:8060;x=1", "tandem"),
    ],
)
def test_a_cookie_is_named_after_the_port_that_the_browser_asks_for(host, name):
    with Flask("any").test_request_context(headers={"Host": host}):
        assert named("tandem") == name


def test_under_https_a_cookie_stays_bound_to_its_host():
    with Flask("any").test_request_context(base_url="https://tandem.example.org:8443"):
        assert Cookie(True, 60).name == "__Host-tandem-8443"


@pytest.fixture(scope="module")
def two(civ_demo, civ_data, tmp_path_factory):
    """Two installations, and one browser that sends each of them what the other one set, as browsers do."""
    return [application(tmp_path_factory.mktemp("one"), civ_demo, civ_data.folder) for _ in range(2)]


def test_who_logs_in_at_one_port_stays_logged_in_at_another(two):
    first, second = (Browser(server) for server in two)
    second.client._cookies = first.client._cookies  # one jar: cookies know no port
    for browser, port in ((first, 8061), (second, 8062)):
        here = {"base_url": f"http://127.0.0.1:{port}"}
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/login", **here).text)
        form = {"username": "admin", "password": PASSWORDS["admin"], "csrf_token": token[1]}
        assert browser.post("/login", data=form, **here).status_code == 303
    for browser, port in ((first, 8061), (second, 8062)):
        page = browser.get("/", base_url=f"http://127.0.0.1:{port}")
        assert page.status_code == 200
        assert f'data-proof="_csrf_token-{port}"' in page.text
        assert f'"csrf_token_name":"_csrf_token-{port}"' in page.text.replace(": ", ":")
