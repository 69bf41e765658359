"""Questions to the indicators over a small roll-up: some products, three months."""

from indicators.logistics import Logistics
from indicators.question import Question, Subject

DEPO, SAYANA = Subject.product("DEPO"), Subject.product("SAYANA")


INJECTABLES = Subject.family("injectables", ("DEPO", "SAYANA"))


BOTH_NEEDED = Subject.tracers("both", ("DEPO", "SAYANA"))


MONTHS = (201901, 201902, 201903)


def reports(unit, item="DEPO", closing=(5, 5, 5), consumed=(10, 10, 10), days_out=(None,) * 3):
    """Three months of a product at a unit; None is not reported."""
    given = {"closing": closing, "consumed": consumed, "stockout_days": days_out}
    return [
        (unit, item, measure, month, value)
        for measure, values in given.items()
        for month, value in zip(MONTHS, values, strict=True)
        if value is not None
    ]


def ask(rollup, indicator, *units, subjects=(DEPO,), rules=None, **choices):
    question = Question(units, subjects, *({"first": 201901, "last": 201903} | choices).values())
    return Logistics(rollup, rules).ask(indicator, question)


def last(rollup, indicator, unit, subject=DEPO, rules=None):
    """The value of the last month."""
    return ask(rollup, indicator, unit, subjects=(subject,), rules=rules).value[0, 0, -1]
