"""Every way in which a movement can be wrong is refused with its place; sound ones are read as told."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ledger.movement_form import Refused, Rules, fingerprint, read
from tests.ledger.desks import RULES, a_movement, a_number

LEDGER = Path(__file__).parents[2] / "ledger"


def refused(movement, rules=RULES):
    with pytest.raises(Refused) as refusal:
        read(movement, rules)
    return refusal.value.problem


@pytest.mark.parametrize("wrong", [None, "5", 5.0, 1.5, True, -1, 1_000_001, [1]])
@pytest.mark.parametrize("name", ["packs", "seq"])
def test_a_quantity_that_is_no_whole_number_is_not_put_right(name, wrong):
    if name == "seq" and wrong == 1_000_001:
        wrong = 2_000_000_001
    problem = refused(a_movement("receive") | {name: wrong})
    assert (problem.code, problem.where, problem.retry) == ("whole", name, False)


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"id": None}, "id", "id"),
        ({"id": "not a uuid"}, "id", "id"),
        ({"kind": "gift"}, "kind", "kind"),
        ({"kind": "revision"}, "kind", "kind"),
        ({"unit": "Nowhere"}, "unit", "unit"),
        ({"item": ["Zinc"]}, "item", "item"),
        ({"asked": -3}, "whole", "asked"),
        ({"lot": "x" * 61}, "long", "lot"),
        ({"lot": "a\x1db"}, "text", "lot"),
        ({"expiry": "31/12/2027"}, "day", "expiry"),
        ({"recipient": "Awa"}, "recipient", "recipient"),
        ({"recipient": {}}, "recipient", "recipient"),
        ({"recipient": {"id": "7"}}, "reference", "id"),
        ({"recipient": {"name": 7}}, "text", "recipient.name"),
        ({"occurred_at": "2026-03-01T08:00:00"}, "moment", "occurred_at"),
        ({"occurred_at": "1970-01-01T00:00:00Z"}, "moment", "occurred_at"),
        ({"occurred_at": 1_700_000_000}, "moment", "occurred_at"),
        ({"kind": "write_off"}, "reason", "reason"),
        ({"kind": "reverse"}, "reference", "reverses"),
        ({"kind": "transfer_send"}, "partner", "partner"),
        ({"kind": "transfer_send", "partner": "HospitalA"}, "partner", "partner"),
        ({"kind": "transfer_receive"}, "partner", "partner"),
        ({"kind": "transfer_receive", "transfer": "x"}, "reference", "transfer"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(changes, code, where):
    problem = refused(a_movement() | changes)
    assert (problem.code, problem.where) == (code, where)


def test_only_what_circumstances_may_change_is_to_be_sent_again():
    nobody = Rules(RULES.units, RULES.items, lambda unit: False, "store")
    assert refused(a_movement(), nobody).retry and refused(a_movement(item="Gold")).retry
    assert not refused(a_movement(packs="3")).retry


def test_a_sound_movement_is_read_as_it_was_told():
    told = a_movement(
        packs=3, asked=5, lot=" L1 ", expiry="2027-12-31", occurred_at="2026-03-01T08:00:00+02:00", typed=True
    )
    found = read(told, RULES)
    assert (found.packs, found.asked, found.lot, found.expiry) == (3, 5, "L1", date(2027, 12, 31))
    assert found.occurred_at == datetime(2026, 3, 1, 6, tzinfo=UTC) and found.typed
    assert (found.recipient.name, found.recipient.department) == ("Awa Koné", "Maternity")


def test_an_id_in_capitals_is_the_same_id():
    number = a_number()
    assert read(a_movement(id=number.upper()), RULES).id == number


def test_the_order_of_fields_does_not_make_another_body():
    told = a_movement()
    assert fingerprint(told) == fingerprint(dict(reversed(told.items())))
    assert fingerprint(told) != fingerprint({**told, "packs": 2})


def test_every_problem_has_its_sentences():
    from dashboard.movement_problems import SENTENCES

    codes = set()
    for path in LEDGER.glob("*.py"):
        codes |= set(re.findall(r'Problem\("([a-z_]+)"', path.read_text(encoding="utf-8")))
    assert codes == set(SENTENCES)
