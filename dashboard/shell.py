"""What stands around every page: the top bar, the rail of pages, the notices."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlsplit

from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component
from flask import has_request_context, request

from dashboard.freshness import Status, freshness, freshness_class
from dashboard.i18n import t
from dashboard.page import First, Page
from dashboard.top_bar import plain_top_bar, top_bar

STATUS_EVERY_MS = 60_000


def layout(pages: Sequence[Page], shown: Page | None) -> Component:
    """The whole page for ``shown``; it names nobody, because browsers keep it."""
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            dcc.Store(id="page-wanted"),
            dcc.Store(id="page-shown", data=shown.path if shown else None),
            dcc.Interval(id="status-clock", interval=STATUS_EVERY_MS),
            html.A(t("shell.skip"), href="#page", className="skip-link"),
            top_bar(shown),
            _notices(),
            html.Div(
                [_rail(pages), html.Main(content(shown) if shown else [], id="page", tabIndex="-1")],
                className="frame",
            ),
        ],
        className="shell",
    )


def content(page: Page | None) -> Component:
    """A page's own part, or a sentence for an address that leads nowhere."""
    if page:
        return page.layout()
    home = html.A(t("shell.to_start"), href="/", className="button", **{"data-go": ""})
    return html.Div([html.H1(t("shell.no_page")), html.P(t("shell.no_page_text")), home], className="empty")


def _rail(pages: Sequence[Page]) -> Component:
    links = [
        html.A(
            [html.Span(page.icon, **{"aria-hidden": "true"}), t(page.title_key)],
            href=page.path,
            **({} if page.apart else {"data-go": ""}) | {"data-page": page.path},
        )
        for page in _listed(pages)
    ]
    return html.Nav(links, className="rail", **{"aria-label": t("shell.pages")})


def _listed(pages: Sequence[Page]) -> list[Page]:
    return [page for page in pages if page.rail and page.offered()]


def _notices() -> Component:
    """Hidden sentences that assets/connection.js shows when a request fails: scripts hold no text."""
    sentences = {
        "offline": t("shell.offline"),
        "ended": t("shell.session_ended"),
        "failed": t("shell.failed"),
        "slow": t("shell.too_many"),
    }
    rows = [
        html.P(
            [text, " ", html.A(t("shell.log_in_again"), href="/login", id="log-in-again")]
            if name == "ended"
            else text,
            id=f"notice-{name}",
            className="notice warning",
            hidden=True,
        )
        for name, text in sentences.items()
    ]
    return html.Div(rows, className="notices", role="alert")


def register(application: Dash, status: Callable[[], Status]) -> None:
    """Keep name and freshness up to date, once a minute."""

    @application.callback(
        Output("person", "children"),
        Output("freshness", "children"),
        Output("freshness", "className"),
        Input("status-clock", "n_intervals"),
    )
    def show_status(_: int | None) -> tuple[str, list[Component], str]:
        now, moment = status(), datetime.now(UTC)
        lines = [html.Span(line) for line in freshness(now, moment)]
        return now.person or t("shell.account"), lines, freshness_class(now, moment)


def referring_path() -> str:
    """The path of the page that asks for the layout: the one to put into it."""
    referrer = request.headers.get("Referer", "/") if has_request_context() else "/"
    return urlsplit(referrer).path or "/"


def first_look(pages: Sequence[Page], shown: Page | None) -> str:
    """What is seen before any script has run: the frame of the page, and its latest figures."""
    first = shown.first() if shown else First()
    return (
        f'<div class="shell" id="first-look">{plain_top_bar(shown, first)}'
        f'<div class="frame">{plain_rail(pages, shown)}<main>{first.main or _waiting(shown)}'
        f'<p role="status" class="muted small">{escape(t("shell.loading"))}</p>'
        f"<noscript><p>{escape(t('shell.no_script'))}</p></noscript></main></div></div>"
    )


def _waiting(shown: Page | None) -> str:
    """A page that says nothing before its callbacks answer: its name, and where its parts will stand."""
    title = t(shown.title_key) if shown else t("shell.promise")
    return f'<h1>{escape(title)}</h1><div class="panel blank"></div>'


def plain_rail(pages: Sequence[Page], shown: Page | None) -> str:
    """The rail as plain HTML, with ``shown`` marked in it."""
    links = "".join(
        f'<a href="{page.path}"{_current(page, shown)}><span aria-hidden="true">{page.icon}</span>'
        f"{escape(t(page.title_key))}</a>"
        for page in _listed(pages)
    )
    return f'<nav class="rail" aria-label="{escape(t("shell.pages"))}">{links}</nav>'


def _current(page: Page, shown: Page | None) -> str:
    return ' aria-current="page"' if page is shown else ""
