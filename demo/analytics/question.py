"""A question to analytics, read from a request and judged as DHIS2 judges it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from demo.analytics.aggregation import Span
from demo.analytics.items import NUMERIC, Dimension, Item, Reader
from demo.users import User
from demo.web import Refusal

FIRST = ("dx", "co", "ao")
FOR_RATES = ("dx", "pe", "ou")
COMPARISONS = {"EQ": lambda a, b: a == b, "GT": lambda a, b: a > b, "GE": lambda a, b: a >= b,
               "LT": lambda a, b: a < b, "LE": lambda a, b: a <= b}
Criteria = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Options:
    """What a request says besides its dimensions."""

    aggregation: str = ""
    measure: Criteria = ()
    before_measure: Criteria = ()
    skip_meta: bool = False
    skip_data: bool = False
    skip_rounding: bool = False
    numbers: bool = False
    hierarchy: bool = False
    show_hierarchy: bool = False
    details: bool = False
    short_names: bool = False
    ignore_limit: bool = False
    order: str = ""
    schemes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Question:
    """Dimensions, filters, dates and options of one request."""

    dimensions: tuple[Dimension, ...]
    filters: tuple[Dimension, ...]
    start: date | None
    end: date | None
    options: Options

    def dimension(self, name: str) -> Dimension | None:
        """A dimension by name, or None."""
        return next((d for d in self.dimensions if d.name == name), None)

    def filter(self, name: str) -> Dimension | None:
        """A filter by name, or None."""
        return next((d for d in self.filters if d.name == name), None)

    def either(self, name: str) -> Dimension | None:
        """A dimension or filter by name, or None."""
        return self.dimension(name) or self.filter(name)

    def of_kind(self, *kinds: str) -> list[Item]:
        """The data items of these kinds, asked for as dimension or filter."""
        data = self.either("dx")
        return [item for item in data.items if item.kind in kinds] if data else []

    @property
    def span(self) -> Span:
        """The time asked about."""
        if self.start and self.end:
            return Span(start=self.start, end=self.end)
        dimension = self.either("pe")
        found = tuple(item.thing for item in dimension.items) if dimension else ()
        return Span(found, as_filter=self.dimension("pe") is None)

    def others(self) -> list[Dimension]:
        """The dimensions after data, in the order of the columns."""
        return [d for d in self.dimensions if d.name != "dx"]


def parameters(values: list[str]) -> list[tuple[str, list[str]]]:
    """Splits ``dx:A;B,pe:201908`` and its like into names and items."""
    parts = [part for value in values for part in value.split(",") if part]
    return [(part.partition(":")[0], [i for i in part.partition(":")[2].split(";") if i]) for part in parts]


def read(args: MultiDict[str, str], reader: Reader) -> Question:
    """Reads the question of a request.

    Raises:
        Refusal: a dimension, item, date or criterion that is none.
    """
    dimensions = [reader.dimension(*pair) for pair in parameters(args.getlist("dimension"))]
    ordered = sorted(dimensions, key=lambda d: FIRST.index(d.name) if d.name in FIRST else len(FIRST))
    filters = [reader.dimension(*pair) for pair in parameters(args.getlist("filter"))]
    return Question(tuple(ordered), tuple(filters), _day(args, "startDate"), _day(args, "endDate"), _options(args))


def _options(args: MultiDict[str, str]) -> Options:
    def on(name: str) -> bool:
        return args.get(name, "").lower() == "true"
    general = args.get("outputIdScheme", "UID")
    item = args.get("outputDataItemIdScheme", general)
    schemes = (("data", args.get("outputDataElementIdScheme", item)), ("item", item),
               ("unit", args.get("outputOrgUnitIdScheme", general)), ("rest", general))
    return Options(
        aggregation=args.get("aggregationType", ""), measure=_criteria(args.get("measureCriteria")),
        before_measure=_criteria(args.get("preAggregationMeasureCriteria")), skip_meta=on("skipMeta"),
        skip_data=on("skipData"), skip_rounding=on("skipRounding"), numbers=on("includeNumDen"),
        hierarchy=on("hierarchyMeta"), show_hierarchy=on("showHierarchy"), details=on("includeMetadataDetails"),
        short_names=args.get("displayProperty", "").upper() == "SHORTNAME", ignore_limit=on("ignoreLimit"),
        order=args.get("order", "").upper(), schemes=schemes)


def _criteria(text: str | None) -> Criteria:
    found = []
    for part in (text or "").split(";"):
        word, _, number = part.partition(":")
        if not part:
            continue
        try:
            found.append((word.upper(), float(number)))
        except ValueError:
            raise Refusal(400, f"Measure criterion {part!r} is not of the form GE:10") from None
        if found[-1][0] not in COMPARISONS:
            raise Refusal(400, f"Measure criterion {part!r} does not begin with one of {', '.join(COMPARISONS)}")
    return tuple(found)


def _day(args: MultiDict[str, str], name: str) -> date | None:
    if not args.get(name):
        return None
    try:
        return date.fromisoformat(args[name][:10])
    except ValueError:
        raise Refusal(400, f"{name} {args[name]!r} is not a date such as 2019-08-31") from None


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
            raise Refusal(409, f"User: `{user.username}` is not allowed to view org unit: `{item.id}`", "E7120")
    for item in question.of_kind("REPORTING_RATE"):
        if not user.may("dataSets", item.thing, "data_read"):
            raise Refusal(409, f"User: `{user.username}` is not allowed to read data for `dataSets`: "
                               f"`{item.parts[0]}`", "E7121")
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
        return f"Reporting rates can only be specified together with dimensions of type: `{FOR_RATES}`", "E7112"
    elements = question.of_kind("DATA_ELEMENT")
    if question.either("co") and not elements:
        return "Assigned categories cannot be specified when data elements are not specified", "E7113"
    if question.either("co") and len(elements) != len((question.either("dx") or _NONE).items):
        return "Assigned categories can only be specified together with data elements, " \
               "not indicators or reporting rates", "E7114"
    unfit = [item.parts[0] if item.parts else item.id for item in question.of_kind("DATA_ELEMENT", "DATA_ELEMENT_OPERAND")
             if not _adds_up(item.thing)]
    if unfit:
        return f"Data elements must be of a value and aggregation type that allow aggregation: `{unfit}`", "E7115"
    return None


def _adds_up(element: dict[str, Any]) -> bool:
    return element.get("valueType") in NUMERIC and element.get("aggregationType") != "NONE"


def _about_values(question: Question) -> Wrong:
    for name, title, code in (("dx", "data dimension 'dx'", "E7117"), ("pe", "period dimension 'pe'", "E7118"),
                              ("ou", "organisation unit dimension 'ou'", "E7119")):
        if question.dimension(name) is None:
            return f"A {title} must be specified when output format is DATA_VALUE_SET", code
    return None


def _about_data(question: Question) -> Wrong:
    if not question.dimensions:
        return "At least one dimension must be specified", "E7101"
    if question.either("dx") is None and not question.options.skip_data:
        return "At least one data dimension item or data element group set dimension item must be specified", "E7102"
    both = sorted({d.name for d in question.dimensions} & {f.name for f in question.filters})
    if both:
        return f"Dimensions cannot be specified as dimension and filter simultaneously: `{both}`", "E7103"
    return None


_NONE = Dimension("", "", ())
