"""Data: where the figures come from, how fresh they are, what was kept aside, and a sync on demand."""

import dash_bootstrap_components as dbc
from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

import accounts
from dashboard.i18n import t
from dashboard.page import Page
from dashboard.pages.data_view import progress, report
from dashboard.sync_status import SyncDesk

PATH = "/data"


def page(desk: SyncDesk) -> Page:
    """The page about the data itself."""
    return Page(
        path=PATH,
        title_key="data.page",
        layout=layout,
        register=lambda application: _register(application, desk),
        icon="↻",
    )


def layout() -> Component:
    """The page before its first answer; it holds no figures."""
    return html.Div(
        [
            dcc.Interval(id="data-clock", interval=1_000),
            dcc.Store(id="data-shown", data=""),
            dcc.Store(id="data-asked"),
            html.Div(
                [
                    html.H1(t("data.title")),
                    html.Div(
                        dbc.Button(t("data.sync_now"), id="data-sync", className="button primary"),
                        id="data-act",
                        hidden=True,
                    ),
                ],
                className="panel-title",
            ),
            html.Div(id="data-progress", role="status"),
            html.Div(html.P(t("data.loading"), className="muted"), id="data-report"),
        ],
        className="data",
    )


def _register(application: Dash, desk: SyncDesk) -> None:
    @application.callback(
        Output("data-progress", "children"),
        Output("data-report", "children"),
        Output("data-shown", "data"),
        Output("data-act", "hidden"),
        Output("data-sync", "disabled"),
        Output("data-clock", "interval"),
        Input("data-clock", "n_intervals"),
        Input("data-asked", "data"),
        State("data-shown", "data"),
    )
    def show(_: int | None, __: int | None, shown: str | None) -> tuple[object, ...]:
        """Progress each time, the rest when it changed."""
        person = accounts.current()
        if person is None:
            raise PreventUpdate
        status = desk.status(person, shown or "")
        body = no_update if status.mark == shown else report(status, desk.country)
        waiting = status.running is not None
        return progress(status), body, status.mark, not status.may_sync, waiting, status.interval

    @application.callback(
        Output("data-asked", "data"),
        Input("data-sync", "n_clicks"),
        prevent_initial_call=True,
    )
    def ask(clicks: int | None) -> int:
        """Asks for a sync; the answer makes the page look at once."""
        person = accounts.current()
        if person is None or not clicks or desk.ask(person) is None:
            raise PreventUpdate
        return clicks
