"""Words that the scripts of Alerts put around what they draw: they hold none of their own."""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import t


def texts() -> Component:
    """The words, hidden, by name."""
    words = {**_form(), **_around(), **_states()}
    rows = [html.Span(text, **{"data-text": name}) for name, text in words.items()]
    return html.Div(rows, id="alerts-texts", hidden=True)


def _states() -> dict[str, str]:
    return {
        "state-new": t("alerts.new"),
        "state-acknowledged": t("alerts.acknowledged"),
        "state-assigned": t("alerts.assigned"),
        "state-corrected": t("alerts.corrected"),
        "state-confirmed": t("alerts.confirmed"),
        "state-explained": t("alerts.explained"),
        "state-cannot_verify": t("alerts.cannot_verify"),
        "state-closed": t("alerts.closed"),
        "to-acknowledged": t("alerts.to_acknowledge"),
        "to-assigned": t("alerts.to_assign"),
        "to-corrected": t("alerts.to_corrected"),
        "to-confirmed": t("alerts.to_confirmed"),
        "to-explained": t("alerts.to_explained"),
        "to-cannot_verify": t("alerts.to_unverified"),
        "to-closed": t("alerts.to_closed"),
        "to-new": t("alerts.to_new"),
        "show-open": t("alerts.every_open"),
        "show-mine": t("alerts.mine"),
        "show-asleep": t("alerts.asleep"),
        "show-done": t("alerts.done"),
        "kind": t("alerts.kind"),
        "every-kind": t("alerts.every_kind"),
        "kind-quality": t("alerts.figures"),
        "kind-supply": t("alerts.supply"),
        "kind-event": t("alerts.events"),
    }


def _form() -> dict[str, str]:
    return {
        "heading": t("alerts.heading"),
        "failed": t("alerts.failed"),
        "refused": t("alerts.refused"),
        "words-explained": t("alerts.words_explained"),
        "words-cannot_verify": t("alerts.words_unverified"),
        "nothing-said": t("alerts.nothing_said"),
        "status": t("alerts.status"),
        "deeper": t("compare.deeper_short"),
        "person": t("alerts.person"),
        "due": t("alerts.due"),
        "comment": t("alerts.comment"),
        "send": t("alerts.send"),
        "snooze": t("alerts.snooze"),
        "snooze-hint": t("alerts.snooze_hint"),
        "wake": t("alerts.wake"),
        "sleeps": t("alerts.sleeps"),
        "reason": t("alerts.reason"),
        "saved": t("alerts.saved"),
        "stale": t("alerts.stale"),
        "not-saved": t("alerts.not_saved"),
        "offline": t("alerts.offline"),
    }


def _around() -> dict[str, str]:
    return {
        "history": t("alerts.history"),
        "looked": t("alerts.looked"),
        "nobody-looked": t("alerts.nobody_looked"),
        "check": t("alerts.check"),
        "stock-note": t("alerts.stock_note"),
        "chart-note": t("alerts.chart_note"),
        "neighbours": t("alerts.neighbours"),
        "neighbours-own": t("alerts.neighbours_own"),
        "compare": t("alerts.compare"),
        "sheet": t("alerts.sheet"),
        "back": t("alerts.back"),
        "none": t("alerts.none"),
        "none-hint": t("alerts.none_hint"),
        "never": t("alerts.never"),
        "more": t("alerts.more"),
        "left-out": t("alerts.left_out"),
        "unusual": t("alerts.unusual"),
        "threshold": t("alerts.threshold"),
        "threshold-usual": t("alerts.threshold_usual"),
        "threshold-learned": t("alerts.threshold_learned"),
        "threshold-set": t("alerts.threshold_set"),
        "threshold-text": t("alerts.threshold_text"),
        "threshold-change": t("alerts.threshold_change"),
        "threshold-where": t("alerts.threshold_where"),
        "threshold-here": t("alerts.threshold_here"),
        "threshold-area": t("alerts.threshold_area"),
        "threshold-country": t("alerts.threshold_country"),
        "threshold-budgeted": t("alerts.threshold_budgeted"),
        "score": t("alerts.score"),
        "whose": t("alerts.whose"),
        "due-on": t("alerts.due_on"),
    }
