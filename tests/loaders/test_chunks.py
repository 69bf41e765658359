"""How large pulls are planned, cut and carried out."""

import itertools
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders import chunks
from loaders.analytics import BUDGET as MOST_CELLS
from loaders.analytics import Cells, plan_cells
from loaders.chunks import Chunk, Shape, ValueQuery, plan, pull
from loaders.errors import NotPermitted, TooMuch
from loaders.spans import MONTHS, WEEKS, Span, spans_between

TYPES = [*MONTHS, *WEEKS, "Daily"]


def ancestors(unit, parent):
    return [unit, *ancestors(parent[unit], parent)] if unit in parent else [unit]


def a_country(regions=3, districts=3, facilities=4, forms=("Monthly", "Quarterly"), fields=10):
    """A hierarchy of four levels in which every facility has every form."""
    children, parent = {}, {}
    level = ["n"]
    for width in (regions, districts, facilities):
        children |= {unit: tuple(f"{unit}{n}" for n in range(width)) for unit in level}
        parent |= {child: unit for unit in level for child in children[unit]}
        level = [child for unit in level for child in children[unit]]
    counts = Counter()
    for unit in level:
        counts.update(ancestors(unit, parent))
    names = [f"form{n}" for n in range(len(forms))]
    return Shape(
        children,
        {name: tuple(f"{name}.{n}" for n in range(fields)) for name in names},
        dict.fromkeys(names, fields),
        dict.fromkeys(names, counts),
        dict(zip(names, forms, strict=True)),
    )


def cells_of(chunk, shape):
    """Every (element, span, unit) that a chunk asks for."""
    units = list(chunk.org_units)
    if chunk.below:
        for unit in units:
            units += shape.children.get(unit, ())
    elements = chunk.elements or [e for form in chunk.data_sets for e in shape.elements[form]]
    return list(itertools.product(elements, chunk.periods, units))


@pytest.mark.parametrize("kind", TYPES)
@settings(deadline=None, max_examples=30)
@given(start=st.dates(date(2000, 1, 1), date(2030, 1, 1)), days=st.integers(0, 1500))
def test_periods_of_a_type_follow_one_another_without_gap_or_overlap(kind, start, days):
    end = start + timedelta(days)
    spans = spans_between(kind, start, end)
    assert all(start <= span.start <= span.end <= end for span in spans)
    if kind != "BiWeekly":
        assert all(b.start - a.end == timedelta(1) for a, b in itertools.pairwise(spans))
    whole = spans_between(kind, start - timedelta(800), end + timedelta(800))
    assert [span for span in whole if span.start >= start and span.end <= end] == spans


def test_known_periods_begin_and_end_where_dhis2_has_them():
    def first(kind, start):
        return spans_between(kind, start, start + timedelta(800))[0]

    assert first("Weekly", date(2019, 1, 1)) == Span(date(2019, 1, 7), date(2019, 1, 13))
    assert first("WeeklySunday", date(2019, 1, 1)) == Span(date(2019, 1, 6), date(2019, 1, 12))
    assert first("FinancialOct", date(2019, 1, 1)) == Span(date(2019, 10, 1), date(2020, 9, 30))
    assert first("SixMonthlyApril", date(2019, 1, 1)) == Span(date(2019, 4, 1), date(2019, 9, 30))
    assert first("BiMonthly", date(2019, 1, 2)) == Span(date(2019, 3, 1), date(2019, 4, 30))


def test_an_unknown_period_type_is_named():
    with pytest.raises(ValueError, match="Lunar"):
        spans_between("Lunar", date(2019, 1, 1), date(2019, 2, 1))


@settings(deadline=None, max_examples=40)
@given(
    forms=st.lists(st.sampled_from(["Monthly", "Quarterly", "Yearly"]), min_size=1, max_size=3),
    months=st.integers(1, 30),
    fields=st.sampled_from([1, 40, 3000, 200_000]),
    parallel=st.integers(1, 8),
)
def test_a_plan_asks_for_every_cell_exactly_once(forms, months, fields, parallel):
    shape = a_country(forms=forms, fields=1)
    shape = Shape(
        shape.children,
        shape.elements,
        dict.fromkeys(shape.fields, fields),
        shape.assigned,
        shape.period_types,
    )
    end = date(2016 + (months - 1) // 12, (months - 1) % 12 + 1, 28)
    query = ValueQuery(tuple(shape.elements), date(2016, 1, 1), end, ("n",))
    asked = Counter(
        itertools.chain.from_iterable(cells_of(chunk, shape) for chunk in plan(query, shape, parallel))
    )
    expected = {
        (f"{form}.0", span, unit)
        for form in query.data_sets
        for span in spans_between(shape.period_types[form], query.start, query.end)
        for unit in {"n", *itertools.chain.from_iterable(shape.children.values())}
    }
    assert set(asked) == expected
    assert set(asked.values()) <= {1}


def test_a_request_stays_within_the_budget_where_units_or_periods_can_be_cut():
    shape = a_country(regions=10, districts=10, facilities=10, forms=("Monthly",), fields=2_000)
    query = ValueQuery(("form0",), date(2016, 1, 1), date(2019, 12, 31), ("n",))
    planned = plan(query, shape)
    assert max(chunk.cells for chunk in planned) <= chunks.BUDGET
    assert max(len(chunk.org_units) for chunk in planned) <= chunks.MOST_IDS


def test_a_small_pull_is_cut_for_the_connections_and_a_tiny_one_is_one_request():
    query = ValueQuery(("form0",), date(2016, 1, 1), date(2019, 12, 31), ("n",))
    assert len(plan(query, a_country(forms=("Monthly",), fields=400), 4)) == 8
    assert len(plan(query, a_country(forms=("Monthly",), fields=1), 4)) == 1


def test_a_form_that_no_unit_has_is_asked_for_all_the_same():
    shape = Shape(elements={"f": ("e",)}, fields={"f": 1}, period_types={"f": "Monthly"})
    query = ValueQuery(("f",), date(2019, 1, 1), date(2019, 12, 31), ("n",))
    assert len(plan(query, shape)) == 1


@settings(deadline=None)
@given(st.data())
def test_the_parts_of_a_chunk_are_the_chunk(data):
    shape = a_country(regions=2, districts=2, facilities=2, fields=3)
    spans = spans_between("Monthly", date(2019, 1, 1), date(2019, 4, 30))
    chunk = Chunk(("form0", "form1"), tuple(spans), ("n",), shape=shape)
    while parts := chunk.parts():
        together = Counter(itertools.chain.from_iterable(cells_of(part, shape) for part in parts))
        assert together == Counter(cells_of(chunk, shape))
        chunk = data.draw(st.sampled_from(parts))
    assert len(cells_of(chunk, shape)) == 1


def test_a_chunk_of_changes_is_never_cut_in_time():
    whole = Span(date(2016, 1, 1), date(2019, 12, 31))
    chunk = Chunk(
        ("form0", "form1"), (whole,), ("n",), changed_since="2019-01-01T00:00:00.000", shape=a_country()
    )
    seen = [chunk]
    for one in seen:
        seen += one.parts()
    assert len(seen) > 10
    assert all(
        ("startDate", "2016-01-01") in one.params and ("lastUpdated", chunk.changed_since) in one.params
        for one in seen
    )


@dataclass(frozen=True)
class Numbers:
    """A divisible piece of work for `pull`."""

    numbers: tuple[int, ...]

    def parts(self):
        middle = len(self.numbers) // 2
        return (Numbers(self.numbers[:middle]), Numbers(self.numbers[middle:])) if middle else ()


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(), min_size=1, max_size=20), max_size=5), st.integers(1, 5))
def test_what_is_too_much_is_cut_until_it_is_not_and_nothing_is_lost(groups, most):
    def fetch(piece):
        if len(piece.numbers) > most:
            raise TooMuch("Too many.", "Fewer.")
        return list(piece.numbers)

    work = [Numbers(tuple(group)) for group in groups]
    with ThreadPoolExecutor(3) as pool:
        pulled = [number for _, numbers in pull(work, fetch, pool, 4) for number in numbers]
    assert Counter(pulled) == Counter(itertools.chain.from_iterable(groups))


def test_what_cannot_be_cut_any_further_fails():
    def fetch(_):
        raise TooMuch("Too many.", "Fewer.")

    with ThreadPoolExecutor(1) as pool, pytest.raises(TooMuch):
        list(pull([Numbers((1, 2))], fetch, pool, 2))


def test_another_error_ends_the_pull_and_what_was_not_begun_is_not_begun():
    begun = []

    def fetch(piece):
        begun.append(piece)
        raise NotPermitted("No.", "Ask.")

    work = [Numbers((n,)) for n in range(100)]
    with ThreadPoolExecutor(1) as pool, pytest.raises(NotPermitted):
        list(pull(work, fetch, pool, 2))
    assert len(begun) <= 3


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 60), st.integers(1, 14), st.integers(1, 200), st.integers(1, 8))
def test_analytics_are_asked_for_every_cell_exactly_once_and_within_the_limit(dx, pe, ou, parallel):
    items = tuple(f"dx{n:09}" for n in range(dx))
    periods = tuple(str(n) for n in range(pe))
    units = tuple(f"ou{n:09}" for n in range(ou))
    planned = plan_cells(items, periods, units, parallel)
    assert sum(cells.size for cells in planned) == dx * pe * ou
    assert max(cells.size for cells in planned) <= MOST_CELLS
    assert (
        len({(a, b, c) for cells in planned for a in cells.dx for b in cells.pe for c in cells.ou})
        == dx * pe * ou
    )


def test_a_level_stays_with_the_units_that_bound_it():
    cells = Cells(("a", "b"), ("2019",), ("LEVEL-3", "n1", "n2", "n3"))
    parts = cells.parts()
    assert [part.dx for part in parts] == [("a",), ("b",)]
    assert all(part.ou == cells.ou for part in parts)
    assert parts[0].parts() == ()


def test_who_learns_of_a_failure_finds_nothing_still_under_way():
    begun, ended = threading.Event(), []

    def fetch(piece):
        if piece.numbers == (1,):
            assert begun.wait(5)
            raise NotPermitted("No.", "Ask.")
        begun.set()
        time.sleep(0.05)
        ended.append(piece)

    with ThreadPoolExecutor(2) as pool:
        with pytest.raises(NotPermitted):
            list(pull([Numbers((1,)), Numbers((2,)), Numbers((3,))], fetch, pool, 2))
        assert ended == [Numbers((2,))]
