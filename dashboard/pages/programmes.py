"""Programmes: how the stock of a programme stands, from the nation to a facility, and who could help whom."""

from dataclasses import asdict
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

import accounts
from accounts.scope import Scope
from dashboard import i18n
from dashboard.logistics import LogisticsDesk
from dashboard.page import First, Page
from dashboard.pages.compare_problem import words_of
from dashboard.pages.programmes_first import first_look
from dashboard.pages.programmes_layout import controls, layout
from dashboard.pages.programmes_view import view
from dashboard.programme import PATH, ProgrammeAddress, look
from dashboard.questions import QuestionError


def page(desk: LogisticsDesk) -> Page:
    """The page of the programmes."""
    return Page(
        path=PATH,
        title_key="programmes.page",
        layout=layout,
        register=lambda application: _register(application, desk),
        controls=controls,
        first=lambda: _first(desk),
        icon="▦",
    )


def _register(application: Dash, desk: LogisticsDesk) -> None:
    @application.callback(
        Output("programmes-view", "data"),
        Input("address", "search"),
        State("address", "pathname"),
    )
    def show(search: object, path: str | None) -> dict[str, Any]:
        """One answer for one click."""
        person = accounts.current()
        if path != PATH or person is None:
            raise PreventUpdate
        address = ProgrammeAddress.read(search)
        with i18n.use(address.language):
            try:
                return answer(desk, address, person.scope)
            except QuestionError as problem:
                return {"problem": words_of(problem)}

    application.clientside_callback(
        ClientsideFunction("tandem", "drawProgrammes"),
        Output("programmes-drawn", "data"),
        Input("programmes-view", "data"),
    )


def _first(desk: LogisticsDesk) -> First:
    """What can be read at once: of the same answer that the page's callback asks for a moment later."""
    person = accounts.current()
    return First() if person is None else first_look(lambda address: answer(desk, address, person.scope))


def answer(desk: LogisticsDesk, address: ProgrammeAddress, scope: Scope) -> dict[str, Any]:
    """The whole view of an address, kept for the next who asks it with the same rights."""
    language = i18n.language()

    def made() -> dict[str, Any]:
        with i18n.use(language):
            return view(look(desk, address, scope), scope)

    found: dict[str, Any] = desk.figures.kept(scope, ["programmes", language, asdict(address)], made)
    return found
