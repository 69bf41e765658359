"""Where people's words stand on Compare: the tip with its form, the remarks on this place with theirs."""

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard.i18n import t
from dashboard.pages.compare_remarks import KIND_WORDS

LONGEST_REMARK, LONGEST_TIP = 500, 8_000
PROBLEMS = {
    "stale": "words.stale",
    "forbidden": "words.forbidden",
    "refused": "words.refused",
    "offline": "words.not_sent",
}


def tip() -> Component:
    """How to interpret the pair, and how to say it better."""
    return html.Section(
        [
            html.Details(
                [
                    html.Summary(html.H2(t("compare.how_to_interpret"))),
                    html.Div(id="compare-tip"),
                    html.P(id="compare-guideline", className="muted small"),
                    _tip_acts(),
                    _tip_form(),
                    html.Ol(id="compare-tip-history", className="history", hidden=True),
                ],
                className="fold",
                open=True,
            ),
            html.H2(t("words.remarks"), id="compare-remarks-title"),
            html.Ol(id="compare-remarks", className="remarks"),
            html.P(t("words.no_remarks"), id="compare-no-remarks", className="muted small"),
            _button("compare-remark-add", t("words.add"), hidden=True),
            _remark_form(),
            html.P(id="compare-words-problem", className="notice warning", role="alert", hidden=True),
            html.Div(
                [html.Span(t(key), **{"data-problem": name}) for name, key in PROBLEMS.items()],
                id="compare-words-problems",
                hidden=True,
            ),
            html.Span(t("words.edit"), id="compare-words-edit", hidden=True),
            html.Span(t("words.history"), id="compare-words-history", hidden=True),
            html.Span(t("words.withdrawn"), id="compare-words-withdrawn", hidden=True),
            html.Span(t("words.countrys_own"), id="compare-words-own", hidden=True),
        ],
        className="panel tip",
    )


def _button(name: str, text: str, hidden: bool = False) -> Component:
    return html.Button(text, id=name, type="button", className="button no-print", hidden=hidden)


def _tip_acts() -> Component:
    return html.P(
        [
            html.Span(id="compare-tip-edited"),
            html.Button(
                t("words.history"),
                id="compare-tip-show-history",
                type="button",
                className="link act",
                hidden=True,
            ),
            html.Button(
                t("words.edit"), id="compare-tip-edit", type="button", className="link act", hidden=True
            ),
        ],
        className="muted small words-acts no-print",
    )


def _tip_form() -> Component:
    return html.Form(
        [
            html.Label(t("words.tip_label"), htmlFor="compare-tip-text"),
            html.Textarea(id="compare-tip-text", rows=9, maxLength=LONGEST_TIP),
            html.Div(
                [
                    dbc.Button(t("words.save"), type="submit", className="button primary"),
                    _button("compare-tip-cancel", t("words.cancel")),
                    _button("compare-tip-own", t("words.back_to_own")),
                ],
                className="acts",
            ),
        ],
        id="compare-tip-form",
        className="words-form no-print",
        hidden=True,
    )


def _remark_form() -> Component:
    kinds = [html.Option(t("words.choose"), value="", disabled=True)]
    kinds += [html.Option(t(key), value=kind) for kind, key in KIND_WORDS.items()]
    return html.Form(
        [
            html.Label(t("words.month"), htmlFor="compare-remark-month"),
            html.Select(id="compare-remark-month"),
            html.Label(t("words.kind"), htmlFor="compare-remark-kind"),
            html.Select(kinds, id="compare-remark-kind", required=True),
            html.Label(t("words.text"), htmlFor="compare-remark-text"),
            html.Textarea(id="compare-remark-text", rows=3, maxLength=LONGEST_REMARK, required=True),
            html.Div(
                dbc.Checkbox(id="compare-remark-every", label=t("words.every_pair"), value=False),
                id="compare-remark-every-box",
            ),
            html.Div(
                [
                    dbc.Button(t("words.save"), type="submit", className="button primary"),
                    _button("compare-remark-cancel", t("words.cancel")),
                    _button("compare-remark-withdraw", t("words.withdraw")),
                ],
                className="acts",
            ),
        ],
        id="compare-remark-form",
        className="words-form no-print",
        hidden=True,
    )
