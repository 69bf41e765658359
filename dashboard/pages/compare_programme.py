"""All pairs of a programme for one place: the same rows as those of the places below, one for each pair."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from accounts.scope import Scope
from countries import Pair
from dashboard import i18n
from dashboard.i18n import t
from dashboard.pages.compare_reading import Reading
from dashboard.pages.compare_table import row
from dashboard.pages.compare_together import together
from dashboard.queries import Figures
from dashboard.questions import NotInScopeError, Question


def readings(figures: Figures, reading: Reading, scope: Scope) -> tuple[Reading, ...]:
    """A reading for each pair of the programme of the one looked at; those that may not be read are left out.

    The place, the months and the period stay; services are those that the place itself reports.
    """
    return tuple(_readings(figures, reading, scope))


def _readings(figures: Figures, reading: Reading, scope: Scope) -> Iterator[Reading]:
    address, programme = reading.address, reading.pair.programme
    for pair in reading.country.pairs.values():
        if pair.programme != programme:
            continue
        months = address.first, address.last, address.grain
        question = Question(reading.place.id, pair.id, *months, children=False, group=address.group)
        try:
            found = figures.compare(question, scope).comparison
        except NotInScopeError:
            continue
        yield replace(
            reading, comparison=found, services=found, borrowed=None, places=reading.places[:1], pair=pair
        )


def programme(reading: Reading, others: Sequence[Reading]) -> dict[str, Any]:
    """The pairs as rows, in the country's order, with what the section that shows them is called."""
    language = i18n.language()
    known = reading.country.programmes.get(reading.pair.programme)
    title = t("views.pairs_title", programme=known.name[language]) if known else t("views.pairs")
    return {
        "title": title,
        "subtitle": t("views.pairs_subtitle", place=reading.place.name, period=reading.label),
        "note": "",
        "columns": [],
        "rows": [_row(reading, each) for each in others],
        "caption": title,
    }


def _row(reading: Reading, other: Reading) -> dict[str, Any]:
    pair, language = other.pair, i18n.language()
    return row(other, 0, together(other.comparison, other.at)) | {
        "id": pair.id,
        "name": pair.name[language],
        "href": _link(reading, pair),
        "service_unit": pair.service_unit[language],
        "commodity_unit": pair.commodity_unit[language],
        "here": pair.id == reading.pair.id,
    }


def _link(reading: Reading, pair: Pair) -> str:
    """To a pair, of the same place and period."""
    period = str(reading.comparison.periods[reading.at])
    return reading.address.href(pair=pair.id, at=period)
