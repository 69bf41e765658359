"""Days without stock from daily balances, beside a walk through every day and the count of one month."""

import datetime
import random

import pandas as pd
import pytest

from indicators.days_out import of_balances, whole_months
from indicators.stockouts import from_movements

FIRST, LAST = datetime.date(2023, 11, 9), datetime.date(2024, 4, 17)
ONE_DAY = datetime.timedelta(days=1)


def frame(rows: list[tuple]) -> pd.DataFrame:
    told = pd.DataFrame(rows, columns=["org_unit", "item", "day", "balance"])
    return told.assign(day=pd.to_datetime(told["day"]))


def a_shelf(seed: int) -> dict[datetime.date, float]:
    """Balances of some days, the first and the last among them."""
    luck = random.Random(seed)
    days = [FIRST, LAST, *(FIRST + ONE_DAY * luck.randint(1, 159) for _ in range(luck.randint(0, 25)))]
    return {day: float(luck.choice([0, 0, 3, 8])) for day in sorted(set(days))}


def day_by_day(shelf: dict[datetime.date, float]) -> dict[int, list[int]]:
    """Days out, known and in all of each month, one day after the other."""
    found: dict[int, list[int]] = {}
    day, held = min(shelf), 0.0
    while day <= max(shelf):
        held = shelf.get(day, held)
        month = found.setdefault(day.year * 100 + day.month, [0, 0, 0])
        month[0] += held <= 0
        month[1] += 1
        day += ONE_DAY
    for month, counted in found.items():
        start = datetime.date(month // 100, month % 100, 1)
        while start.month == month % 100:
            counted[2], start = counted[2] + 1, start + ONE_DAY
    return found


@pytest.mark.parametrize("seed", range(20))
def test_days_are_those_of_a_walk_through_every_day(seed):
    shelves = {("A", "i"): a_shelf(seed), ("A", "j"): a_shelf(seed + 100), ("B", "i"): a_shelf(seed + 200)}
    rows = [(*key, day, held) for key, shelf in shelves.items() for day, held in shelf.items()]
    random.Random(seed).shuffle(rows)
    found = of_balances(frame(rows)).set_index(["org_unit", "item"])
    assert len(found) == 18
    for key, shelf in shelves.items():
        told = found.loc[[key]].set_index("month").to_numpy().tolist()
        assert told == list(day_by_day(shelf).values())


@pytest.mark.parametrize("seed", range(20))
def test_a_whole_month_is_what_its_movements_say(seed):
    shelf = a_shelf(seed)
    days = pd.Series(shelf)
    days.index = pd.to_datetime(days.index)
    before = days[days.index < "2024-02-01"].iloc[-1]
    month = days[(days.index >= "2024-02-01") & (days.index < "2024-03-01")]
    moved = pd.DataFrame({"day": month.index.day, "change": month.diff().fillna(month - before)})
    told = whole_months(of_balances(frame([("A", "i", day, held) for day, held in shelf.items()])))
    february = told.set_index("month").loc[202402]
    assert february["days_out"] == from_movements("2024-02", float(before), moved).real


def test_only_months_of_which_every_day_is_known_are_whole():
    told = whole_months(of_balances(frame([("A", "i", FIRST, 0.0), ("A", "i", LAST, 0.0)])))
    assert told["month"].tolist() == [202312, 202401, 202402, 202403]
    assert told["days_out"].tolist() == [31, 31, 29, 31]
    assert (told["number"] % 12 + 1).tolist() == [12, 1, 2, 3]


def test_without_balances_there_are_no_months():
    assert of_balances(frame([])).empty
    assert whole_months(of_balances(frame([]))).empty
