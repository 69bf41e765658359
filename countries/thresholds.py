"""From where on a stock is low or a figure unusual, as a country decides."""

from dataclasses import dataclass

from countries.reading import Table


@dataclass(frozen=True)
class StockLevels:
    """The months of stock that units of a group should hold.

    Attributes:
        group: a DHIS2 group of units by name; empty for the units that are in no group named here.
        least: below this many months the stock is low.
        most: above this many months there is too much.
    """

    group: str
    least: float
    most: float


@dataclass(frozen=True)
class Thresholds:
    """Cut-offs of what is shown as provisional, and of what is called unusual.

    Scores are deviations from what is usual for a unit and month in units of its own spread.

    Attributes:
        provisional: a period is provisional while less than this share of its reports is in.
        watch: a score from which a figure is worth watching.
        unusual: a score from which it is an alert.
        sustained: months in a row on one side that make an alert of lesser deviations.
        history: windows with figures below which nothing is called unusual.
        few: counts below this are shown as counts, without a ratio.
    """

    provisional: float = 0.75
    watch: float = 3.0
    unusual: float = 4.0
    sustained: int = 3
    history: int = 6
    few: int = 10


def read_stock_levels(tables: list[Table]) -> tuple[StockLevels, ...]:
    """The levels of [[stock_levels]]; CountryError names a wrong entry."""
    return tuple(_levels(table) for table in tables)


def _levels(table: Table) -> StockLevels:
    table.known("group", "least", "most")
    least, most = table.number("least"), table.number("most")
    if not 0 <= least < most:
        raise table.error("most", f"{most:g} months at most are not more than {least:g} at least")
    return StockLevels(table.text("group", ""), least, most)


def read_thresholds(table: Table | None) -> Thresholds:
    """The cut-offs of [thresholds], usual ones where none are said; CountryError names a wrong entry."""
    if table is None:
        return Thresholds()
    usual = Thresholds()
    table.known("provisional", "watch", "unusual", "sustained", "history", "few")
    found = Thresholds(
        provisional=table.number("provisional", usual.provisional),
        watch=table.number("watch", usual.watch),
        unusual=table.number("unusual", usual.unusual),
        sustained=table.whole("sustained", range(2, 13), usual.sustained),
        history=table.whole("history", range(3, 61), usual.history),
        few=table.whole("few", range(1001), usual.few),
    )
    if not 0 < found.provisional <= 1:
        raise table.error("provisional", f"{found.provisional:g} is no share between 0 and 1")
    if not 0 < found.watch <= found.unusual:
        raise table.error("unusual", f"{found.unusual:g} lies below watch, {found.watch:g}")
    return found
