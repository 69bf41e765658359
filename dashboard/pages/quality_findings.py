"""What the rules found: how often each, and the gravest findings with what to check first."""

from typing import Any

import pandas as pd

from dashboard.address import month_name
from dashboard.i18n import month, number, t
from dashboard.quality import Quality
from dashboard.quality_words import (
    BOXES,
    RULE_NAMES,
    SEVERITIES,
    Names,
    item_names,
    named,
    said,
    to_check,
)
from indicators.quality import RULES

View = dict[str, Any]
MOST = 40
"""Findings on the page; all of them are in the file."""


def findings(quality: Quality) -> View:
    """The rules that found something, and the findings of all or of the one that is asked for."""
    if quality.totals_only:
        return {"title": t("quality.findings"), "note": t("quality.findings_hidden"), "rules": [], "rows": []}
    found, rule = quality.found, quality.address.rule
    shown = found if rule is None else found[found["rule"] == rule]
    title = t("quality.findings_rule", rule=named(RULE_NAMES[rule])) if rule else t("quality.findings")
    return {
        "title": title,
        "note": _note(len(shown)),
        "columns": [
            t("quality.rule_column"),
            t("quality.severity_column"),
            t("quality.count_column"),
            t("quality.places_column"),
        ],
        "rules": _rules(quality, found),
        "rule": rule or "",
        "every": {"text": t("quality.every_rule"), "href": quality.address.href(rule=None)},
        "compare": t("quality.compare"),
        "severities": {name: named(key) for name, key in SEVERITIES.items()},
        "rows": _rows(quality, shown.head(MOST)),
        "takes": [
            {"text": t("quality.take_csv"), "href": _taken(quality, "csv")},
            {"text": t("quality.take_xlsx"), "href": _taken(quality, "xlsx")},
        ],
    }


def _note(count: int) -> str:
    if not count:
        return t("quality.findings_none")
    if count <= MOST:
        return t("quality.findings_all", of=number(count))
    return t("quality.findings_more", shown=number(MOST), of=number(count))


def _rules(quality: Quality, found: pd.DataFrame) -> list[View]:
    """The rules that found something, the gravest first."""
    counts = found["rule"].value_counts()
    places = found.groupby("rule")["org_unit"].nunique()
    order = {name: at for at, name in enumerate(SEVERITIES)}
    told = sorted((name for name in RULES if name in counts), key=lambda name: order[RULES[name].severity])
    return [
        {
            "rule": name,
            "name": named(RULE_NAMES[name]),
            "s": RULES[name].severity,
            "count": number(int(counts[name])),
            "places": number(int(places[name])),
            "href": quality.address.href(rule=name),
        }
        for name in told
    ]


def names_of(quality: Quality) -> Names:
    """What places and items are called."""
    items = quality.holding.rollup.items
    codes = dict(zip(items["id"].astype(str), items["code"].astype(str), strict=True))
    return Names(quality.holding.names, item_names(codes, quality.country.items))


def _rows(quality: Quality, shown: pd.DataFrame) -> list[View]:
    names = names_of(quality)
    return [_row(quality, each, names) for each in shown.to_dict("records")]


def _row(quality: Quality, each: Any, names: Names) -> View:
    where = each["item"] or each["form"]
    about = names.items.get(where) or (_form(quality, where) if where else _kind(each))
    return {
        "unit": each["org_unit"],
        "place": names.places.get(each["org_unit"], each["org_unit"]),
        "month": month(int(each["month"])),
        "about": about,
        "s": each["severity"],
        "rule": named(RULE_NAMES[each["rule"]]),
        "says": said(each, names),
        "check": to_check(each),
        "href": quality.address.href(unit=each["org_unit"], month=_last(each), over=1, rule=None),
        "compare": _compare(quality, each),
    }


def _form(quality: Quality, form: str) -> str:
    forms = quality.holding.forms
    return str(forms.loc[form, "name"]) if form in forms.index else form


def _kind(each: Any) -> str:
    measure = str(each["measure"])
    return named(BOXES[measure]) if measure in BOXES else ""


def _last(each: Any) -> int:
    """The last month of a finding's report."""
    number_ = int(each["month"]) // 100 * 12 + int(each["month"]) % 100 - 1 + int(each["months"]) - 1
    return number_ // 12 * 100 + number_ % 12 + 1


def _compare(quality: Quality, each: Any) -> str:
    """The pair on Compare in which a finding's figure stands; empty where there is none."""
    codes = quality.holding.rollup.items.set_index("id")["code"]
    code = codes.get(each["item"], "")
    pairs = quality.country.pairs
    named_pair = str(each["other"]) if each["other"] in pairs else ""
    with_it = (pair.id for pair in pairs.values() if code in (*pair.commodities, *pair.services))
    pair = named_pair or next(with_it, "")
    return f"/?unit={each['org_unit']}&pair={pair}&at={month_name(_last(each))}" if pair else ""


def _taken(quality: Quality, wanted: str) -> str:
    asked = quality.address
    form = f"&form={asked.form}" if asked.form else ""
    first, last = month_name(quality.first), month_name(quality.month)
    return f"/api/v1/quality?unit={asked.unit}&from={first}&to={last}{form}&part=findings&format={wanted}"
