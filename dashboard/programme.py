"""What a programme shows of a place and a month: its products, and what is known of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlencode

import numpy as np

from accounts.scope import Scope
from countries.configuration import Country, Pair
from dashboard.address import month_name
from dashboard.i18n import LANGUAGES
from dashboard.logistics import Asked, LogisticsDesk, coverages
from dashboard.questions import BadQuestionError, OutsideMonthError
from dashboard.readable import LeftOut
from indicators.cells import limits_of
from indicators.logistics import NOT_CARRIED
from indicators.question import Answer, Question, Subject
from indicators.stock_status import Classes, Limits

PATH = "/programmes"
MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
SHOWN = 13  # months of a trend: the same month last year is the first
WORST = "worst"
ORDERS = (WORST,)  # beside that of the hierarchy
ENOUGH = 0.5  # of the reports, for a month to be the one that is shown where none is asked for


@dataclass(frozen=True)
class ProgrammeAddress:
    """What an address of Programmes asks for; None where it leaves the choice to the page.

    Attributes:
        unit: id or code of a unit.
        programme: id of a programme of the country.
        month: `YYYYMM`.
        language: fr or en.
        order: of the places in the grid, one of `ORDERS`.
    """

    unit: str | None = None
    programme: str | None = None
    month: int | None = None
    language: str | None = None
    order: str | None = None

    @classmethod
    def read(cls, search: object) -> "ProgrammeAddress":
        """Read ``?unit=…&programme=…&month=2019-01``; what cannot be read counts as not asked for."""
        text = search.lstrip("?").encode("utf-8", "replace").decode() if isinstance(search, str) else ""
        given = {name: values[0].strip() for name, values in parse_qs(text).items()}
        found = MONTH.fullmatch(given.get("month", ""))
        language = given.get("lang")
        return cls(
            unit=given.get("unit") or None,
            programme=given.get("programme") or None,
            month=int(found[1]) * 100 + int(found[2]) if found else None,
            language=language if language in LANGUAGES else None,
            order=given["order"] if given.get("order") in ORDERS else None,
        )

    def href(self, **changes: object) -> str:
        """The link to this view, some of it changed."""
        here = replace(self, **changes)  # type: ignore[arg-type]
        parts = {
            "unit": here.unit,
            "programme": here.programme,
            "month": month_name(here.month),
            "order": here.order,
            "lang": here.language,
        }
        return f"{PATH}?{urlencode({name: value for name, value in parts.items() if value})}"


@dataclass(frozen=True)
class Programme:
    """A programme of one place and month, as the asker may see it; answers are `[unit, subject, period]`.

    Attributes:
        address: the address, filled in.
        unit: id, code, name, level and path of the place.
        subjects: its products, in the country's order; what the asker may not read is not among them.
        families: substitutes of which it has several.
        tracers: the products that are always to be there.
        services: those of which coverage is configured and may be read.
        left_out: the forms that the asker may not read.
        totals_only: whether the place lies above the asker's own.
    """

    desk: LogisticsDesk
    address: ProgrammeAddress
    unit: Mapping[str, Any]
    children: tuple[str, ...]
    subjects: tuple[Subject, ...]
    families: tuple[Subject, ...]
    tracers: Subject
    services: tuple[Subject, ...]
    left_out: tuple[LeftOut, ...]
    totals_only: bool

    @property
    def month(self) -> int:
        """The month that is looked at."""
        return self.address.month or 0

    def ask(self, indicator: str, question: Question) -> Answer:
        """An indicator of units that were checked already."""
        return self.desk.logistics().ask(indicator, question)

    @cached_property
    def now(self) -> Question:
        """The place and its children, all products, the month alone."""
        return Question((str(self.unit["id"]), *self.children), self.subjects, self.month, self.month)

    @cached_property
    def then(self) -> Question:
        """The place alone over the months of a trend."""
        return Question(
            (str(self.unit["id"]),), self.subjects, months_before(self.month, SHOWN - 1), self.month
        )

    @cached_property
    def classes(self) -> Classes:
        """How the stock of each stands in the month, `[unit, product]`."""
        return np.asarray(self.desk.logistics().classes(self.now)[:, :, 0])

    def limits(self, row: int) -> Limits:
        """From how many to how many months a stock is adequate in a unit of `now`, by its row there."""
        here, position = self.desk, self.desk.figures.holding().units.loc[self.now.units[row], "first"]
        found = limits_of(
            here.figures.holding().rollup, here.rules.levels, np.array([position], dtype=np.intp)
        )
        return Limits(float(np.ravel(found.low)[0]), float(np.ravel(found.high)[0]))

    def carried(self) -> list[int]:
        """The products, by position, that anybody here carries."""
        return [at for at in range(len(self.subjects)) if (self.classes[:, at] != NOT_CARRIED).any()]


def programmes(country: Country) -> dict[str, tuple[Pair, ...]]:
    """The pairs of each programme that has products, in the country's order of programmes."""
    found: dict[str, list[Pair]] = {name: [] for name in country.programmes}
    for pair in country.pairs.values():
        if pair.commodities:
            found.setdefault(pair.programme, []).append(pair)
    return {name: tuple(pairs) for name, pairs in found.items() if pairs}


def look(desk: LogisticsDesk, address: ProgrammeAddress, scope: Scope) -> Programme:
    """What an address of Programmes asks for; what it leaves open is chosen for the asker.

    Raises:
        QuestionError: one of its kinds says what is wrong and what to do.
    """
    figures, country = desk.figures, desk.figures.country
    known = programmes(country)
    if not known:
        what = "No pair of this country has products."
        raise BadQuestionError("programme", what, "Name commodities in a pair of its configuration.")
    chosen = address.programme or next(iter(known))
    if chosen not in known:
        what = f"There is no programme {chosen!r} that has products."
        raise BadQuestionError("programme", what, f"Ask for one of: {', '.join(known)}.")
    unit = figures.unit(address.unit or figures.home(scope), scope)
    above = scope.sees_total(str(unit["path"]))
    codes = tuple(dict.fromkeys(code for pair in known[chosen] for code in pair.commodities))
    products = tuple(Subject.product(code) for code in codes if code in figures.holding().forms_of)
    asked = Asked(str(unit["id"]), products, children=not above)
    wanted, left_out = desk.wanted(asked, scope)
    readable = {subject.id for subject in wanted.subjects}
    found = Programme(
        desk=desk,
        address=replace(address, unit=str(unit["id"]), programme=chosen),
        unit=unit,
        children=wanted.units[1:],
        subjects=wanted.subjects,
        families=_families(country, readable),
        tracers=_tracers(country, chosen, readable),
        services=desk.readable(coverages(country, chosen), scope)[0],
        left_out=left_out,
        totals_only=above,
    )
    return replace(found, address=replace(found.address, month=_month(found, address.month)))


def _families(country: Country, codes: set[str]) -> tuple[Subject, ...]:
    """The substitutes of which several are among the products."""
    found = {
        each.id: [code for code in each.commodities if code in codes] for each in country.families.values()
    }
    return tuple(Subject.family(name, tuple(kept)) for name, kept in found.items() if len(kept) > 1)


def _tracers(country: Country, programme: str, codes: set[str]) -> Subject:
    """The country's tracers of a programme; all its products where it names none."""
    named = next((each.commodities for each in country.tracers if each.id == programme), ())
    kept = tuple(code for code in named if code in codes)
    return Subject.tracers(programme, kept or tuple(sorted(codes)))


def _month(programme: Programme, asked: int | None) -> int:
    """The month asked for; else the newest of which half of the reports are in, or the newest with any.

    Raises:
        OutsideMonthError: there are no figures of that month.
    """
    first, last = programme.desk.figures.months()
    if asked is not None:
        if first <= asked <= last:
            return asked
        raise OutsideMonthError(asked, (first, last))
    since = max(first, months_before(last, SHOWN - 1))
    question = Question((str(programme.unit["id"]),), (programme.tracers,), since, last)
    answer = programme.ask("reporting_rate", question)
    received, rate = answer.numerator[0, 0], answer.value[0, 0]
    months = [int(start) for start in answer.starts]
    for wanted in (rate >= ENOUGH, received > 0):
        if wanted.any():
            return months[int(np.flatnonzero(wanted)[-1])]
    return last


def months_before(month: int, count: int) -> int:
    """The month so many months before another.

    >>> months_before(202601, 1), months_before(202612, 12)
    (202512, 202512)
    """
    at = month // 100 * 12 + month % 100 - 1 - count
    return at // 12 * 100 + at % 12 + 1
