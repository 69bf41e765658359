"""The frame of the places below: a choice of views, what they are ordered and coloured by, and each view."""

from dash import html
from dash.development.base_component import Component

from dashboard.address import COLOURS, SORTS
from dashboard.i18n import t

VIEW_WORDS = {
    "table": "views.table",
    "multiples": "views.multiples",
    "map": "views.map",
    "pairs": "views.pairs",
}
SORT_WORDS = {
    "size": "views.sort_size",
    "name": "views.sort_name",
    "service": "views.sort_service",
    "commodity": "views.sort_commodity",
    "stock": "views.sort_stock",
    "months": "views.sort_months",
    "disagreement": "views.sort_disagreement",
}
COLOUR_WORDS = {
    "disagreement": "views.by_disagreement",
    "service": "views.by_service",
    "commodity": "views.by_commodity",
}


def rows() -> Component:
    """The views' tabs with their choices, and below them the view that is chosen; assets/compare fills it."""
    return html.Div([_bar(), _panel()], className="rows")


def _bar() -> Component:
    tabs = [
        html.Button(
            t(words),
            id=f"compare-view-{view}",
            type="button",
            role="tab",
            tabIndex="-1",
            className="tab",
            **{"aria-controls": "compare-rows", "aria-selected": "false", "data-view": view},
        )
        for view, words in VIEW_WORDS.items()
    ]
    return html.Div(
        [
            html.Div(
                tabs, id="compare-views", className="tabs", role="tablist", **{"aria-label": t("views.views")}
            ),
            _choice("sort", t("views.sort"), {each: t(SORT_WORDS[each]) for each in SORTS}),
            _choice("by", t("views.by"), {each: t(COLOUR_WORDS[each]) for each in COLOURS}),
            _choice("scale", t("views.scale"), {"own": t("views.scale_own"), "same": t("views.scale_same")}),
        ],
        className="views no-print",
    )


def _choice(name: str, label: str, options: dict[str, str]) -> Component:
    return html.Label(
        [
            html.Span(label),
            html.Select(
                [html.Option(text, value=value) for value, text in options.items()],
                id=f"compare-{name}",
                name=name,
            ),
        ],
        className="shape",
        id=f"compare-{name}-box",
        hidden=True,
    )


def _panel() -> Component:
    return html.Div(
        [
            html.Div(
                html.Table(id="compare-table", className="table children"),
                className="scroll",
                id="compare-table-box",
            ),
            html.P(id="compare-multiples-key", className="muted small", hidden=True),
            html.Ul(id="compare-multiples", className="multiples", hidden=True),
            html.Div(id="compare-map", className="map", hidden=True),
        ],
        id="compare-rows",
        role="tabpanel",
    )
