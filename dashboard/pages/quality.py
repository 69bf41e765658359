"""Data quality: how complete, timely and consistent reports are, and which figures to check first."""

from dashboard.page import Page
from dashboard.pages.one_answer import OneAnswer
from dashboard.pages.quality_first import html
from dashboard.pages.quality_layout import controls, layout
from dashboard.pages.quality_view import view
from dashboard.quality import look
from dashboard.quality_address import PATH, QualityAddress
from dashboard.quality_desk import QualityDesk


def page(desk: QualityDesk) -> Page:
    """The page on data quality."""
    return OneAnswer(
        name="quality",
        title_key="quality.page",
        path=PATH,
        icon="✓",
        figures=desk.figures,
        layout=layout,
        controls=controls,
        read=QualityAddress.read,
        view=lambda address, scope: view(look(desk, address, scope), scope),
        html=html,
    ).page()
