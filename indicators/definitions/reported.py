"""What was reported, as it was reported: sums over places, the last stock of a period, n of N.

The examples are worked out by the roll-up and the comparison that every page asks, of three sites of one
nation in the first quarter of 2026.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd

from indicators.compare import Comparison, Line, PairItems, View, compare
from indicators.definitions.formulas import Formula, total
from indicators.definitions.shape import Definition, Example, Unit
from indicators.measures import COMMODITY, COUNT, FACILITIES_OUT, SERVICE, SERVICE_REPORT
from indicators.periods import Grain
from indicators.rollup import Frames, Rollup

SITES = ("S1", "S2", "S3")
QUARTER = (202601, 202602, 202603)
KINDS = (SERVICE, SERVICE_REPORT, COMMODITY)
OF_SITES = {"sites": [12, 30, None]}
OF_MONTHS = {"by_month": [40, 25, None]}
Amounts = Sequence[float | None]
Row = tuple[str, str, str, int, int, float | None]


def _nation(rows: Sequence[Row], grain: Grain) -> Comparison:
    """Three sites and what they report: rows of site, kind of item, measure, month, months, value."""
    ids = ("N", *SITES)
    units = pd.DataFrame({
        "id": ids, "code": ids, "name": ids, "level": [1, 2, 2, 2], "parent": [None, "N", "N", "N"],
        "opened": None, "closed": None, "first": range(4), "last": [4, 2, 3, 4],
    })  # fmt: skip
    items = pd.DataFrame(dict.fromkeys(("id", "code", "name", "kind", "source", "form"), KINDS))
    named = ["org_unit", "item", "measure", "month", "months", "value"]
    values = pd.DataFrame([row for row in rows if row[-1] is not None], columns=named)
    values = values.astype({"month": "int32", "months": "int16", "value": "float64"})
    asked = pd.DataFrame([(kind, site) for kind in KINDS for site in SITES], columns=["form", "org_unit"])
    rollup = Rollup.build(Frames(units, items, values.assign(state="reported"), asked))
    own = {str(row[2]): (SERVICE_REPORT,) for row in rows if row[1] == SERVICE_REPORT}
    pair = PairItems((SERVICE,), (COMMODITY,), own)
    return compare(rollup, pair, View("N", QUARTER[0], QUARTER[-1], grain, children=False))


def _figure(line: Line) -> float:
    return float(line.value[0, 0])


def _of_sites(side: str, measure: str, sites: Amounts) -> list[Row]:
    """What each site reports for one month."""
    return [(site, side, measure, QUARTER[0], 1, value) for site, value in zip(SITES, sites, strict=True)]


def _summed(side: str, measure: str, sites: Amounts) -> float:
    """What the nation has of what its sites reported in a month."""
    return _figure(_nation(_of_sites(side, measure, sites), "month").line(side, measure))


def _of_period(side: str, measure: str, by_month: Amounts) -> float:
    """What a quarter has of what one site reported in its months."""
    each = zip(QUARTER, by_month, strict=True)
    rows = [(SITES[0], side, measure, month, 1, value) for month, value in each]
    return _figure(_nation(rows, "quarter").line(side, measure))


def _out(stocks: Amounts) -> float:
    """At how many of three sites that use a product nothing was left."""
    used = _of_sites(COMMODITY, "consumed", [5] * len(SITES))
    held = _of_sites(COMMODITY, "closing", stocks)
    return _figure(_nation([*used, *held], "month").line(COMMODITY, FACILITIES_OUT))


def _imputed(of_quarter: float, of_month: float) -> float:
    """The part of a month's consumption that is a third of a report of three."""
    rows: list[Row] = [
        (SITES[0], COMMODITY, "consumed", QUARTER[0], 3, of_quarter),
        (SITES[1], COMMODITY, "consumed", QUARTER[0], 1, of_month),
    ]
    return float(_nation(rows, "month").line(COMMODITY, "consumed").imputed_share[0, 0])


def _reports(sites: Amounts) -> list[int]:
    """How many reports of services came, and how many are expected."""
    line = _nation(_of_sites(SERVICE, COUNT, sites), "month").line(SERVICE, COUNT)
    return [int(line.n_reported[0, 0]), int(line.n_expected[0, 0])]


def _overlap(services: Amounts, consumed: Amounts) -> int:
    """At how many sites both sides have figures."""
    rows = [*_of_sites(SERVICE, COUNT, services), *_of_sites(COMMODITY, "consumed", consumed)]
    return int(_nation(rows, "month").overlap.both[0, 0])


def _of(side: str, measure: str, formula: Formula, name: str = "", unit: Unit = "quantity") -> Definition:
    """A sum over sites; of a stock or an average, what stood first or last in the period."""
    stands = measure in ("opening", "closing", "amc_reported")
    work: Callable[..., float] = partial(_of_period if stands else _summed, side, measure)
    result = (40.0 if measure == "opening" else 25.0) if stands else 42.0
    example = Example(work, OF_MONTHS if stands else OF_SITES, result)
    return Definition(
        name or measure, side, measure, function="compare", unit=unit, example=example, formula=formula
    )


DEFINITIONS = (
    _of(SERVICE, COUNT, total("count", of="pair"), "services"),
    _of(SERVICE_REPORT, "consumed", total("consumed", of="pair"), "dispensed"),
    _of(SERVICE_REPORT, "received", total("received", of="pair"), "services_received"),
    _of(SERVICE_REPORT, "closing", total("closing", "months", last=True, of="pair"), "services_stock"),
    _of(COMMODITY, "consumed", total("consumed", "quarters")),
    _of(COMMODITY, "opening", total("opening", "months")),
    _of(COMMODITY, "received", total("received", "quarters")),
    _of(COMMODITY, "adjusted", total("adjusted", "quarters")),
    _of(COMMODITY, "lost", total("lost", "quarters")),
    _of(COMMODITY, "closing", total("closing", "months", last=True)),
    _of(COMMODITY, "ordered", total("ordered", "quarters")),
    _of(COMMODITY, "amc_reported", total("amc_reported", "months", last=True), "average"),
    _of(COMMODITY, "stockout_days", total("stockout_days", "quarters"), unit="days"),
    Definition(
        "facilities_out",
        COMMODITY,
        FACILITIES_OUT,
        function="compare",
        unit="places",
        example=Example(_out, {"stocks": [0, 12, None]}, 1.0),
        unsaid="zeros",
    ),
    Definition(
        "imputed",
        module="states",
        function="states",
        subject="reports",
        unit="share",
        example=Example(_imputed, {"of_quarter": 90, "of_month": 20}, 0.6),
        unsaid="history",
    ),
    Definition(
        "reports",
        module="expected",
        subject="reports",
        unit="places",
        example=Example(_reports, {"sites": [12, 0, None]}, [2, 3]),
        unsaid="history",
    ),
    Definition(
        "overlap",
        module="coverage",
        subject="sides",
        unit="places",
        example=Example(_overlap, {"services": [12, 8, None], "consumed": [5, None, 7]}, 1),
        unsaid="each_place",
    ),
)
