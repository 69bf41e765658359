"""A finding as a sentence, and what everything on the page on data quality is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

from dashboard import i18n
from dashboard.i18n import month, number, percent, t

RULE_NAMES = {
    "arithmetic": "quality.rule.arithmetic",
    "continuity": "quality.rule.continuity",
    "negative": "quality.rule.negative",
    "impossible_issue": "quality.rule.impossible_issue",
    "impossible_days": "quality.rule.impossible_days",
    "adjustment_dominates": "quality.rule.adjustment_dominates",
    "silent_stock_out": "quality.rule.silent_stock_out",
    "phantom_issue": "quality.rule.phantom_issue",
    "opening_ledger": "quality.rule.opening_ledger",
    "services_without_consumption": "quality.rule.services_without_consumption",
    "consumption_without_services": "quality.rule.consumption_without_services",
    "missing_partner": "quality.rule.missing_partner",
    "cascade": "quality.rule.cascade",
    "flat_line": "quality.rule.flat_line",
    "copied_form": "quality.rule.copied_form",
    "twin_facilities": "quality.rule.twin_facilities",
    "heaping": "quality.rule.heaping",
    "times_ten": "quality.rule.times_ten",
    "pack_unit": "quality.rule.pack_unit",
    "digit_swap": "quality.rule.digit_swap",
    "catch_up": "quality.rule.catch_up",
}
RULE_SENTENCES = {
    "arithmetic": "quality.rule.arithmetic.says",
    "continuity": "quality.rule.continuity.says",
    "negative": "quality.rule.negative.says",
    "impossible_issue": "quality.rule.impossible_issue.says",
    "impossible_days": "quality.rule.impossible_days.says",
    "adjustment_dominates": "quality.rule.adjustment_dominates.says",
    "silent_stock_out": "quality.rule.silent_stock_out.says",
    "phantom_issue": "quality.rule.phantom_issue.says",
    "opening_ledger": "quality.rule.opening_ledger.says",
    "services_without_consumption": "quality.rule.services_without_consumption.says",
    "consumption_without_services": "quality.rule.consumption_without_services.says",
    "missing_partner": "quality.rule.missing_partner.says",
    "cascade": "quality.rule.cascade.says",
    "flat_line": "quality.rule.flat_line.says",
    "copied_form": "quality.rule.copied_form.says",
    "twin_facilities": "quality.rule.twin_facilities.says",
    "heaping": "quality.rule.heaping.says",
    "times_ten": "quality.rule.ten_times.says",
    "pack_unit": "quality.rule.pack_unit.says",
    "digit_swap": "quality.rule.digit_swap.says",
    "catch_up": "quality.rule.catch_up.says",
}
REMEDIES = {
    "stock_card": "quality.remedy.stock_card",
    "count_at_month_end": "quality.remedy.count_at_month_end",
    "retype": "quality.remedy.retype",
    "reason_of_adjustment": "quality.remedy.reason_of_adjustment",
    "count_days": "quality.remedy.count_days",
    "register_and_card": "quality.remedy.register_and_card",
    "ask_for_report": "quality.remedy.ask_for_report",
    "register": "quality.remedy.register",
    "whole_form": "quality.remedy.whole_form",
    "rounding": "quality.remedy.rounding",
    "unit_of_issue": "quality.remedy.unit_of_issue",
    "two_months": "quality.remedy.two_months",
}
DIMENSIONS = {
    "completeness": (
        "quality.dimension.completeness",
        "quality.short.completeness",
        "quality.checks.completeness",
    ),
    "timeliness": ("quality.dimension.timeliness", "quality.short.timeliness", "quality.checks.timeliness"),
    "filled": ("quality.dimension.filled", "quality.short.filled", "quality.checks.filled"),
    "consistency": (
        "quality.dimension.consistency",
        "quality.short.consistency",
        "quality.checks.consistency",
    ),
    "outliers": ("quality.dimension.outliers", "quality.short.outliers", "quality.checks.outliers"),
    "arithmetic": ("quality.dimension.arithmetic", "quality.short.arithmetic", "quality.checks.arithmetic"),
    "related": ("quality.dimension.related", "quality.short.related", "quality.checks.related"),
    "agreement": ("quality.dimension.agreement", "quality.short.agreement", "quality.checks.agreement"),
}
"""Of each dimension: its name, its short name, and what is checked."""
OF_USUAL = ("times_ten", "pack_unit", "digit_swap", "catch_up")
"""Rules of which `expected` is what is usual."""
SEVERITIES = {
    "high": "quality.severity.high",
    "medium": "quality.severity.medium",
    "low": "quality.severity.low",
}
BOXES = {
    "opening": "quality.box.opening",
    "received": "quality.box.received",
    "consumed": "quality.box.consumed",
    "adjusted": "quality.box.adjusted",
    "lost": "quality.box.lost",
    "closing": "quality.box.closing",
    "stockout_days": "quality.box.stockout_days",
    "ordered": "quality.box.ordered",
    "count": "quality.box.count",
}
CLASSES = {
    "g": "quality.class_good",
    "w": "quality.class_watch",
    "p": "quality.class_poor",
    "u": "quality.class_unknown",
}
"""Letters of the classes of a share."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """What places and items are called, by id."""

    places: Mapping[str, str]
    items: Mapping[str, str]

    def of(self, name: str) -> str:
        """The name of a place or an item; the id where neither is known."""
        return self.places.get(name) or self.items.get(name) or name


def named(key: str) -> str:
    """The text of a key out of one of the tables above."""
    return t(key)


def said(finding: Row, names: Names) -> str:
    """A finding in one sentence, with the figures that prove it.

    Args:
        finding: a row of `indicators.quality.findings`.
        names: of places and items.
    """
    figures = {name: amount(finding[name]) for name in ("value", "expected", "second")}
    other = str(finding["other"])
    measure = named(BOXES[finding["measure"]]) if finding["measure"] in BOXES else ""
    told = {
        "since": month(int(finding["since"])),
        "other": names.of(other) if other else "",
        "measure": measure,
        "share": percent(float(finding["value"])),
    }
    rule = str(finding["rule"])
    if rule in OF_USUAL:
        figures["expected"] = usual(finding["expected"])
    if rule == "times_ten" and finding["value"] < finding["expected"]:
        return t("quality.rule.a_tenth.says", **figures)
    return t(RULE_SENTENCES[rule], **figures, **told)


def to_check(finding: Row) -> str:
    """What to look at first, for a finding."""
    return t("quality.check_first", what=named(REMEDIES[str(finding["remedy"])]))


def amount(value: float) -> str:
    """A figure as it was reported or follows from reports: with a decimal only where a small one has it.

    >>> with i18n.use("en"):
    ...     amount(2.5), amount(-6706.0)
    ('2.5', '−6,706')
    """
    if isnan(value):
        return number(None)
    return number(value, 0 if value == round(value) or abs(value) >= 10 else 1).replace("-", "−")


def usual(value: float) -> str:
    """What is usual, of people, packs or days: nobody counts a part of one.

    >>> with i18n.use("en"):
    ...     usual(6.98)
    '7'
    """
    return number(None) if isnan(value) else number(value)


def item_names(codes: Mapping[str, str], items: Mapping[str, Any]) -> dict[str, str]:
    """What items are called in the reader's language, by id.

    Args:
        codes: the code of each item, by id.
        items: the country's items by code.
    """
    language = i18n.language()
    return {each: items[code].name[language] if code in items else code for each, code in codes.items()}
