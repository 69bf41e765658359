"""What a question to analytics may not be: out of sight, contradictory, or about what does not add up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from demo.analytics.items import NUMERIC, Dimension, Reader
from demo.analytics.question import Question
from demo.users import User
from demo.web import Refusal

FOR_RATES = ("dx", "pe", "ou")


def restricted(question: Question, user: User, reader: Reader) -> Question:
    """The question within what the asker may see.

    Raises:
        Refusal: a unit out of sight (E7120) or a form whose data may not be read (E7121).
    """
    units = question.either("ou")
    if not user.view:
        return question
    if units is None:
        own = [path.rpartition("/")[2] for path in user.view]
        mine = reader.dimension("ou", own)
        return replace(question, filters=(*question.filters, mine))
    for item in units.items:
        if not user.sees(item.thing["path"]):
            raise Refusal(
                409, f"User: `{user.username}` is not allowed to view org unit: `{item.id}`", "E7120"
            )
    for item in question.of_kind("REPORTING_RATE"):
        if not user.may("dataSets", item.thing, "data_read"):
            raise Refusal(
                409,
                f"User: `{user.username}` is not allowed to read data for `dataSets`: `{item.parts[0]}`",
                "E7121",
            )
    return question


def judge(question: Question, as_values: bool = False) -> None:
    """Refuses what makes no sense, with DHIS2's codes.

    Args:
        question: what is asked.
        as_values: the answer shall be data values, which need all of dx, pe and ou.

    Raises:
        Refusal: the question cannot be answered.
    """
    wrong = _about_time(question) or _about_dimensions(question) or _about_items(question)
    if wrong is None and as_values:
        wrong = _about_values(question)
    wrong = wrong or _about_data(question)
    if wrong:
        raise Refusal(409, *wrong)


Wrong = tuple[str, str] | None


def _about_time(question: Question) -> Wrong:
    periods = question.either("pe")
    has_periods = periods is not None and bool(periods.items)
    if not has_periods and not question.end:
        return "A end date was not specified in periods, dimensions, filters", "E7146"
    if not has_periods and not question.start:
        return "A start date was not specified in periods, dimensions, filters", "E7146"
    if has_periods and question.start and question.end:
        return "Periods and start and end dates cannot be specified simultaneously", "E7105"
    if question.start and question.end and question.start > question.end:
        return f"Start date is after end date: `{question.start}`, `{question.end}`", "E7106"
    if not has_periods and question.of_kind("REPORTING_RATE"):
        return "Start and end dates cannot be specified for reporting rates", "E7107"
    return None


def _about_dimensions(question: Question) -> Wrong:
    data = question.filter("dx")
    if data and len(data.items) > 1 and any(i.kind == "INDICATOR" for i in data.items):
        return "Only a single indicator can be specified as filter", "E7108"
    if data and len(data.items) > 1 and any(i.kind == "REPORTING_RATE" for i in data.items):
        return "Only a single reporting rate can be specified as filter", "E7109"
    if question.filter("co"):
        return "Category option combos cannot be specified as filter", "E7110"
    names = [d.name for d in question.dimensions]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        return f"Dimensions cannot be specified more than once: `{twice}`", "E7111"
    return None


def _about_items(question: Question) -> Wrong:
    names = {d.name for d in (*question.dimensions, *question.filters)}
    if question.of_kind("REPORTING_RATE") and names & {"co", "ao"}:
        return (
            f"Reporting rates can only be specified together with dimensions of type: `{FOR_RATES}`",
            "E7112",
        )
    elements = question.of_kind("DATA_ELEMENT")
    if question.either("co") and not elements:
        return "Assigned categories cannot be specified when data elements are not specified", "E7113"
    if question.either("co") and len(elements) != len((question.either("dx") or _NONE).items):
        message = (
            "Assigned categories can only be specified together with data elements, not indicators or rates"
        )
        return message, "E7114"
    unfit = [
        item.parts[0] if item.parts else item.id
        for item in question.of_kind("DATA_ELEMENT", "DATA_ELEMENT_OPERAND")
        if not _adds_up(item.thing)
    ]
    if unfit:
        return (
            f"Data elements must be of a value and aggregation type that allow aggregation: `{unfit}`",
            "E7115",
        )
    return None


def _adds_up(element: dict[str, Any]) -> bool:
    return element.get("valueType") in NUMERIC and element.get("aggregationType") != "NONE"


def _about_values(question: Question) -> Wrong:
    for name, title, code in (
        ("dx", "data dimension 'dx'", "E7117"),
        ("pe", "period dimension 'pe'", "E7118"),
        ("ou", "organisation unit dimension 'ou'", "E7119"),
    ):
        if question.dimension(name) is None:
            return f"A {title} must be specified when output format is DATA_VALUE_SET", code
    return None


def _about_data(question: Question) -> Wrong:
    if not question.dimensions:
        return "At least one dimension must be specified", "E7101"
    if question.either("dx") is None and not question.options.skip_data:
        return (
            "At least one data dimension item or data element group set dimension item must be specified",
            "E7102",
        )
    both = sorted({d.name for d in question.dimensions} & {f.name for f in question.filters})
    if both:
        return f"Dimensions cannot be specified as dimension and filter simultaneously: `{both}`", "E7103"
    return None


_NONE = Dimension("", "", ())
