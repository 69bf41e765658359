"""The empty frame of Programmes; assets/programmes fills it."""

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.i18n import t
from dashboard.made_progress import made_progress


def layout() -> Component:
    """The page before its first answer."""
    return html.Div(
        [
            dcc.Store(id="programmes-view"),
            dcc.Store(id="programmes-drawn"),
            html.Div(id="programmes-problem", className="empty", hidden=True, role="alert"),
            html.Div(
                [
                    html.Div([html.H1(id="programmes-title", tabIndex="-1"), _acts()], className="title"),
                    html.P(id="programmes-lead", className="notice"),
                    html.P(id="programmes-worst"),
                    html.Div(id="programmes-notes"),
                    html.Div(id="programmes-trends", className="programme-trends"),
                    _heat(),
                    _products(),
                    _coverage(),
                    _expiry(),
                    _transfers(),
                    html.P(id="programmes-source", className="source"),
                    html.P(id="programmes-credit", className="muted small"),
                    html.P(id="programmes-status", className="visually-hidden", role="status"),
                ],
                id="programmes-answer",
            ),
            _making(),
        ],
        id="programmes",
        className="programmes waiting",
    )


def controls() -> list[Component]:
    """Place, programme and month, for the top bar."""
    return [
        html.Nav(
            [html.Ol(id="programmes-crumbs"), _select("unit", t("compare.deeper_none"), "programmes-deeper")],
            className="crumbs",
            **{"aria-label": t("compare.place")},
        ),
        _select("programme", t("programmes.programme")),
        _select("month", t("programmes.month")),
    ]


def _select(parameter: str, label: str, name: str = "") -> Component:
    choice = name or f"programmes-{parameter}"
    return html.Label(
        [
            html.Span(label, id=f"{choice}-label", className="visually-hidden"),
            dbc.Select(id=choice, options=[], name=parameter),
        ],
        className="choice",
        title=label,
    )


def _acts() -> Component:
    return html.Div(
        [
            html.Details(
                [
                    html.Summary(t("report.menu"), id="programmes-report", className="btn button"),
                    html.Ul(
                        [html.Li(_asking(kind, text)) for kind, text in _formats().items()], className="menu"
                    ),
                ],
                className="picker take",
            ),
            dbc.Button(t("compare.print"), id="programmes-print", type="button", className="button"),
        ],
        className="acts no-print",
    )


def _formats() -> dict[str, str]:
    return {"pdf": t("report.pdf"), "xlsx": t("report.xlsx"), "zip": t("report.zip")}


def _asking(kind: str, text: str) -> Component:
    return html.Button(text, type="button", id=f"programmes-report-{kind}", **{"data-report": kind})


def _making() -> Component:
    """How far the report is that was asked for; it can be called off."""
    said = {
        "waiting": t("report.waiting"),
        "making": t("report.making"),
        "ready": t("report.ready"),
        "failed": t("report.failed"),
        "cancelled": t("report.cancelled"),
        "close": t("report.close"),
        "cancel": t("report.cancel"),
    }
    return made_progress("programmes-making", t("report.fetch"), said)


def _heat() -> Component:
    return html.Section(
        [
            html.Div(
                [
                    html.H2(id="programmes-heat-title", className="panel-title"),
                    html.Div(
                        _select("order", t("programmes.order")), id="programmes-ordered", className="no-print"
                    ),
                ],
                className="title",
            ),
            html.Ul(id="programmes-legend", className="legend"),
            html.Div(
                html.Table(id="programmes-heat", className="table heat"),
                className="scroll",
                role="region",
                tabIndex="0",
                **{"aria-labelledby": "programmes-heat-title"},
            ),
            html.P(id="programmes-heat-note", className="muted small"),
            html.P(t("programmes.heat_hint"), id="programmes-heat-hint", className="hint no-print"),
        ],
        className="panel",
    )


def _products() -> Component:
    return html.Section(
        [
            html.H2(t("programmes.products"), id="programmes-products-title", className="panel-title"),
            html.Div(
                html.Table(id="programmes-products", className="table"),
                className="scroll",
                role="region",
                tabIndex="0",
                **{"aria-labelledby": "programmes-products-title"},
            ),
            html.P(id="programmes-products-note", className="muted small"),
        ],
        className="panel",
    )


def _coverage() -> Component:
    """Coverage of services: cards, then the places below; one sentence where it cannot be worked out."""
    return html.Section(
        [
            html.H2(t("programmes.coverage"), className="panel-title"),
            html.P(id="programmes-coverage-face", className="muted"),
            html.Div(id="programmes-coverage-cards", className="coverage-cards"),
            html.Div(
                html.Table(id="programmes-coverage", className="table"),
                className="scroll",
                role="region",
                tabIndex="0",
                **{"aria-label": t("programmes.coverage")},
            ),
            html.Div(id="programmes-coverage-notes", className="muted small"),
        ],
        className="panel",
    )


def _expiry() -> Component:
    """What expires and what was lost, by the stores' slips; why that is not known where there are none."""
    return html.Section(
        [
            html.H2(t("slips.heading"), className="panel-title"),
            html.Div(id="programmes-slips-face", className="muted"),
            html.P(id="programmes-slips-orders"),
            *(
                html.Div(
                    html.Table(id=f"programmes-{name}", className="table"),
                    className="scroll",
                    role="region",
                    tabIndex="0",
                    **{"aria-label": title},
                )
                for name, title in (("expiring", t("slips.title")), ("losses", t("slips.losses")))
            ),
            html.Div(id="programmes-slips-notes", className="muted small"),
        ],
        className="panel",
    )


def _transfers() -> Component:
    return html.Section(
        [
            html.H2(t("programmes.transfers"), className="panel-title"),
            html.P(t("programmes.transfers_text"), className="muted small"),
            *_transfer_acts(),
            html.P(id="programmes-transfers-said", role="status"),
            html.Div(id="programmes-transfers", className="transfers"),
            # Sentences that the script fills in: it holds no text of its own.
            html.Div(
                [html.Span(text, id=f"programmes-say-{name}") for name, text in _sentences().items()],
                hidden=True,
            ),
        ],
        id="programmes-transfers-box",
        className="panel",
        hidden=True,
    )  # fmt: skip


def _transfer_acts() -> list[Component]:
    """What can be done before there is a proposal, and with it."""
    return [
        html.Div(
            dbc.Button(
                t("programmes.propose"),
                id="programmes-propose",
                type="button",
                className="button primary",
            ),
            id="programmes-before",
            className="acts no-print",
        ),
        html.Div(
            [
                html.A(
                    t("programmes.transfers_csv"),
                    id="programmes-transfers-csv",
                    href="#",
                    className="button",
                    download="",
                ),
                dbc.Button(
                    t("programmes.print_requests"),
                    id="programmes-print-requests",
                    type="button",
                    className="button",
                ),
            ],
            id="programmes-after",
            className="acts no-print",
            hidden=True,
        ),
    ]


def _sentences() -> dict[str, str]:
    return {
        "working": t("programmes.say_working"),
        "failed": t("programmes.say_failed"),
        "none": t("programmes.say_none"),
        "found": t("programmes.say_found"),
        "found-one": t("programmes.say_found_one"),
        "unknown": t("programmes.say_unknown"),
        "from": t("programmes.from"),
        "to": t("programmes.to"),
        "packs": t("programmes.packs"),
        "quantity": t("programmes.quantity"),
        "units": t("programmes.units"),
        "away": t("programmes.away"),
        "away-unknown": t("programmes.distance_unknown"),
        "away-near": t("programmes.under_kilometre"),
        "after": t("programmes.after"),
        "together": t("programmes.together"),
        "expiry": t("programmes.expiry_not_known"),
        "request": t("programmes.request"),
        "product": t("programmes.product"),
        "unhelped": t("programmes.say_unhelped"),
        "unused": t("programmes.say_unused"),
        "none-spare": t("programmes.say_none_spare"),
        "signed": t("programmes.signed"),
        "across": t("programmes.across"),
        "more": t("programmes.more"),
    }
