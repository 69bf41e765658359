"""A brief: all pairs of a programme for one place, gathered from the same readings as the page shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from accounts import Person
from countries import Country, Pair
from dashboard import i18n
from dashboard.address import Address
from dashboard.brief_chart import Drawing
from dashboard.i18n import t
from dashboard.pages.compare_charts import ticks
from dashboard.pages.compare_definitions import definitions_shown
from dashboard.pages.compare_panels import panels
from dashboard.pages.compare_reading import Reading, imputed, series, signs
from dashboard.pages.compare_remarks import KIND_WORDS
from dashboard.pages.compare_table import by_period
from dashboard.pages.compare_view import Asked, ask
from dashboard.pages.compare_words import caution, class_words
from dashboard.queries import Figures
from dashboard.questions import NotInScopeError
from dashboard.tips import Block, blocks
from dashboard.words import Words

Tell = Callable[[int, int, str], None]
"""Is told how far it is: done, total, what comes next."""


@dataclass(frozen=True)
class Sheet:
    """One pair in one place: everything that its sheet says.

    Attributes:
        pair: its name.
        chips, caution, message: how far the two sides may be compared; why a side is empty, by side.
        panels: the page's panels: headline figures, source.
        drawings: the two charts.
        months: every figure, period by period, as the page's table.
        tip: how to interpret.
        remarks: (month and kind, text, by whom).
        definitions: ids of the figures that occur.
    """

    pair: str
    chips: tuple[str, ...]
    caution: dict[str, str]
    panels: dict[str, Any]
    drawings: dict[str, Drawing]
    months: dict[str, Any]
    tip: tuple[Block, ...]
    remarks: tuple[tuple[str, str, str], ...]
    definitions: tuple[str, ...]


@dataclass(frozen=True)
class Brief:
    """A brief before it is drawn.

    Attributes:
        programme, place, period, span: what it is about, in words.
        as_of: when the figures were last confirmed, in the country's time.
        credit: whose data it is.
        sheets: one a pair.
        left_out: names of pairs that the asker may not read.
        language: of all its texts.
    """

    programme: str
    place: str
    period: str
    span: str
    as_of: str
    credit: str
    sheets: tuple[Sheet, ...]
    left_out: tuple[str, ...]
    language: str


def pairs_of(country: Country, programme: str) -> tuple[Pair, ...]:
    """The pairs of a programme; none where the country has no such programme."""
    return tuple(pair for pair in country.pairs.values() if pair.programme == programme)


def programme_name(country: Country, programme: str) -> str:
    """What a programme is called; by its id where the country gives it no name."""
    known = country.programmes.get(programme)
    return known.name[i18n.language()] if known else programme.replace("-", " ").capitalize()


@dataclass(frozen=True)
class Desk:
    """What a brief is gathered from."""

    figures: Figures
    words: Words


def gather(desk: Desk, address: Address, person: Person, tell: Tell) -> Brief:
    """Read every pair of the address's programme, as far as a person may see it, in the reader's language.

    Args:
        desk: figures and words.
        address: the place, the months, and a pair of the programme.
        person: for whom; nobody else's scope counts.
        tell: is told of each pair.

    Raises:
        QuestionError: place, months or pair cannot be asked for, or none of the pairs may be read.
    """
    country = desk.figures.country
    pair = desk.figures.pair(address.pair or next(iter(country.pairs)))
    wanted = pairs_of(country, pair.programme)
    readings, left_out = [], []
    for number, each in enumerate(wanted):
        tell(number, len(wanted) + 1, each.name[i18n.language()])
        try:
            readings.append(ask(desk.figures, country, replace(address, pair=each.id), person.scope))
        except NotInScopeError as refusal:
            if refusal.where != "pair":
                raise
            left_out.append(each.name[i18n.language()])
    if not readings:
        what = "None of the programme's pairs is yours to read."
        raise NotInScopeError("pair", what, "Ask your DHIS2 administrator for the right to read their data.")
    tell(len(wanted), len(wanted) + 1, t("brief.drawing"))
    first = readings[0]
    when = first.answer.as_of.astimezone(ZoneInfo(country.time_zone))
    return Brief(
        programme=programme_name(country, pair.programme),
        place=first.reading.place.name,
        period=first.reading.label,
        span=f"{first.reading.labels[0]} – {first.reading.labels[-1]}",
        as_of=i18n.moment(when),
        credit=country.credit[i18n.language()],
        sheets=tuple(_sheet(asked, desk.words, person) for asked in readings),
        left_out=tuple(left_out),
        language=i18n.language(),
    )


def _sheet(asked: Asked, words: Words, person: Person) -> Sheet:
    reading = asked.reading
    shown = definitions_shown(reading)
    return Sheet(
        pair=reading.pair.name[i18n.language()],
        chips=tuple(class_words(reading)),
        caution=caution(reading),
        panels=panels(reading, asked.answer.as_of),
        drawings={side: drawing(reading, side) for side in ("service", "commodity")},
        months=by_period(reading),
        tip=tuple(blocks(words.tip(reading.pair.id, i18n.language()).text)),
        remarks=tuple(_remarks(reading, words, person)),
        definitions=tuple(dict.fromkeys(name for names in shown.values() for name in names)),
    )


def drawing(reading: Reading, side: str) -> Drawing:
    """A side's series as they are drawn on paper."""
    source, measure = reading.source(side), reading.measure(side)
    parts = [
        (
            reading.item_name(code),
            series(source, side, measure, code).tolist(),
            imputed(source, side, measure, code),
        )
        for code in reading.items(side)
    ]
    said, found = series(reading.services, "service_report", "consumed").tolist(), reading.usual(side)
    spoken = side == "service" and reading.services.has("service_report", "consumed")
    return Drawing(
        side=side,
        parts=parts,
        line=(t("compare.dispensed_by_services"), said) if spoken else None,
        signs=signs(source, side, measure),
        reports=reading.reports(side),
        ticks=ticks([int(start) for start in reading.comparison.starts], reading.address.grain),
        at=reading.at,
        usual=(found.low.tolist(), found.high.tolist()) if found and found.known else None,
    )


def _remarks(reading: Reading, words: Words, person: Person) -> Iterator[tuple[str, str, str]]:
    zone = ZoneInfo(reading.country.time_zone)
    for each in words.remarks(reading.place.id, reading.pair.id, person):
        when = f"{i18n.month(each.month)} · {_kind(KIND_WORDS[each.kind])}"
        day = i18n.day(each.written_at.astimezone(zone))
        yield when, each.text, t("words.by", author=each.author, day=day)


def _kind(key: str) -> str:
    return t(key)
