"""Errors of whole forms: last month's copied, typed under a facility of the same name, or under both."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from demo.whotopia.forms import Counts, Flags
from demo.whotopia.habits import Filled, comes
from demo.whotopia.lateness import NEVER
from demo.whotopia.world import World

COPIED, WRONG_FACILITY, DUPLICATED = "form copied", "typed under another facility", "typed twice"
COPIES = 0.0012
"""Share of the reports that are last month's once more."""
MISTAKEN, TWICE = 0.006, 0.006
"""Of facilities that share their name, the share of reports typed under another, or under both."""


def plant(world: World, filled: Filled) -> None:
    """Makes the errors of whole forms, month after month; each box changed is noted in `filled.errors`."""
    twins = _twins(world, filled)
    for column, month in enumerate(filled.form.months):
        luck = world.chance.at("forms", filled.form.name, month)
        draw, choice = luck.random((2, world.places.size))
        for copied in np.flatnonzero(draw < COPIES):
            _copy(filled, int(copied), column)
        for facility, others in twins.items():
            at = 1 - draw[facility]
            if at < MISTAKEN + TWICE:
                twin = others[int(choice[facility] * len(others))]
                _under(filled, (facility, twin), column, DUPLICATED if at < TWICE else WRONG_FACILITY)


def _twins(world: World, filled: Filled) -> dict[int, list[int]]:
    """Of each facility those of the same name that report in the same data set."""
    facilities, data_sets = world.places.facilities, filled.form.data_sets
    by_name: dict[tuple[str, str], list[int]] = {}
    for number, facility in enumerate(facilities):
        by_name.setdefault((facility.name, data_sets[number]), []).append(number)
    return {one: [o for o in same if o != one] for same in by_name.values() for one in same if len(same) > 1}


def _copy(filled: Filled, facility: int, column: int) -> None:
    """Last month's form once more."""
    last = column - int(filled.form.step[facility])
    if last >= 0 and comes(filled, facility, column) and comes(filled, facility, last):
        _write(
            filled,
            facility,
            column,
            (filled.values[:, facility, last], filled.written[:, facility, last]),
            COPIED,
        )


def _under(filled: Filled, who: tuple[int, int], column: int, kind: str) -> None:
    """One facility's form under another's name; it is lost to its own unless it is typed twice."""
    (own, twin), first = who, filled.arrivals.first
    if not comes(filled, own, column) or not filled.form.due[twin, column]:
        return
    if filled.arrivals.revised[twin, column] < NEVER:
        return
    form = filled.values[:, own, column], filled.written[:, own, column]
    if first[twin, column] == NEVER:
        for cell in _cells(filled.written[:, twin, column] & ~form[1]):
            filled.errors[cell, twin, column] = kind
        filled.written[:, twin, column] = False
    reaches = first[[own, twin], column]
    first[twin, column] = reaches[reaches < NEVER].max()
    _write(filled, twin, column, (form[0].copy(), form[1].copy()), kind)
    if kind == WRONG_FACILITY:
        for cell in _cells(filled.written[:, own, column]):
            filled.errors[cell, own, column] = kind
        filled.written[:, own, column] = False
        filled.lost[own, column], first[own, column] = first[own, column], NEVER


def _write(filled: Filled, facility: int, column: int, form: tuple[Counts, Flags], kind: str) -> None:
    """Writes another form's boxes, those that are blank on it left as they are."""
    values, written = form
    now = filled.written[:, facility, column]
    for cell in _cells(written & (~now | (values != filled.values[:, facility, column]))):
        filled.errors[cell, facility, column] = kind
    filled.values[written, facility, column] = values[written]
    filled.written[written, facility, column] = True


def _cells(flags: Flags) -> Iterator[int]:
    return (int(cell) for cell in np.flatnonzero(flags))
