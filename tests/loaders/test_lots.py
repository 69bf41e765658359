"""What slips add up to, by hand."""

import datetime

import numpy as np
import pandas as pd
import pytest

from countries.events import Events
from loaders.checked import check
from loaders.frames import canonical, empty
from loaders.lots import issues_of, losses_of, lots_of
from loaders.orders import orders_of

EARLY, LATE = "2026-03-31", "2026-09-30"


def slips(*rows: dict) -> pd.DataFrame:
    """Canonical events; each row is later than the one before."""
    usual = {
        "role": "movements",
        "org_unit": "store",
        "item": "oxytocin",
        "kind": "received",
        "quantity": 10.0,
    }
    usual |= {"lot": None, "expiry": None, "reason": None, "number": None, "day": "2026-01-05"}
    told = [usual | {"event": f"e{number}"} | row for number, row in enumerate(rows)]
    frame = pd.DataFrame(told)
    days = pd.to_datetime(frame["day"])
    happened = (days + pd.to_timedelta(np.arange(len(frame)), unit="min")).dt.tz_localize("UTC")
    frame = frame.assign(day=days, happened=happened, updated_at=happened)
    return canonical("events", frame.assign(expiry=pd.to_datetime(frame["expiry"])))


def standing(frame: pd.DataFrame) -> dict[str, float]:
    found = lots_of(frame)
    assert check("lots", found, "test").rejected.empty
    return dict(zip(found["lot"].fillna("?"), found["quantity"], strict=True))


def of(lot: str, kind: str = "received", quantity: float = 10.0, **more) -> dict:
    expiry = {"A": EARLY, "B": LATE}.get(lot)
    return {"lot": lot, "expiry": expiry, "kind": kind, "quantity": quantity} | more


def test_a_lot_is_what_its_slips_say_whichever_expires_first():
    assert standing(slips(of("A"), of("B"), of("B", "issued", 4), of("B", "returned", 1))) == {
        "A": 10,
        "B": 7,
    }


def test_what_is_given_out_beyond_what_came_was_there_before():
    assert standing(slips(of("A", "issued", 30), of("A"), of("A", "issued", 2))) == {"A": 8}


def test_a_count_takes_what_is_missing_from_the_lot_that_expires_first():
    assert standing(slips(of("B"), of("A"), {"kind": "counted", "quantity": 13})) == {"A": 3, "B": 10}


def test_what_a_count_finds_beyond_the_books_is_of_no_known_lot_and_goes_out_with_its_lot_later():
    found = slips(of("B"), {"kind": "counted", "quantity": 25}, of("A", "issued", 5))
    assert standing(found) == {"B": 10, "?": 10}


def test_lots_are_as_of_the_last_slip_of_their_store():
    found = lots_of(
        slips(of("A"), of("B", day="2026-02-03", org_unit="other"), of("A", "sent", 1, day="2026-01-20"))
    )
    assert dict(zip(found["org_unit"], found["as_of"].dt.day, strict=True)) == {"store": 20, "other": 3}


def test_losses_add_up_by_month_and_reason_and_know_what_expired():
    lost = [
        {"kind": "lost", "quantity": 2, "reason": "expired"},
        {"kind": "lost", "quantity": 3, "reason": "expired"},
        {"kind": "lost", "quantity": 1, "day": "2026-02-01"},
    ]
    found = losses_of(slips(of("A"), *lost), ["expired"])
    assert found[["month", "reason", "quantity", "expired"]].to_numpy().tolist() == [
        [202601, "expired", 5, True],
        [202602, "", 1, False],
    ]


def test_issues_are_less_what_came_back_and_nothing_where_a_store_wrote_of_other_things():
    found = issues_of(
        slips(
            of("A", "issued", 5),
            of("A", "returned", 2),
            {"item": "zinc", "day": "2026-02-02", "kind": "counted"},
        )
    )
    assert found[["item", "month", "quantity"]].to_numpy().tolist() == [
        ["oxytocin", 202601, 3],
        ["oxytocin", 202602, 0],
        ["zinc", 202602, 0],
    ]


def an_order(role: str, number: str | None, day: str, quantity: float) -> dict:
    return {"role": role, "number": number, "day": day, "quantity": quantity, "kind": None}


def test_an_order_and_its_receipts_are_found_by_what_their_numbers_have_in_common():
    found = orders_of(
        slips(
            an_order("orders", "CMD-7", "2026-01-04", 10),
            an_order("orders", "CMD-8", "2026-01-20", 5),
            an_order("receipts", "BL-7", "2026-01-14", 4),
            an_order("receipts", "BL-7", "2026-01-16", 3),
            an_order("receipts", "BL-9", "2026-01-16", 3),
            an_order("receipts", None, "2026-01-16", 3),
        ),
        Events((), matched_by=r"\d+"),
        14,
    )
    told = found.set_index("number")
    assert told["received"].fillna(-1).to_dict() == {"7": 7, "8": -1}
    day = datetime.date
    assert told["promised_on"].dt.date.tolist() == [day(2026, 1, 14), day(2026, 2, 14)]
    assert told.loc["7", "received_on"].date() == day(2026, 1, 16)
    assert check("orders", found, "test").rejected.empty


def test_without_a_day_of_delivery_nothing_was_promised():
    found = orders_of(slips(an_order("orders", "1", "2026-01-04", 10)), Events(()), None)
    assert found["promised_on"].isna().all()


@pytest.mark.parametrize(
    ("table", "made"),
    [
        ("lots", lots_of(empty("events"))),
        ("losses", losses_of(empty("events"), [])),
        ("issues", issues_of(empty("events"))),
        ("orders", orders_of(empty("events"), Events(()), 14)),
    ],
)
def test_without_events_every_table_is_there_and_empty(table, made):
    assert made.empty
    assert check(table, made, "test").rejected.empty
