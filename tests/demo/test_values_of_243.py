"""What DHIS2 2.43 does with data values in another way than those before it."""

from collections.abc import Callable

from tests.demo.conftest import FORM, OTHER, SITE, Asking, row
from tests.demo.import_counts import codes, counts


def test_243_keeps_all_of_a_form_or_none_and_counts_updates(speaking: Callable[[int], str]) -> None:
    admin = Asking(speaking(43))
    answer = admin.send(row("3", period="201701"), row("4", period="201701", orgUnit=OTHER))
    assert (answer.status_code, codes(answer)) == (409, ["E8022"])
    assert answer.json()["response"]["importCount"] == {
        "imported": 0,
        "updated": 0,
        "ignored": 2,
        "deleted": 0,
    }
    for _ in range(2):
        assert counts(admin.send(row("3", period="201701")))["updated"] == 1
    mixed = admin.send(row("3", period="201701"), row("x", period="201702"))
    assert (codes(mixed), counts(mixed)["updated"], counts(mixed)["ignored"]) == (["E8121"], 1, 1)
    assert codes(admin.send(row(), row())) == ["E8128"]
    assert codes(admin.send(row(period="2019Q1"))) == ["E8021"]


def test_243_leaves_out_what_is_null_and_forgets_a_lone_last_updated(speaking: Callable[[int], str]) -> None:
    admin = Asking(speaking(43))
    told = admin.get("/api/dataValueSets", dataSet=FORM, period="201901", orgUnit=SITE)
    assert "completeDate" not in told and "comment" not in told["dataValues"][0]
    lone = admin(
        "GET", "/api/dataValueSets", params={"dataSet": FORM, "lastUpdatedDuration": "1d", "orgUnit": SITE}
    )
    assert (lone.status_code, lone.json()["errorCode"]) == (409, "E2002")
