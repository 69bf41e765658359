"""The whole of Compare in words and numbers, as one dictionary that assets/compare draws."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from accounts.scope import Scope
from countries import Country
from dashboard import i18n
from dashboard.address import SHAPE, Address, month_name
from dashboard.i18n import month, t
from dashboard.pages.compare_definitions import definitions_shown
from dashboard.pages.compare_filters import choice, group_of, titled
from dashboard.pages.compare_index import index
from dashboard.pages.compare_map import drawing
from dashboard.pages.compare_months import months_shown, not_a_period, put_right
from dashboard.pages.compare_multiples import units
from dashboard.pages.compare_pairs import guideline, pair_options
from dashboard.pages.compare_programme import programme, readings
from dashboard.pages.compare_reading import Place, Reading, absence, newest
from dashboard.pages.compare_table import by_period, one_sided, table
from dashboard.pages.compare_take import exports
from dashboard.pages.compare_unread import caution_read, panels_read, sides, unread
from dashboard.pages.compare_words import class_words, title
from dashboard.queries import Answer, Figures
from dashboard.questions import GRAINS, Question
from indicators.compare import Comparison

View = dict[str, Any]
GRAIN_WORDS = {
    "month": "grain.month",
    "quarter": "grain.quarter",
    "half": "grain.half",
    "year": "grain.year",
    "last3": "grain.last3",
    "last6": "grain.last6",
    "last12": "grain.last12",
}


@dataclass(frozen=True)
class Asked:
    """A completed address with what answers it: the reading, the answer it is from, the units above.

    `others` are readings of all pairs of the programme for the same place, where the address asks for them;
    `put_right` says what of the address could not be followed.
    """

    reading: Reading
    answer: Answer
    above: tuple[Place, ...]
    months: tuple[int, int]
    others: tuple[Reading, ...] = ()
    put_right: tuple[str, ...] = ()


def ask(figures: Figures, country: Country, address: Address, scope: Scope) -> Asked:
    """Ask the figures what an address names; what it leaves open is chosen for the asker.

    Raises:
        QuestionError: one of its kinds says what is wrong and what to do.
    """
    complete = _complete(figures, country, address, scope)
    months = complete.first, complete.last, complete.grain
    question = Question(str(complete.unit), str(complete.pair), *months, group=complete.group)
    answer = figures.compare(question, scope)
    services, borrowed = _services(figures, answer, scope)
    at = _index(answer.comparison, services, complete.at)
    names = answer.holding.names
    reading = Reading(
        comparison=answer.comparison,
        services=services,
        borrowed=borrowed,
        places=tuple(place(answer.holding.records[unit], names) for unit in answer.comparison.units),
        pair=figures.pair(answer.question.pair),
        country=country,
        address=replace(complete, at=str(answer.comparison.periods[at])),
        at=at,
        names=names,
    )
    above = tuple(place(row, names) for row in figures.way(reading.place.id, scope))
    others = readings(figures, reading, scope) if complete.view == "pairs" else ()
    periods = not_a_period(address, answer.comparison.periods, reading.label)
    said = (*put_right(address, figures.months()), *periods)
    return Asked(reading, answer, above, figures.months(), others, said)


def _complete(figures: Figures, country: Country, address: Address, scope: Scope) -> Address:
    since, until = months_shown(address, figures.months())
    unit = figures.unit(address.unit or figures.home(scope), scope)
    return replace(
        address,
        unit=str(unit["id"]),
        group=group_of(figures, address.group, scope.sees_total(str(unit["path"]))),
        pair=address.pair or next(iter(country.pairs)),
        first=since,
        last=until,
        language=i18n.language(),
    )


def place(row: Mapping[str, Any], names: Mapping[str, str]) -> Place:
    """A row of the units as a place, called so that it is not taken for another."""
    return Place(str(row["id"]), names[row["id"]], int(row["level"]))


def _services(figures: Figures, answer: Answer, scope: Scope) -> tuple[Comparison, Place | None]:
    """Where the services' figures are read: here, or at the unit above that reports for this one."""
    found = absence(answer.comparison, "service")
    if found is None or found.code != "reported_above" or not found.reported_by:
        return answer.comparison, None
    above = place(figures.unit(found.reported_by, scope), answer.holding.names)
    # The unit above is in no group of facilities: its services are its own, whole.
    question = replace(answer.question, unit=above.id, children=False, group=None)
    return figures.compare(question, scope).comparison, above


def _index(comparison: Comparison, services: Comparison, name: str | None) -> int:
    names = [str(each) for each in comparison.periods]
    return names.index(name) if name in names else newest([services, comparison])


def _link(reading: Reading) -> str:
    """The address of exactly this view, whoever opens it and whenever, in their own language."""
    period = str(reading.comparison.periods[reading.at])
    return reading.address.href(at=period, language=None)


def view(asked: Asked) -> View:
    """Everything that Compare shows beside its two figures."""
    reading, answer = asked.reading, asked.answer
    return {
        "title": titled(title(reading), answer),
        "about": _about(reading),
        "chips": class_words(reading),
        "caution": caution_read(reading, answer),
        "notes": [*asked.put_right, *_notes(reading, answer)],
        "crumbs": _crumbs(asked),
        "link": _link(reading),
        "deeper": _deeper(reading),
        "controls": controls(asked),
        "panels": panels_read(reading, answer),
        "index": index(reading),
        "table": programme(reading, asked.others) if asked.others else table(reading),
        "units": units(reading),
        "map": drawing(reading, answer) if reading.address.view == "map" else None,
        "shape": {name: getattr(reading.address, name) for name in SHAPE},
        "one_sided": one_sided(reading),
        "months": by_period(reading),
        "guideline": guideline(reading.pair),
        "credit": reading.country.credit[i18n.language()],
        "export": exports(reading, answer),
        "definitions": definitions_shown(reading),
    }


def _about(reading: Reading) -> View:
    """What the page is about, for what is looked up beside the figures."""
    starts = [int(start) for start in reading.comparison.starts]
    return {
        "unit": reading.place.id,
        "pair": reading.pair.id,
        "starts": starts,
        "last": reading.address.last,
        "month": month_name(starts[reading.at]),
    }


def _notes(reading: Reading, answer: Answer) -> list[str]:
    notes = [] if sides(reading, answer) else unread(answer)  # else the empty panel says it
    return notes + ([t("compare.totals_only")] if answer.totals_only else [])


def _crumbs(asked: Asked) -> list[dict[str, str]]:
    address = asked.reading.address
    return [{"name": each.name, "href": address.href(unit=each.id)} for each in asked.above]


def _deeper(reading: Reading) -> View:
    """The choice of a unit one level deeper, beside the breadcrumb: the charts' clicks for the keyboard."""
    children = sorted(reading.children, key=lambda each: each.name)
    return {
        "label": t("compare.deeper", level=reading.level_name(reading.place.level + 1)),
        "short": t("compare.deeper_short"),
        "options": [{"value": each.id, "text": each.name} for each in children],
    }


def controls(asked: Asked) -> View:
    """The choices of pair, months, grain and period, and what is chosen."""
    reading, address = asked.reading, asked.reading.address
    months = _months(*asked.months, i18n.language())
    return {
        "pair": {
            "value": reading.pair.id,
            "options": pair_options(reading.country),
        },
        "group": choice(asked.answer),
        "from": {"value": month_name(address.first), "options": months},
        "to": {"value": month_name(address.last), "options": months},
        "grain": {"value": address.grain, "options": [_option(each, _grain(each)) for each in GRAINS]},
        "at": {
            "value": str(reading.comparison.periods[reading.at]),
            "options": [
                _option(str(name), label)
                for name, label in zip(reading.comparison.periods, reading.labels, strict=True)
            ],
        },
    }


@lru_cache(maxsize=64)
def _months(first: int, last: int, language: str) -> list[dict[str, str]]:
    """All months that there are figures for, as choices: every view has them twice."""
    with i18n.use(language):
        return [_option(str(month_name(each)), month(each)) for each in _between(first, last)]


def _option(value: str, text: str) -> dict[str, str]:
    return {"value": value, "text": text}


def _grain(grain: str) -> str:
    return t(GRAIN_WORDS[grain])


def _between(first: int, last: int) -> list[int]:
    start, end = first // 100 * 12 + first % 100 - 1, last // 100 * 12 + last % 100 - 1
    return [each // 12 * 100 + each % 12 + 1 for each in range(start, end + 1)]
