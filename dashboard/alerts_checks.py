"""What to check of an alert, in which order: the likeliest and cheapest first."""

from collections.abc import Callable, Mapping

from dashboard.alerts_areas import AREA_HIGH, AREA_LOW
from dashboard.alerts_found import BOTH_UP, HIGH, LOW, PAIR_DRIFT, PAIR_HIGH, PAIR_LOW, ZERO
from dashboard.alerts_ranked import WHOLE_FORM
from dashboard.alerts_series import CONSUMED, COUNT
from dashboard.alerts_supply import EXPIRING, OUT, OVER, RUNS_OUT
from dashboard.i18n import number, t
from ledger.alerts import Alert

Text = Callable[[], str]

TEXTS: Mapping[str, str] = {
    "card": "alerts.check_card",
    "register": "alerts.check_register",
    "units": "alerts.check_units",
    "two_months": "alerts.check_two_months",
    "out": "alerts.check_out",
    "campaign": "alerts.check_campaign",
    "closed": "alerts.check_closed",
    "lent": "alerts.check_lent",
    "both": "alerts.check_both",
    "form": "alerts.check_form",
    "typing": "alerts.check_typing",
    "count": "alerts.check_count",
    "order": "alerts.check_order",
    "borrow": "alerts.check_borrow",
    "give": "alerts.check_give",
    "less": "alerts.check_order_less",
    "first": "alerts.check_first",
    "outbreak": "alerts.check_outbreak",
    "places": "alerts.check_places",
    "supplied": "alerts.check_supplied",
    "strike": "alerts.check_strike",
    "changed": "alerts.check_changed",
}
ZEROS = "zeros"
SINGLE = (HIGH, LOW, ZERO)
TIMES_TEN = "rule.times_ten"
OF_COMMODITIES = {
    HIGH: ("card", "units", "two_months", "lent", "campaign"),
    LOW: ("card", "out", "units", "lent"),
    ZERO: ("card", "out", "typing"),
}
OF_SERVICES = {
    HIGH: ("register", "two_months", "campaign"),
    LOW: ("register", "closed", "typing"),
    ZERO: ("register", "closed", "typing"),
}
OF_OTHERS = {
    PAIR_HIGH: ("both", "units", "lent", "register"),
    PAIR_LOW: ("both", "out", "units", "card"),
    PAIR_DRIFT: ("both", "card", "register"),
    WHOLE_FORM: ("form", "typing"),
    BOTH_UP: ("outbreak", "campaign"),
    AREA_HIGH: ("places", "outbreak", "campaign", "changed"),
    AREA_LOW: ("places", "strike", "supplied", "changed"),
    OUT: ("count", "order", "borrow"),
    RUNS_OUT: ("count", "order", "borrow"),
    OVER: ("count", "give", "less"),
    EXPIRING: ("first", "give", "count"),
}
OF_REMEDIES = {
    "stock_card": ("card", "typing", "count"),
    "count_at_month_end": ("card", "count", "typing"),
    "retype": ("typing", "card"),
    "reason_of_adjustment": ("card", "lent"),
    "count_days": ("card", "out"),
    "register_and_card": ("both", "typing"),
    "ask_for_report": ("both",),
    "register": ("register", "typing"),
    "whole_form": ("form", "typing"),
    "rounding": ("card",),
    "unit_of_issue": ("units", "card"),
    "two_months": ("two_months", "register"),
}
FIRST = {"times_ten": ZEROS, "tenth": ZEROS, "packs": "units", "swapped": "typing", "doubled": "two_months",
         "other_facility": "form", "copied": "form", "zero": "typing", "drop": "out"}  # fmt: skip
"""By the mistake that fits best, what is checked before all else."""


FOR_SERVICES = {"card": "register", "out": "closed", "lent": "register"}
"""Services stand in a register, not on a stock card: what is checked of them instead."""


def checks_of(alert: Alert) -> list[str]:
    """What to check, in order, in the reader's language."""
    wanted = OF_OTHERS.get(alert.code) or OF_REMEDIES.get(str(alert.facts.get("remedy")))
    if wanted is None:
        single = OF_COMMODITIES if alert.facts.get("measure") == CONSUMED else OF_SERVICES
        wanted = single.get(alert.code, ("typing",))
    likely = ZEROS if alert.code == TIMES_TEN else FIRST.get(str(alert.facts.get("mistake")))
    ordered = [*([likely] if likely else []), *wanted]
    if alert.code in (OUT, RUNS_OUT) and not alert.facts.get("donor"):
        ordered.remove("borrow")  # nobody is known who could give any
    if alert.facts.get("measure") == COUNT and alert.code not in OF_OTHERS:
        ordered = [FOR_SERVICES.get(each, each) for each in ordered]
    if int(alert.facts.get("months") or 1) > 1 and alert.code in SINGLE:
        ordered = [each for each in ordered if each != "two_months"]  # it is of several by rights
    return [_said(each, alert) for each in dict.fromkeys(ordered)]


def _said(name: str, alert: Alert) -> str:
    if name != ZEROS:
        return t(TEXTS[name])
    value, expected = (float(alert.facts[each] or 0) for each in ("value", "expected"))
    if value > expected:
        return t("alerts.check_zero_added", figure=number(value / 10))
    return t("alerts.check_zero_lost", figure=number(value * 10))
