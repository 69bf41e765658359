"""The bar on top of every page: what one looks at, in which language and light, how fresh, and who asks.

A narrow window has room for two rows: there the choices of place and period are folded behind one button that
says them.
"""

from html import escape

from dash import html
from dash.development.base_component import Component

from dashboard import i18n
from dashboard.i18n import t
from dashboard.page import First, Page, nothing


def top_bar(shown: Page | None) -> Component:
    """The bar before the first answer; it names nobody, because browsers keep it."""
    return html.Header(
        [
            html.A(
                [html.I(className="mark-services"), html.I(className="mark-commodities"), html.B("Tandem")],
                href="/",
                className="brand",
                **{"data-go": ""},
            ),
            _choices(),
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
                    html.A(id="freshness", href="/data", className="freshness", **{"data-go": ""}),
                    _person(),
                ],
                className="session",
            ),
        ],
        className="top-bar",
    )


def plain_top_bar(shown: Page | None, first: First) -> str:
    """The bar as plain HTML, before any script has run; as high as the one that takes its place."""
    empty = "" if shown is None or shown.controls is nothing else "<span></span>"
    return (
        '<header class="top-bar"><a class="brand" href="/">'
        '<i class="mark-services"></i><i class="mark-commodities"></i><b>Tandem</b></a>'
        f'<span class="button choices">{first.choices or escape(t("shell.choices"))}</span>'
        f'<div class="controls">{first.controls or empty}</div><div class="session">'
        '<span class="freshness"></span></div></header>'
    )


def _choices() -> Component:
    """Opens the choices on a narrow window; assets/behaviour names in it what is chosen."""
    return html.Button(
        t("shell.choices"),
        id="choices",
        type="button",
        className="button choices no-print",
        **{"aria-expanded": "false", "aria-controls": "controls"},
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
