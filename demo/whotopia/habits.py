"""How each facility fills in its forms: what it leaves blank, what it rounds, which days it counts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from demo.whotopia.forms import SERVICES, Counts, Flags, Form
from demo.whotopia.lateness import NEVER, Arrivals
from demo.whotopia.world import World

BLANK_ZEROS, BLANK_NOTHING_MOVED, LISTS_ALL = 0.3, 0.5, 0.22
"""Shares of facilities that leave a service blank when there was none, that leave adjustments and losses
blank when there were none, and that write zeros for products they do not carry."""
COUNTS_DAYS = (0.1, 0.3, 0.7)
"""Share of posts, centres and hospitals that count days without stock; the others write 0."""
ROUNDED, MOSTLY_TENS = 0.06, 0.7
"""Mean share of the services that a facility rounds, and how many of these to tens (the others to fives)."""
LEAST_ROUNDED = 20
FORGOTTEN = 0.004
"""Share of the boxes that are left blank for no reason."""


@dataclass
class Filled:
    """A form as the facilities fill it in; arrays as in `Form`, `errors` says what was planted where.

    Attributes:
        values: what stands in each box.
        written: whether anything stands in it.
        arrivals: when each report comes.
        errors: (cell, facility, column) -> kind of error.
        put_right: whether the figure is a later day's, that of `arrivals.revised`.
        lost: the day on which a report came that was typed under another facility, `[F, N]`.
    """

    form: Form
    values: Counts
    written: Flags
    arrivals: Arrivals
    put_right: Flags
    lost: npt.NDArray[np.int64]
    errors: dict[tuple[int, int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Habits:
    """The habits of each facility, `[F]` each; see the constants of this module."""

    blank_zeros: Flags
    blank_nothing_moved: Flags
    lists_all: Flags
    counts_days: Flags
    rounded: npt.NDArray[np.float64]


def habits(world: World) -> Habits:
    """What the people of each facility are used to."""
    size, luck = world.places.size, world.chance.at("habits")
    draw = luck.random((4, size))
    return Habits(
        blank_zeros=draw[0] < BLANK_ZEROS,
        blank_nothing_moved=draw[1] < BLANK_NOTHING_MOVED,
        lists_all=draw[2] < LISTS_ALL,
        counts_days=draw[3] < np.array(COUNTS_DAYS)[world.places.kinds()],
        rounded=luck.beta(0.6, 0.6 / ROUNDED - 0.6, size),
    )


def filled(world: World, form: Form, arrivals: Arrivals) -> Filled:
    """The form filled in by habit, without errors."""
    who = habits(world)
    arrivals = replace(arrivals, first=arrivals.first.copy(), revised=arrivals.revised.copy())
    if form.name == SERVICES:
        values, written = _rounded(world, form, who), _services_written(form, who)
    else:
        values, written = _days_not_counted(form, who), _logistics_written(form, who)
    for column, month in enumerate(form.months):
        draw = world.chance.at("forgotten", form.name, month).random(written.shape[:2])
        written[:, :, column] &= draw >= FORGOTTEN
    lost = np.full(form.due.shape, NEVER, dtype=np.int64)
    return Filled(form, values, written & form.due, arrivals, np.zeros_like(written), lost)


def _services_written(form: Form, who: Habits) -> Flags:
    return np.asarray(form.kept & ((form.true != 0) | ~who.blank_zeros[None, :, None]))


def _logistics_written(form: Form, who: Habits) -> Flags:
    seldom = np.array([cell.measure in ("adjusted", "lost") for cell in form.cells])[:, None, None]
    blank = seldom & (form.true == 0) & who.blank_nothing_moved[None, :, None]
    return np.asarray((form.kept | (form.true != 0) | who.lists_all[None, :, None]) & ~blank)


def _days_not_counted(form: Form, who: Habits) -> Counts:
    days = np.array([cell.measure == "stockout_days" for cell in form.cells])[:, None, None]
    return np.where(days & ~who.counts_days[None, :, None], 0, form.true)


def _rounded(world: World, form: Form, who: Habits) -> Counts:
    values = form.true.copy()
    for column, month in enumerate(form.months):
        draw, which = world.chance.at("rounding", month).random((2, *values.shape[:2]))
        now = values[:, :, column]
        to = np.where(which < MOSTLY_TENS, 10, 5)
        rounds = (draw < who.rounded) & (now >= LEAST_ROUNDED)
        values[:, :, column] = np.where(rounds, (now + to // 2) // to * to, now)
    return values


def comes(filled: Filled, facility: int, column: int) -> bool:
    """Whether a report comes and stays as it is first written: the rest is no place for errors."""
    days = filled.arrivals
    return bool(days.first[facility, column] < NEVER <= days.revised[facility, column])
