"""Programmes: how the stock of a programme stands, from the nation to a facility, and who could help whom."""

from dashboard.logistics import LogisticsDesk
from dashboard.page import Page
from dashboard.pages.one_answer import OneAnswer
from dashboard.pages.programmes_first import html
from dashboard.pages.programmes_layout import controls, layout
from dashboard.pages.programmes_view import view
from dashboard.programme import PATH, ProgrammeAddress, look


def page(desk: LogisticsDesk) -> Page:
    """The page of the programmes."""
    return OneAnswer(
        name="programmes",
        title_key="programmes.page",
        path=PATH,
        icon="▦",
        figures=desk.figures,
        layout=layout,
        controls=controls,
        read=ProgrammeAddress.read,
        view=lambda address, scope: view(look(desk, address, scope), scope),
        html=html,
    ).page()
