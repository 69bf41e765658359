"""A page of which each address has one answer: asked for by one click, kept by rights, drawn by a script."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

from dash import ClientsideFunction, Dash, Input, Output, State
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

import accounts
from accounts.scope import Scope
from dashboard import i18n
from dashboard.address import Address as Compared
from dashboard.page import First, Page
from dashboard.pages.compare_problem import words_of
from dashboard.pages.first_html import chosen, first_of
from dashboard.queries import Figures
from dashboard.questions import OutsideMonthError, QuestionError, UnknownFormError, UnknownUnitError

Address = TypeVar("Address")
View = dict[str, Any]


@dataclass(frozen=True)
class OneAnswer(Generic[Address]):
    """Such a page.

    Attributes:
        name: of its stores and its script: "programmes" for `tandem.drawProgrammes`.
        title_key: the catalogue's key of its name.
        path: its address; icon: stands before its name in the rail.
        figures: of the installation; they keep the answers.
        layout: without figures; controls: the same of the top bar.
        read: a query string -> the address, a dataclass.
        view: what an address shows to who has these rights; raises QuestionError.
        html: of a view, what can be read before any script has come.
    """

    name: str
    title_key: str
    path: str
    icon: str
    figures: Figures
    layout: Callable[[], Component]
    controls: Callable[[], list[Component]]
    read: Callable[[object], Address]
    view: Callable[[Address, Scope], View]
    html: Callable[[View], str]

    def page(self) -> Page:
        """The page."""
        return Page(
            path=self.path,
            title_key=self.title_key,
            layout=self.layout,
            register=self._register,
            controls=self.controls,
            first=self._first,
            icon=self.icon,
        )

    def answer(self, address: Address, scope: Scope) -> View:
        """The whole view of an address, kept for the next who asks it with the same rights."""
        language = i18n.language()

        def made() -> View:
            with i18n.use(language):
                return self.view(address, scope)

        key = [self.name, language, asdict(address)]  # type: ignore[call-overload]
        found: View = self.figures.kept(scope, key, made)
        return found

    def said(self, problem: QuestionError, address: Address) -> View:
        """What is wrong with an address; the way out stays on this page, with the rest of the address."""
        unit = getattr(address, "unit", None)
        told = words_of(problem, Compared(unit=unit))
        if isinstance(problem, UnknownFormError | OutsideMonthError):
            told |= {"href": address.href(**{problem.where: None})}  # type: ignore[attr-defined]
        if isinstance(problem, UnknownUnitError):
            told |= {"text": i18n.t("problem.unknown_place_text", given=unit or ""), "href": self.path}
        return told

    def _register(self, application: Dash) -> None:
        @application.callback(
            Output(f"{self.name}-view", "data"),
            Input("address", "search"),
            State("address", "pathname"),
        )
        def show(search: object, path: str | None) -> View:
            """One answer for one click."""
            person = accounts.current()
            if path != self.path or person is None:
                raise PreventUpdate
            address = self.read(search)
            with i18n.use(getattr(address, "language", None)):
                try:
                    return self.answer(address, person.scope)
                except QuestionError as problem:
                    return {"problem": self.said(problem, address)}

        application.clientside_callback(
            ClientsideFunction("tandem", f"draw{self.name.title()}"),
            Output(f"{self.name}-drawn", "data"),
            Input(f"{self.name}-view", "data"),
        )

    def _first(self) -> First:
        """What can be read at once: of the same answer that the page's callback asks for a moment later."""
        person = accounts.current()
        if person is None:
            return First()
        scope = person.scope

        def answered(search: str) -> View:
            return self.answer(self.read(search), scope)

        return first_of(answered, self.html, lambda view: chosen(view, "month"))
