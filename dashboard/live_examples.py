"""Every figure worked out with the numbers of a place that the asker may see, in the last full month.

Pooled figures are those of the whole place, by the same indicators that pages show; what is worked out at
each place is shown of one facility in it that reported what is needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np

from accounts.scope import Scope
from dashboard import i18n
from dashboard.facility_facts import Facility, facility_with_figures, inputs_of
from dashboard.i18n import t
from dashboard.logistics import Asked, LogisticsDesk, coverages
from dashboard.own_indicators import formula_of
from dashboard.place_parts import around
from dashboard.programme import months_before
from dashboard.questions import BadQuestionError, Question, QuestionError
from dashboard.readable import unread
from dashboard.worked import said, valued, worked
from indicators.compare import View
from indicators.definitions import DEFINITIONS, Definition, find
from indicators.logistics import INDICATORS
from indicators.own import own
from indicators.periods import Grain
from indicators.question import Answer, Subject
from indicators.question import Question as Wanted
from indicators.reporting import reporting
from indicators.service_coverage import COVERAGE

YEAR = 12
# What stores write slip by slip, of which an example is shown where there is any.
SLIPPED = ("expiry_at_risk", "on_time_in_full", "lead_time", "stockout_days_from_movements")
WINDOW: dict[int, Grain] = {1: "month", 3: "last3", 6: "last6", 12: "last12"}
CLASSES = {
    "status_out": "out",
    "status_low": "low",
    "status_adequate": "enough",
    "status_over": "over",
    "status_unknown": "unknown",
}


@dataclass(frozen=True)
class Place:
    """What the examples are of.

    Attributes:
        unit: id of a unit.
        item: code of a product.
        pair: id of the pair that compares it.
        month: `YYYYMM`.
        facility: one facility in it that reported the product, or None.
    """

    unit: str
    item: str
    pair: str
    month: int
    facility: Facility | None


class LiveExamples:
    """The worked examples of an installation's figures.

    Args:
        desk: the indicators, asked with the asker's scope.
    """

    def __init__(self, desk: LogisticsDesk) -> None:
        self.desk = desk
        self.figures = desk.figures

    def told(self, scope: Scope, unit: str | None, item: str | None) -> dict[str, Any]:
        """Of which place they are, and the examples by id of their definition, in the reader's language.

        Raises:
            QuestionError: the unit or the product cannot be asked for, or nothing was synced yet.
        """
        place = self.place(scope, unit, item)
        key = ["examples", place.unit, place.item, place.month, i18n.language()]
        told: dict[str, Any] = self.figures.kept(scope, key, lambda: self._told(scope, place))
        return told

    def place(self, scope: Scope, unit: str | None, item: str | None) -> Place:
        """The asked unit or the asker's own, a product with figures there, and the last full month.

        Raises:
            QuestionError: none can be found.
        """
        holding = self.figures.holding()
        found = str(self.figures.unit(unit, scope)["id"]) if unit else self.figures.home(scope)
        pairs = [pair for pair in self.figures.pairs() if pair.commodities]
        codes: dict[str, str] = {}
        for pair in pairs:
            codes |= {code: codes.get(code, pair.id) for code in pair.commodities}
        hidden, _ = unread(holding, codes, scope)
        known = [code for code in codes if code in holding.forms_of and code not in hidden]
        if not known or (item and item not in known):
            remedy = (
                f"One of: {', '.join(known)}." if known else "Ask for the right to read its form in DHIS2."
            )
            raise BadQuestionError("item", f"There is no product {item or ''!r} that you may read.", remedy)
        path = str(self.figures.unit(found, scope)["path"])
        own_units = scope.sees(path)
        for code in [item] if item else known:
            month = self._last_full(found, holding.forms_of[code])
            facility = self._facility(found, code, month) if own_units else None
            if facility or item or not own_units:
                return Place(found, code, codes[code], month, facility)
        return Place(
            found, known[0], codes[known[0]], self._last_full(found, holding.forms_of[known[0]]), None
        )

    def _facility(self, unit: str, code: str, month: int) -> Facility | None:
        rollup = self.figures.holding().rollup
        return facility_with_figures(rollup, (unit, code, month), self.desk.rules.levels)

    def _last_full(self, unit: str, forms: tuple[str, ...]) -> int:
        """The last month of which enough reports are in, as the country says; the last one where none is."""
        rollup, last = self.figures.holding().rollup, self.figures.months()[1]
        first = int(rollup.months[-min(YEAR, len(rollup.months))])
        found = [reporting(rollup, form, View(unit, first, last)) for form in forms]
        came = sum(each.n_received[0] for each in found)
        due = sum(each.n_expected[0] for each in found)
        enough = came >= self.figures.country.thresholds.provisional * due
        full = rollup.months[-len(enough) :][enough & (due > 0)].tolist()
        return int(full[-1]) if full else last

    def _told(self, scope: Scope, place: Place) -> dict[str, Any]:
        holding = self.figures.holding()
        examples = dict(self._examples(scope, place))
        return {
            "unit": {"id": place.unit, "name": holding.names[place.unit]},
            "places": around(self.figures, place.unit, scope),
            "facility": place.facility.name if place.facility else "",
            "item": {"id": place.item, "name": self._product(place.item)},
            "month": i18n.month(place.month),
            "examples": examples,
        }

    def _product(self, code: str) -> str:
        """What a product is called."""
        item = self.figures.country.items.get(code)
        return item.name[i18n.language()] if item else code

    def _examples(self, scope: Scope, place: Place) -> Iterator[tuple[str, dict[str, Any]]]:
        for definition in DEFINITIONS:
            found = self._of_measure(definition, scope, place) or self._of_facility(definition, place)
            if found:
                yield definition.id, found
        asked = Asked(place.unit, (Subject.product(place.item),), place.month, place.month)
        yield from self._of_indicators(asked, scope)
        yield from self._of_coverage(place, scope)
        yield from self._of_slips(place, scope)
        for each in self.figures.country.indicators.values():
            if not unread(self.figures.holding(), _codes(each), scope)[0]:
                yield from self._own(each, place)

    def _of_indicators(self, asked: Asked, scope: Scope) -> Iterator[tuple[str, dict[str, Any]]]:
        """The pooled figures of the place; those that are one definition together follow each other."""
        told: dict[str, dict[str, Any]] = {}
        about = self._product(asked.subjects[0].id)
        for name in INDICATORS:
            try:
                answer = self.desk.ask(name, asked, scope).answer
            except QuestionError:
                continue
            definition = find(name)
            found = _pooled(definition, answer, about)
            if found and name in CLASSES:
                found = _joined(told.get(definition.id), CLASSES[name], found)
            if found:
                told[definition.id] = found
        yield from told.items()

    def _of_coverage(self, place: Place, scope: Scope) -> Iterator[tuple[str, dict[str, Any]]]:
        """The first coverage that has a figure here, over its window up to the month."""
        country = self.figures.country
        for each in self.desk.readable(coverages(country), scope)[0]:
            first = months_before(place.month, country.coverage[each.id].months - 1)
            asked = Wanted(
                (place.unit,), (each,), first, place.month, WINDOW[country.coverage[each.id].months]
            )
            name = country.coverage[each.id].name[i18n.language()]
            found = _pooled(find(COVERAGE), self.desk.logistics().ask(COVERAGE, asked), name)
            if found:
                yield COVERAGE, found
                return

    def _of_slips(self, place: Place, scope: Scope) -> Iterator[tuple[str, dict[str, Any]]]:
        """What stores write slip by slip, over a year, of the first product of which there is a figure."""
        registry = self.figures.holding().registry
        for name in SLIPPED if registry else ():
            asked = Asked(
                place.unit, registry.subjects(), months_before(place.month, YEAR - 1), place.month, "last12"
            )
            try:
                answer = self.desk.ask(name, asked, scope).answer
            except QuestionError:
                return
            for at in np.flatnonzero(answer.value[0, :, -1] > 0)[:1]:
                yield name, self._slip(answer, int(at))

    def _slip(self, answer: Answer, at: int) -> dict[str, Any]:
        """The figure of one product, with its name."""
        one = (0, at, -1)
        counts = t("definitions.reported", n=said(answer.reported[one]), expected=said(answer.expected[one]))
        shares = _parts(float(answer.numerator[one]), float(answer.denominator[one]))
        return {
            "inputs": shares if answer.unit == "share" else [],
            "result": valued(float(answer.value[one]), answer.unit),
            "counts": counts,
            "of": "unit",
            "about": self._product(answer.subjects[at].id),
        }

    def _of_measure(self, definition: Definition, scope: Scope, place: Place) -> dict[str, Any] | None:
        """A measure of the pair as Compare shows it."""
        if not definition.measure:
            return None
        question = Question(place.unit, place.pair, place.month, place.month)
        comparison = self.figures.compare(question, scope).comparison
        if not comparison.has(definition.side, definition.measure):
            return None
        line = comparison.line(definition.side, definition.measure)
        value, n = float(line.value[0, 0]), int(line.n_reported[0, 0])
        if isnan(value):
            return None
        counts = t("definitions.reported", n=said(n), expected=said(int(line.n_expected[0, 0])))
        pair = self.figures.country.pairs[place.pair].name[i18n.language()]
        figure = {"inputs": [], "result": valued(value, definition.unit), "counts": counts}
        return {**figure, "of": "pair", "about": pair}

    def _of_facility(self, definition: Definition, place: Place) -> dict[str, Any] | None:
        if place.facility is None:
            return None
        inputs = inputs_of(definition.id, place.facility)
        if inputs is None:
            return None
        result = definition.example.work(**inputs)
        if _nothing(result):
            return None
        figure = worked(definition, inputs, result)
        return {**figure, "counts": "", "of": "facility", "about": self._product(place.item)}

    def _own(self, each: Any, place: Place) -> Iterator[tuple[str, dict[str, Any]]]:
        found = own(self.figures.holding().rollup, formula_of(each), place.unit, place.month)
        if not isnan(found.value):
            parts = _parts(found.numerator, found.denominator if each.denominator else None)
            counts = t("definitions.reported", n=said(found.both), expected=said(found.either))
            result = f"{said(found.value)}\u00a0{each.unit[i18n.language()]}"
            yield each.id, {"inputs": parts, "result": result, "counts": counts, "of": "unit", "about": ""}


def _codes(each: Any) -> list[str]:
    return [code for part in (*each.numerator, *each.denominator) for code in part.items]


def _joined(before: dict[str, Any] | None, shade: str, found: dict[str, Any]) -> dict[str, Any]:
    """One class's share beside those before it."""
    share = {"name": said(shade), "text": found["result"]}
    shares = [*(before["inputs"] if before else []), share]
    return {**found, "inputs": shares, "result": " · ".join(each["text"] for each in shares)}


def _nothing(result: Any) -> bool:
    """Whether nothing comes of the inputs."""
    if isinstance(result, list):
        return all(map(_nothing, result))
    return result == "" or (isinstance(result, float) and isnan(result))


def _pooled(definition: Definition, answer: Any, about: str) -> dict[str, Any] | None:
    value = float(answer.value[0, 0, 0])
    if isnan(value):
        return None
    above, below = float(answer.numerator[0, 0, 0]), float(answer.denominator[0, 0, 0])
    n, expected = int(answer.reported[0, 0, 0]), int(answer.expected[0, 0, 0])
    counts = t("definitions.reported", n=said(n), expected=said(expected))
    amount = answer.unit in ("quantity", "couple_years") or isnan(below)
    parts = [] if amount else _parts(above, below)
    figure = {"inputs": parts, "result": valued(value, definition.unit), "counts": counts}
    return {**figure, "of": "unit", "about": about}


def _parts(above: float, below: float | None) -> list[dict[str, str]]:
    parts = [{"name": t("definition_field.numerator"), "text": said(above)}]
    return (
        parts if below is None else [*parts, {"name": t("definition_field.denominator"), "text": said(below)}]
    )
