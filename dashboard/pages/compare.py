"""Compare: services on the left, commodities on the right, one place, one time axis, a click to go deeper."""

import json
from dataclasses import asdict
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

import accounts
from accounts.scope import Scope
from dashboard import i18n
from dashboard.address import Address
from dashboard.page import Page
from dashboard.pages.compare_charts import both_charts
from dashboard.pages.compare_findings import findings
from dashboard.pages.compare_first import first_look
from dashboard.pages.compare_layout import controls, layout
from dashboard.pages.compare_problem import refusal
from dashboard.pages.compare_remarks import with_words
from dashboard.pages.compare_story import story
from dashboard.pages.compare_view import View, ask, view
from dashboard.pages.compare_written import read, write
from dashboard.queries import Figures
from dashboard.questions import QuestionError
from dashboard.words import Words
from dashboard.written import placed

PATH = "/"


def page(figures: Figures, words: Words) -> Page:
    """The first page after log-in."""
    return Page(
        path=PATH,
        title_key="compare.page",
        layout=layout,
        register=lambda application: _register(application, figures, words),
        first=lambda: first_look(lambda address: answer(figures, words, address)),
        controls=controls,
        icon="◫",
    )


def _register(application: Dash, figures: Figures, words: Words) -> None:
    @application.callback(
        Output("compare-view", "data"),
        Input("address", "search"),
        Input("compare-again", "data"),
        State("address", "pathname"),
    )
    def show(search: str | None, _: float | None, path: str | None) -> View | str:
        """One answer for one click: all the words, and both figures in them."""
        if path != PATH:
            raise PreventUpdate
        address = Address.read(search)
        with i18n.use(address.language):
            try:
                return placed(written(figures, words, address))
            except QuestionError as problem:
                person = accounts.current()
                return refusal(figures, address, problem, person.scope if person else None)

    application.clientside_callback(
        ClientsideFunction("tandem", "drawCompare"),
        Output("compare-drawn", "data"),
        Input("compare-view", "data"),
    )


def answer(figures: Figures, words: Words, address: Address) -> tuple[object, object, View]:
    """Both figures and the words for an address, as far as the person who is signed in may see them."""
    shown = json.loads(written(figures, words, address))
    charts = shown.pop("figures")
    return charts["service"], charts["commodity"], shown


def written(figures: Figures, words: Words, address: Address) -> str:
    """The same as JSON, the figures in `figures`."""
    person = accounts.current()
    if person is None:
        raise PreventUpdate
    scope, language, country = person.scope, i18n.language(), figures.country

    def made() -> str:
        with i18n.use(language):  # looked up once, and not for every number
            return write(*drawn(figures, address, scope))

    kept = figures.kept_text(scope, ["compare", language, asdict(address)], made)
    return read(kept, lambda answer: with_words(answer, words, person, country))


def drawn(figures: Figures, address: Address, scope: Scope) -> list[Any]:
    """Both figures and all the words for an address, in the language that is set, but no remarks or tips."""
    asked = ask(figures, figures.country, address, scope)
    shown = view(asked) | {"story": story(figures, asked.reading, asked.answer)}
    return [*both_charts(asked.reading), shown | {"findings": findings(shown)}]
