"""The empty frame of what moved; assets/compare fills it."""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import t


def story() -> Component:
    """Between the charts and the places below: whose movement, the family, and a place's raw values.

    Folded, the part about movements still says what matters most of it, in a sentence.
    """
    return html.Section(
        [
            html.Details(
                [
                    html.Summary(html.H2(id="compare-story-title", className="panel-title")),
                    html.Div(id="compare-story-sides", className="story-sides"),
                    html.Div(id="compare-story-family", className="story-family", hidden=True),
                    html.P(id="compare-story-note", className="muted small"),
                ],
                className="fold",
                open=True,
            ),
            html.P(id="compare-story-said", className="said"),
            html.Div(id="compare-reported", className="story-reported", hidden=True),
        ],
        id="compare-story",
        className="panel wide story",
        **{"aria-label": t("story.label")},
    )
