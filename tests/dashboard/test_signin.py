"""The log-in page, the session's cookie, and everything that should not get in."""

import html
import re

import pytest
import requests

from dashboard.bundle import head_script
from dashboard.signin import wanted_page
from tests.servers import free_port
from tests.web import PASSWORDS, Browser, application, signed_in


@pytest.fixture(scope="module")
def web(civ_demo, tmp_path_factory):
    """An application of its own: nothing was synced, and people log in all the same."""
    return application(tmp_path_factory.mktemp("signin"), civ_demo)


def cookies(answer):
    return {each.split("=", 1)[0]: each for each in answer.headers.getlist("Set-Cookie")}


def test_the_log_in_page_needs_no_script_and_no_session(web):
    answer = Browser(web).get("/login")
    assert answer.status_code == 200
    assert '<form method="post" action="/login">' in answer.text
    assert re.findall(r"<script.*?</script>", answer.text, re.DOTALL) == [f"<script>{head_script()}</script>"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("language", "word"), [("fr", "Mot de passe"), ("en", "Password")])
def test_the_log_in_page_speaks_both_languages(web, language, word):
    answer = Browser(web).get(f"/login?lang={language}")
    assert word in answer.text
    assert f'<html lang="{language}"' in answer.text


def test_the_log_in_page_says_whose_figures_one_will_see(web, civ):
    for language in civ.languages:
        page = Browser(web).get(f"/login?lang={language}").text
        assert html.escape(civ.credit[language]) in page
        assert f"<small>{html.escape(civ.name[language])}</small>" in page


def test_everything_the_page_is_drawn_with_may_be_loaded_by_anybody(civ_web):
    import re

    browser = Browser(civ_web)
    named = re.findall(r'(?:href|src)="(/assets/[^"]+)"', browser.get("/login").text)
    assert named
    assert [browser.get(path).status_code for path in named] == [200] * len(named)


def test_the_right_password_opens_a_session_in_a_cookie_that_scripts_cannot_read(web):
    browser = Browser(web)
    answer = browser.log_in("store")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = cookies(answer)["tandem"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert browser.get("/_dash-layout").status_code == 200


def test_under_https_the_cookies_are_bound_to_it_and_to_this_host(civ_demo, tmp_path):
    web = application(tmp_path, civ_demo, TANDEM_SESSION_SECURE="yes")
    client = web.test_client()
    page = client.get("/login", base_url="https://tandem.example")
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    import re

    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    form = {"username": "store", "password": "Store-1234", "csrf_token": token}
    referer = {"Referer": "https://tandem.example/login"}
    answer = client.post("/login", data=form, base_url="https://tandem.example", headers=referer)
    assert "Secure" in cookies(answer)["__Host-tandem"]
    assert all("Secure" in each for each in cookies(page).values())


@pytest.mark.parametrize(
    ("username", "password"), [("store", "wrong"), ("nobody", "x"), ("store", "' OR 1=1 --")]
)
def test_a_wrong_password_opens_nothing_and_says_so(web, username, password):
    browser = Browser(web)
    answer = browser.log_in(username, password)
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert not browser.cookie()
    assert browser.get("/_dash-layout").status_code == 401


def test_an_empty_form_asks_for_both(web):
    assert Browser(web).log_in("store", "").status_code == 400


def test_a_name_full_of_markup_is_shown_as_text(web):
    answer = Browser(web).log_in('"><img src=x onerror=alert(1)>', "x")
    assert "<img" not in answer.text
    assert "&lt;img" in answer.text


def test_after_five_failures_one_waits_and_is_told_how_long(web):
    browser = Browser(web)
    for _ in range(5):
        browser.log_in("store", "wrong")
    answer = browser.log_in("store")
    assert answer.status_code == 429
    assert 800 < int(answer.headers["Retry-After"]) <= 900
    assert "15 minutes" in answer.text
    assert browser.log_in("viewer").status_code == 303
    assert Browser(web, "10.0.0.9").log_in("store").status_code == 303


def test_a_planted_session_is_not_taken_over(web):
    planted = signed_in(web, "viewer").cookie()
    victim = Browser(web)
    form = {"username": "store", "password": PASSWORDS["store"], "csrf_token": victim.form_token()}
    victim.client.set_cookie("tandem", planted)
    assert victim.post("/login", data=form).status_code == 303
    assert victim.cookie() != planted
    attacker = Browser(web)
    attacker.client.set_cookie("tandem", planted)
    assert attacker.get("/_dash-layout").status_code == 401


def test_a_made_up_session_is_nobodys(web):
    browser = Browser(web)
    browser.client.set_cookie("tandem", "made-up")
    browser.log_in("store")
    assert browser.cookie() not in ("", "made-up")


def test_logging_out_ends_the_session_everywhere(web):
    browser = signed_in(web, "store")
    secret = browser.cookie()
    answer = browser.post("/logout", data={"csrf_token": browser.callback_token()})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert not browser.cookie()
    kept = Browser(web)
    kept.client.set_cookie("tandem", secret)
    assert kept.get("/_dash-layout").status_code == 401


def test_a_link_cannot_log_anybody_out(web):
    browser = signed_in(web, "store")
    browser.get("/logout")
    assert browser.get("/_dash-layout").status_code == 200


@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_a_form_without_its_token_is_not_taken(web, path):
    browser = signed_in(web, "store")
    before = browser.cookie()
    answer = browser.post(path, data={"username": "viewer", "password": "Viewer-1234"})
    assert answer.status_code == 400
    assert browser.cookie() == before


def test_anothers_form_token_is_not_taken(web):
    other = Browser(web).form_token()
    browser = Browser(web)
    browser.get("/login")
    form = {"username": "store", "password": "Store-1234", "csrf_token": other}
    assert browser.post("/login", data=form).status_code == 400


def test_who_asked_for_a_page_is_led_there_after_the_log_in(web):
    asked = Browser(web).get("/data?lang=en")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/login?next=%2Fdata%3Flang%3Den")
    answer = Browser(web).log_in("store", next="/data?lang=en")
    assert answer.headers["Location"] == "/data?lang=en"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x=1\r\nX: y",
        "",
        "data",
        "/logout",
        "/_dash-layout",
        "/api/v1/compare",
        "//[",
        "http://[::",
    ],
)
def test_the_log_in_leads_to_no_other_place(web, elsewhere):
    with web.test_request_context("/login", query_string={"next": elsewhere}):
        assert wanted_page() == "/"


def test_a_dhis2_that_is_down_lets_nobody_new_in_but_the_signed_in_go_on(civ_demo, tmp_path):
    web = application(tmp_path, civ_demo)
    inside = signed_in(web, "store")
    directory = web.extensions["tandem"]["access"]._directory
    directory._url = f"http://127.0.0.1:{free_port()}"
    answer = Browser(web).log_in("viewer")
    assert answer.status_code == 503
    assert "DHIS2" in answer.text
    assert inside.get("/_dash-layout").status_code == 200


def test_the_language_that_one_uses_in_dhis2_is_spoken_here_too(civ_demo, tmp_path, monkeypatch):
    web = application(tmp_path, civ_demo)
    directory = web.extensions["tandem"]["access"]._directory
    really = directory.sign_in
    monkeypatch.setattr(directory, "sign_in", lambda *who: really(*who) | {"language": "en_GB"})
    english = signed_in(web, "store")
    assert '<html lang="en"' in english.get("/").text
    chosen = Browser(web)
    chosen.client.set_cookie("tandem_language", "fr")
    chosen.log_in("store")
    assert '<html lang="fr"' in chosen.get("/").text


def test_who_is_logged_in_is_not_asked_again(web):
    assert signed_in(web, "store").get("/login?next=/data").headers["Location"] == "/data"


def test_the_session_of_dhis2_never_reaches_the_browser(web, civ_demo):
    browser = signed_in(web, "store")
    login = requests.post(
        f"{civ_demo}/api/auth/login", json={"username": "store", "password": "Store-1234"}, timeout=20
    )
    assert login.ok
    assert "JSESSIONID" not in {cookie.key for cookie in browser.client._cookies.values()}
