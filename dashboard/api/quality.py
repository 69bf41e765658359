"""`GET /api/v1/quality`: the review of data quality of a unit and those below, and what the rules found."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from flask import Flask, Response, jsonify, request

from accounts import Person
from dashboard.address import month_name
from dashboard.api.answering import answered
from dashboard.api.asking import checked, month_in, one_of, yes
from dashboard.api.compare import WORKBOOK, as_attachment
from dashboard.i18n import t
from dashboard.pages.quality_findings import names_of
from dashboard.quality import Quality, look
from dashboard.quality_address import QualityAddress
from dashboard.quality_desk import QualityDesk
from dashboard.quality_words import CLASSES, DIMENSIONS, RULE_NAMES, named, said, to_check
from dashboard.quality_worst import worst_places
from dashboard.questions import BadQuestionError
from dashboard.row_files import MOST_ROWS, as_csv, as_xlsx, records
from indicators.periods import month_number

PATH = "/api/v1/quality"
PARAMETERS = ("unit", "from", "to", "form", "children", "part", "format", "lang")
PARTS, FORMATS = ("review", "findings", "places"), ("json", "csv", "xlsx")
REVIEW = (
    "unit_id", "unit_code", "unit_name", "level", "from", "to", "form", "dimension", "value", "class",
    "held", "checked", "as_of",
)  # fmt: skip
FINDINGS = (
    "unit_id", "unit_code", "unit_name", "form", "item", "item_name", "measure", "month", "months", "rule",
    "rule_name", "severity", "value", "expected", "second", "since", "other", "says", "check",
)  # fmt: skip
PLACES = (
    "unit_id", "unit_code", "unit_name", "level", "parent_id", "parent_name", "from", "to", "high", "medium",
    "low", "findings", "gravest_rule", "gravest_rule_name",
)  # fmt: skip
LETTERS = {"g": "good", "w": "watch", "p": "poor", "u": "unknown"}


def install(server: Flask, desk: QualityDesk) -> None:
    """Add the route to the server."""

    def quality() -> Response:
        return answered(lambda person: _told(desk, request.args, person))

    server.add_url_rule(PATH, "api_quality", quality, methods=["GET"])


def _told(desk: QualityDesk, parameters: Mapping[str, str], person: Person) -> Response:
    checked(parameters, PARAMETERS, needed=("unit",))
    wanted, part = one_of(parameters, "format", FORMATS), one_of(parameters, "part", PARTS)
    quality = asked(desk, parameters, person)
    tables = {
        "review": lambda: review_rows(quality),
        "findings": lambda: finding_rows(quality),
        "places": lambda: place_rows(quality),
    }
    table = tables[part]()
    name = f"quality-{part}-{quality.unit['id']}-{month_name(quality.month)}"
    if wanted == "csv":
        return as_attachment(as_csv(table), "text/csv", f"{name}.csv")
    if wanted == "xlsx":
        if len(table) > MOST_ROWS:
            what = f"A sheet of Excel takes {MOST_ROWS:,} rows; these are {len(table):,}."
            raise BadQuestionError("format", what, "Ask for fewer months or a unit below, or for CSV.")
        others = {each.capitalize(): tables[each]() for each in PARTS if each != part}
        sheets = {**others, "Notes": notes(quality)}
        return as_attachment(as_xlsx(table, sheets), WORKBOOK, f"{name}.xlsx")
    return jsonify(_body(quality, table))


def asked(desk: QualityDesk, parameters: Mapping[str, str], person: Person) -> Quality:
    """The question in a query string; without months it is of the newest that is known well enough.

    Raises:
        QuestionError: one of its kinds says what is wrong and what to do.
    """
    first, last = month_in(parameters, "from"), month_in(parameters, "to")
    address = QualityAddress(parameters["unit"], parameters.get("form") or None, last)
    found = look(desk, address, person.scope)
    if first is not None:
        over = month_number(found.month) - month_number(first) + 1
        if over < 1:
            what = f"The months run backwards: {month_name(first)} comes after {month_name(found.month)}."
            raise BadQuestionError("from", what, "Give the first month as `from` and the last as `to`.")
        found = replace(found, address=replace(found.address, over=over))
    return found if yes(parameters, "children") else replace(found, below=())


def review_rows(quality: Quality) -> pd.DataFrame:
    """The review as rows: a unit, a form ("" for all of them together) and a dimension each."""
    units = (str(quality.unit["id"]), *quality.below)
    forms = ("", *(quality.forms if len(quality.forms) > 1 else ()))
    rows: list[dict[str, Any]] = []
    for form in forms:
        shares = quality.shares(units, (form,) if form else None)
        for unit, told in zip(units, shares, strict=True):
            about = _about(quality, unit) | {
                "from": month_name(quality.first), "to": month_name(quality.month), "form": form,
                "as_of": quality.holding.as_of.isoformat(),
            }  # fmt: skip
            for dimension, share in told.items():
                letter = share.letter(quality.country.quality.shares[dimension])
                counted = {"held": share.held, "checked": share.made}
                rows.append(
                    about | counted | {"dimension": dimension, "value": share.value, "class": LETTERS[letter]}
                )
    return pd.DataFrame(rows, columns=list(REVIEW))


def _about(quality: Quality, unit: str) -> dict[str, Any]:
    known = quality.holding.records[unit]
    return {
        "unit_id": unit,
        "unit_code": known["code"],
        "unit_name": quality.holding.names[unit],
        "level": int(known["level"]),
    }


def finding_rows(quality: Quality) -> pd.DataFrame:
    """What the rules found in the period, the gravest first, each in words too."""
    names, told = names_of(quality), quality.found
    codes = quality.holding.rollup.items.set_index("id")["code"].astype(str).to_dict()
    rows = [
        {
            **{name: each[name] for name in ("form", "measure", "months", "rule", "severity")},
            **{name: each[name] for name in ("value", "expected", "second")},
            "unit_id": each["org_unit"],
            "unit_code": quality.holding.records[each["org_unit"]]["code"],
            "unit_name": names.places[each["org_unit"]],
            "item": codes.get(each["item"], ""),
            "item_name": names.items.get(each["item"], ""),
            "month": month_name(int(each["month"])),
            "since": month_name(int(each["since"])),
            "rule_name": named(RULE_NAMES[str(each["rule"])]),
            "other": codes.get(each["other"], each["other"]),
            "says": said(each, names),  # type: ignore[arg-type]
            "check": to_check(each),  # type: ignore[arg-type]
        }
        for each in told.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(FINDINGS))


def place_rows(quality: Quality) -> pd.DataFrame:
    """The places that something was found at in the period, those with most grave findings first."""
    rows = []
    for each in worst_places(quality.found).to_dict("records"):
        unit = str(each["org_unit"])
        above = str(quality.holding.records[unit]["path"]).strip("/").split("/")[:-1]
        rows.append({
            **_about(quality, unit),
            **{name: int(each[name]) for name in ("high", "medium", "low", "findings")},
            "parent_id": above[-1] if above else "",
            "parent_name": quality.holding.names[above[-1]] if above else "",
            "from": month_name(quality.first),
            "to": month_name(quality.month),
            "gravest_rule": each["rule"],
            "gravest_rule_name": named(RULE_NAMES[str(each["rule"])]),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=list(PLACES))


def notes(quality: Quality) -> pd.DataFrame:
    """What goes with a workbook: what was asked, and what each dimension and class is."""
    forms = quality.holding.forms
    rows = [
        ("asked", "unit", t("compare.place"), quality.holding.names[str(quality.unit["id"])]),
        ("asked", "from", t("compare.from"), str(month_name(quality.first))),
        ("asked", "to", t("compare.to"), str(month_name(quality.month))),
        *(("asked", "form", t("quality.form"), str(forms.loc[each, "name"])) for each in quality.forms),
        *(
            ("left_out", each.form, each.name, t("compare.left_out", form=each.name))
            for each in quality.left_out
        ),
        *(("dimension", name, named(words[0]), _limits(quality, name)) for name, words in DIMENSIONS.items()),
    ]
    return pd.DataFrame(rows, columns=["part", "id", "name", "text"])


def _limits(quality: Quality, dimension: str) -> str:
    good, watch = quality.country.quality.shares[dimension]
    return f"{named(CLASSES['g'])} ≥ {good:.0%}, {named(CLASSES['w'])} ≥ {watch:.0%}"


def _body(quality: Quality, table: pd.DataFrame) -> dict[str, Any]:
    return {
        "version": quality.holding.version,
        "as_of": quality.holding.as_of.isoformat(),
        "left_out": [{"form": each.form, "name": each.name} for each in quality.left_out],
        "rows": records(table),
    }
