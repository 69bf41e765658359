"""A programme's headline figures, its trends, and what is known of each of its products."""

from typing import Any

import numpy as np

from dashboard import i18n
from dashboard.i18n import number, percent, t, tn
from dashboard.lasting import lasting
from dashboard.pages.programmes_heat import LETTERS, pair_of
from dashboard.programme import Programme, months_before
from indicators.logistics import NOT_CARRIED
from indicators.question import Answer, Question
from indicators.stock_status import Status

View = dict[str, Any]
YEAR = 12
# The trends, in the order of the page: indicator and the catalogue's key of its name.
TRENDS = {
    "availability": "programmes.trend_availability",
    "stockout_rate": "programmes.trend_stockout",
    "reporting_rate": "programmes.trend_reporting",
    "timeliness": "programmes.trend_timeliness",
}
NOTES = {
    "availability": "programmes.of_places",
    "stockout_rate": "programmes.of_pairs",
    "reporting_rate": "programmes.of_reports",
    "timeliness": "programmes.of_reports",
}


def trends(programme: Programme) -> View:
    """The four trends of a place over the months of a year and one, each with its figure of the month."""
    months = Question(programme.then.units, (programme.tracers,), programme.then.first, programme.month)
    drawn = [_trend(programme.ask(indicator, months), key) for indicator, key in TRENDS.items()]
    labels = [i18n.month(int(start)) for start in programme.ask("stockout_rate", months).starts]
    return {"labels": labels, "lines": drawn}


def _trend(answer: Answer, key: str) -> View:
    shares, last = answer.value[0, 0], -1
    share = float(shares[last])
    return {
        "define": answer.id,
        "name": t(key),
        "values": [None if np.isnan(each) else round(float(each), 3) for each in shares],
        "value": percent(share),
        "note": _of(answer) if not np.isnan(share) else t("programmes.not_known"),
        "change": _change(shares),
    }


def _of(answer: Answer) -> str:
    """``247 of 313 reports``: numerator and denominator of the last period."""
    found = number(float(answer.numerator[0, 0, -1]))
    return tn(NOTES[answer.id], float(answer.denominator[0, 0, -1]), n=found)


def _change(shares: Any) -> str:
    """In points against the same month last year; empty where either is not known."""
    points = (shares[-1] - shares[0]) * 100
    if np.isnan(points):
        return ""
    sign = "▲" if points >= 0.5 else "▼" if points <= -0.5 else "="
    return tn("programmes.points", abs(round(float(points))), sign=sign)


def products(programme: Programme) -> View:
    """A row for each product of the programme that is carried here, families below their members."""
    asked = Question(
        programme.now.units[:1], programme.subjects + programme.families, programme.month, programme.month
    )
    year = Question(
        asked.units, asked.subjects, months_before(programme.month, YEAR - 1), programme.month, "last12"
    )
    found = {name: programme.ask(name, asked) for name in MONTHLY} | {
        "lost": programme.ask("lost", year), "loss_rate": programme.ask("loss_rate", year)
    }  # fmt: skip
    classes = programme.desk.logistics().classes(asked)[0, :, 0]
    rows = [
        _product(programme, found, at, int(classes[at]))
        for at in range(len(asked.subjects))
        if classes[at] != NOT_CARRIED
    ]
    lossy = any(row["lost"] for row in rows)
    notes = [
        t("programmes.products_note"),
        t("programmes.counts_note"),
        *([t("programmes.losses_note")] if lossy else []),
    ]
    return {"rows": rows, "columns": _columns(lossy), "note": " ".join(notes)}


SMALL = 10  # units: an average below it is said with its decimal
MONTHLY = ("stock", "average_monthly_consumption", "months_of_stock", "stockout_rate", "consumption")


def _columns(lossy: bool) -> list[str]:
    """What stands above the columns; losses only where forms ask for them."""
    columns = [
        t("programmes.product"), t("programmes.stock"), t("programmes.average"), t("programmes.months"),
        t("programmes.stands"), t("programmes.out"),
    ]  # fmt: skip
    return [*columns, t("programmes.lost")] if lossy else columns


def _product(programme: Programme, found: dict[str, Answer], at: int, stands: int) -> View:
    subject, country = found["stock"].subjects[at], programme.desk.figures.country
    item, language = country.items.get(subject.id), i18n.language()
    family = country.families.get(subject.id) if subject.kind == "family" else None
    named = family.name[language] if family else item.name[language] if item else subject.id
    sums = not family or country.adds_up(family.commodities)  # ampoules and tablets make no sum
    out = found["stockout_rate"]
    return {
        "name": t("programmes.family", name=named) if family else named,
        "family": family is not None,
        "pair": "" if family else pair_of(programme, subject.id),
        "unit": _unit(named, item.unit[language]) if item and not family else "",
        "need": item.need or "" if item and not family else "",
        "c": LETTERS[stands if sums else Status.UNKNOWN],  # type: ignore[index]
        "cells": [
            _amount(found["stock"], at),
            _amount(found["average_monthly_consumption"], at, digits=1),
            _lasting(programme, found, at),
        ]
        if sums
        else [number(None)] * 3,
        "out": t(
            "programmes.n_of_n",
            n=number(float(out.numerator[0, at, 0])),
            of=number(float(out.denominator[0, at, 0])),
            expected=number(float(out.expected[0, at, 0])),
        ),
        "lost": _losses(found, at) if sums else "",
    }


def _unit(named: str, unit: str) -> str:
    """What the product is counted in; nothing where its name says so already (a male condom)."""
    return "" if unit.casefold() in named.casefold().split() else unit


def _amount(answer: Answer, at: int, digits: int = 0) -> str:
    """A quantity in whole units; a small average with a decimal, so that it is not told as none."""
    value = float(answer.value[0, at, -1])
    if np.isnan(value):
        return number(None)
    return number(value, digits if 0 < value < SMALL else 0)


def _lasting(programme: Programme, found: dict[str, Answer], at: int) -> str:
    """Months of stock, said as in the grid: what holds nothing lasts no time, whatever its average."""
    value = float(found["months_of_stock"].value[0, at, -1])
    if np.isnan(value) and float(found["stock"].value[0, at, -1]) == 0:
        value = 0.0
    return number(None) if np.isnan(value) else lasting(value, programme.limits(0))


def _losses(found: dict[str, Answer], at: int) -> str:
    """``1,204 (2%)`` of twelve months; empty where the forms do not ask."""
    lost, rate = float(found["lost"].value[0, at, -1]), float(found["loss_rate"].value[0, at, -1])
    if np.isnan(lost):
        return ""
    return (
        number(lost)
        if np.isnan(rate) or not lost
        else t("programmes.loss", lost=number(lost), rate=_rate(rate))
    )


def _rate(share: float) -> str:
    return percent(share) if share >= 0.01 else t("programmes.under_one_percent")
