"""The empty frame of the page on data quality; assets/quality fills it."""

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.i18n import t


def layout() -> Component:
    """The page before its first answer."""
    return html.Div(
        [
            dcc.Store(id="quality-view"),
            dcc.Store(id="quality-drawn"),
            html.Div(id="quality-problem", className="empty", hidden=True, role="alert"),
            html.Div(
                [
                    html.Div([html.H1(id="quality-title", tabIndex="-1")], className="title"),
                    html.P(id="quality-lead", className="notice"),
                    html.Div(id="quality-notes"),
                    html.P(id="quality-legend", className="muted small"),
                    html.Div(id="quality-cards", className="quality-cards"),
                    _grid("places", _ordered()),
                    _grid("forms"),
                    _worst(),
                    _findings(),
                    html.Section(
                        [
                            html.H2(id="quality-cells-title", className="panel-title"),
                            html.Div(id="quality-cells"),
                            html.P(id="quality-cells-note", className="muted small"),
                        ],
                        id="quality-cells-box",
                        className="panel",
                        hidden=True,
                    ),
                    html.P(id="quality-source", className="source"),
                    html.P(id="quality-credit", className="muted small"),
                    html.P(id="quality-status", className="visually-hidden", role="status"),
                ],
                id="quality-answer",
            ),
        ],
        id="quality",
        className="quality waiting",
    )


def controls() -> list[Component]:
    """Place, form, month and period, for the top bar."""
    return [
        html.Nav(
            [html.Ol(id="quality-crumbs"), _select("unit", t("compare.deeper_none"), "quality-deeper")],
            className="crumbs",
            **{"aria-label": t("compare.place")},
        ),
        _select("form", t("quality.form")),
        _select("month", t("quality.month")),
        _select("over", t("quality.over")),
    ]


def _select(parameter: str, label: str, name: str = "") -> Component:
    choice = name or f"quality-{parameter}"
    return html.Label(
        [
            html.Span(label, id=f"{choice}-label", className="visually-hidden"),
            dbc.Select(id=choice, options=[], name=parameter),
        ],
        className="choice",
        title=label,
    )


def _ordered() -> Component:
    return html.Div(_select("order", t("quality.order")), id="quality-ordered", className="no-print")


def _grid(name: str, beside: Component | None = None) -> Component:
    """A table of shares by dimension."""
    head: list[Component] = [html.H2(id=f"quality-{name}-title", className="panel-title")]
    return html.Section(
        [
            html.Div(head + ([beside] if beside else []), className="title"),
            html.Div(
                html.Table(id=f"quality-{name}", className="table heat shares"),
                className="scroll",
                role="region",
                tabIndex="0",
                **{"aria-labelledby": f"quality-{name}-title"},
            ),
            html.P(id=f"quality-{name}-note", className="muted small"),
        ],
        id=f"quality-{name}-box",
        className="panel",
    )


def _worst() -> Component:
    """The places at which most is to be checked."""
    return html.Section(
        [
            html.Div(
                [
                    html.H2(id="quality-worst-title", className="panel-title"),
                    html.Div(id="quality-worst-take", className="acts no-print"),
                ],
                className="title",
            ),
            html.Div(
                html.Table(id="quality-worst", className="table"),
                className="scroll",
                role="region",
                tabIndex="0",
                **{"aria-labelledby": "quality-worst-title"},
            ),
            html.P(id="quality-worst-note", className="muted small"),
        ],
        id="quality-worst-box",
        className="panel",
        hidden=True,
    )


def _findings() -> Component:
    return html.Section(
        [
            html.Div(
                [
                    html.H2(id="quality-findings-title", className="panel-title", tabIndex="-1"),
                    html.Div(id="quality-takes", className="acts no-print"),
                ],
                className="title",
            ),
            html.Div(
                html.Table(id="quality-rules", className="table"),
                className="scroll",
                role="region",
                tabIndex="0",
                **{"aria-label": t("quality.rule_column")},
            ),
            html.P(id="quality-findings-note", className="muted small"),
            html.Ol(id="quality-findings", className="findings"),
        ],
        className="panel",
    )
