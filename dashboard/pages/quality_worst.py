"""The places at which most is to be checked, each a click away, wherever in the country they are."""

from typing import Any

from dashboard.address import month_name
from dashboard.i18n import number, t
from dashboard.quality import Quality
from dashboard.quality_words import RULE_NAMES, named
from dashboard.quality_worst import worst_places

View = dict[str, Any]
MOST = 10


def worst(quality: Quality) -> View:
    """The places with most findings of all rules, or of the one asked for; nothing of a place alone."""
    rule = quality.address.rule
    found = quality.found if rule is None else quality.found[quality.found["rule"] == rule]
    told = worst_places(found) if quality.children else worst_places(found.iloc[:0])
    return {
        "title": t("quality.worst"),
        "columns": [
            t("quality.worst_place"),
            t("quality.count_column"),
            t("quality.worst_grave"),
            t("quality.worst_rule"),
        ],
        "rows": [_row(quality, each) for each in told.head(MOST).to_dict("records")],
        "note": _note(len(told)),
        "take": {"text": t("quality.worst_take"), "href": _taken(quality)},
    }


def _note(count: int) -> str:
    return t("quality.worst_more", shown=number(MOST), of=number(count)) if count > MOST else ""


def _row(quality: Quality, each: Any) -> View:
    names, records = quality.holding.names, quality.holding.records
    unit = str(each["org_unit"])
    above = str(records[unit]["path"]).strip("/").split("/")[:-1]
    return {
        "name": names[unit],
        "area": names[above[-1]] if above and above[-1] != str(quality.unit["id"]) else "",
        "href": quality.address.href(unit=unit),
        "grave": number(int(each["high"])),
        "count": number(int(each["findings"])),
        "rule": named(RULE_NAMES[str(each["rule"])]),
    }


def _taken(quality: Quality) -> str:
    asked = quality.address
    form = f"&form={asked.form}" if asked.form else ""
    first, last = month_name(quality.first), month_name(quality.month)
    return f"/api/v1/quality?unit={asked.unit}&from={first}&to={last}{form}&part=places&format=csv"
