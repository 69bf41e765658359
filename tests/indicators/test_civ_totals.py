"""Totals of the Ivorian figures, against sums made by plain loops over the shipped files."""

import csv
import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from countries import load_country
from indicators.compare import PairItems, View, compare
from indicators.logistics import Logistics
from indicators.periods import label
from indicators.question import Question, Subject
from indicators.rollup import Frames, Rollup

FOLDER = Path(__file__).parents[2] / "demo" / "countries" / "civ"
MEASURES = {
    "Opening balance": "opening",
    "Received": "received",
    "Consumption": "consumed",
    "Adjustment": "adjusted",
    "End Balance": "closing",
    "Average monthly consumption": "amc_reported",
    "Stockout days": "stockout_days",
    "Quantity to be ordered": "ordered",
}
FORMS = {"Contraceptive logistics": "lmis", "Family planning services": "hmis"}


def read_book():
    """{(unit code, item code, measure): {month: value}} from the file of values."""
    book = defaultdict(dict)
    with gzip.open(FOLDER / "values.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            key = (
                row["orgunit"],
                row["dataelement"],
                measure_of(row["dataelement"], row["categoryoptioncombo"]),
            )
            book[key][int(row["period"])] = float(row["value"])
    return book


def measure_of(element, option):
    if option != "default":
        return MEASURES[option]
    ends = {"_WOMEN_NEW": "count", "_WOMEN_OLD": "count", "_DISPENSED": "consumed", "_RECEIVED": "received"}
    return next((measure for end, measure in ends.items() if element.endswith(end)), "closing")


def kind_of(code, form):
    if form == "lmis":
        return "commodity"
    return "service" if "_WOMEN_" in code else "service_report"


@pytest.fixture(scope="module")
def metadata():
    return json.loads((FOLDER / "metadata.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def parents(metadata):
    """{unit code: [its own code and those of the units above]}."""
    units = {unit["id"]: unit for unit in metadata["organisationUnits"]}
    return {unit["code"]: [units[i]["code"] for i in unit["path"].split("/")[1:]] for unit in units.values()}


@pytest.fixture(scope="module")
def book():
    return read_book()


@pytest.fixture(scope="module")
def rollup(metadata, book):
    units = walk(metadata["organisationUnits"])
    ids = dict(zip(units["code"], units["id"], strict=True))
    elements = {element["id"]: element for element in metadata["dataElements"]}
    forms = [d for d in metadata["dataSets"] if d["name"] in FORMS]
    items = [
        {"id": e["id"], "code": e["code"], "name": e["name"], "kind": kind_of(e["code"], FORMS[d["name"]]),
         "form": FORMS[d["name"]], "source": FORMS[d["name"]].upper()}
        for d in forms for e in (elements[part["dataElement"]["id"]] for part in d["dataSetElements"])
    ]  # fmt: skip
    code = {item["code"]: item["id"] for item in items}
    assignments = [(FORMS[d["name"]], unit["id"]) for d in forms for unit in d["organisationUnits"]]
    rows = [
        (ids[u], code[i], m, month, v) for (u, i, m), months in book.items() for month, v in months.items()
    ]
    values = pd.DataFrame(rows, columns=["org_unit", "item", "measure", "month", "value"])
    values = values.assign(months=1, state=np.where(values["value"] == 0, "zero", "reported"))
    assigned = pd.DataFrame(assignments, columns=["form", "org_unit"])
    return Rollup.build(Frames(units, pd.DataFrame(items), values, assigned))


def walk(org_units):
    """The org units depth first, with their ranges."""
    below = defaultdict(list)
    for unit in org_units:
        below[unit.get("parent", {}).get("id")].append(unit)
    rows = []

    def visit(unit):
        row = {key: unit[key] for key in ("id", "code", "name", "level")} | {"first": len(rows)}
        rows.append(row | {"parent": unit.get("parent", {}).get("id"), "opened": unit["openingDate"][:10]})
        at = len(rows) - 1
        for child in sorted(below[unit["id"]], key=lambda child: (child["name"], child["id"])):
            visit(child)
        rows[at]["last"] = len(rows)

    for root in below[None]:
        visit(root)
    return pd.DataFrame(rows)


PAIRS = load_country("civ").pairs


def items_of(pair):
    return PairItems(tuple(pair.services), tuple(pair.commodities), pair.reported)


def expected_sums(book, parents, codes, measure, grain):
    """{(unit code, period): sum of the unit's and all below}, stocks at the period's last report."""
    sums = defaultdict(float)
    for (unit, item, what), months in book.items():
        if item in codes and what == measure:
            for period, value in in_periods(months, measure, grain).items():
                for above in parents[unit]:
                    sums[above, period] += value
    return sums


def in_periods(months, measure, grain):
    periods = {}
    for month in sorted(months):
        period = label(month, grain)
        if measure in ("closing", "amc_reported"):
            periods[period] = months[month]
        elif measure == "opening":
            periods.setdefault(period, months[month])
        else:
            periods[period] = periods.get(period, 0.0) + months[month]
    return periods


def shown_sums(rollup, pair, line, grain):
    """The same from the roll-up, asked unit by unit with its children."""
    codes = rollup.units["code"].tolist()
    shown = {}
    for unit in rollup.units.loc[rollup.units["level"] < 4, "id"]:
        answer = compare(rollup, items_of(pair), View(unit, 201601, 201909, grain, measures=line[1:]))
        values = answer.line(*line).value
        for row, of in enumerate(answer.units):
            for column, period in enumerate(answer.periods):
                if not np.isnan(values[row, column]):
                    shown[codes[rollup.position(of)], period] = values[row, column]
    return shown


@pytest.mark.parametrize("grain", ["month", "quarter", "year"])
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_what_was_consumed_equals_the_plain_sums_for_every_unit(rollup, book, parents, pair, grain):
    compare_sums(rollup, book, parents, (pair, "commodity", "consumed", pair.commodities, grain))


@pytest.mark.parametrize("measure", ["opening", "received", "adjusted", "closing", "stockout_days"])
def test_every_measure_of_a_commodity_equals_the_plain_sums(rollup, book, parents, measure):
    pair = PAIRS["pill"]
    compare_sums(rollup, book, parents, (pair, "commodity", measure, pair.commodities, "quarter"))


@pytest.mark.parametrize("pair", [pair for pair in PAIRS.values() if pair.services], ids=lambda pair: pair.id)
def test_the_services_equal_the_plain_sums_for_every_unit(rollup, book, parents, pair):
    compare_sums(rollup, book, parents, (pair, "service", "count", pair.services, "month"))
    compare_sums(
        rollup, book, parents, (pair, "service_report", "consumed", pair.reported["consumed"], "quarter")
    )


def compare_sums(rollup, book, parents, what):
    pair, side, measure, codes, grain = what
    plain = expected_sums(book, parents, codes, measure, grain)
    shown = shown_sums(rollup, pair, (side, measure), grain)
    assert len(shown) > 100
    assert shown == plain


def test_44_of_the_119_districts_have_one_side_only(rollup):
    answer = compare(rollup, items_of(PAIRS["pill"]), View(rollup.units["id"].iloc[0], 201901, 201909))
    assert answer.overlap.level == 3
    assert answer.overlap.places[0, 0] == 119
    without_form = Counter(each.present for each in answer.one_sided if each.code == "no_form_here")
    assert without_form == {"service": 38, "commodity": 6}


def test_332_products_of_facilities_never_had_any_stock_and_are_never_stocked_out(rollup, book):
    ever = defaultdict(float)
    for (unit, item, measure), months in book.items():
        if item.startswith("AS") and measure in ("opening", "received", "consumed", "closing"):
            ever[unit, item] += sum(months.values())
    never = [key for key, amount in ever.items() if amount == 0]
    assert (len(ever), len(never)) == (1357, 332)
    for unit, item in never[::10]:
        view = View(rollup.find(unit), 201601, 201909)
        line = compare(rollup, PairItems(commodities=(item,)), view).line("commodity", "closing")
        assert set(line.state[0].tolist()) == {"not_applicable"}


@pytest.mark.parametrize("product", ["AS21126", "AS27133", "AS42018"])
def test_sites_out_in_april_2019_are_those_that_carry_the_product_and_report_none_left(rollup, book, product):
    year_before = [201805 + m for m in range(8)] + [201901, 201902, 201903, 201904]
    carried = {
        unit
        for (unit, item, measure), months in book.items()
        if item == product and measure in ("opening", "received", "consumed", "closing")
        if any(months.get(month, 0) > 0 for month in year_before)
    }
    closing = {
        unit: months[201904]
        for (unit, item, measure), months in book.items()
        if (item, measure) == (product, "closing") and 201904 in months
    }
    nation = View(rollup.units["id"].iloc[0], 201904, 201904)
    line = compare(rollup, PairItems(commodities=(product,)), nation).line("commodity", "facilities_out")
    assert line.value[0, 0] == sum(closing.get(unit) == 0 for unit in carried)
    assert (line.n_reported[0, 0], line.n_expected[0, 0]) == (len(carried & closing.keys()), len(carried))
    assert line.value[0, 0] < sum(stock == 0 for stock in closing.values())


def test_sayana_press_in_april_2019_is_out_nowhere_that_carries_it(rollup, book):
    """84 of the 89 sites with a row have a zero; none of them had ever stocked, received or used it."""
    rows = [
        months[201904]
        for (_, item, measure), months in book.items()
        if (item, measure) == ("AS21126", "closing") and 201904 in months
    ]
    assert (len(rows), rows.count(0)) == (89, 84)
    nation = Question((rollup.units["id"].iloc[0],), (Subject.product("AS21126"),), 201904, 201904)
    answer = Logistics(rollup).ask("stockout_rate", nation)
    parts = answer.numerator, answer.denominator, answer.reported, answer.expected
    assert [part[0, 0, 0] for part in parts] == [0, 5, 5, 5]


def test_injectables_are_out_where_no_member_that_is_carried_is_left(rollup, book):
    family = load_country("civ").families["injectables"].commodities
    year_before = [201805 + m for m in range(8)] + [201901, 201902, 201903, 201904]
    held = defaultdict(dict)
    for (unit, item, measure), months in book.items():
        if item in family and measure in ("opening", "received", "consumed", "closing"):
            held[unit].setdefault(item, False)
            held[unit][item] |= any(months.get(month, 0) > 0 for month in year_before)
    stocks = {
        unit: [
            book.get((unit, item, "closing"), {}).get(201904) for item, carried in items.items() if carried
        ]
        for unit, items in held.items()
    }
    known = [s for s in stocks.values() if s and (None not in s or any(v for v in s))]
    question = Question(
        (rollup.units["id"].iloc[0],), (Subject.family("injectables", family),), 201904, 201904
    )
    answer = Logistics(rollup).ask("stockout_rate", question)
    assert answer.denominator[0, 0, 0] == len(known) > 100
    assert answer.numerator[0, 0, 0] == sum(not any(stock) for stock in known)
    assert answer.expected[0, 0, 0] == sum(bool(stock) for stock in stocks.values())
