"""Alerts: what to look at first, why it looks wrong, what to check, and who has already looked."""

from html import escape

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

import accounts
from dashboard.alerts import AlertDesk, Asked
from dashboard.i18n import t
from dashboard.page import First, Page
from dashboard.pages.alerts_texts import texts
from dashboard.questions import QuestionError

PATH = "/alerts"
FIRST = 6
"""Sentences that can be read before any script has come."""


def page(desk: AlertDesk) -> Page:
    """The page; its script draws it from the interface, its first words are those of the same list."""
    return Page(
        path=PATH,
        title_key="alerts.page",
        layout=layout,
        register=_register,
        controls=controls,
        first=lambda: _first(desk),
        icon="⚑",
    )


def layout() -> Component:
    """The page before its first answer."""
    return html.Div(
        [
            dcc.Store(id="alerts-shown"),
            html.Div([html.H1(id="alerts-title", tabIndex="-1"), _acts()], className="title"),
            html.P(id="alerts-notes", className="muted small", role="status"),
            html.Div(id="alerts-filters", className="alert-filters no-print"),
            html.Div(
                [
                    html.Div(
                        [
                            html.Ol(
                                html.Li(t("shell.loading"), className="muted"),
                                id="alerts-list",
                                className="alert-list",
                            ),
                            html.Div(id="alerts-more"),
                        ],
                        className="alert-listed",
                    ),
                    html.Section(id="alerts-detail", className="alert-detail"),
                ],
                className="alert-frame",
            ),
            html.P(t("alerts.keys"), className="hint no-print"),
            texts(),
        ],
        id="alerts",
        className="alerts waiting",
    )


def controls() -> list[Component]:
    """The place, for the top bar."""
    return [
        html.Nav(
            [
                html.Ol(id="alerts-way"),
                html.Label(
                    [
                        html.Span(t("compare.deeper_none"), className="visually-hidden"),
                        html.Div(id="alerts-deeper-box"),
                    ],
                    className="choice",
                ),
            ],
            className="crumbs",
            **{"aria-label": t("compare.place")},
        )
    ]


def _acts() -> Component:
    sheet = html.A(
        t("alerts.sheet"), id="alerts-sheet", href="/alerts/sheet", className="button", hidden=True
    )
    return html.Div([sheet], className="acts no-print")


def _register(application: Dash) -> None:
    application.clientside_callback(
        ClientsideFunction("tandem", "showAlerts"),
        Output("alerts-shown", "data"),
        Input("address", "search"),
        State("address", "pathname"),
    )


def _first(desk: AlertDesk) -> First:
    """The strongest alerts as plain sentences."""
    person = accounts.current()
    if person is None:
        return First()
    try:
        found = desk.listed(Asked(), person)
    except QuestionError:
        return First()
    place = desk.figures.holding().names[str(found.unit["id"])]
    rows = "".join(
        f"<li class='alert-row'><p class='alert-sentence'>{escape(desk.said(each, person).sentence)}</p></li>"
        for each in found.alerts[:FIRST]
    )
    heading = escape(t("alerts.heading", place=place))
    title = f'<div class="title"><h1>{heading}</h1></div>'
    return First(f'<div class="alerts">{title}<ol class="alert-list">{rows}</ol></div>')
