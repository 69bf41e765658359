"""What holds of every figure of Compare whatever was reported: units, order, doubles, places, periods."""

import random

import numpy as np
import pytest

from indicators.definitions import BY_ID
from tests.indicators.builders import TREE, assigned, units, values
from tests.indicators.compared_cases import CASES, NEWEST, a_book, built

SEEDS = (1, 2)
PLACES = ("N", "A", "B", "A1", "B2")
of_each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"book {seed}")
def book(request):
    """A book of reports and its roll-up."""
    rows = a_book(request.param)
    return rows, built(rows)


def same(found, expected, within=1e-9):
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=within, atol=1e-9)


@of_each
def test_a_book_says_something_at_all(case, book):
    assert case.name in BY_ID
    figure = case.ask(book[1], "N")[0]
    assert np.isfinite(figure).any()
    assert case.name in ("imputed", "share_of_change") or len(np.unique(np.nan_to_num(figure))) > 1


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.power is not None], ids=lambda case: case.name
)
def test_a_quantity_counted_in_other_units_is_the_same_quantity(case, book):
    rows, rollup = book
    larger = [(*row[:4], row[4] * (1 if row[2] == "stockout_days" else 8)) for row in rows]
    other = built(larger)
    for unit in PLACES:
        found, usual = case.ask(other, unit)[0], case.ask(rollup, unit)[0]
        same((found,), (usual * 8**case.power,))


@of_each
def test_the_order_of_rows_and_their_doubles_change_nothing(case, book):
    rows, rollup = book
    chance = random.Random(1)
    mixed = built(chance.sample([*rows, *chance.sample(rows, len(rows) // 3)], len(rows) * 4 // 3))
    for unit in PLACES:
        same(case.ask(mixed, unit), case.ask(rollup, unit))


@of_each
def test_two_facilities_that_change_names_leave_their_district_as_it_was(case, book):
    rows, rollup = book
    swapped = {"A1": "A2", "A2": "A1"}
    other = built([(swapped.get(row[0], row[0]), *row[1:]) for row in rows])
    for unit in ("N", "A", "B"):
        same(case.ask(other, unit), case.ask(rollup, unit))
    same(case.ask(other, "A2"), case.ask(rollup, "A1"))


@of_each
def test_an_empty_facility_has_no_figure_and_changes_none(case, book):
    rows, rollup = book
    wider = built(rows, org_units=units({**TREE, "B": ["B0", "B1", "B2"]}))
    for unit in PLACES:
        found, usual = list(case.ask(wider, unit)), list(case.ask(rollup, unit))
        if case.name == "overlap" and unit in ("N", "B"):
            assert (found.pop() == usual.pop() + 1).all()  # one more place that could have had figures
        if case.name == "share_of_change" and unit == "B":
            found, usual = found[2:], usual[2:]  # one more child, whose part is nothing
        same(found, usual)
    assert not np.nan_to_num(case.ask(wider, "B0")[0]).any()


def by_quarter(rows):
    """What B2 reports in the three months of a quarter, as one report where it reported all three."""
    told, whole = {}, []
    for place, item, measure, month, value in rows:
        quarter = month - (month % 100 - 1) % 3
        told.setdefault((place, item, measure, quarter), []).append((month, value))
    for (place, item, measure, quarter), parts in told.items():
        if place == "B2" and len(parts) == 3 and measure in ("count", "consumed", "received"):
            whole.append((place, item, measure, quarter, sum(value for _, value in parts), 3))
        else:
            whole += [(place, item, measure, month, value) for month, value in parts]
    return whole


@pytest.mark.parametrize("case", [case for case in CASES if case.adds_up], ids=lambda case: case.name)
def test_a_quarters_report_says_the_same_as_its_three_months(case):
    rows = [row for row in a_book(1) if row[0] != "B2"]
    rows += [("B2", "NEW", "count", month, 10.0 + month % 7) for month in range(201701, 201713)]
    rows += [("B2", "NEW", "count", month, 14.0 + month % 5) for month in range(201801, 201813)]
    rows += [(*row[:1], "TOLD", "consumed", *row[3:]) for row in rows if row[:2] == ("B2", "NEW")]
    one, other = built(rows), built(by_quarter(rows))
    for unit in ("N", "B2"):
        found, usual = (case.ask(each, unit, "quarter") for each in (other, one))
        same(found[:1], usual[:1], case.within)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.zero is not None], ids=lambda case: case.name
)
def test_zero_is_an_answer_and_silence_is_none(case):
    """A1 was silent in the newest month, or said 0 of everything."""
    rows = [row for row in a_book(1) if (row[0], row[3]) != ("A1", NEWEST)]
    last = {(row[1], row[2]) for row in rows}
    zeros = [("A1", item, measure, NEWEST, 0.0) for item, measure in sorted(last)]
    silent, zero = (case.ask(built(each), "A1")[0][-1] for each in (rows, rows + zeros))
    assert np.nan_to_num(silent) == 0
    assert case.zero == pytest.approx(zero)
    if case.name not in ("reports", "overlap", "imputed"):
        assert np.isnan(silent)


def test_the_books_are_what_they_are_said_to_be():
    rows = a_book(1)
    assert 0 < sum(row[4] == 0 for row in rows) < len(rows) / 4
    assert len(values(*rows)) == len(rows) < 4 * 24 * 9
    assert len(assigned()) == 8
