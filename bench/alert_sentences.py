"""Sentences of random alerts in both languages, their numbers worked out anew from the raw values.

    python -m bench.alert_sentences DATA/civ civ [DATA/whotopia whotopia] [--count 1000] [--seed 1]

Of each alert the figures that somebody reported are read out of the rows of the snapshot, without roll-up or
grids; sums, months of stock and what is usual for so many services follow from them by plain arithmetic. What
is usual of a series stands in the alert; it is held that the sentence says exactly that. A sentence is wrong
when it lacks a number, has one more, says another, or leaves a word open.
"""

import argparse
import math
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from babel.numbers import format_decimal

from countries import load_country
from dashboard import i18n
from dashboard.alerts_look import AlertLook
from dashboard.alerts_words import AlertWords
from dashboard.logistics import LogisticsDesk
from dashboard.queries import Figures
from installation import everything
from ledger.alerts import Alert, Alerts
from ledger.database import Database
from loaders.snapshot import Snapshots

NUMBER = re.compile(r"(?<![\w])-?\d[\d\u202f\u00a0,.]*\d|(?<![\w])-?\d")
SINGLE, PAIRS = ("low", "high", "zero"), ("pair_low", "pair_high", "pair_drift")
AREAS, NAMED = ("area_high", "area_low"), 4
REGULAR, OF_MONTHS, OUT_FOR = 10, 12, 20
"""Who reports regularly: ten of twelve months; and how many days out say that a month is no yardstick."""
RULES = (
    "rule.arithmetic", "rule.impossible_days", "rule.phantom_issue", "rule.continuity", "rule.times_ten",
    "rule.digit_swap", "rule.catch_up",
)  # fmt: skip
WHOLE_FROM = 10


class Raw:
    """The rows of a snapshot, looked up by code."""

    def __init__(self, figures: Figures) -> None:
        snapshot = figures.holding().snapshot
        self.units = figures.holding().units
        items = snapshot.read("items").set_index("id")["code"]
        values = snapshot.read("values", columns=["org_unit", "item", "measure", "month", "months", "value"])
        values = values.assign(code=values["item"].astype(str).map(items))
        several = values[values["months"] > 1]
        names = ["org_unit", "code", "measure", "month", "months", "value"]
        self.windows = {tuple(key): float(value) for *key, value in several[names].itertuples(index=False)}
        stock = values[(values["measure"] == "closing") & (values["months"] > 1)]
        ends = (
            stock["month"] // 100 * 12 + stock["month"] % 100 - 2 + stock["months"]
        )  # a window's last month
        stock = stock.assign(month=ends // 12 * 100 + ends % 12 + 1)
        values = pd.concat([values[values["months"] == 1], stock])
        keys = ["org_unit", "code", "measure", "month"]
        self.values = {
            tuple(key): float(value) for *key, value in values[[*keys, "value"]].itertuples(index=False)
        }
        self.months = [int(each) for each in figures.holding().rollup.months]
        told = values.groupby(["code", "measure"], observed=True)["month"].min()
        self.first = {(str(code), str(measure)): int(month) for (code, measure), month in told.items()}

    def one(self, unit: str, code: str, measure: str, month: int, months: int = 1) -> float | None:
        """What a place itself reported of a month, or of several together from it on."""
        if months > 1:
            return self.windows.get((unit, code, measure, month, months))
        return self.values.get((unit, code, measure, month))

    def regular(self, unit: str, code: str, measure: str, month: int) -> tuple[float, int]:
        """What those below a unit that report regularly said in a month, and how many they are."""
        row = self.units.loc[unit]
        below = self.units.index[int(row["first"]) : int(row["last"])]
        asked = [each for each in self.months if self.first.get((code, measure), 0) <= each][-OF_MONTHS:]
        fewest = -(-REGULAR * len(asked) // OF_MONTHS)
        told = []
        for each in below:
            came = sum((each, code, measure, other) in self.values for other in asked)
            value = self.values.get((each, code, measure, month))
            if came >= fewest and value is not None and self._stocked(each, code, measure, month):
                told.append(value)
        return sum(told), len(told)

    def _stocked(self, unit: str, code: str, measure: str, month: int) -> bool:
        """Whether a place had any to give out."""
        if measure != "consumed":
            return True
        closing, days, opening, received = (
            self.values.get((unit, code, each, month), math.nan)
            for each in ("closing", "stockout_days", "opening", "received")
        )
        return not (closing <= 0 or days > OUT_FOR or opening + received <= 0)

    def total(self, unit: str, codes: tuple[str, ...], measure: str, month: int) -> float | None:
        """What a place and all below it reported of some items together."""
        row = self.units.loc[unit]
        below = self.units.index[int(row["first"]) : int(row["last"])]
        found = [self.values.get((each, code, measure, month)) for each in below for code in codes]
        known = [each for each in found if each is not None]
        return sum(known) if known else None


def shown(value: float | None, language: str) -> str:
    """A figure as a reader would write it."""
    if value is None:
        return "–"
    digits = "#,##0" if float(value).is_integer() or abs(value) >= WHOLE_FROM else "#,##0.0"
    return str(format_decimal(value, format=digits, locale=language))


def reported(alert: Alert, raw: Raw, country: Any) -> Iterator[tuple[str, float | None]]:
    """The numbers of an alert that somebody reported, by the name of the fact, out of the raw rows."""
    kind, _, name = alert.subject.partition(":")
    if alert.code in SINGLE:
        months = int(alert.facts.get("months") or 1)
        yield "value", raw.one(alert.unit, alert.subject, alert.facts["measure"], alert.month, months)
    elif alert.code in PAIRS:
        pair, months = country.pairs[name], _months(alert)
        yield "value", _sum(raw.total(alert.unit, pair.commodities, "consumed", each) for each in months)
        yield "services", _sum(raw.total(alert.unit, pair.services, "count", each) for each in months)
    elif alert.code in AREAS:
        yield from _of_area(alert, raw)
    elif alert.kind == "supply" and alert.code != "expiring":
        yield "value", raw.one(alert.unit, alert.subject, "closing", alert.facts["as_of"])
        if alert.facts["average"] and alert.code != "out":
            yield "months", _lasting(alert.facts)
    elif alert.code in RULES and kind == alert.subject and alert.facts["months"] == 1:
        yield "value", raw.one(alert.unit, alert.subject, alert.facts["measure"], alert.month)


def _of_area(alert: Alert, raw: Raw) -> Iterator[tuple[str, float | None]]:
    """The same of an area, of one item or of several of a form."""
    if ":" in alert.subject:
        for each in alert.facts["named"][:NAMED]:
            code = each["subject"]
            yield "value", raw.regular(alert.unit, code, measure_of(code, raw), alert.month)[0]
        return
    measure = alert.facts["measure"]
    value, places = raw.regular(alert.unit, alert.subject, measure, alert.month)
    yield from (("value", value), ("reported", places))
    for each in alert.facts["places"]:
        told = raw.one(each["unit"], alert.subject, measure, alert.month)
        if told != each["value"]:
            yield "a place", told


def measure_of(code: str, raw: Raw) -> str:
    """What is judged of an item: how many services, or how much was used of a commodity."""
    return "count" if (code, "count") in raw.first else "consumed"


def _lasting(facts: Any) -> float:
    """Months that a stock lasts; as the alert says them where its rounded average allows it."""
    least, most = (facts["value"] / max(facts["average"] + way, 1e-9) for way in (0.0001, -0.0001))
    fits = least - 0.0001 <= facts["months"] <= most + 0.0001
    return float(facts["months"]) if fits else float(facts["value"] / facts["average"])


def _months(alert: Alert) -> list[int]:
    number = alert.month // 100 * 12 + alert.month % 100 - 1
    return [
        each // 12 * 100 + each % 12 + 1 for each in range(number - alert.facts["months"] + 1, number + 1)
    ]


def _sum(parts: Iterator[float | None]) -> float | None:
    known = list(parts)
    return None if any(each is None for each in known) else float(sum(each or 0 for each in known))


def faults(alert: Alert, words: AlertWords, raw: Raw, country: Any) -> Iterator[str]:
    """What is wrong with an alert's sentence in the language at hand."""
    language, sentence = i18n.language(), words.said(alert, None).sentence
    if re.search(r"[{}]|nan|None|alerts\.", sentence):
        yield f"open word: {sentence}"
    subject = words.subject(alert.subject)
    if not subject or (alert.code not in PAIRS and subject not in sentence):
        yield f"no name: {sentence}"
    for name, value in reported(alert, raw, country):
        said = {shown(value, language)}
        if name == "months" and value is not None:  # half a tenth may be rounded either way
            near = (value - 1e-4, value + 1e-4)
            shapes = [(each, shape) for each in near for shape in ("#,##0.0", "#,##0.#")]
            said = {str(format_decimal(each, format=shape, locale=language)) for each, shape in shapes}
        numbers = NUMBER.findall(sentence.replace(words.subject(alert.subject), ""))
        if alert.code == "out" and name == "value":
            continue
        if not said.intersection(numbers):
            yield f"{name} is {' or '.join(said)}, the sentence says: {sentence}"
    if alert.code in SINGLE or (alert.code in AREAS and ":" not in alert.subject):
        for name in ("expected", "low", "high"):
            if shown(round(alert.facts[name]), language) not in sentence:
                yield f"{name} is lacking: {sentence}"


def judged(folder: Path, name: str, count: int, seed: int) -> tuple[int, int, Counter[str], list[str]]:
    """Alerts of a country's data, sentences looked at, alerts by code, and what is wrong."""
    country = load_country(name)
    figures = Figures(Snapshots(folder / "snapshot"), country)
    with TemporaryDirectory() as scratch:
        database = Database.open(Path(scratch) / "tandem.sqlite3")
        database.migrate()
        AlertLook(database, LogisticsDesk(figures), everything(figures)).look()
        found = Alerts(database).of()
        database.close()
    picked = random.Random(seed).sample(found, min(count, len(found)))
    words, raw, wrong = AlertWords(figures.holding(), country), Raw(figures), list[str]()
    for language in i18n.LANGUAGES:
        with i18n.use(language):
            wrong += [
                f"[{language}] {each}" for alert in picked for each in faults(alert, words, raw, country)
            ]
    return len(found), len(picked) * len(i18n.LANGUAGES), Counter(each.code for each in picked), wrong


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("places", nargs="+", help="a country's data folder and its configuration, in turn")
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    bad = 0
    for folder, name in zip(given.places[::2], given.places[1::2], strict=True):
        alerts, sentences, codes, wrong = judged(Path(folder), name, given.count, given.seed)
        print(f"{name}: {alerts} alerts, {sentences} sentences looked at, {len(wrong)} faults")
        print("  " + ", ".join(f"{code} {number}" for code, number in codes.most_common()))
        print("\n".join(f"  {each}" for each in wrong[:20]))
        bad += len(wrong)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
