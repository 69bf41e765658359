"""The indicators, asked through the asker's scope: by the interface, Programmes, the worked examples."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from accounts.scope import Scope
from countries.configuration import Country
from dashboard.holdings import Holding
from dashboard.queries import Figures
from dashboard.questions import BadQuestionError, NotInScopeError, Question, UnknownIndicatorError
from dashboard.readable import LeftOut, unread
from dashboard.slips import readable_codes
from indicators.compare import View
from indicators.logistics import INDICATORS, Logistics
from indicators.question import Answer, Subject
from indicators.question import Question as Wanted
from indicators.registered import REGISTERED
from indicators.rules import AverageRule, ForecastRule, GroupLevels, Rules, Target

COLUMNS = (
    "unit_id", "unit_code", "unit_name", "level", "period", "indicator", "item", "value", "unit", "state",
    "numerator", "denominator", "n_reported", "n_expected", "imputed_share", "source", "as_of",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What is asked of an indicator.

    Attributes:
        unit: id or code of a unit.
        subjects: products, families, sets of tracers, services of a coverage.
        first: first month `YYYYMM`; None for the first of the data.
        last: last month; None for the last.
        grain: one of `indicators.periods.GRAINS`.
        children: whether the units directly below follow.
        group: the id or name of a group of units that everything is restricted to.
    """

    unit: str
    subjects: tuple[Subject, ...]
    first: int | None = None
    last: int | None = None
    grain: str = "month"
    children: bool = False
    group: str | None = None


@dataclass(frozen=True)
class Told:
    """Figures as the asker may see them: the answer, and what it was answered from.

    Attributes:
        answer: arrays `[unit, subject, period]`; units that the asker may not know of are not in it.
        holding: the version of the data.
        left_out: the forms that the asker may not read, so that their products are not in it.
    """

    answer: Answer
    holding: Holding
    left_out: tuple[LeftOut, ...]


class LogisticsDesk:
    """The indicators of an installation by its country's rules.

    Args:
        figures: the versions of the data, and who may see what of them.
    """

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.rules = rules_of(figures.country)
        self._made: tuple[Holding, Logistics] | None = None

    def logistics(self) -> Logistics:
        """The indicators of the version that this request is answered from."""
        holding = self.figures.holding()
        made = self._made
        if made is None or made[0].rollup is not holding.rollup:
            made = (holding, Logistics(holding.rollup, self.rules))
            self._made = made
        return made[1]

    def ask(self, indicator: str, asked: Asked, scope: Scope) -> Told:
        """One indicator of a unit and, where asked for, its children.

        Raises:
            QuestionError: one of its kinds says what is wrong and what to do.
        """
        if indicator in REGISTERED:
            return self._registered(indicator, asked, scope)
        if indicator not in INDICATORS:
            what, known = f"There is no indicator {indicator!r}.", ", ".join((*INDICATORS, *REGISTERED))
            raise UnknownIndicatorError("id", what, f"Ask for one of: {known}.")
        wanted, left_out = self.wanted(asked, scope)
        return Told(self.logistics().ask(indicator, wanted), self.figures.holding(), left_out)

    def _registered(self, indicator: str, asked: Asked, scope: Scope) -> Told:
        """One of what stores write slip by slip; of places above one's own nothing is told.

        Raises:
            QuestionError: no slips are kept, or the asker may not see these.
        """
        holding = self.figures.holding()
        if holding.registry is None:
            what = "No store of this country writes its slips where they are read: there are no events.toml."
            raise BadQuestionError("id", what, f"Ask for one of: {', '.join(INDICATORS)}.")
        codes = readable_codes(holding, holding.registry, scope)
        subjects = tuple(each for each in asked.subjects if codes.intersection(each.codes))
        view = self.viewed(asked, scope)
        if not subjects or not scope.sees(str(holding.units.loc[view.unit, "path"])):
            what = "Your account may not see the slips of these products at this place."
            raise NotInScopeError("item", what, "Ask for a place of your own, and a product of its slips.")
        return Told(holding.registry.ask(indicator, Wanted.of(holding.rollup, view, subjects)), holding, ())

    def wanted(self, asked: Asked, scope: Scope) -> tuple[Wanted, tuple[LeftOut, ...]]:
        """A question as far as the asker may ask it, and the forms that were left out.

        Raises:
            QuestionError: a unit, month or group cannot be asked for, or nothing is left of the products.
        """
        subjects, left_out = self._readable(asked.subjects, scope)
        rollup = self.figures.holding().rollup
        return Wanted.of(rollup, self.viewed(asked, scope), subjects), left_out

    def viewed(self, asked: Asked, scope: Scope) -> View:
        """What a question looks at, checked, and of whom the asker may hear by name."""
        months = asked.first, asked.last, asked.grain
        return self.figures.seen(Question(asked.unit, "", *months, asked.children, asked.group), scope)

    def readable(
        self, subjects: Sequence[Subject], scope: Scope
    ) -> tuple[tuple[Subject, ...], tuple[LeftOut, ...]]:
        """What of some subjects the asker may read, and the forms that were left out."""
        holding = self.figures.holding()
        codes = {code for each in subjects for code in self._needs(each)}
        closed, hidden = unread(holding, codes, scope)
        kept = tuple(
            replace(each, codes=tuple(code for code in each.codes if code not in closed))
            for each in subjects
            if not closed.issuperset(each.codes)
            and (each.kind != "services" or not closed & self._needs(each))
        )
        return kept, tuple(LeftOut(form, str(holding.forms.loc[form, "name"])) for form in sorted(hidden))

    def _readable(
        self, subjects: Sequence[Subject], scope: Scope
    ) -> tuple[tuple[Subject, ...], tuple[LeftOut, ...]]:
        kept, left_out = self.readable(subjects, scope)
        if subjects and not kept:
            what = "Your account may not read the data sets of these products."
            raise NotInScopeError(
                "item", what, "Ask your DHIS2 administrator for the right to read their data."
            )
        return kept, left_out

    def _needs(self, subject: Subject) -> set[str]:
        """The items that one has to be allowed to read: of services of a population, the estimates too."""
        target = self.rules.targets.get(subject.id) if subject.kind == "services" else None
        return {*subject.codes, *([target.population] if target else [])}


def coverages(country: Country, programme: str | None = None) -> tuple[Subject, ...]:
    """The services of which coverage is configured, of one programme or all."""
    return tuple(
        Subject.services(each.id, each.services)
        for each in country.coverage.values()
        if programme in (None, each.programme)
    )


def subject_of(country: Country, holding: Holding, name: str) -> Subject:
    """A product by its code, or a family, a tracer set or the services of a coverage by its id.

    Raises:
        BadQuestionError: the data has no such product, and the country no such family, set or coverage.
    """
    slips = holding.registry.codes.values() if holding.registry else ()
    if name in holding.forms_of or name in slips:
        return Subject.product(name)
    if name in country.families:
        return Subject.family(name, country.families[name].commodities)
    for each in country.tracers:
        if each.id == name:
            return Subject.tracers(name, each.commodities)
    for subject in coverages(country):
        if subject.id == name:
            return subject
    families = ", ".join((*country.families, *(each.id for each in country.tracers), *country.coverage))
    what = f"No product has the code {name!r}, and no family or set of tracers this id."
    raise BadQuestionError("item", what, f"Name a code of DHIS2, or one of: {families}.")


def rows(told: Told) -> pd.DataFrame:
    """One row for each unit, subject and period, with the columns of `GET /api/v1/indicators`.

    Returns:
        Columns `COLUMNS`; `value` in `unit` ("share" of 1, "months", "days", "quantity", ...), NaN where the
        state is missing or not applicable; `source` names where the figures are from.
    """
    answer, units = told.answer, told.holding.units
    of_units = units.loc[list(answer.units)]
    count_units, count_subjects, count_periods = answer.value.shape
    per_unit, per_subject = count_subjects * count_periods, count_periods
    sources = [source_of(told.holding, each) for each in answer.subjects]

    def of_unit(values: Iterable[Any]) -> list[Any]:
        return [value for value in values for _ in range(per_unit)]

    def of_subject(values: Sequence[Any]) -> list[Any]:
        return [value for value in values for _ in range(per_subject)] * count_units

    table = {
        "unit_id": of_unit(of_units["id"]),
        "unit_code": of_unit(of_units["code"]),
        "unit_name": of_unit(of_units["name"]),
        "level": of_unit(of_units["level"]),
        "period": list(answer.periods) * (count_units * count_subjects),
        "indicator": answer.id,
        "item": of_subject([each.id for each in answer.subjects]),
        "value": answer.value.ravel(),
        "unit": answer.unit,
        "state": answer.state.ravel(),
        "numerator": answer.numerator.ravel(),
        "denominator": answer.denominator.ravel(),
        "n_reported": answer.reported.ravel(),
        "n_expected": answer.expected.ravel(),
        "imputed_share": answer.imputed_share.ravel(),
        "source": of_subject(sources),
        "as_of": told.holding.as_of.isoformat(),
    }
    return pd.DataFrame(table, columns=list(COLUMNS))


def source_of(holding: Holding, subject: Subject) -> str:
    """Where the figures of a subject are from, each source once; of coverage, the estimates' as well."""
    forms = (form for code in subject.codes for form in holding.forms_of.get(code, ()))
    named = [str(holding.forms.loc[form, "source"]) for form in forms]
    if not named and subject.kind == "product" and holding.registry:
        named = holding.snapshot.read("store_forms")["source"].tolist()
    people = holding.rollup.populations.items.values() if subject.kind == "services" else ()
    return ", ".join(dict.fromkeys([*named, *(each["source"] for each in people)]))


def rules_of(country: Country) -> Rules:
    """What a country decides about its indicators, as the indicators take it."""
    chosen = country.logistics
    return Rules(
        average=AverageRule(chosen.rule, chosen.months, chosen.least),
        levels=tuple(GroupLevels(each.group, each.least, each.most) for each in country.stock_levels),
        forecast=ForecastRule(chosen.forecast, chosen.horizon, chosen.tested),
        protects=_protecting(country),
        factors=dict(country.couple_years),
        targets={
            each.id: Target(each.population, each.share, each.each, each.carried)
            for each in country.coverage.values()
        },
    )


def _protecting(country: Country) -> Mapping[str, str]:
    return {code: item.protects for code, item in country.items.items() if item.protects}
