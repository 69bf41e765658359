"""Who collects is learned, told apart, and merged when a person says so."""

import pytest

from ledger.history import Wanted, history
from ledger.recipients import Recipients
from tests.ledger.desks import Desk


@pytest.fixture
def desk(database, clock):
    return Desk(database, clock)


@pytest.fixture
def recipients(database):
    return Recipients(database)


def collect(desk, name, department="Maternity", **more):
    desk.note("dispense", recipient={"name": name, "department": department}, **more)


def names(recipients, since=0):
    return [each.name for each in recipients.people("HospitalA", since)]


def test_the_last_seen_come_first(desk, recipients, clock):
    for name in ("Awa Koné", "Binta Sow", "Awa Koné"):
        clock.pass_by(hours=1)
        collect(desk, name)
    assert names(recipients) == ["Awa Koné", "Binta Sow"]


def test_an_id_that_is_somebody_of_another_store_is_not_taken_from_them(desk, recipients):
    number = "0c9e2a51-7f3b-4c1e-9a64-3d1f0e7b8a20"
    desk.note("dispense", recipient={"id": number, "name": "Awa Koné"})
    there = desk.note("dispense", unit="HospitalB", recipient={"id": number, "name": "Issa Traoré"})
    assert there.status == "accepted"
    assert names(recipients) == ["Awa Koné"]
    assert [each.name for each in recipients.people("HospitalB")] == ["Issa Traoré"]


def test_an_id_of_another_store_names_nobody_here(desk, database):
    number = "0c9e2a51-7f3b-4c1e-9a64-3d1f0e7b8a20"
    desk.note("dispense", recipient={"id": number, "name": "Awa Koné"})
    desk.note("dispense", unit="HospitalB", recipient={"id": number})
    assert [row["recipient"] for row in history(database, "HospitalB", Wanted())] == [None]
    assert [row["recipient"] for row in history(database, "HospitalA", Wanted())] == ["Awa Koné"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("कुमार", "कमर"), ("អ៊ុំ", "អ៊ិំ"), ("አበበ", "ከበደ"), ("محمد", "أحمد"), ("สมชาย", "สมหญิง"), ("!!!", "???")],
)
def test_names_of_every_script_are_told_apart(desk, recipients, one, other):
    collect(desk, one)
    collect(desk, other)
    assert sorted(names(recipients)) == sorted([one, other])


def test_one_name_in_two_departments_is_two_people(desk, recipients):
    collect(desk, "Awa Koné")
    collect(desk, "Awa Koné", "Surgery")
    assert names(recipients) == ["Awa Koné", "Awa Koné"]
    assert [each.name for each in recipients.departments("HospitalA")] == ["Maternity", "Surgery"]


def test_every_store_knows_its_own(desk, recipients):
    collect(desk, "Awa Koné", unit="HospitalB")
    assert names(recipients) == []


def test_those_alike_are_offered_to_be_merged(desk, recipients):
    for name in ("Awa Koné", "Koné Awa", "Awa Konne", "Binta Sow"):
        collect(desk, name)
    pairs = {frozenset((one.name, other.name)) for one, other, _ in recipients.alike("HospitalA")}
    assert frozenset(("Awa Koné", "Koné Awa")) in pairs
    assert not any("Binta Sow" in pair for pair in pairs)


def test_merged_people_are_one_from_then_on(desk, recipients):
    collect(desk, "Awa Koné")
    collect(desk, "Awa Konné")
    kept, gone = sorted(recipients.people("HospitalA"), key=lambda each: len(each.name))
    assert recipients.merge("HospitalA", gone.id, kept.id)
    assert names(recipients) == ["Awa Koné"]
    assert recipients.gone("HospitalA") == [(gone.id, kept.id)]
    collect(desk, "Awa Konné")
    assert len(recipients.collected_by(kept.id)) == 3
    assert names(recipients) == ["Awa Koné"]


def test_people_of_other_stores_and_oneself_are_not_merged(desk, recipients):
    collect(desk, "Awa Koné")
    collect(desk, "Awa Koné", unit="HospitalB")
    one, other = recipients.people("HospitalA")[0], recipients.people("HospitalB")[0]
    assert not recipients.merge("HospitalA", one.id, other.id)
    assert not recipients.merge("HospitalA", one.id, one.id)
