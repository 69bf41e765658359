"""In which order alerts are looked at, and how many: how unusual, how much is at stake, how important.

    rank = min(|spreads|, 8) / 8 · ln(1 + at stake) · importance · ½^(age / 3 months)

What is at stake is the difference from what is usual, in money where the country says what a unit costs, else
in events or units. It fades as the figure grows old; a stock that needs somebody is of now, and does not. Of
one form and month with many findings the whole form is to be looked at; a district gets no more new alerts of
a month than it can look at.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from math import log1p
from typing import Any

from countries.configuration import Country
from indicators.periods import month_number
from ledger.alert_intake import Candidate
from ledger.alerts import QUALITY, SUPPLY, Alert

MOST_SPREADS = 8.0
WEIGHTS = {"V": 3.0, "E": 2.0, "N": 1.0, "": 2.0}
"""Vital, essential, not essential; what is not said counts as essential."""

WHOLE_FORM = "whole_form"
MANY = 10
"""More findings of one form and month than this are one alert: check the whole form."""

A_MONTH = 20
"""New alerts of one district and month."""

HALVED = 3
"""After so many months half as much hangs on a figure: its month is over, and later ones say more of now."""

NAMED = 20  # findings that an alert of a whole form names


def rank(spreads: float | None, stake: float, important: float) -> float:
    """How far up an alert stands.

    >>> round(rank(-4, 270, 3), 2), rank(None, 270, 3)
    (8.4, 0.0)
    """
    return round(min(abs(spreads or 0.0), MOST_SPREADS) / MOST_SPREADS * log1p(stake) * important, 4)


def in_order(alerts: Iterable[Alert], newest: int) -> list[Alert]:
    """Alerts as they are looked at today, those that matter most first.

    Args:
        alerts: with the ranks of their months.
        newest: the last month of the data, YYYYMM.
    """
    return sorted((aged(each, newest) for each in alerts), key=lambda each: (-each.rank, each.id))


def aged(alert: Alert, newest: int) -> Alert:
    """An alert with the rank that it has today."""
    return replace(alert, rank=round(alert.rank * share_left(alert, newest), 4))


def share_left(alert: Alert, newest: int) -> float:
    """How much of its rank an alert still has: one of a figure loses half in each quarter."""
    if alert.kind == SUPPLY:
        return 1.0
    single = ":" not in alert.subject  # a pair's months end with the alert's own
    longer = int(alert.facts.get("months") or 1) - 1 if single else 0
    age = month_number(newest) - month_number(alert.month) - longer
    return float(0.5 ** (max(age, 0) / HALVED))


def importance(country: Country, code: str) -> float:
    """How important an item is: its own need, or the highest of the products that a service uses."""
    item = country.items.get(code)
    if item and item.need:
        return WEIGHTS[item.need]
    used = [each for pair in country.pairs.values() if code in pair.services for each in pair.commodities]
    needs = [WEIGHTS[country.items[each].need] for each in used if each in country.items]
    return max(needs, default=WEIGHTS[""])


def priced(country: Country, code: str) -> float:
    """What one unit counts: its price where the country says it, else 1."""
    item = country.items.get(code)
    return item.price if item and item.price else 1.0


def grouped(found: Iterable[Candidate], forms: Mapping[str, str]) -> list[Candidate]:
    """Findings, those of one place, form and month taken together where there are more than `MANY`.

    Args:
        found: what was found.
        forms: the form of each code of an item.
    """
    by_form: dict[tuple[str, str, int], list[Candidate]] = defaultdict(list)
    kept: list[Candidate] = []
    for each in found:
        form = forms.get(each.subject)
        if each.kind == QUALITY and form:
            by_form[each.unit, form, each.month].append(each)
        else:
            kept.append(each)
    for (unit, form, month), rows in by_form.items():
        kept += [_whole(unit, form, month, rows)] if len(rows) > MANY else rows
    return kept


def _whole(unit: str, form: str, month: int, rows: Sequence[Candidate]) -> Candidate:
    """One alert for a whole form, which names its strongest findings."""
    first = sorted(rows, key=lambda each: (-each.rank, each.id))
    named = [{"code": each.code, "subject": each.subject, "value": each.facts.get("value")} for each in first]
    facts = {
        "value": len(rows),
        "items": len({each.subject for each in rows}),
        "measure": "",
        "named": named[:NAMED],
    }
    return Candidate(QUALITY, WHOLE_FORM, unit, f"form:{form}", month, first[0].rank * 1.5, facts)


def capped_supply(
    found: Iterable[Candidate], known: Collection[str], district: Mapping[str, str]
) -> tuple[list[Candidate], int]:
    """The same of supply alerts, which are of now: so many of each sort for each district."""
    by_area: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for each in found:
        by_area[district.get(each.unit, each.unit), each.code].append(each)
    return _first_of(by_area, known)


def capped(
    found: Iterable[Candidate], known: Collection[str], district: Mapping[str, str]
) -> tuple[list[Candidate], int]:
    """What is kept of findings, and how many are left out.

    Args:
        found: what was found.
        known: ids of alerts that there are already: these are kept, and take up places.
        district: of each place, the area that looks after it.
    """
    by_area: dict[tuple[str, int], list[Candidate]] = defaultdict(list)
    for each in found:
        by_area[district.get(each.unit, each.unit), each.month].append(each)
    return _first_of(by_area, known)


def _first_of(groups: Mapping[Any, list[Candidate]], known: Collection[str]) -> tuple[list[Candidate], int]:
    """Of each group those that there are already and the strongest others, and how many are left out."""
    kept: list[Candidate] = []
    out = 0
    for rows in groups.values():
        ordered = sorted(rows, key=lambda each: (each.id not in known, -each.rank, each.id))
        stays = max(A_MONTH, sum(each.id in known for each in ordered))
        kept += ordered[:stays]
        out += len(ordered[stays:])
    return kept, out
