"""What an alert says: what was reported, what is usual, what the other side did, what to check in order.

Every number stands in the alert's facts; a sentence adds none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from countries.configuration import Country
from dashboard import i18n
from dashboard.alerts_areas import AREA_LOW, OF_AREAS
from dashboard.alerts_checks import checks_of
from dashboard.alerts_figures import figures, spoken_months, spoken_period, ten, told
from dashboard.alerts_found import BOTH_UP, PAIR_DRIFT, PAIR_HIGH, PAIR_LOW, ZERO
from dashboard.alerts_ranked import WHOLE_FORM
from dashboard.alerts_rules import PREFIX
from dashboard.alerts_series import CONSUMED
from dashboard.alerts_supply import EXPIRING, OUT, OVER, RUNS_OUT
from dashboard.alerts_within import why_within
from dashboard.holdings import Holding
from dashboard.i18n import day, month, number, t
from dashboard.quality_words import OF_USUAL
from ledger.alerts import SUPPLY, Alert

SINGLE = {"high": "alerts.say_high", "low": "alerts.say_low", ZERO: "alerts.say_zero"}
UNCLEAR = "unclear"
CAUSES = {
    UNCLEAR: "alerts.cause_unclear",
    "services_moved": "alerts.cause_services",
    "consumption_moved": "alerts.cause_consumption",
    "both_moved": "alerts.cause_both",
    "stock_out": "alerts.cause_stock",
}
REASONS = {
    "stock_out": "alerts.because_stock_out",
    "substitute_out": "alerts.because_substitute_out",
    "both_rise": "alerts.because_both_rise",
    "both_fall": "alerts.because_both_fall",
    "catch_up": "alerts.because_catch_up",
}
RULES = {
    "arithmetic": "alerts.rule_arithmetic",
    "continuity": "alerts.rule_continuity",
    "negative": "alerts.rule_negative",
    "impossible_issue": "alerts.rule_impossible_issue",
    "impossible_days": "alerts.rule_impossible_days",
    "phantom_issue": "alerts.rule_phantom_issue",
    "opening_ledger": "alerts.rule_opening_ledger",
    "services_without_consumption": "alerts.rule_services_without",
    "consumption_without_services": "alerts.rule_consumption_without",
    "cascade": "alerts.rule_cascade",
    "copied_form": "alerts.rule_copied_form",
    "twin_facilities": "alerts.rule_twin",
    "pack_unit": "alerts.rule_pack_unit",
    "digit_swap": "alerts.rule_digit_swap",
    "catch_up": "alerts.rule_catch_up",
}
CASCADE = f"{PREFIX}cascade"
NAMED = 4  # figures that the sentence of a whole form names


@dataclass(frozen=True)
class Said:
    """An alert in words: one sentence, what goes with it, and what to check in order."""

    sentence: str
    beside: tuple[str, ...]
    checks: tuple[str, ...]


class AlertWords:
    """Says alerts in the reader's language.

    Args:
        holding: knows how places and items are called.
        country: knows them in both languages.
    """

    def __init__(self, holding: Holding, country: Country) -> None:
        self._holding, self._country = holding, country
        codes = holding.rollup.items["code"].astype(str)
        self._names = dict(zip(codes, holding.rollup.items["name"].astype(str), strict=True))

    def item(self, code: str) -> str:
        """What an item is called."""
        known = self._country.items.get(code)
        return known.name[i18n.language()] if known else self._names.get(code, code)

    def place(self, unit: str) -> str:
        """What a unit is called."""
        return self._holding.names.get(unit, unit)

    def area(self, unit: str) -> str:
        """What the unit above one is called; of the top its own name."""
        parent = self._holding.units["parent"].get(unit)
        return self.place(parent if isinstance(parent, str) else unit)

    def subject(self, subject: str) -> str:
        """What an alert is about: an item, a pair or a form."""
        kind, _, name = subject.partition(":")
        if kind == "pair" and name in self._country.pairs:
            return self._country.pairs[name].name[i18n.language()]
        if kind == "form" and name in self._holding.forms.index:
            return str(self._holding.forms.loc[name, "name"])
        return self.item(subject)

    def said(self, alert: Alert, donor: str | None = "") -> Said:
        """An alert in words.

        Args:
            alert: which.
            donor: what the reader may know of who could help: a place's name, or None to name nobody.
        """
        if alert.kind == SUPPLY:
            sentence, beside = self._supply(alert), self._supply_beside(alert, donor)
        elif alert.code in SINGLE:
            sentence, beside = self._single(alert), self._single_beside(alert)
        elif alert.code in (PAIR_HIGH, PAIR_LOW, PAIR_DRIFT):
            sentence, beside = self._pair(alert), self._pair_beside(alert)
        elif alert.code == WHOLE_FORM:
            sentence, beside = self._whole_form(alert), []
        elif alert.code == BOTH_UP:
            sentence, beside = self._event(alert), []
        elif alert.code in OF_AREAS:
            sentence, beside = self._area(alert)
        else:
            sentence, beside = self._rule(alert), []
        return Said(sentence, tuple(beside), tuple(checks_of(alert)))

    def _single(self, alert: Alert) -> str:
        names = ("value", "expected", "low", "high")
        facts = figures(alert.facts, [name for name in names if name != "value" or alert.code != ZERO])
        said = t(SINGLE[alert.code], item=self.item(alert.subject), month=spoken_period(alert), **facts)
        return " ".join((said, *why_within(alert.facts), *self._because(alert)))

    def _because(self, alert: Alert) -> list[str]:
        """What may explain the figure, the strongest reason alone: the others are no news beside it."""
        reasons = alert.facts.get("because") or ()
        return [
            t(REASONS[str(each["because"])], item=self.item(str(each["other"]) or alert.subject))
            for each in reasons[:1]
        ]

    def _single_beside(self, alert: Alert) -> list[str]:
        facts, found = alert.facts, []
        if other := facts.get("other"):
            found.append(self._other(other))
        if facts.get("days_out"):
            found.append(t("alerts.days_out", days=told(facts["days_out"])))
        elif facts.get("days_out") == 0 and facts.get("closing") is not None:
            found.append(t("alerts.no_days_out", closing=told(facts["closing"])))
        like = facts.get("like") or {"of": 0}
        if like["of"]:
            found.append(t("alerts.like", of=number(like["of"]), same=number(like["same"])))
        return found

    def _other(self, other: Mapping[str, Any]) -> str:
        """What the other side of the pair did."""
        pair = self._country.pairs.get(str(other["pair"]))
        name = str(other["pair"])
        if pair:
            unit = pair.commodity_unit if other["measure"] == CONSUMED else pair.service_unit
            name = f"{pair.name[i18n.language()]}, {unit[i18n.language()]}"
        if other["unit"]:
            name = t("alerts.other_at", other=name, place=self.place(str(other["unit"])))
        if other["value"] is None:
            return t("alerts.other_none", other=name)
        facts = figures(other, ("value", "low", "high"))
        if other["low"] is None:
            return t("alerts.other_plain", other=name, value=facts["value"])
        if other["value"] > other["high"]:
            return t("alerts.other_more", other=name, **facts)
        if other["value"] < other["low"]:
            return t("alerts.other_less", other=name, **facts)
        return t("alerts.other_usual", other=name, **facts)

    def _pair(self, alert: Alert) -> str:
        pair, language = self._country.pairs[alert.subject.partition(":")[2]], i18n.language()
        facts = figures(alert.facts, ("value", "services", "expected"))
        names = {
            "used": f"{pair.name[language]}, {pair.commodity_unit[language]}",
            "service": pair.service_unit[language],
            "month": month(alert.month),
        }
        if alert.facts["months"] > 1:
            return t("alerts.say_pair_run", **names, **facts)
        return t("alerts.say_pair_one", **names, **facts)

    def _pair_beside(self, alert: Alert) -> list[str]:
        cause, usual = str(alert.facts["cause"]), alert.facts["sides"]["consumption"]
        low, high, now = usual["low"], usual["high"], alert.facts["now"]
        if cause == UNCLEAR and None not in (low, high, now) and not low <= now <= high:
            return []  # of a drift's months the last may lie outside by itself
        return [t(CAUSES[cause])]

    def _event(self, alert: Alert) -> str:
        names = ("value", "expected", "consumption", "consumption_expected", "places", "of")
        facts = figures(alert.facts, names)
        return t("alerts.say_both_up", pair=self.subject(alert.subject), month=month(alert.month), **facts)

    def _area(self, alert: Alert) -> tuple[str, list[str]]:
        """What a whole area told: of one item, or of several of a form at once; and which places make it."""
        facts, low = alert.facts, alert.code == AREA_LOW
        names = {"place": self.place(alert.unit), "month": month(alert.month)}
        if alert.subject.startswith("form:"):
            texts = [self._named(each) for each in facts["named"][:NAMED]]
            key = "alerts.say_area_form_low" if low else "alerts.say_area_form_high"
            form = self.subject(alert.subject)
            return t(key, form=form, value=told(facts["value"]), named=_listed(texts), **names), []
        numbers = figures(facts, ("value", "expected", "low", "high", "reported"))
        key = "alerts.say_area_low" if low else "alerts.say_area_high"
        same = t("alerts.area_same", same=number(facts["same"]), of=number(facts["of"]))
        places = [self._named({**each, "subject": each["unit"]}) for each in facts["places"]]
        first = t("alerts.area_places", places=_listed(places))
        return t(key, item=self.item(alert.subject), **names, **numbers), [first, same]

    def _named(self, facts: Mapping[str, Any]) -> str:
        """A place or an item with what was reported of it and what is usual."""
        name = self._holding.names.get(facts["subject"]) or self.item(str(facts["subject"]))
        return t("alerts.area_one", name=name, **figures(facts, ("value", "expected")))

    def _whole_form(self, alert: Alert) -> str:
        named = alert.facts["named"][:NAMED]
        texts = [f"{self.subject(str(each['subject']))} {told(each['value'])}" for each in named]
        facts = {name: told(alert.facts[name]) for name in ("value", "items")}
        form = self.subject(alert.subject)
        return t("alerts.say_whole_form", form=form, month=month(alert.month), named=_listed(texts), **facts)

    def _rule(self, alert: Alert) -> str:
        rule = alert.code.removeprefix(PREFIX)
        key = ten(alert.facts) if rule == "times_ten" else RULES.get(rule)
        names = {"item": self.subject(alert.subject), "month": spoken_period(alert)}
        if key is None:
            return t("alerts.rule_other", value=told(alert.facts.get("value")), **names)
        facts = figures(alert.facts, ("value", "expected", "second"), rule in OF_USUAL)
        if alert.code == CASCADE:
            names["item"] = self._parts(alert.subject)
        return t(key, other=self.item(str(alert.facts.get("other") or "")), **names, **facts)

    def _parts(self, code: str) -> str:
        """The items of a later step of a cascade that begins with one: their sum is what is compared."""
        parts = (each.part for each in self._country.quality.cascades if each.part and each.part[0] == code)
        return " + ".join(self.item(each) for each in next(parts, (code,)))

    def _supply(self, alert: Alert) -> str:
        facts, item = alert.facts, self.item(alert.subject)
        if alert.code == EXPIRING:
            expiry = day(datetime.combine(date.fromisoformat(facts["expiry"]), datetime.min.time()))
            numbers = {name: told(facts[name]) for name in ("value", "stock")}
            return t("alerts.say_expiring", item=item, expiry=expiry, lot=facts["lot"], **numbers)
        if alert.code == OUT:
            since = month(alert.month)
            if facts["average"] is None:
                return t("alerts.say_out_unknown", item=item, since=since)
            key = "alerts.say_out_before" if facts.get("before") else "alerts.say_out"
            return t(key, item=item, since=since, average=told(facts["average"]))
        names = {"item": item, "month": month(int(facts["as_of"]))}
        numbers = {name: told(facts[name]) for name in ("value", "average")}
        months = spoken_months(facts["months"])
        if alert.code == RUNS_OUT:
            ahead = spoken_months(facts["to_delivery"])
            return t("alerts.say_runs_out", months=months, to_delivery=ahead, **names, **numbers)
        return t("alerts.say_over", months=months, most=spoken_months(facts["most"]), **names, **numbers)

    def _supply_beside(self, alert: Alert, donor: str | None) -> list[str]:
        facts, found = alert.facts, []
        if alert.code in (RUNS_OUT, OVER) and facts["lasting"] > 1:
            found.append(t("alerts.since", since=month(alert.month)))
        there = [each for each in facts.get("family") or () if each["value"]]
        if there:
            named = [
                t("alerts.family_one", item=self.item(each["item"]), value=told(each["value"]))
                for each in there
            ]
            found.append(t("alerts.family", items=_listed(named)))
        if alert.code in (OUT, RUNS_OUT):
            found.append(_donor(facts.get("donor"), donor))
        return found


def _donor(facts: Mapping[str, Any] | None, name: str | None) -> str:
    """Who could help, as far as the reader may know."""
    if not facts:
        return t("alerts.no_donor")
    quantity = told(facts["quantity"])
    if name is None:
        return t("alerts.donor_hidden", quantity=quantity)
    if facts["kilometres"] is None:
        return t("alerts.donor_near", place=name, quantity=quantity)
    return t("alerts.donor", place=name, quantity=quantity, kilometres=number(facts["kilometres"]))


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts)
