"""A question to analytics, read from a request and judged as DHIS2 judges it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from demo.analytics.aggregation import Span
from demo.analytics.items import Dimension, Item, Reader
from demo.web import Refusal

FIRST = ("dx", "co", "ao")
COMPARISONS = {
    "EQ": lambda a, b: a == b,
    "GT": lambda a, b: a > b,
    "GE": lambda a, b: a >= b,
    "LT": lambda a, b: a < b,
    "LE": lambda a, b: a <= b,
}
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

    def shifted(self, offset: int) -> Question:
        """The same question of periods that many later, each by its own kind; below 0 before."""
        if not offset:
            return self
        dimensions = tuple(_shifted(each, offset) for each in self.dimensions)
        return replace(self, dimensions=dimensions, filters=tuple(_shifted(f, offset) for f in self.filters))

    def others(self) -> list[Dimension]:
        """The dimensions after data, in the order of the columns."""
        return [d for d in self.dimensions if d.name != "dx"]


def _shifted(dimension: Dimension, offset: int) -> Dimension:
    if dimension.name != "pe":
        return dimension
    return replace(
        dimension,
        items=tuple(replace(each, thing=each.thing.later(offset)) for each in dimension.items),
    )


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
    return Question(
        tuple(ordered), tuple(filters), _day(args, "startDate"), _day(args, "endDate"), _options(args)
    )


def _options(args: MultiDict[str, str]) -> Options:
    def on(name: str) -> bool:
        return args.get(name, "").lower() == "true"

    general = args.get("outputIdScheme", "UID")
    item = args.get("outputDataItemIdScheme", general)
    schemes = (
        ("data", args.get("outputDataElementIdScheme", item)),
        ("item", item),
        ("unit", args.get("outputOrgUnitIdScheme", general)),
        ("rest", general),
    )
    return Options(
        aggregation=args.get("aggregationType", ""),
        measure=_criteria(args.get("measureCriteria")),
        before_measure=_criteria(args.get("preAggregationMeasureCriteria")),
        skip_meta=on("skipMeta"),
        skip_data=on("skipData"),
        skip_rounding=on("skipRounding"),
        numbers=on("includeNumDen"),
        hierarchy=on("hierarchyMeta"),
        show_hierarchy=on("showHierarchy"),
        details=on("includeMetadataDetails"),
        short_names=args.get("displayProperty", "").upper() == "SHORTNAME",
        ignore_limit=on("ignoreLimit"),
        order=args.get("order", "").upper(),
        schemes=schemes,
    )


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
            raise Refusal(
                400, f"Measure criterion {part!r} does not begin with one of {', '.join(COMPARISONS)}"
            )
    return tuple(found)


def _day(args: MultiDict[str, str], name: str) -> date | None:
    if not args.get(name):
        return None
    try:
        return date.fromisoformat(args[name][:10])
    except ValueError:
        raise Refusal(400, f"{name} {args[name]!r} is not a date such as 2019-08-31") from None
