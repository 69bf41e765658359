"""Grids of random frames beside a dictionary that each row is written into, one after the other."""

import random

import numpy as np
import pandas as pd
import pytest

from indicators import grid_builder
from indicators.grid_builder import GridBuilder
from tests.indicators.builders import a_rollup

UNITS = {f"u{at}": at for at in range(6)}
ITEMS = {f"i{at}": at for at in range(3)}
MEASURES = ("consumed", "opening", "closing")
COLUMNS = ["org_unit", "item", "measure", "month", "months", "value", "state"]
FIRST, LAST = 2018 * 12 + 8, 2019 * 12 + 5


def a_row(chance, item):
    """Item i1 is reported by quarter as well; unit u3 never reports; some rows name nobody or nothing."""
    months = 3 if item == "i1" and chance.random() < 0.4 else 1
    month = chance.randint(FIRST, LAST)
    state = chance.choices(["reported", "imputed", "missing", "not_applicable"], [8, 1, 1, 1])[0]
    value = chance.choice([0.0, float(chance.randint(1, 99)), np.nan])
    unit = chance.choice(["u0", "u1", "u2", "u4", "u5", "gone", None])
    return unit, item, chance.choice(MEASURES), month, months, value, state


def the_rows(seed):
    """Rows in any order; of those that say the same of one month, all have one state."""
    chance = random.Random(seed)
    rows = [a_row(chance, chance.choice(["i0", "i1", "i2", "odd"])) for _ in range(chance.choice([1, 9, 90]))]
    states = {}
    return [(*row[:-1], states.setdefault(row[:5], row[-1])) for row in rows]


def frames(rows, chance):
    """The rows as some frames, with or without categories."""
    cuts = sorted(chance.sample(range(len(rows) + 1), min(2, len(rows))))
    for start, stop in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        frame = pd.DataFrame(rows[start:stop], columns=COLUMNS)
        months = frame["month"] // 12 * 100 + frame["month"] % 12 + 1
        frame = frame.assign(month=months.astype("int32"), value=frame["value"].astype("float64"))
        yield frame.astype(dict.fromkeys(COLUMNS[:3], "category")) if chance.random() < 0.5 else frame


class Told:
    """What the rows say, as dictionaries."""

    def __init__(self, rows):
        self.months, self.longer, self.imputed, self.left_out = {}, {}, set(), 0
        numbers = [row[3] for row in rows]
        for unit, item, measure, month, months, value, state in rows:
            if unit not in UNITS or item not in ITEMS:
                self.left_out += 1
                continue
            if np.isnan(value) or state in ("missing", "not_applicable"):
                continue
            cell = ITEMS[item], measure, UNITS[unit], month
            if months > 1:
                self.longer[cell] = value
                numbers.append(month + months - 1)
                continue
            self.months[cell] = value
            if state == "imputed":
                self.imputed.add(cell)
        self.first, self.last = min(numbers), max(numbers)

    def keys(self):
        return {cell[:2] for cell in (*self.months, *self.longer)}

    def units(self, key):
        return sorted({cell[2] for cell in (*self.months, *self.longer) if cell[:2] == key})

    def value(self, key, unit, month):
        """Its own month's; of a stock else that of a quarter that begins (opening) or ends with it."""
        own = self.months.get((*key, unit, month), np.nan)
        if not np.isnan(own) or key[1] == "consumed":
            return own
        begins = month if key[1] == "opening" else month - 2
        return self.longer.get((*key, unit, begins), np.nan)

    def windows(self, key):
        """(unit, first month, value) of each quarter of a flow, by unit."""
        found = {cell[2:]: value for cell, value in self.longer.items() if cell[:2] == key}
        return [(unit, month - self.first, value) for (unit, month), value in sorted(found.items())]


@pytest.mark.parametrize("seed", range(60))
def test_grids_hold_what_the_rows_say(seed, monkeypatch):
    chance, rows = random.Random(f"frames {seed}"), the_rows(seed)
    monkeypatch.setattr(grid_builder, "SLICE", chance.choice([1, 4, 1000]))
    builder, told = GridBuilder(UNITS, ITEMS), Told(rows)
    for frame in frames(rows, chance):
        builder.add(frame)
    calendar, grids = builder.finish()
    assert builder.left_out == told.left_out
    assert (calendar.base, calendar.size) == (told.first, told.last - told.first + 1)
    assert set(grids) == told.keys()
    for key, grid in grids.items():
        compared(key, grid, told)


def compared(key, grid, told):
    units, months = told.units(key), range(told.first, told.last + 1)
    assert grid.rows.tolist() == units
    expected = [[told.value(key, unit, month) for month in months] for unit in units]
    np.testing.assert_array_equal(grid.values, expected)
    imputed = [[(*key, unit, month) in told.imputed for month in months] for unit in units]
    flags = np.zeros(grid.values.shape, dtype=bool) if grid.imputed is None else grid.imputed
    assert flags.tolist() == imputed
    assert (grid.imputed is None) == (not np.any(imputed))
    windows = told.windows(key) if key[1] == "consumed" else []
    assert (grid.windows is None) == (not windows)
    if windows:
        found = grid.windows
        assert list(zip(found.unit, found.start, found.value, strict=True)) == windows
        assert set(found.months.tolist()) == {3}


def test_windows_of_a_unit_are_shortest_first_whenever_they_begin():
    rows = [("u1", "i0", "consumed", 201901, 6, 6.0), ("u1", "i0", "consumed", 201904, 3, 3.0)]
    rows += [("u1", "i0", "consumed", 201902, 3, 4.0), ("u0", "i0", "consumed", 201901, 6, 5.0)]
    builder = GridBuilder(UNITS, ITEMS)
    builder.add(pd.DataFrame(rows, columns=COLUMNS[:-1]).astype({"month": "int32"}))
    windows = builder.finish()[1][0, "consumed"].windows
    assert windows.value.tolist() == [5, 4, 3, 6]
    assert windows.start.tolist() == [0, 1, 3, 0]


def test_without_lengths_and_states_every_row_is_a_reported_month():
    builder = GridBuilder(UNITS, ITEMS)
    frame = pd.DataFrame([("u1", "i0", "consumed", 201901, 4.0)], columns=[*COLUMNS[:4], "value"])
    builder.add(frame.astype({"month": "int32"}))
    grid = builder.finish()[1][0, "consumed"]
    assert (grid.values.tolist(), grid.imputed, grid.windows) == ([[4.0]], None, None)


def test_a_frame_of_which_nothing_is_known_is_counted_and_leaves_nothing():
    rollup = a_rollup(("gone", "NEW", "count", 201901, 5), ("gone", "NEW", "count", 201902, 5))
    assert rollup.left_out == 2
    assert rollup.grids == {}


def test_without_any_value_the_calendar_is_a_month_long_past():
    calendar, grids = GridBuilder(UNITS, ITEMS).finish()
    assert (calendar.months.tolist(), grids) == ([197001], {})
