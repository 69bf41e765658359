"""Whose figures a page shows, said at its foot: of invented figures, that they are invented."""

from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from countries import Country
from dashboard import i18n
from dashboard.page import Page


def credited(page: Page, country: Country) -> Page:
    """A page with the country's credit line at its foot.

    Args:
        page: one whose own layout, a list of parts, does not say it.
        country: whose credit it is.

    Returns:
        The same page with another layout; on paper the line stands too.
    """

    def layout() -> Component:
        shown = page.layout()
        words = html.P(country.credit[i18n.language()], className="credit muted small")
        shown.children = [*shown.children, words]
        return shown

    return replace(page, layout=layout)
