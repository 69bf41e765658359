"""What stood on a shelf day by day, beside stores whose every lot is known and whose slips begin later."""

import datetime
import random
from collections import Counter

import pandas as pd
import pytest

from loaders.checked import check
from loaders.lots import balances_of, lots_of
from tests.loaders.test_lots import of, slips

BEGUN = datetime.date(2026, 1, 5)
DATES = {f"L{at}": datetime.date(2026, 12, 1) + datetime.timedelta(days=40 * at) for at in range(9)}


class Store:
    """A store that is simulated from before its first slip on, in which the earliest date goes first."""

    def __init__(self, seed: int) -> None:
        self.luck = random.Random(seed)
        self.lots = Counter({"L0": self.luck.randint(0, 60), "L1": self.luck.randint(0, 60)})
        self.slips: list[dict] = []
        self.at_end: dict[datetime.date, Counter[str]] = {}
        for after in range(110):
            self._day(BEGUN + datetime.timedelta(days=after), after)

    def _day(self, day: datetime.date, after: int) -> None:
        if after == 0 or self.luck.random() < 0.4:
            for _ in range(self.luck.randint(1, 3)):
                self._give_out(day)
        if self.luck.random() < 0.05:
            self._receive(day)
        if after in (20, 55, 109):
            self._write(day, kind="counted", quantity=self.lots.total())
        self.at_end[day] = self.lots.copy()

    def _give_out(self, day: datetime.date) -> None:
        lot = next((each for each in DATES if self.lots[each] > 0), None)
        if lot is None:
            self._write(day, kind="issued", quantity=0)
        else:
            quantity = self.luck.randint(1, min(9, self.lots[lot]))
            self.lots[lot] -= quantity
            kind = self.luck.choice(["issued", "sent", "lost"])
            self._write(day, kind=kind, quantity=quantity, lot=lot, expiry=str(DATES[lot]))

    def _receive(self, day: datetime.date) -> None:
        lot, quantity = self.luck.choice(list(DATES)), self.luck.randint(5, 90)
        self.lots[lot] += quantity
        self._write(day, kind="received", quantity=quantity, lot=lot, expiry=str(DATES[lot]))

    def _write(self, day: datetime.date, **slip) -> None:
        self.slips.append({"day": str(day), "lot": None} | slip)


@pytest.mark.parametrize("seed", range(12))
def test_balances_are_those_of_a_store_whose_every_movement_is_known(seed):
    store = Store(seed)
    found = balances_of(slips(*store.slips))
    assert check("balances", found, "test").rejected.empty
    assert dict(zip(found["day"].dt.date, found["balance"], strict=True)) == {
        day: store.at_end[day].total() for day in sorted({_day(slip) for slip in store.slips})
    }


@pytest.mark.parametrize("seed", range(12))
def test_lots_of_a_month_that_is_over_add_up_and_none_is_more_than_there_was(seed):
    store = Store(seed)
    found = lots_of(slips(*store.slips))
    assert set(found["as_of"].dt.date) <= _ends()
    for end in _ends():
        rows = found[found["as_of"].dt.date == end]
        there, total = store.at_end[end], store.at_end[end].total()
        assert rows["quantity"].sum() == total
        named = rows.dropna(subset=["lot"]).set_index("lot")["quantity"]
        assert all(quantity <= there[lot] for lot, quantity in named.items())


def test_a_lot_that_was_given_out_later_is_known_before_its_first_slip():
    given = of("A", "issued", 4, day="2026-02-10"), of("A", "issued", 6, day="2026-03-10")
    counted = {"kind": "counted", "quantity": 6, "day": "2026-02-20"}
    zinc = {"item": "zinc", "day": "2026-01-05"}
    found = lots_of(slips(zinc, given[0], counted, given[1]))
    january = found[(found["as_of"] == pd.Timestamp("2026-01-31")) & (found["item"] == "oxytocin")]
    assert january[["lot", "quantity"]].to_numpy().tolist() == [["A", 10.0]]
    assert january["expiry"].dt.date.tolist() == [datetime.date(2026, 3, 31)]


def test_what_a_lot_and_the_unknown_do_not_hold_goes_out_of_the_others():
    found = lots_of(slips({"kind": "counted", "quantity": 0}, of("B"), of("A", "issued", 4)))
    assert found[["lot", "quantity"]].to_numpy().tolist() == [["B", 6.0]]


def test_what_was_never_counted_has_lots_and_no_balance():
    assert balances_of(slips(of("A"), of("A", "issued", 3))).empty


def test_a_balance_stands_up_to_the_last_day_on_which_the_store_wrote_of_anything():
    zinc = {"item": "zinc", "day": "2026-02-03"}
    found = balances_of(slips({"item": "zinc", "day": "2026-01-02"}, of("A"), {"kind": "counted"}, zinc))
    days = found[found["item"] == "oxytocin"]["day"].dt.strftime("%m-%d").tolist()
    assert days == ["01-02", "01-05", "02-03"]


def _day(slip: dict) -> datetime.date:
    return datetime.date.fromisoformat(slip["day"])


def _ends() -> set[datetime.date]:
    return {datetime.date(2026, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 24))}
