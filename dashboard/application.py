"""The Dash application on a Flask server: pages are given, the shell and its routing are here."""

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update
from flask import Flask, Response, request

from accounts.cookies import proof_name
from dashboard import bundle, i18n, shell
from dashboard.bundle import ASSETS
from dashboard.frontend import bootstrap, chart_library
from dashboard.page import Page

# Dash has every page load its old table; none of ours has one.
OLD_TABLE = re.compile(r"<script [^>]*/dash_table/[^>]*></script>")
# Browsers that know modules have all that Dash's first script would add to old ones.
POLYFILL = re.compile(r"<script(?= [^>]*/deps/polyfill@)")
ICON = "icon.svg"
YEAR = 365 * 24 * 3600


class TandemDash(Dash):
    """Dash with our own first page: in the reader's language, readable before any script has run."""

    pages: Sequence[Page] = ()

    def csp_hashes(self, hash_algorithm: str = "sha256") -> Sequence[str]:
        """The hashes of all scripts that stand in the page, ours before the first paint among them."""
        digest = hashlib.new(hash_algorithm, bundle.head_script().encode()).digest()
        own = f"'{hash_algorithm}-{base64.b64encode(digest).decode()}'"
        return [*super().csp_hashes(hash_algorithm), own]

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """The HTML that the browser gets first; ``parts`` are what Dash puts into it."""
        shown = {page.path: page for page in self.pages}.get(request.path)
        parts |= {
            "title": f"{escape(i18n.t(shown.title_key))} · Tandem" if shown else parts["title"],
            "app_entry": '<div id="react-entry-point"></div>',
            "scripts": POLYFILL.sub("<script nomodule", OLD_TABLE.sub("", parts["scripts"])),
            "lang": i18n.language(),
            "proof": escape(proof_name()),
            "icon": icon(),
            "bootstrap": bootstrap(),
            "charts": chart_library(),
            "first_sheets": bundle.first_sheets(),
            "head": bundle.head_script(),
            "sheets": bundle.sheets().address,
            "own_scripts": bundle.scripts().address,
            "first": shell.first_look(self.pages, shown),
        }
        document = _index()
        for name, content in parts.items():
            document = document.replace("{%" + name + "%}", content)
        return document

    def _config(self) -> dict[str, Any]:
        """What the renderer is told, without what it takes for granted.

        Left out are the components that hold others in no property but `children`, and the mark of one
        loading that binds background callbacks, of which there are none: every page would differ by it.
        """
        told: dict[str, Any] = super()._config()
        told.pop("end_id", None)
        holding = {
            package: {kind: names for kind, names in kinds.items() if names}
            for package, kinds in told["children_props"].items()
        }
        kept = {package: kinds for package, kinds in holding.items() if kinds}
        return told | {"children_props": kept, "csrf_token_name": proof_name()}


@lru_cache(maxsize=1)
def _index() -> str:
    return Path(__file__).with_name("index.html").read_text(encoding="utf-8")


def asset(path: str) -> str:
    """The address of a file under ``assets``, with its time, so that browsers keep it until it changes."""
    return f"/assets/{path}?m={int((ASSETS / path).stat().st_mtime)}"


@cache
def icon() -> str:
    """The icon, written into the page: as a file, all that is said about it would be five times its size."""
    return f"data:image/svg+xml;base64,{base64.b64encode((ASSETS / ICON).read_bytes()).decode()}"


def create_dash(server: Flask, pages: Sequence[Page], status: Callable[[], shell.Status]) -> Dash:
    """Build the dashboard on ``server``.

    Args:
        server: the Flask application that has the guard, the log-in and the API.
        pages: in the order of the rail; the one at ``/`` is shown after log-in.
        status: who is signed in and how fresh the figures are, asked at most once a minute by each open page.

    Returns:
        The application; nothing in it asks another host, and its MCP server is off whatever the environment
        says.
    """
    application = TandemDash(
        __name__,
        server=server,
        assets_folder=str(ASSETS),
        assets_ignore=".*",  # they travel as one script and one sheet
        title="Tandem",
        update_title=None,  # type: ignore[arg-type]
        serve_locally=True,
        compress=False,
        enable_mcp=False,
        suppress_callback_exceptions=True,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    application.pages = tuple(pages)
    by_path = {page.path: page for page in pages}
    application.layout = lambda: shell.layout(pages, by_path.get(shell.referring_path()))
    _register_routing(application, by_path)
    shell.register(application, status)
    for page in pages:
        page.register(application)
    server.after_request(_remember_language)
    return application


def _register_routing(application: Dash, by_path: dict[str, Page]) -> None:
    """A link within the dashboard changes the page without loading it anew."""
    application.clientside_callback(
        ClientsideFunction("tandem", "wantPage"),
        Output("page-wanted", "data"),
        Input("address", "pathname"),
        State("page-shown", "data"),
    )

    @application.callback(
        Output("page", "children"),
        Output("controls", "children"),
        Output("page-shown", "data"),
        Input("page-wanted", "data"),
        prevent_initial_call=True,
    )
    def show_page(path: object) -> tuple[Any, Any, Any]:
        if not isinstance(path, str) or not path:
            return no_update, no_update, no_update
        page = by_path.get(path)
        return shell.content(page), page.controls() if page else [], path


def document(title: str, body: str) -> str:
    """A whole HTML page outside Dash, in our look (log-in, errors).

    Args:
        title: plain text, for the browser's tab.
        body: trusted HTML.
    """
    return (
        f'<!doctype html><html lang="{i18n.language()}" data-proof="{escape(proof_name())}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="icon" type="image/svg+xml" href="{icon()}">'
        f"<style>{bundle.first_sheets()}</style><script>{bundle.head_script()}</script>"
        f'{bootstrap()}<link rel="stylesheet" href="{bundle.sheets().address}"></head>'
        f'<body class="plain"><main class="plain-main">{body}</main></body></html>'
    )


def _remember_language(response: Response) -> Response:
    asked = request.args.get("lang")
    if asked in i18n.LANGUAGES and response.mimetype == "text/html":
        response.set_cookie(i18n.COOKIE, str(asked), max_age=YEAR, samesite="Lax", httponly=True)
    return response
