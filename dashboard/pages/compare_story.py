"""The story of the period looked at: whose movement it is, its family of substitutes, and the raw values."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dashboard.i18n import t
from dashboard.movement import SIDES, Movement, Mover, last_month
from dashboard.pages.compare_attribution import told
from dashboard.pages.compare_family import family
from dashboard.pages.compare_raw import raw
from dashboard.pages.compare_reading import Place, Reading
from dashboard.queries import Answer, Figures

View = dict[str, Any]


def story(figures: Figures, reading: Reading, answer: Answer) -> View:
    """What assets/compare draws between the charts and the places below."""
    mover = Mover.of(figures, answer.question, answer.scope)
    start = int(reading.comparison.starts[reading.at])
    last = last_month(start, answer.question.grain, figures.months()[1])
    sides = (told(reading, *_movement(mover, reading, (side, last))) for side in SIDES)
    return {
        "title": t("story.title", period=reading.label),
        "note": t("story.note"),
        "sides": [side for side in sides if side],
        "family": family(reading, mover, last),
        "groups": bool(answer.holding.groups) and not answer.totals_only,
        "reported": None if answer.totals_only else raw(reading, mover, (start, last)),
    }


def movements(figures: Figures, reading: Reading, answer: Answer) -> Iterator[tuple[Movement | None, Place]]:
    """Each side's movement to the period looked at, and whose it is; None where a side has nothing."""
    mover = Mover.of(figures, answer.question, answer.scope)
    last = last_month(int(reading.comparison.starts[reading.at]), answer.question.grain, figures.months()[1])
    return (_movement(mover, reading, (side, last)) for side in SIDES)


def _movement(mover: Mover, reading: Reading, which: tuple[str, int]) -> tuple[Movement | None, Place]:
    """A side's movement to a month, and whose it is: services may be reported by the unit above."""
    side, last = which
    if side != "service" or reading.borrowed is None:
        return mover.movement(side, last), reading.place
    asked = replace(mover.question, unit=reading.borrowed.id, group=None)
    return Mover.of(mover.figures, asked, mover.scope).movement(side, last), reading.borrowed
