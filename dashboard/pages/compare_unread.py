"""A side that the asker may not read in DHIS2: said as that, and not as figures that nobody reported."""

from typing import Any

from dashboard.i18n import t
from dashboard.pages.compare_panels import panels
from dashboard.pages.compare_reading import Reading
from dashboard.pages.compare_words import caution
from dashboard.queries import Answer

View = dict[str, Any]


def sides(reading: Reading, answer: Answer) -> tuple[str, ...]:
    """The sides of the pair none of whose items the asker may read."""
    seen = answer.comparison.pair
    had = {"service": reading.pair.services, "commodity": reading.pair.commodities}
    left = {"service": seen.services, "commodity": seen.commodities}
    return tuple(side for side in had if answer.left_out and had[side] and not left[side])


def unread(answer: Answer) -> list[str]:
    """A sentence for each form that the asker may not read."""
    return [t("compare.left_out", form=each.name) for each in answer.left_out]


def panels_read(reading: Reading, answer: Answer) -> dict[str, View]:
    """Both panels; one that the asker may not read says so and how to change it."""
    found, why = panels(reading, answer.as_of), " ".join([*unread(answer), t("compare.left_out_ask")])
    hidden = sides(reading, answer)
    return {side: {**panel, "message": why} if side in hidden else panel for side, panel in found.items()}


def caution_read(reading: Reading, answer: Answer) -> dict[str, str]:
    """What to keep in mind before comparing; of one side alone, that there is nothing to compare it with."""
    if not sides(reading, answer):
        return caution(reading)
    return {"strong": t("compare.one_side"), "text": t("compare.one_side_text")}
