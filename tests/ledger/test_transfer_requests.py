"""What stores ask of each other: each request is answered once, whoever asks and answers how often."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ledger.transfer_requests import (
    ASKED,
    GRANTED,
    REFUSED,
    WAITING,
    WITHDRAWN,
    Answer,
    CannotAnswer,
    Request,
    TransferRequests,
)

MINE, OTHER, THIRD, ITEM = "U0000000001", "U0000000002", "U0000000003", "I0000000001"


@pytest.fixture
def requests(database, clock) -> TransferRequests:
    return TransferRequests(database, clock)


def asked(requests, approval=False, giver=OTHER, packs=10) -> str:
    number = str(uuid4())
    requests.ask(Request(number, MINE, giver, ITEM, packs, "tonight"), "store", approval)
    return number


def test_asking_twice_under_one_id_asks_once(requests):
    request = Request(str(uuid4()), MINE, OTHER, ITEM, 10)
    requests.ask(request, "store", False)
    requests.ask(Request(request.id, MINE, OTHER, ITEM, 99), "store", False)
    assert [row["packs"] for row in requests.of([MINE])] == [10]


def test_both_ends_see_a_request_and_nobody_else(requests, clock):
    first = asked(requests)
    clock.pass_by(minutes=1)
    second = asked(requests, giver=THIRD)
    assert [row["id"] for row in requests.of([MINE])] == [second, first]
    assert [row["id"] for row in requests.of([OTHER])] == [first]
    assert requests.of(["U0000000009"]) == []


def test_a_grant_names_its_transfer_and_the_same_grant_again_changes_nothing(requests, clock):
    number, transfer = asked(requests), str(uuid4())
    requests.answer(number, Answer(GRANTED, 8, transfer), "other")
    moment = requests.get(number)["answered_at"]
    clock.pass_by(hours=1)
    requests.answer(number, Answer(GRANTED, 8, transfer), "other")
    row = requests.get(number)
    assert (row["state"], row["granted"], row["transfer"], row["answered_by"]) == (
        GRANTED,
        8,
        transfer,
        "other",
    )
    assert row["answered_at"] == moment


@pytest.mark.parametrize("end", [GRANTED, REFUSED, WITHDRAWN])
def test_an_answered_request_takes_no_other_answer(requests, end):
    number = asked(requests)
    requests.answer(number, Answer(end, 1, str(uuid4()) if end == GRANTED else None), "other")
    with pytest.raises(CannotAnswer) as late:
        requests.answer(number, Answer(GRANTED, 2, str(uuid4())), "other")
    assert late.value.state == end


def test_where_approval_is_needed_nothing_is_granted_before_it(requests, clock):
    number = asked(requests, approval=True)
    assert requests.get(number)["state"] == WAITING
    with pytest.raises(CannotAnswer):
        requests.answer(number, Answer(GRANTED, 5, str(uuid4())), "other")
    clock.pass_by(minutes=5)
    requests.approve(number, "district")
    row = requests.get(number)
    assert (row["state"], row["approved_by"]) == (ASKED, "district")
    assert row["approved_at"] - row["asked_at"] == timedelta(minutes=5)
    with pytest.raises(CannotAnswer):
        requests.approve(number, "district")


def test_what_waits_for_approval_can_be_refused_or_withdrawn(requests):
    for end in (REFUSED, WITHDRAWN):
        number = asked(requests, approval=True)
        requests.answer(number, Answer(end, reason="none left"), "somebody")
        assert (requests.get(number)["state"], requests.get(number)["reason"]) == (end, "none left")


def test_a_request_nobody_made_is_not_there(requests):
    assert requests.get(str(uuid4())) is None
