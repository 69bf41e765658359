"""What the reports do not say: every error planted in them, and what really happened.

The truth is written beside the seed for those who try detectors on it; the embedded DHIS2 never loads it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from demo.whotopia.habits import Filled, habits
from demo.whotopia.rows import visible
from demo.whotopia.timeline import yyyymm
from demo.whotopia.world import World

if TYPE_CHECKING:
    from demo.whotopia.reporting import Reports

Record = dict[str, Any]


def errors(world: World, filled: Filled) -> list[Record]:
    """The errors of a form that show today.

    Returns:
        One record a box: kind, unit, element, option, period, true (None where the facility has no such
        service or product) and reported (None where the box is blank or the report is not there).
    """
    shown = visible(filled, world.timeline) | _lost(world, filled)
    there = filled.arrivals.first <= world.timeline.today.toordinal()
    found = []
    for place, kind in sorted(
        filled.errors.items(), key=lambda error: (error[0][2], error[0][1], error[0][0])
    ):
        if shown[place[1:]] and _differs(filled, place):
            reported = int(filled.values[place]) if filled.written[place] and there[place[1:]] else None
            found.append({"kind": kind, **_where(world, filled, place), "reported": reported})
    return found


def written(reports: Reports, happenings: list[Record]) -> Record:
    """All that is known about a country, as it is written to truth.json.

    Args:
        reports: what is reported.
        happenings: of demand, logistics and stores: epidemics, strikes, shortages, losses ...
    """
    world = reports.world
    codes = np.array([facility.code for facility in world.places.facilities])
    who = habits(world)
    return {
        "seed": world.chance.seed,
        "today": world.timeline.today.isoformat(),
        "errors": reports.truth,
        "happenings": happenings,
        "silent": {f.form.name: codes[f.arrivals.silent].tolist() for f in reports.forms},
        "no_stockout_days": codes[~who.counts_days].tolist(),
        "lists_all_products": codes[who.lists_all].tolist(),
        "rounds": dict(zip(codes.tolist(), who.rounded.round(4).tolist(), strict=True)),
    }


def write(path: Path, reports: Reports, happenings: list[Record]) -> None:
    """Writes the truth of a country, the same bytes for the same truth; see `written`."""
    text = json.dumps(written(reports, happenings), ensure_ascii=False, separators=(",", ":"), default=_plain)
    path.write_text(text + "\n", encoding="utf-8")


def _lost(world: World, filled: Filled) -> Any:
    lost = filled.lost <= world.timeline.today.toordinal()
    lost[:, : max(0, world.timeline.first_shown - filled.form.start)] = False
    return lost


def _differs(filled: Filled, place: tuple[int, int, int]) -> bool:
    """Whether the box does not say what is true: an error may hit it by luck."""
    return (
        not filled.written[place]
        or filled.values[place] != filled.form.true[place]
        or not filled.form.kept[place]
    )


def _where(world: World, filled: Filled, place: tuple[int, int, int]) -> Record:
    cell, facility, column = place
    true = int(filled.form.true[place]) if filled.form.kept[place] else None
    return {
        "unit": world.places.facilities[facility].code,
        "element": filled.form.cells[cell].element,
        "option": filled.form.cells[cell].option,
        "period": yyyymm(filled.form.start + column),
        "true": true,
    }


def _plain(thing: Any) -> Any:
    """A number of numpy as one of Python's."""
    if isinstance(thing, np.generic):
        return thing.item()
    raise TypeError(f"{type(thing).__name__} does not belong into the truth: write it as text or number.")
