"""The story of the period looked at: whose movement it is, its family of substitutes, and the raw values."""

from collections.abc import Iterator
from typing import Any

from dashboard.i18n import t
from dashboard.movement import SIDES, Movement, Mover
from dashboard.pages.compare_attribution import told
from dashboard.pages.compare_family import family
from dashboard.pages.compare_moved import last_of, moved
from dashboard.pages.compare_raw import raw
from dashboard.pages.compare_reading import Place, Reading
from dashboard.queries import Answer, Figures

View = dict[str, Any]


def story(figures: Figures, reading: Reading, answer: Answer) -> View:
    """What assets/compare draws between the charts and the places below."""
    mover = Mover.of(figures, answer.question, answer.scope)
    start, last = int(reading.comparison.starts[reading.at]), last_of(reading)
    sides = (told(reading, *_movement(reading, answer, side)) for side in SIDES)
    return {
        "title": t("story.title", period=reading.label),
        "note": t("story.note"),
        "sides": [side for side in sides if side],
        "family": family(reading, mover, last),
        "groups": bool(answer.holding.groups) and not answer.totals_only,
        "reported": None if answer.totals_only else raw(reading, mover, (start, last)),
    }


def movements(reading: Reading, answer: Answer) -> Iterator[tuple[Movement | None, Place]]:
    """Each side's movement to the period looked at, and whose it is; None where a side has nothing."""
    return (_movement(reading, answer, side) for side in SIDES)


def _movement(reading: Reading, answer: Answer, side: str) -> tuple[Movement | None, Place]:
    """A side's movement, and whose it is: services may be reported by the unit above."""
    found, place = moved(reading, side), reading.place_of(side)
    if found is None:
        return None, place
    return Movement(side, reading.measure(side), last_of(reading), found, answer.holding.units), place
