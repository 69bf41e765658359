"""Alerts: every step is kept with its author, and of two who act at once nobody's word is lost."""

from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest

from ledger.alert_digests import Digests
from ledger.alert_intake import Candidate, Intake, Judged
from ledger.alert_snoozes import Snoozes
from ledger.alert_thresholds import LEARNED, Thresholds
from ledger.alerts import Alerts, CannotStep, StaleAlert, Step
from ledger.words import StaleError

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
HIGH = Candidate("quality", "high", "U0000000001", "pill", 202602, 3.0, {"value": 40.0, "expected": 310.0})


@pytest.fixture
def alerts(database, clock) -> Alerts:
    return Alerts(database, clock)


@pytest.fixture
def intake(database, clock) -> Intake:
    return Intake(database, clock)


def seen(intake, *found, supply=False, **values):
    """Take in what was found; of HIGH's cell the value that is reported now can be said."""
    cells = {(each.unit, each.subject, each.month): each.facts.get("value") for each in (*found, HIGH)}
    cells[HIGH.unit, HIGH.subject, HIGH.month] = values.get("now", HIGH.facts["value"])
    return intake.take_in(Judged(found, {} if supply else cells, supply), (1, "rules", MOMENT))


def known(alerts, candidate=HIGH):
    return alerts.get(candidate.id)


def test_a_finding_is_one_alert_however_many_syncs_find_it(intake, alerts):
    seen(intake, HIGH)
    alerts.take(HIGH.id, 1, Step("acknowledged"), "anna")
    counts = seen(intake, replace(HIGH, rank=5.0))
    assert counts["again"] == 1 and counts["new"] == 0
    assert (known(alerts).rank, known(alerts).status, known(alerts).version) == (5.0, "acknowledged", 2)


def test_every_step_is_kept_with_author_and_moment(intake, alerts, clock):
    seen(intake, HIGH)
    for version, step in enumerate(
        (
            Step("acknowledged"),
            Step("assigned", assignee="ben", due="2026-03-31"),
            Step(comment="The card says 310."),
            Step("corrected", comment="Typed anew."),
            Step("closed"),
        ),
        start=1,
    ):
        clock.pass_by(hours=1)
        alerts.take(HIGH.id, version, step, f"person{version}")
    steps = alerts.steps(HIGH.id)
    said = ["new", "acknowledged", "assigned", "assigned", "corrected", "closed"]
    assert [each["status"] for each in steps] == said
    assert [each["author"] for each in steps] == ["", *(f"person{number}" for number in range(1, 6))]
    assert [each["version"] for each in steps] == [1, 2, 3, 4, 5, 6]
    assert steps[-1]["at"] == clock.now and steps[3]["comment"] == "The card says 310."
    assert (known(alerts).outcome, known(alerts).assignee, known(alerts).due) == (
        "corrected", "ben", "2026-03-31",
    )  # fmt: skip


def test_who_acts_on_an_older_version_is_told_how_it_stands(intake, alerts):
    seen(intake, HIGH)
    alerts.take(HIGH.id, 1, Step("acknowledged"), "anna")
    with pytest.raises(StaleAlert) as stale:
        alerts.take(HIGH.id, 1, Step("confirmed"), "ben")
    assert (stale.value.alert.version, stale.value.alert.status) == (2, "acknowledged")
    assert len(alerts.steps(HIGH.id)) == 2


def test_of_many_who_act_at_the_same_moment_one_succeeds(intake, alerts):
    seen(intake, HIGH)
    together, outcomes = Barrier(6), []

    def act(number):
        together.wait()
        try:
            alerts.take(HIGH.id, 1, Step(comment=f"mine {number}"), f"person{number}")
            outcomes.append("kept")
        except StaleAlert:
            outcomes.append("stale")

    threads = [Thread(target=act, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["kept", *["stale"] * 5]
    assert [each["version"] for each in alerts.steps(HIGH.id)] == [1, 2]


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (Step("closed"), "cannot become 'closed'"),
        (Step("assigned"), "Nobody is named"),
        (Step("acknowledged", due="31/03"), "'31/03' is no day"),
        (Step(), "says nothing"),
    ],
)
def test_a_step_that_leads_nowhere_is_refused_with_what_to_do(intake, alerts, step, what):
    seen(intake, HIGH)
    with pytest.raises(CannotStep, match=what):
        alerts.take(HIGH.id, 1, step, "anna")
    assert known(alerts).version == 1


def test_a_corrected_value_closes_its_alert_by_itself(intake, alerts):
    seen(intake, HIGH)
    alerts.take(HIGH.id, 1, Step("assigned", assignee="ben"), "anna")
    assert seen(intake, now=310.0)["closed"] == 1
    assert (known(alerts).status, known(alerts).outcome) == ("closed", "corrected")
    tail = [(each["author"], each["comment"]) for each in alerts.steps(HIGH.id)[-2:]]
    assert tail == [("", "corrected_by_itself"), ("", "")]


def test_what_is_usual_with_newer_months_is_not_called_corrected(intake, alerts):
    seen(intake, HIGH)
    seen(intake, now=40.0)
    assert (known(alerts).status, known(alerts).outcome) == ("closed", "")
    assert [each["comment"] for each in alerts.steps(HIGH.id)] == ["", "not_unusual"]
    assert not any(alerts.outcomes().values())  # nobody looked into it


def test_what_a_person_found_out_stays_when_the_alert_closes_by_itself(intake, alerts):
    seen(intake, HIGH)
    alerts.take(HIGH.id, 1, Step("confirmed"), "anna")
    seen(intake, now=310.0)
    assert (known(alerts).status, known(alerts).outcome) == ("closed", "confirmed")


def test_a_cell_that_was_not_looked_at_keeps_its_alert(intake, alerts):
    seen(intake, HIGH)
    intake.take_in(Judged([], {}), (2, "rules", MOMENT))
    assert known(alerts).status == "new"


def test_a_closed_alert_comes_back_on_new_data_alone(intake, alerts):
    seen(intake, HIGH)
    alerts.take(HIGH.id, 1, Step("confirmed"), "anna")
    alerts.take(HIGH.id, 2, Step("closed"), "anna")
    assert seen(intake, HIGH)["reopened"] == 0
    assert known(alerts).status == "closed"
    worse = replace(HIGH, facts={"value": 4000.0, "expected": 310.0})
    assert seen(intake, worse)["reopened"] == 1
    assert (known(alerts).status, known(alerts).outcome, known(alerts).assignee) == ("new", "", "")
    assert alerts.steps(HIGH.id)[-1]["comment"] == "found_again"
    assert alerts.steps(HIGH.id)[0]["facts"] == HIGH.facts


@pytest.mark.parametrize("said", ["acknowledged", "confirmed"])
def test_a_figure_that_was_corrected_and_is_wrong_again_comes_back_though_it_is_the_same(
    intake, alerts, said
):
    seen(intake, HIGH)
    alerts.take(HIGH.id, 1, Step(said), "anna")
    seen(intake, now=310.0)
    assert alerts.steps(HIGH.id)[-1]["author"] == "" and known(alerts).status == "closed"
    assert seen(intake, HIGH)["reopened"] == 1
    assert known(alerts).status == "new"


def test_what_was_usual_for_a_while_does_not_come_back_and_forth(intake, alerts):
    seen(intake, HIGH)
    seen(intake, now=40.0)
    assert seen(intake, HIGH)["reopened"] == 0


def test_supply_ends_by_itself_and_leaves_the_rest_alone(intake, alerts):
    out = Candidate("supply", "out", HIGH.unit, "pill", 202512, 2.0, {"value": 0.0})
    seen(intake, HIGH)
    seen(intake, out, supply=True)
    seen(intake, supply=True)
    assert alerts.get(out.id).status == "closed" and known(alerts).status == "new"
    assert alerts.steps(out.id)[-2]["comment"] == "over_by_itself"


def test_who_looked_is_known_once_each(intake, alerts, clock):
    seen(intake, HIGH)
    alerts.look(HIGH.id, "anna")
    clock.pass_by(hours=1)
    alerts.look(HIGH.id, "ben")
    clock.pass_by(hours=1)
    alerts.look(HIGH.id, "anna")
    looks = alerts.looks([HIGH.id])[HIGH.id]
    assert [each["username"] for each in looks] == ["anna", "ben"]
    assert (looks[0]["last_at"] - looks[0]["first_at"]).total_seconds() == 7200


def test_the_share_that_turned_out_real_counts_what_was_said_last(intake, alerts):
    other = replace(HIGH, month=202601)
    seen(intake, HIGH, other)
    alerts.take(HIGH.id, 1, Step("explained", comment="Campaign"), "anna")
    alerts.take(HIGH.id, 2, Step("corrected"), "anna")
    alerts.take(other.id, 1, Step("cannot_verify", comment="Register lost"), "anna")
    assert alerts.outcomes() == {"corrected": 1, "confirmed": 0, "explained": 0, "cannot_verify": 1}


def test_a_snooze_ends_by_its_day_or_by_somebody(database, clock):
    snoozes, key = Snoozes(database, clock), (HIGH.unit, "pill", "high")
    first = snoozes.add(key, "The card is being rebuilt.", date(2026, 3, 10), "anna")
    snoozes.add((HIGH.unit, "iud", "low"), "Campaign", date(2026, 8, 1), "anna")
    assert [each.key for each in snoozes.asleep()] == [key, (HIGH.unit, "iud", "low")]
    assert snoozes.asleep(["U0000000009"]) == []
    clock.pass_by(days=10)
    assert [each.subject for each in snoozes.asleep()] == ["iud"]
    [second] = snoozes.asleep()
    assert snoozes.end(second.id, "ben") and not snoozes.end(second.id, "ben")
    assert snoozes.asleep() == [] and snoozes.end(first, "ben")


@pytest.mark.parametrize(
    ("reason", "until"), [("", date(2026, 3, 9)), ("why", date(2026, 2, 1)), ("why", date(2028, 1, 1))]
)
def test_a_snooze_needs_a_reason_and_a_day_of_the_year_to_come(database, clock, reason, until):
    with pytest.raises(ValueError, match=r"Say why|no day of the year"):
        Snoozes(database, clock).add((HIGH.unit, "pill", "high"), reason, until, "anna")


def test_thresholds_keep_every_revision_and_refuse_a_stale_writer(database, clock):
    thresholds, of = Thresholds(database, clock), ("pill", HIGH.unit)
    thresholds.write(of, 2.0, 0, origin=LEARNED, evidence={"real": 3, "not": 9})
    thresholds.write(of, 1.0, 1, author="anna", reason="We want to see more.")
    with pytest.raises(StaleError):
        thresholds.write(of, 9.0, 1, author="ben")
    assert thresholds.current()[of].threshold == 1.0
    assert [(each.revision, each.origin) for each in thresholds.history(*of)] == [(2, "set"), (1, "learned")]


def test_a_digest_is_sent_once_and_each_alert_told_once(database, clock):
    digests, key = Digests(database, clock), ("2026-03", "anna", "mail")
    assert digests.claim(key, 2) and not digests.claim(key, 2)
    digests.sent(key, ["a", "b"])
    assert not digests.claim(key, 2)
    assert digests.untold(["a", "b", "c"], "anna", "mail") == {"c"}
    assert digests.untold(["a"], "anna", "dhis2") == {"a"} and digests.untold(["a"], "ben", "mail") == {"a"}


def test_a_digest_that_failed_is_tried_again_and_one_of_unknown_end_is_not(database, clock):
    digests = Digests(database, clock)
    failed, unknown = ("2026-03", "anna", "mail"), ("2026-03", "ben", "mail")
    assert digests.claim(failed, 1) and digests.claim(unknown, 1)
    digests.failed(failed, "The mail server does not answer.")
    assert digests.claim(failed, 1) and not digests.claim(unknown, 1)
    assert {each.username: each.state for each in digests.all()} == {"anna": "sending", "ben": "sending"}
