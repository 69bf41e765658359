"""What is reported, as the DHIS2 stores it: blocks of values, and registrations of complete reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from demo.whotopia.forms import Whole
from demo.whotopia.habits import Filled
from demo.whotopia.people import clerk_account
from demo.whotopia.timeline import Timeline, yyyymm
from demo.whotopia.world import World


@dataclass(frozen=True)
class Block:
    """Values of one element and option: lists of one length; `option` "" is the default one.

    Attributes:
        units: codes of facilities.
        periods: "YYYYMM" or "YYYY".
        values: whole numbers as text.
        stored: "YYYY-MM-DD".
        clerks: user names of those who keyed them in.
    """

    element: str
    option: str
    units: list[str]
    periods: list[str]
    values: list[str]
    stored: list[str]
    clerks: list[str]


def blocks(world: World, filled: Filled) -> Iterator[Block]:
    """What stands in each box of a form today, one block a cell, by facility and month."""
    codes = np.array([f.code for f in world.places.facilities], dtype=object)
    clerks = np.array([clerk_account(f.district) for f in world.places.facilities], dtype=object)
    periods = np.array([str(yyyymm(month)) for month in filled.form.months], dtype=object)
    shown, first, revised = visible(filled, world.timeline), filled.arrivals.first, filled.arrivals.revised
    written = day_texts()
    for number, cell in enumerate(filled.form.cells):
        at = np.nonzero(filled.written[number] & shown)
        days = np.where(filled.put_right[number][at], revised[at], first[at])
        yield Block(
            element=cell.element,
            option=cell.option,
            units=codes[at[0]].tolist(),
            periods=periods[at[1]].tolist(),
            values=list(map(str, filled.values[number][at].tolist())),
            stored=written(days),
            clerks=clerks[at[0]].tolist(),
        )


def visible(filled: Filled, timeline: Timeline) -> npt.NDArray[np.bool_]:
    """Whether a report is shown: it has come and its month is one of those given out, `[F, N]`."""
    shown = filled.arrivals.first <= timeline.today.toordinal()
    shown[:, : max(0, timeline.first_shown - filled.form.start)] = False
    return np.asarray(shown)


class DayTexts:
    """Days as text, each written once."""

    def __init__(self) -> None:
        self._seen: dict[int, str] = {}

    def __call__(self, days: Whole) -> list[str]:
        """The days (ordinals) as "YYYY-MM-DD"."""
        unique = np.unique(days).tolist()
        self._seen.update({d: date.fromordinal(d).isoformat() for d in unique if d not in self._seen})
        return [self._seen[day] for day in days.tolist()]


def day_texts() -> DayTexts:
    """A new writer of days."""
    return DayTexts()
