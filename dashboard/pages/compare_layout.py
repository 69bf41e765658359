"""The empty frame of Compare; assets/compare fills it, so that a click changes figures and not the page."""

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.i18n import t
from dashboard.pages import compare_rows_layout, compare_words_layout
from dashboard.pages.compare_definitions import definition_button, definition_holder
from dashboard.pages.compare_story_layout import story
from dashboard.pages.compare_take import brief_progress, take_menu

SIDES = {"service": "services", "commodity": "commodities"}


def layout() -> Component:
    """The page before its first answer."""
    return html.Div(
        [
            dcc.Store(id="compare-view"),
            dcc.Store(id="compare-drawn"),
            dcc.Store(id="compare-again"),
            html.Div(id="compare-problem", className="empty", hidden=True, role="alert"),
            html.Div(
                [
                    _title(),
                    html.Div(
                        [
                            html.P(id="compare-caution", className="notice warning"),
                            html.Div(id="compare-notes", className="notes"),
                            _read_on(),
                        ],
                        id="compare-said",
                        className="said-first",
                    ),
                    html.Div([_panel(side) for side in SIDES], className="panels"),
                    html.P(t("compare.chart_hint"), id="compare-hint", className="hint no-print"),
                    _index(),
                    story(),
                    html.Div([_children(), compare_words_layout.tip()], className="below"),
                    html.P(id="compare-credit", className="muted small"),
                ],
                id="compare-answer",
            ),
            definition_holder(),
            brief_progress(),
        ],
        id="compare",
        className="compare waiting",
    )


def controls() -> list[Component]:
    """Place, pair, months and grain, for the top bar."""
    return [
        html.Nav(
            [html.Ol(id="compare-crumbs"), _select("unit", t("compare.deeper_none"), "compare-deeper")],
            className="crumbs",
            **{"aria-label": t("compare.place")},
        ),
        _select("pair", t("compare.pair")),
        html.Div(
            [
                _select("from", t("compare.from")),
                html.Span("–", **{"aria-hidden": "true"}),
                _select("to", t("compare.to")),
            ],
            className="period",
        ),
    ]


def _select(parameter: str, label: str, name: str = "") -> Component:
    """A choice that writes its value into the address (assets/compare); its label is for those who listen."""
    choice = name or f"compare-{parameter}"
    return html.Label(
        [
            html.Span(label, id=f"{choice}-label", className="visually-hidden"),
            dbc.Select(id=choice, options=[], name=parameter),
        ],
        className="choice",
        title=label,
    )


def _title() -> Component:
    return html.Div(
        [
            html.Div(
                [html.H1(id="compare-title", tabIndex="-1"), html.Div(id="compare-chips", className="chips")]
            ),
            html.Div(
                [
                    _select("group", t("filter.group")),
                    _select("grain", t("compare.grain")),
                    html.Div(
                        [
                            html.Span(t("compare.look_at"), **{"aria-hidden": "true"}),
                            _select("at", t("compare.look_at")),
                        ],
                        className="look-at",
                    ),
                    dbc.Button(t("compare.copy_link"), id="compare-copy", type="button", className="button"),
                    html.Span(t("compare.copied"), id="compare-copied", hidden=True, role="status"),
                    take_menu(),
                    dbc.Button(t("compare.print"), id="compare-print", type="button", className="button"),
                ],
                className="acts no-print",
            ),
            html.P(id="compare-status", className="visually-hidden", role="status"),
        ],
        className="title",
    )


def _read_on() -> Component:
    """Opens what has no room above a small screen's figures; assets/compare shows it where needed."""
    return html.Button(
        t("compare.read_on"),
        id="compare-read-on",
        type="button",
        hidden=True,
        className="button read-on no-print",
        **{"aria-expanded": "false", "aria-controls": "compare-said"},
    )


def _panel(side: str) -> Component:
    name = t("compare.services") if side == "service" else t("compare.commodities")
    return html.Section(
        [
            html.H2([name, html.Small(id=f"compare-{side}-subtitle")], className=f"panel-title {side}"),
            definition_button(side),
            html.P(id=f"compare-{side}-message", className="message"),
            html.Div(id=f"compare-{side}-kpis", className="kpis"),
            html.Ul(id=f"compare-{side}-legend", className="legend"),
            html.Div(
                html.Div(
                    id=f"compare-{side}-chart", **{"aria-hidden": "true"}
                ),  # its ticks alone say nothing
                id=f"compare-{side}-figure",
                className="chart",
                role="img",
                **{"aria-describedby": f"compare-{side}-summary compare-hint", "aria-label": name},
            ),
            html.P(id=f"compare-{side}-summary", className="visually-hidden"),
            html.P(id=f"compare-{side}-reports", className="reports"),
            html.Div(id=f"compare-{side}-strip", className="strip", role="img"),
            html.Div(id=f"compare-{side}-beneath", className="beneath"),
            html.P(id=f"compare-{side}-usual", className="usual"),
            html.P(id=f"compare-{side}-key", className="muted small"),
            html.P(id=f"compare-{side}-source", className="source"),
        ],
        className=f"panel {side}-panel",
        **{"aria-label": name},
    )


def _index() -> Component:
    """Both sides on one scale, below the two charts."""
    return html.Details(
        [
            html.Summary(id="compare-index-title"),
            html.P(id="compare-index-text"),
            html.Ul(id="compare-index-legend", className="legend"),
            html.Div(id="compare-index"),
        ],
        id="compare-index-box",
        className="panel index",
        hidden=True,
    )


def _children() -> Component:
    return html.Section(
        [
            html.H2(
                [html.Span(id="compare-table-title"), html.Small(id="compare-table-subtitle")],
                className="panel-title",
            ),
            definition_button("table"),
            compare_rows_layout.rows(),
            html.P(id="compare-table-note", className="muted small"),
            html.Details(
                [
                    html.Summary(id="compare-parted-title"),
                    html.P(id="compare-parted-rest"),
                    html.P(t("parted.key"), className="muted small"),
                    html.Div(id="compare-parted"),
                ],
                id="compare-parted-box",
                hidden=True,
            ),
            html.Details(
                [html.Summary(id="compare-one-sided-title"), html.Div(id="compare-one-sided")],
                id="compare-one-sided-box",
            ),
            html.Details(
                [
                    html.Summary(t("compare.by_period")),
                    html.Div(
                        html.Table(id="compare-months", className="table"),
                        className="scroll",
                        tabIndex="0",
                        role="region",
                        **{"aria-label": t("compare.by_period")},
                    ),
                ],
                id="compare-months-box",
            ),
        ],
        className="panel wide",
    )
