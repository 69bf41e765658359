import base64
import re
from collections.abc import Callable

import pytest
from dash import html
from flask import Flask
from flask.testing import FlaskClient

from dashboard import i18n
from dashboard.application import create_dash, document
from dashboard.bundle import ASSETS
from dashboard.freshness import Status
from dashboard.page import First, Page


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    server = Flask("shell", static_folder=None)
    pages = [
        Page(path, "shell.profile", lambda path=path: html.Div(f"page {path}"), lambda _: None)
        for path in ("/", "/b")
    ]
    create_dash(server, pages, lambda: Status("Awa"))
    return server.test_client()


def text(client: FlaskClient, path: str, **headers: str) -> str:
    return client.get(path, headers=headers).get_data(as_text=True)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_first_answer_is_readable_before_any_script_has_run(client: FlaskClient, language: str) -> None:
    page = text(client, f"/?lang={language}")
    assert f'<html lang="{language}"' in page
    with i18n.use(language):
        name = i18n.t("shell.profile")
    first = page[page.index('id="first-look"') : page.index('id="react-entry-point"')]
    assert f"<h1>{name}</h1>" in first
    assert f"<title>{name} · Tandem</title>" in page
    assert f'<a href="/" aria-current="page"><span aria-hidden="true">·</span>{name}</a>' in first


def test_a_page_says_its_latest_figures_in_the_first_answer() -> None:
    server = Flask("first", static_folder=None)
    first = First("<h1>Pills in Abidjan: 1,204</h1>", "<nav>Abidjan</nav>")
    page = Page("/", "shell.profile", html.Div, lambda _: None, first=lambda: first)
    create_dash(server, [page], lambda: Status("Awa"))
    said = text(server.test_client(), "/")
    assert first.main in said
    assert first.controls in said


def test_no_page_asks_for_what_none_of_them_uses(client: FlaskClient) -> None:
    page = text(client, "/")
    assert "dash_table" not in page
    assert re.search(r"<script nomodule [^>]*polyfill", page)
    assert len(re.findall(r'(?:src|href)="/assets/(?!icon|bootstrap)', page)) == 2


def test_no_page_names_another_host(client: FlaskClient) -> None:
    page = text(client, "/") + document("Title", "<p>Body</p>")
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//[^\"]+", page) == []


def test_the_page_that_asks_is_in_the_layout_at_once(client: FlaskClient) -> None:
    assert "page /b" in text(client, "/_dash-layout", Referer="http://localhost/b?lang=en").replace(
        "\\u002f", "/"
    )


def test_the_layout_names_nobody_because_browsers_keep_it(client: FlaskClient) -> None:
    assert "Awa" not in text(client, "/_dash-layout", Referer="http://localhost/")


def test_the_tools_for_machines_are_off_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DASH_MCP_ENABLED", "true")
    server = Flask("mcp", static_folder=None)
    create_dash(server, [], lambda: Status(""))
    assert not [rule.rule for rule in server.url_map.iter_rules() if "mcp" in rule.rule]


@pytest.mark.parametrize("page", [lambda client: text(client, "/"), lambda _: document("Log in", "")])
def test_the_icon_comes_within_the_page(client: FlaskClient, page: Callable[[FlaskClient], str]) -> None:
    [href] = re.findall(r'<link rel="icon"[^>]* href="data:image/svg\+xml;base64,([^"]+)"', page(client))
    assert base64.b64decode(href) == (ASSETS / "icon.svg").read_bytes()


def test_a_narrow_window_says_what_is_chosen_before_any_script_has_run() -> None:
    server = Flask("choices", static_folder=None)
    first = First(choices="<b>Abidjan</b><span>Jan 2018 – Sep 2019</span>")
    page = Page("/", "shell.profile", html.Div, lambda _: None, first=lambda: first)
    create_dash(server, [page], lambda: Status("Awa"))
    assert f'<span class="button choices">{first.choices}</span>' in text(server.test_client(), "/")


def test_a_title_of_a_page_outside_dash_stays_text() -> None:
    assert "<script>alert" not in document("<script>alert(1)</script>", "")
