"""Every visible text, number and date, in the reader's language.

Texts live in ``dashboard/locales/<language>/<area>.po`` (gettext catalogues: one file an area, so that pages
grow apart). A message's id is a dotted key (``compare.services``), not an English sentence, so that English
is a translation like any other and a reworded sentence breaks nothing.

    t("shell.log_out")                         -> "Log out" / "Se déconnecter"
    t("compare.n_of_n", n=3, expected=5)       -> "3 of 5"
    tn("compare.sites", 3)                     -> "3 sites"; {count} is formatted for the language
    number(12345.6), percent(0.84), month(201909), moment(datetime)

The language of a request is the one its address asks for (``?lang=fr``), else that of the page which sent it
(callbacks are posted by a page whose address has it), else the cookie, else the browser's, else French.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from math import isnan
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from babel.dates import format_date, format_datetime, format_skeleton, format_timedelta
from babel.messages.pofile import read_po
from babel.numbers import format_percent, get_decimal_symbol, get_group_symbol
from flask import has_request_context, request

LANGUAGES = ("fr", "en")
COOKIE = "tandem_language"
# What French sets apart from the word before it (after it, for the opening quote), by a space that no line
# breaks at: the narrow one before ; ? and !, the wide one before : and % and within quotes.
FRENCH_SPACES = (
    (re.compile(r"(?<=\S) (?=[;?!](?!\w))"), "\u202f"),
    (re.compile(r"(?<=\S) (?=[:»%](?!\w))|(?<=«) "), "\u00a0"),
)
CATALOGUES = Path(__file__).with_name("locales")

_chosen: ContextVar[str | None] = ContextVar("language", default=None)
_log = logging.getLogger(__name__)


@cache
def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """All messages of a language: key -> its text, or its singular and plural."""
    messages: dict[str, tuple[str, ...]] = {}
    for path in sorted((CATALOGUES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if not message.id:
                    continue
                key = message.id[0] if isinstance(message.id, tuple) else message.id
                text = message.string if isinstance(message.string, tuple) else (message.string,)
                messages[key] = tuple(spaced(each) if language == "fr" else each for each in text)
    return messages


def spaced(text: str) -> str:
    """French with the spaces that keep its double punctuation on the line of the word before it.

    >>> spaced("Rupture : « Pilule » ?") == "Rupture\u00a0: «\u00a0Pilule\u00a0»\u202f?"
    True
    """
    for space, kept in FRENCH_SPACES:
        text = space.sub(kept, text)
    return text


def t(key: str, **values: object) -> str:
    """The text of ``key`` in the reader's language, its ``{placeholders}`` filled with ``values``."""
    known = catalogue(_chosen.get() or language()).get(key)
    text = known[0] if known else _text(key, 0)
    return text.format(**values) if values else text


def tn(key: str, count: float, **values: object) -> str:
    """The singular or plural text of ``key`` for ``count``, which is formatted into ``{count}``.

    French counts 0 and 1 as singular, English only 1.
    """
    return _text(key, int(is_plural(count))).format(count=number(count), **values)


def is_plural(count: float) -> bool:
    """Whether a count takes the plural in the reader's language."""
    return count >= 2 if language() == "fr" else count != 1


def _text(key: str, plural: int) -> str:
    texts = catalogue(language()).get(key) or catalogue("en").get(key)
    if texts:
        return texts[plural] if plural < len(texts) else texts[-1]
    _log.error("The text %r is in no catalogue: add it to dashboard/locales/*/*.po.", key)
    return key


def language() -> str:
    """The language texts are answered in now: chosen by ``use``, else the request's, else French."""
    return _chosen.get() or _of_request() or LANGUAGES[0]


@contextmanager
def use(asked: str | None) -> Iterator[None]:
    """Answer in ``asked`` for a while; ``None`` or an unknown language changes nothing."""
    token = _chosen.set(asked if asked in LANGUAGES else _chosen.get())
    try:
        yield
    finally:
        _chosen.reset(token)


def _of_request() -> str | None:
    if not has_request_context():
        return None
    referring = parse_qs(urlsplit(request.headers.get("Referer", "")).query).get("lang", [""])[0]
    asked = (request.args.get("lang"), referring, request.cookies.get(COOKIE))
    known = [each for each in asked if each in LANGUAGES]
    return known[0] if known else request.accept_languages.best_match(LANGUAGES)


def number(value: float | None, digits: int = 0) -> str:
    """``12 346`` or ``12,346``; a dash where there is no value, so that it is never read as zero."""
    if value is None:
        return "–"
    return _number(value + 0, digits, _chosen.get() or language())  # no minus before a zero


@lru_cache(maxsize=16384)  # a view says most of its figures twice or more
def _number(value: float, digits: int, asked: str) -> str:
    text = f"{value:,.{digits}f}"
    return text if text.isdigit() else text.translate(_marks(asked))  # most have no mark to put right


def separators() -> tuple[str, str]:
    """The marks between thousands and before decimals; French uses the narrow no-break space."""
    return _separators(language())


@cache
def _marks(asked: str) -> dict[int, str]:
    group, decimal = _separators(asked)
    return {ord(","): group, ord("."): decimal}


@cache
def _separators(asked: str) -> tuple[str, str]:
    return str(get_group_symbol(asked)), str(get_decimal_symbol(asked))


def percent(share: float | None) -> str:
    """A share (0.84) as a percentage (``84 %`` in French, ``84%`` in English)."""
    return "–" if share is None or isnan(share) else _percent(round(share * 100), language())


@lru_cache(maxsize=4096)
def _percent(whole: int, asked: str) -> str:
    return str(format_percent(whole / 100, locale=asked)).replace("-", "−")


@lru_cache(maxsize=4096)
def _month_text(yyyymm: int, skeleton: str, asked: str) -> str:
    return str(format_skeleton(skeleton, date(yyyymm // 100, yyyymm % 100, 1), locale=asked))


def month(yyyymm: int) -> str:
    """A month as ``Sep 2019`` or ``sept. 2019``."""
    return _month_text(yyyymm, "yMMM", language())


def month_alone(yyyymm: int) -> str:
    """A month without its year: ``Sep`` or ``sept.``."""
    return _month_text(yyyymm, "MMM", language())


def period(name: str) -> str:
    """A period of a comparison (``2019-03``, ``2019-Q1``, ``2019-06/2019-08``, ...) as people write it."""
    if "/" in name:
        return _window(*(int(each.replace("-", "")) for each in name.split("/")))
    year, _, part = name.partition("-")
    if not part:
        return year
    if part.isdigit():
        return month(int(year) * 100 + int(part))
    key = "period.quarter" if part[0] == "Q" else "period.half"
    return t(key, part=part[1:], year=year)


def _window(first: int, last: int) -> str:
    """``Jun–Aug 2019``; both years where they differ."""
    begins = month_alone(first) if first // 100 == last // 100 else month(first)
    return f"{begins}–{month(last)}"


def moment(when: datetime) -> str:
    """A moment as ``21 Nov 2026, 23:40``."""
    return str(format_datetime(when, "d MMM y, HH:mm", locale=language()))


def day(when: datetime) -> str:
    """A day as ``21 Nov 2026``."""
    return str(format_date(when, "d MMM y", locale=language()))


def ago(then: datetime, now: datetime, short: bool = False) -> str:
    """How long ago ``then`` was: ``12 minutes ago``, or ``12 min ago``."""
    length = "short" if short else "long"
    return str(format_timedelta(then - now, add_direction=True, format=length, locale=language()))
