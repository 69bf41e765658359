"""How a country works out its indicators of stock and consumption: averages, forecasts, sets, protection."""

from collections.abc import Mapping
from dataclasses import dataclass

from countries.reading import CountryError, Table, Words

RULES = ("tandem", "none", "openlmis", "elmis", "days_in_stock", "commtrack")
FORECASTS = ("seasonal_naive", "moving_average", "croston", "tsb")
NEEDS = ("V", "E", "N")
# The methods of which a couple-year is known; a country may give others in [couple_years].
PROTECTION = (
    "iud-copper",
    "ius-levonorgestrel",
    "implant-3-years",
    "implant-4-years",
    "implant-5-years",
    "pill-combined",
    "pill-progestin",
    "condom-male",
    "condom-female",
    "injectable-3-months",
    "injectable-2-months",
    "injectable-1-month",
    "emergency",
    "ring",
    "patch",
    "diaphragm-caya",
    "standard-days",
    "lactational-amenorrhoea",
    "sterilisation",
)


@dataclass(frozen=True)
class Logistics:
    """The parameters of averages and forecasts.

    Attributes:
        rule: how consumption is made good for stock-outs, one of `RULES`.
        months: the average is of so many months.
        least: with fewer of them reported there is none.
        forecast: the method, one of `FORECASTS`.
        horizon: how many months ahead.
        tested: over how many of the last months the method is judged.
    """

    rule: str = "tandem"
    months: int = 3
    least: int = 2
    forecast: str = "moving_average"
    horizon: int = 3
    tested: int = 12


@dataclass(frozen=True)
class Tracers:
    """A set of commodities of which a place needs every one. Members are item codes."""

    id: str
    name: Words
    commodities: tuple[str, ...]


def read_logistics(table: Table | None) -> Logistics:
    """The parameters of [logistics], usual ones where none are said; CountryError names a wrong entry."""
    if table is None:
        return Logistics()
    usual = Logistics()
    table.known("rule", "months", "least", "forecast", "horizon", "tested")
    found = Logistics(
        rule=table.choice("rule", RULES, usual.rule),
        months=table.whole("months", range(1, 25), usual.months),
        least=table.whole("least", range(1, 25), usual.least),
        forecast=table.choice("forecast", FORECASTS, usual.forecast),
        horizon=table.whole("horizon", range(1, 25), usual.horizon),
        tested=table.whole("tested", range(1, 61), usual.tested),
    )
    if found.least > found.months:
        raise table.error("least", f"{found.least} of {found.months} months cannot be asked for")
    return found


def read_tracers(
    tables: list[Table], languages: tuple[str, ...], codes: Mapping[str, object]
) -> tuple[Tracers, ...]:
    """The sets of [[tracers]]; CountryError names a set without commodities, or one of no [[items]]."""
    found = []
    for table in tables:
        table.known("id", "name", "commodities")
        members = tuple(table.strings("commodities"))
        strange = [code for code in members if code not in codes]
        if strange or not members:
            what = f"{strange[0]!r} is not among [[items]]" if strange else "a code at least is required"
            raise table.error("commodities", what)
        found.append(Tracers(table.text("id"), table.words("name", languages), members))
    return tuple(found)


def read_couple_years(table: Table | None, methods: Mapping[str, str]) -> dict[str, float]:
    """The country's own couple-years of one unit, by method.

    Args:
        table: [couple_years].
        methods: by item code, the method that the item says it is.

    Raises:
        CountryError: a factor is no number above 0, or an item's method has no factor anywhere.
    """
    own = {} if table is None else table.numbers()
    wrong = [method for method, years in own.items() if years <= 0]
    if table is not None and wrong:
        raise table.error(wrong[0], f"{own[wrong[0]]:g} is no couple-years above 0")
    for code, method in methods.items():
        if method not in PROTECTION and method not in own:
            known = ", ".join(PROTECTION)
            remedy = f"give it a factor in [couple_years], or choose one of {known}"
            raise CountryError(f"item {code!r}, protects: nobody knows the method {method!r}; {remedy}.")
    return own
