"""What stands around every page: the top bar, the rail of pages, the notices."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlsplit

from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component
from flask import has_request_context, request

from dashboard import i18n
from dashboard.i18n import t
from dashboard.page import First, Page

STATUS_EVERY_MS = 60_000


@dataclass(frozen=True)
class Status:
    """Who is signed in, and what the figures on the pages are from.

    Attributes:
        person: the name to show; empty when nobody is signed in.
        newest_month: the newest month that has data (YYYYMM), None before the first sync.
        synced_at: when the shown version was synced (UTC), None before the first sync.
    """

    person: str
    newest_month: int | None = None
    synced_at: datetime | None = None


def layout(pages: Sequence[Page], shown: Page | None) -> Component:
    """The whole page for ``shown``; it names nobody, because browsers keep it."""
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            dcc.Store(id="page-wanted"),
            dcc.Store(id="page-shown", data=shown.path if shown else None),
            dcc.Interval(id="status-clock", interval=STATUS_EVERY_MS),
            html.A(t("shell.skip"), href="#page", className="skip-link"),
            _top_bar(shown),
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


def _top_bar(shown: Page | None) -> Component:
    return html.Header(
        [
            html.A(
                [html.I(className="mark-services"), html.I(className="mark-commodities"), html.B("Tandem")],
                href="/",
                className="brand",
                **{"data-go": ""},
            ),
            html.Div(shown.controls() if shown else [], id="controls", className="controls"),
            html.Div(
                [
                    _languages(),
                    html.Button(
                        "◐",
                        id="theme-toggle",
                        type="button",
                        title=t("shell.theme"),
                        className="button icon",
                        **{"aria-label": t("shell.theme")},
                    ),
                    html.P(id="freshness", className="freshness", role="status"),
                    _person(),
                ],
                className="session",
            ),
        ],
        className="top-bar",
    )


def _languages() -> Component:
    links = [
        html.A(
            each.upper(),
            href=f"?lang={each}",
            lang=each,
            hrefLang=each,
            title=t("shell.in_french") if each == "fr" else t("shell.in_english"),
            className="on" if each == i18n.language() else "",
            **{"data-language": each} | ({"aria-current": "true"} if each == i18n.language() else {}),
        )
        for each in i18n.LANGUAGES
    ]
    return html.Nav(links, className="languages", **{"aria-label": t("shell.language")})


def _person() -> Component:
    """Name and log-out; assets/navigation.js puts the session's CSRF token into the form as it is sent."""
    return html.Details(
        [
            html.Summary(t("shell.account"), id="person", className="button"),
            html.Div(
                [
                    html.A(t("shell.profile"), href="/profile", **{"data-go": ""}),
                    html.Form(
                        html.Button(t("shell.log_out"), type="submit", className="link"),
                        action="/logout",
                        method="POST",
                        **{"data-csrf": ""},
                    ),
                ],
                className="menu",
            ),
        ],
        className="person",
    )


def _rail(pages: Sequence[Page]) -> Component:
    links = [
        html.A(
            [html.Span(page.icon, **{"aria-hidden": "true"}), t(page.title_key)],
            href=page.path,
            **{"data-go": "", "data-page": page.path},
        )
        for page in pages
        if page.rail
    ]
    return html.Nav(links, className="rail", **{"aria-label": t("shell.pages")})


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
    def show_status(_: int | None) -> tuple[str, str, str]:
        now = status()
        return now.person or t("shell.account"), freshness(now, datetime.now(UTC)), freshness_class(now)


def freshness(status: Status, now: datetime) -> str:
    """``data to Sep 2019 · synced 12 minutes ago``, or that nothing was synced yet."""
    if status.newest_month is None or status.synced_at is None:
        return t("shell.nothing_synced")
    synced = status.synced_at if status.synced_at.tzinfo else status.synced_at.replace(tzinfo=UTC)
    return t("shell.freshness", month=i18n.month(status.newest_month), ago=i18n.ago(synced, now))


def freshness_class(status: Status) -> str:
    """Marks a page that has no data yet."""
    return "freshness" if status.newest_month else "freshness none"


def referring_path() -> str:
    """The path of the page that asks for the layout: the one to put into it."""
    referrer = request.headers.get("Referer", "/") if has_request_context() else "/"
    return urlsplit(referrer).path or "/"


def first_look(pages: Sequence[Page], shown: Page | None) -> str:
    """What is seen before any script has run: the frame of the page, and its latest figures."""
    first = shown.first() if shown else First()
    return (
        '<div class="shell" id="first-look"><header class="top-bar"><a class="brand" href="/">'
        '<i class="mark-services"></i><i class="mark-commodities"></i><b>Tandem</b></a>'
        f'<div class="controls">{first.controls}</div></header>'
        f'<div class="frame">{_plain_rail(pages, shown)}<main>{first.main or _waiting(shown)}'
        f'<p role="status" class="muted small">{escape(t("shell.loading"))}</p>'
        f"<noscript><p>{escape(t('shell.no_script'))}</p></noscript></main></div></div>"
    )


def _waiting(shown: Page | None) -> str:
    """A page that says nothing before its callbacks answer: its name, and where its parts will stand."""
    title = t(shown.title_key) if shown else t("shell.promise")
    return f'<h1>{escape(title)}</h1><div class="panel blank"></div>'


def _plain_rail(pages: Sequence[Page], shown: Page | None) -> str:
    links = "".join(
        f'<a href="{page.path}"{_current(page, shown)}><span aria-hidden="true">{page.icon}</span>'
        f"{escape(t(page.title_key))}</a>"
        for page in pages
        if page.rail
    )
    return f'<nav class="rail" aria-label="{escape(t("shell.pages"))}">{links}</nav>'


def _current(page: Page, shown: Page | None) -> str:
    return ' aria-current="page"' if page is shown else ""
