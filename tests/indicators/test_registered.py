"""What slips say of expiry and orders, beside an oracle in plain Python that walks the days."""

import datetime
import random

import numpy as np
import pandas as pd
import pytest

from indicators.question import Question, Subject
from indicators.registered import REGISTERED, Registry
from indicators.slips import Slips
from tests.indicators.builders import a_rollup

TODAY = datetime.date(2026, 11, 22)
MONTH_DAYS = 30.4375


def frame(columns: str, rows: list[tuple]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns.split())
    for name in set(table) & {"expiry", "as_of", "day", "ordered_on", "promised_on", "received_on"}:
        table[name] = pd.to_datetime(table[name])
    return table


def slips(lots=(), losses=(), issues=(), orders=(), balances=()) -> Slips:
    return Slips(
        frame("org_unit item lot expiry quantity as_of", list(lots)),
        frame("org_unit item month reason expired quantity", list(losses)),
        frame("org_unit item month quantity", list(issues)),
        frame("org_unit item ordered_on ordered promised_on received_on received", list(orders)),
        np.datetime64(TODAY),
        frame("org_unit item day balance", list(balances)),
    )


def issued(unit: str, *quantities: float, item: str = "i") -> list[tuple]:
    """Of the months up to October."""
    return [(unit, item, 202610 - at, quantity) for at, quantity in enumerate(reversed(quantities))]


def by_days(
    lots: list[tuple[datetime.date, float]], average: float, today: datetime.date = TODAY
) -> list[float]:
    """What is left of each lot when its day comes: a tenth of a day's use at a time, first expired first."""
    left = [quantity for _, quantity in lots]
    order = sorted(range(len(lots)), key=lambda at: lots[at][0])
    step, clock = average / MONTH_DAYS / 20, 0.0
    while True:
        usable = [at for at in order if (lots[at][0] - today).days > clock + 1e-9 and left[at] > 1e-9]
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


@pytest.mark.parametrize("seed", range(25, 40))
def test_what_was_at_risk_at_a_month_s_end_is_what_was_left_when_its_day_came(seed):
    luck, end = random.Random(seed), datetime.date(2026, 6, 30)
    days = luck.sample(range(5, 400), luck.randint(1, 4))
    lots = [(end + datetime.timedelta(days=each), float(luck.randint(1, 120))) for each in days]
    average = luck.choice([0.0, 3.0, 12.0, 40.0])
    rows = [("A1", "i", f"L{at}", day, quantity, end) for at, (day, quantity) in enumerate(lots)]
    rows += [("A1", "i", "later", "2027-01-31", 9999.0, day) for day in ("2026-05-31", "2026-07-31", TODAY)]
    months = [*range(202604, 202607)]
    issues = [("A1", "i", month, average) for month in months] + [("A1", "i", 202607, 1e6)]
    found = slips(lots=rows, issues=issues).expiring_as_of(202606)
    assert found["at_risk"].to_numpy() == pytest.approx(by_days(lots, average, end), abs=average / 10 + 1e-6)


def test_of_the_present_month_stands_what_each_store_wrote_last_and_of_an_earlier_one_what_stood_then():
    rows = [
        ("A1", "i", "spent", "2027-01-31", 5.0, "2026-10-31"),
        ("A1", "i", "new", "2027-01-31", 6.0, TODAY),
        ("A2", "i", "old", "2027-01-31", 7.0, "2026-10-20"),
    ]
    told = slips(lots=rows)
    stood = {month: told.standing(month)["lot"].tolist() for month in (202609, 202610, 202611, 202612)}
    assert stood == {202609: [], 202610: ["spent", "old"], 202611: ["new", "old"], 202612: ["new", "old"]}


def days_out(unit: str, *empty: int) -> list[tuple]:
    """Balances from August to November: so many days without stock at the beginning of each month."""
    rows = [(unit, "i", "2026-11-21", 5.0)]
    for month, days in zip((8, 9, 10), empty, strict=True):
        rows += [(unit, "i", f"2026-{month:02d}-01", 0.0)] if days else []
        rows.append((unit, "i", f"2026-{month:02d}-{days + 1:02d}", 5.0))
    return rows


def test_the_average_is_made_good_for_days_without_stock_counted_from_the_movements():
    balances = [*days_out("A1", 0, 15, 0), *days_out("A2", 0, 0, 0)]
    told = slips(issues=[*issued("A1", 30, 30, 30), *issued("A2", 30, 30, 30)], balances=balances)
    assert told.averages["average"].tolist() == [40, 30]


def test_a_month_without_any_stock_says_nothing_of_the_use_and_counts_as_written():
    empty = [("A1", "i", f"2026-{month:02d}-01", held) for month, held in ((8, 9.0), (9, 0.0), (10, 9.0))]
    told = slips(issues=issued("A1", 0, 20), balances=[*empty, ("A1", "i", "2026-11-21", 1.0)])
    assert told.averages["average"].tolist() == [20]


def test_a_lot_past_its_day_has_expired_and_is_not_at_risk():
    rows = [("A1", "i", "old", "2026-11-01", 7.0, TODAY), ("A1", "i", "new", "2027-11-01", 5.0, TODAY)]
    found = slips(lots=rows, issues=issued("A1", 9, 9, 9)).expiring
    assert found[["gone", "at_risk"]].to_numpy().tolist() == [[7, 0], [0, 0]]


def test_without_a_date_or_two_months_of_slips_nothing_is_known():
    rows = [("A1", "i", None, None, 7.0, TODAY), ("A2", "i", "x", "2027-01-01", 7.0, TODAY)]
    found = slips(lots=rows, issues=[*issued("A1", 3, 3, 3), *issued("A2", 5)]).expiring
    assert found["at_risk"].isna().all()
    assert found["average"].fillna(-1).tolist() == [3, -1]


def test_the_present_month_and_those_before_the_last_three_are_not_in_the_average():
    found = slips(issues=[*issued("A1", 1e6, 2, 4, 6), ("A1", "i", 202611, 100.0)]).averages
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


def test_the_share_at_risk_of_each_month_is_of_what_stood_at_its_end():
    lots = [
        ("A1", "i", "x", "2026-10-30", 100.0, "2026-09-30"),
        ("A1", "i", "x", "2026-10-30", 90.0, "2026-10-31"),
        ("A1", "i", "y", "2027-11-22", 50.0, TODAY),
    ]
    issues = [("A1", "i", month, 20.0) for month in (202607, 202608, 202609, 202610)]
    answer = ask(registry(lots=lots, issues=issues), "expiry_at_risk", "A1")
    assert answer.value[0, 0] == pytest.approx([1 - 20 * 30 / MONTH_DAYS / 100, 0])
    by_quarter = ask(registry(lots=lots, issues=issues), "expiry_at_risk", "A1", grain="quarter")
    assert by_quarter.value[0, 0] == pytest.approx(answer.value[0, 0])


def test_days_without_stock_are_a_mean_of_places_and_whole_months():
    balances = [*days_out("A1", 3, 6, 0), *days_out("A2", 0, 2, 12)]
    answer = ask(registry(balances=balances), "stockout_days_from_movements", "A", "A1", "B")
    assert answer.value[:2, 0].tolist() == [[4, 6], [6, 0]]
    assert answer.reported[:, 0].tolist() == [[2, 2], [1, 1], [0, 0]]
    assert np.isnan(answer.value[2]).all()


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


def test_what_a_place_that_is_unknown_wrote_is_in_no_figure():
    orders = [*ORDERS[:1], an_order("elsewhere", "2026-10-02", "2026-10-30")]
    answer = ask(registry(orders=orders), "lead_time", "N", "A")
    assert answer.value[:, 0, 1].tolist() == [10, 10]


def test_the_lead_time_of_a_district_is_the_median_of_its_lines():
    answer = ask(registry(orders=ORDERS), "lead_time", "A", grain="year")
    assert answer.value[0, 0].tolist() == [10]
    assert (answer.reported[0, 0, 0], answer.expected[0, 0, 0]) == (3, 4)


def test_what_came_on_the_day_of_the_order_counts_and_what_came_before_it_does_not():
    orders = [an_order("A1", "2026-10-04", day) for day in ("2026-10-04", "2026-10-08", "2026-10-01")]
    answer = ask(registry(orders=orders), "lead_time", "A")
    assert (answer.value[0, 0, 1], answer.reported[0, 0, 1]) == (2, 2)


@pytest.mark.parametrize("indicator", REGISTERED)
def test_without_slips_nothing_is_known_and_nothing_is_expected(indicator):
    answer = ask(registry(), indicator, "N", "A1")
    assert np.isnan(answer.value).all()
    assert (answer.state == "not_applicable").all()
