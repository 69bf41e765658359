"""What slips say of expiry and orders, beside an oracle in plain Python that walks the days."""

import datetime
import random

import numpy as np
import pandas as pd
import pytest

from indicators.question import Question, Subject
from indicators.registered import REGISTERED, Registry, Slips
from tests.indicators.builders import a_rollup

TODAY = datetime.date(2026, 11, 22)
MONTH_DAYS = 30.4375


def frame(columns: str, rows: list[tuple]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns.split())
    for name in set(table) & {"expiry", "as_of", "ordered_on", "promised_on", "received_on"}:
        table[name] = pd.to_datetime(table[name])
    return table


def slips(lots=(), losses=(), issues=(), orders=()) -> Slips:
    return Slips(
        frame("org_unit item lot expiry quantity as_of", list(lots)),
        frame("org_unit item month reason expired quantity", list(losses)),
        frame("org_unit item month quantity", list(issues)),
        frame("org_unit item ordered_on ordered promised_on received_on received", list(orders)),
        np.datetime64(TODAY),
    )


def issued(unit: str, *quantities: float, item: str = "i") -> list[tuple]:
    """Of the months up to October."""
    return [(unit, item, 202610 - at, quantity) for at, quantity in enumerate(reversed(quantities))]


def by_days(lots: list[tuple[datetime.date, float]], average: float) -> list[float]:
    """What is left of each lot when its day comes: a tenth of a day's use at a time, first expired first."""
    left = [quantity for _, quantity in lots]
    order = sorted(range(len(lots)), key=lambda at: lots[at][0])
    step, clock = average / MONTH_DAYS / 20, 0.0
    while True:
        usable = [at for at in order if (lots[at][0] - TODAY).days > clock + 1e-9 and left[at] > 1e-9]
        if not usable or step == 0:
            return left
        left[usable[0]] = max(0.0, left[usable[0]] - step)
        clock += 1 / 20


@pytest.mark.parametrize("seed", range(25))
def test_what_is_at_risk_is_what_is_left_when_its_day_comes(seed):
    luck = random.Random(seed)
    days = luck.sample(range(5, 400), luck.randint(1, 4))
    lots = [(TODAY + datetime.timedelta(days=each), float(luck.randint(1, 120))) for each in days]
    average = luck.choice([0.0, 3.0, 12.0, 40.0])
    rows = [("A1", "i", f"L{at}", day, quantity, TODAY) for at, (day, quantity) in enumerate(lots)]
    found = slips(lots=rows, issues=issued("A1", average, average, average)).expiring
    assert found["at_risk"].to_numpy() == pytest.approx(by_days(lots, average), abs=average / 10 + 1e-6)


def test_a_lot_past_its_day_has_expired_and_is_not_at_risk():
    rows = [("A1", "i", "old", "2026-11-01", 7.0, TODAY), ("A1", "i", "new", "2027-11-01", 5.0, TODAY)]
    found = slips(lots=rows, issues=issued("A1", 9, 9, 9)).expiring
    assert found[["gone", "at_risk"]].to_numpy().tolist() == [[7, 0], [0, 0]]


def test_without_a_date_or_two_months_of_slips_nothing_is_known():
    rows = [("A1", "i", None, None, 7.0, TODAY), ("A2", "i", "x", "2027-01-01", 7.0, TODAY)]
    found = slips(lots=rows, issues=[*issued("A1", 3, 3, 3), *issued("A2", 5)]).expiring
    assert found["at_risk"].isna().all()
    assert found["average"].fillna(-1).tolist() == [3, -1]


def test_the_present_month_is_not_in_the_average():
    found = slips(issues=[*issued("A1", 2, 4, 6), ("A1", "i", 202611, 100.0)]).averages
    assert found["average"].tolist() == [4]


PRODUCT = (Subject.product("OXY"),)


def registry(**tables) -> Registry:
    """Two districts of two places each, whose calendar ends in October."""
    rollup = a_rollup(("A1", "DEPO", "closing", 202609, 5), ("A1", "DEPO", "closing", 202610, 5))
    return Registry(rollup, slips(**tables), {"i": "OXY"})


def ask(found: Registry, indicator: str, *units: str, grain: str = "month"):
    return found.ask(indicator, Question(units, PRODUCT, 202609, 202610, grain))


def test_the_share_at_risk_is_pooled_and_says_of_how_many_places_it_is_known():
    lots = [
        ("A1", "i", "x", "2026-12-22", 100.0, TODAY),
        ("A2", "i", "y", "2028-12-22", 20.0, TODAY),
        ("B1", "i", "z", "2028-12-22", 50.0, TODAY),
    ]
    issues = [*issued("A1", 30, 30, 30), *issued("A2", 30, 30, 30), *issued("B1", 1)]
    answer = ask(registry(lots=lots, issues=issues), "expiry_at_risk", "N", "A", "B")
    used = 30 * 30 / MONTH_DAYS
    assert answer.value[:2, 0, 1] == pytest.approx([(100 - used) / 120] * 2)
    assert np.isnan(answer.value[2, 0, 1])
    assert (answer.reported[:, 0, 1].tolist(), answer.expected[:, 0, 1].tolist()) == ([2, 2, 0], [3, 2, 1])
    assert np.isnan(answer.value[:, 0, 0]).all()
    assert answer.state[:, 0, 1].tolist() == ["reported", "reported", "missing"]


def test_what_expired_adds_up_and_is_nothing_where_a_store_wrote_and_unknown_where_it_did_not():
    losses = [("A1", "i", 202610, "expired", True, 7.0), ("A1", "i", 202610, "wet", False, 5.0)]
    answer = ask(
        registry(losses=losses, issues=issued("A1", 1, 1, 1)), "expired", "A", "A1", "B", grain="month"
    )
    assert answer.value[:2, 0].tolist() == [[0, 7], [0, 7]]
    assert np.isnan(answer.value[2]).all()


def an_order(unit: str, ordered_on: str, received_on: str | None, received: float = 10.0) -> tuple:
    return (
        unit,
        "i",
        ordered_on,
        10.0,
        ordered_on[:8] + "14",
        received_on,
        received if received_on else None,
    )


ORDERS = [
    an_order("A1", "2026-10-02", "2026-10-12"),
    an_order("A1", "2026-10-04", "2026-10-16"),
    an_order("A2", "2026-10-04", "2026-10-10", received=9.0),
    an_order("A2", "2026-09-04", None),
]


def test_orders_count_in_the_month_of_the_order_and_one_that_never_came_was_not_in_full():
    answer = ask(registry(orders=ORDERS), "on_time_in_full", "A", "A1", "B")
    assert answer.value[:2, 0].tolist()[0] == pytest.approx([0, 1 / 3])
    assert answer.value[1, 0, 1] == 0.5
    assert np.isnan(answer.value[2]).all()


def test_the_lead_time_of_a_district_is_the_median_of_its_lines():
    answer = ask(registry(orders=ORDERS), "lead_time", "A", grain="year")
    assert answer.value[0, 0].tolist() == [10]
    assert (answer.reported[0, 0, 0], answer.expected[0, 0, 0]) == (3, 4)


@pytest.mark.parametrize("indicator", REGISTERED)
def test_without_slips_nothing_is_known_and_nothing_is_expected(indicator):
    answer = ask(registry(), indicator, "N", "A1")
    assert np.isnan(answer.value).all()
    assert (answer.state == "not_applicable").all()
