"""Definitions: what every figure means, with a worked example, to be searched and linked to."""

import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from dashboard import i18n
from dashboard.definitions import PAGE
from dashboard.i18n import t
from dashboard.page import Page

API = "/api/v1/definitions"


def page() -> Page:
    """The page; it holds no figures, its script asks for the words and for the examples."""
    return Page(
        path=PAGE,
        title_key="definitions.page",
        layout=layout,
        register=_register,
        icon="≡",
    )


def layout() -> Component:
    """The page before its script has drawn the definitions."""
    return html.Div(
        [
            dcc.Store(id="definitions-ready", data=i18n.language()),
            dcc.Store(id="definitions-drawn"),
            html.Div([html.H1(t("definitions.heading")), _take()], className="title"),
            _search(),
            html.Nav(id="definitions-subjects", className="chips", **{"aria-label": t("definitions.page")}),
            html.Div(html.P(t("definitions.loading"), className="muted"), id="definitions-list"),
            _texts(),
        ],
        className="definitions",
    )


def _search() -> Component:
    return html.Div(
        [
            html.Label(t("definitions.search"), htmlFor="definitions-search"),
            html.Div(id="definitions-input"),  # Dash's own fields keep their text to themselves
            html.Button(t("definitions.open_all"), type="button", id="definitions-open", className="button"),
            html.P(id="definitions-found", className="muted", role="status"),
            html.P(t("definitions.search_hint"), id="definitions-hint", className="muted small"),
            html.Label(
                [
                    html.Span(t("definitions.place")),
                    dbc.Select(id="definitions-unit", options=[], name="unit"),
                ],
                id="definitions-place",
                className="definitions-place",
            ),
        ],
        className="definitions-search no-print",
        role="search",
    )


def _take() -> Component:
    """The files, in the reader's language."""
    files = {"json": ("JSON", ""), "csv": ("CSV", ""), "dhis2": ("DHIS2", t("definitions.dhis2_file"))}
    links = [
        html.A(
            name,
            href=f"{API}?format={kind}&lang={i18n.language()}",
            className="button",
            download="",
            **({"title": told, "aria-label": told} if told else {}),
        )
        for kind, (name, told) in files.items()
    ]
    return html.Div(links, className="acts no-print", role="group", **{"aria-label": t("definitions.take")})


def _texts() -> Component:
    """Words that the script puts around the definitions: scripts hold none of their own."""
    words = {
        "found": t("definitions.found"),
        "none": t("definitions.none_found"),
        "failed": t("definitions.failed_page"),
        "link": t("definitions.link"),
        "open": t("definitions.open_all"),
        "close": t("definitions.close_all"),
        "worked": t("definitions.worked"),
        "live": t("definitions.live"),
        "live-failed": t("definitions.live_failed"),
        "no-live": t("definitions.no_live", why=t("definitions.no_live_data")),
        "references": t("definitions.references"),
        "classes": t("definitions.classes"),
        "country": t("definitions.country"),
        "function": t("definitions.function"),
        "dhis2": t("definitions.in_dhis2"),
    }
    rows = [html.Span(text, **{"data-text": name}) for name, text in words.items()]
    return html.Div(rows, id="definitions-texts", hidden=True)


def _register(application: Dash) -> None:
    application.clientside_callback(
        ClientsideFunction("tandem", "showDefinitions"),
        Output("definitions-drawn", "data"),
        Input("definitions-ready", "data"),
    )
