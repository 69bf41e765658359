"""Forms as a country configures them: which data set, which cell is which measure, which months it covers."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from countries.reading import Table

MEASURES = (
    "opening",
    "received",
    "consumed",
    "adjusted",
    "lost",
    "closing",
    "stockout_days",
    "ordered",
    "amc_reported",
)
KINDS = ("service", "commodity", "service_report", "population")
ROLES = ("figures", "store")
WINDOWS = (3, 6, 12)
NAMED_BY = ("first", "last")
YEAR = 12


@dataclass(frozen=True)
class ElementRule:
    """Which elements of a service form are what: `match` is a pattern on an element's code, or its name."""

    match: str
    kind: str
    measure: str

    def fits(self, code: str | None, name: str) -> bool:
        """Whether an element with this code and name falls under the rule."""
        return fnmatchcase(code or "", self.match) or fnmatchcase(name, self.match)


@dataclass(frozen=True)
class ReportWindow:
    """The months that one report covers, where they are more than the period it is stored in.

    Attributes:
        months: how many, 3, 6 or 12.
        begins: a month of the year (1 to 12) in which such a window begins.
        named_by: which of its months it is stored in, the "first" or the "last".
    """

    months: int
    begins: int
    named_by: str


@dataclass(frozen=True)
class Form:
    """A data set that is pulled, and how its cells become measures.

    `measures` maps the name of a category option combo to a measure (commodities report several numbers for
    each item); `elements` says it element by element (services). `role` is "figures" for what the pages show
    and "store" for the form that the stores write to. `window` is given where a report covers more months
    than the period it is stored in. A form of kind "population" holds estimates of how many people there are:
    no report is expected of it, and no total adds it up over time. Several forms may ask for one item: each
    unit is assigned one of them.
    """

    key: str
    data_set: str
    kind: str
    source: str
    programme: str
    role: str
    measures: Mapping[str, str]
    elements: tuple[ElementRule, ...]
    window: ReportWindow | None = None


def read_form(table: Table) -> Form:
    """The form that a table of [[forms]] describes; CountryError names a wrong entry."""
    measures = table.mapping("measures")
    rules = tuple(
        ElementRule(r.text("match"), r.choice("kind", KINDS), r.choice("measure", ("count", *MEASURES)))
        for r in table.tables("elements")
    )
    wrong = [m for m in measures.values() if m not in MEASURES]
    if wrong:
        raise table.error("measures", f"{wrong[0]!r} is no measure; one of {', '.join(MEASURES)}")
    return Form(
        key=table.text("key"),
        data_set=table.text("data_set"),
        kind=table.choice("kind", KINDS),
        source=table.text("source"),
        programme=table.text("programme", ""),
        role=table.choice("role", ROLES, "figures"),
        measures=measures,
        elements=rules,
        window=_window(table),
    )


def _window(table: Table) -> ReportWindow | None:
    said = table.table("window")
    if said is None:
        return None
    months, begins = said.whole("months", WINDOWS), said.whole("begins", range(1, YEAR + 1), 1)
    return ReportWindow(months, begins, said.choice("named_by", NAMED_BY))
