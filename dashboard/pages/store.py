"""The stores' desk in the rail; the desk itself is a document of its own (`dashboard.store`).

Dash boots from its server, and changes pages by asking it: nothing of it works in an outage. The desk has to,
so it is drawn by its own scripts in the same frame, and served beside Dash.
"""

from collections.abc import Callable

from dash import Dash, html
from dash.development.base_component import Component

import accounts
from accounts import Person
from dashboard.i18n import t
from dashboard.page import Page
from dashboard.store.document import PATH
from dashboard.stores import ENTER_VALUES, StoreDesk


def page() -> Page:
    """The desk's entry in the rail."""
    return Page(
        path=PATH,
        title_key="store.page",
        layout=layout,
        register=_nothing,
        icon="▤",
        offered=to_who_enters_values,
        apart=True,
    )


def layout() -> Component:
    """What somebody sees who comes to the desk's address without loading it: the way to it."""
    return html.Div(html.A(t("store.page"), href=PATH, className="button primary"), className="empty")


def to_who_enters_values() -> bool:
    """Whether somebody enters values anywhere; which stores these are is asked by the desk itself."""
    person = accounts.current()
    return person is not None and person.may(ENTER_VALUES) and bool(person.capture)


def first_page(desk: StoreDesk) -> Callable[[Person], str]:
    """Says where a person begins who asked for no page: a store's keeper at the desk."""
    return lambda person: PATH if desk.keeps_one_store(person) else "/"


def _nothing(_: Dash) -> None:
    """The desk asks Dash nothing."""
