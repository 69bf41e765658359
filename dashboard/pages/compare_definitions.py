"""The definition of every figure of Compare, one click away: which stand where, and the panel for them."""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import t
from dashboard.pages.compare_reading import STOCK, Reading

EVERYWHERE = ("reports", "imputed", "usual", "year_before")
OF_THE_PLACES = ("overlap", "months_of_stock", "facilities_out", "stockout_days", "disagreement")


def definition_button(where: str) -> Component:
    """The ⓘ of a panel: `service`, `commodity` or `table`."""
    return html.Button(
        type="button",
        id=f"compare-define-{where}",
        className="define of-panel no-print",
        **{
            "aria-label": t("definitions.panel"),
            "aria-expanded": "false",
            "aria-controls": "compare-definition",
        },
    )


def definition_holder() -> Component:
    """Where a definition is shown: beside the figure, not over the page; it holds its own few texts."""
    return html.Aside(
        [
            html.Div(id="compare-definition-texts", tabIndex="-1"),
            html.Button(
                t("definitions.close"), type="button", id="compare-definition-close", className="button"
            ),
            html.P(t("definitions.failed"), id="compare-definition-failed", hidden=True, role="alert"),
            html.Span(t("definitions.about"), id="compare-definition-about", hidden=True),
        ],
        id="compare-definition",
        className="definition no-print",
        hidden=True,
        role="dialog",
        **{"aria-label": t("definitions.title")},
    )


def definitions_shown(reading: Reading) -> dict[str, list[str]]:
    """The ids of the definitions of each panel's figures, in the order in which they stand there."""
    kind, services = reading.pair.kind, reading.services
    said = services.has("service_report", "consumed")
    left = ["services", *(("dispensed",) if said else ())]
    right = [] if reading.stock_only else ["consumed"]
    if reading.comparison.has("commodity", STOCK):
        right += ["closing", "months_of_stock"]
    measures = {"facilities_out": "facilities_out", "stockout_days": "stockout_days", "lost": "lost"}
    right += [name for name, measure in measures.items() if reading.comparison.has("commodity", measure)]
    if kind == "fixed_dose":
        (left if said else right).extend(("ratio", "expected_band"))
    if kind in ("banded", "co_movement"):
        left, right = [*left, "indexed"], [*right, "indexed"]
    both = {"service": [*left, *EVERYWHERE], "commodity": [*right, *EVERYWHERE]}
    return {**both, "table": [*OF_THE_PLACES, "share_of_change"]}
