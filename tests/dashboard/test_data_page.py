"""The Data page: what it says of the data, to whom, and how a sync is asked for."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, g

from accounts import Person
from countries import Country
from dashboard import i18n
from dashboard.application import create_dash
from dashboard.freshness import Status
from dashboard.pages import data
from dashboard.pages.data_view import report
from dashboard.pages.data_words import TEXTS
from dashboard.sync_status import SyncDesk
from ledger.database import Database
from ledger.jobs import Jobs
from loaders.findings import WORDS
from loaders.intake import CODES
from loaders.snapshot import Snapshots
from loaders.sync_report import SyncReport, keep
from tests.dashboard.synced_small import ADMIN, DISTRICT, REPORT, VIEWER, publish


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "snapshot")


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    database = Database.open(tmp_path / "tandem.sqlite3")
    database.migrate()
    return Jobs(database)


@pytest.fixture
def synced(snapshots: Snapshots) -> Snapshots:
    """A snapshot of three units, with one row kept aside in each and one of an unknown unit."""
    publish(snapshots)
    return snapshots


Ask = Callable[..., dict[str, object]]


@pytest.fixture
def ask(civ: Country, snapshots: Snapshots, jobs: Jobs) -> Ask:
    """Sends one of the page's callbacks to a real server, as a person and in a language."""
    server = Flask(__name__)
    server.secret_key = "for tests"
    create_dash(server, [data.page(SyncDesk(snapshots, jobs, civ))], lambda: Status("Awa"))
    asking: list[Person | None] = [None]

    @server.before_request
    def who() -> None:
        g.person = asking[0]

    def send(person: Person | None, output: str, shown: str = "", lang: str = "en", **values: object) -> dict:
        asking[0] = person
        client = server.test_client()
        dependencies = client.get("/_dash-dependencies").json
        found = next(each for each in dependencies if output in each["output"] and "data-" in each["output"])
        inputs = [{**each, "value": values.get(each["id"].replace("-", "_"))} for each in found["inputs"]]
        body = {
            "output": found["output"],
            "outputs": [
                dict(zip(("id", "property"), each.rsplit(".", 1), strict=True))
                for each in found["output"].strip(".").split("...")
            ],
            "inputs": inputs,
            "changedPropIds": [f"{inputs[0]['id']}.{inputs[0]['property']}"],
            "state": [{**each, "value": shown} for each in found["state"]],
        }
        if not found["output"].startswith(".."):
            body["outputs"] = body["outputs"][0]
        address = f"http://localhost/data?lang={lang}"
        answer = client.post("/_dash-update-component", json=body, headers={"Referer": address})
        return answer.json["response"] if answer.status_code == 200 else {"status": answer.status_code}

    return send


def words(answer: object) -> str:
    return json.dumps(answer, ensure_ascii=False)


def shown(ask: Ask, person: Person, **options: str) -> dict:
    return ask(person, "data-report.children", **options)


def test_before_the_first_sync_it_says_what_to_do_and_who_can(ask):
    assert "Choose “Sync now”" in words(shown(ask, ADMIN))
    assert "Ask an administrator" in words(shown(ask, VIEWER))


@pytest.mark.usefixtures("synced")
def test_it_says_where_the_figures_come_from_and_how_fresh_they_are(ask):
    said = words(shown(ask, VIEWER))
    for part in (
        "Sep 2019",
        "newest month of Logistics of this year",
        "12 minutes ago",
        "DHIS2 2.42.5 at https://dhis2.example.org",
        "83 s",
        "310,000",
    ):
        assert part in said
    assert "1,234 values written · 1 value deleted · 57 requests · 1.4 MB received" in said


@pytest.mark.usefixtures("synced")
def test_it_speaks_french(ask):
    said = words(shown(ask, VIEWER, lang="fr"))
    assert "sept. 2019" in said
    assert "valeurs écrites" in said


@pytest.mark.usefixtures("synced")
def test_faults_findings_and_rows_aside_are_for_those_who_may_see_them(ask):
    for part in ("asked again after 0.7 s", "Share the data set with it.", "is not a number"):
        assert part in words(shown(ask, ADMIN))
        assert part not in words(shown(ask, VIEWER))


@pytest.mark.parametrize(("met", "unfolded"), [(3, True), (4, False)])
def test_what_went_wrong_many_times_is_one_click_away(ask, request, monkeypatch, met, unfolded):
    monkeypatch.setitem(REPORT, "faults", REPORT["faults"] * met)
    request.getfixturevalue("synced")
    said = words(shown(ask, ADMIN))
    assert f"{met} faults; what could be repeated" in said
    assert re.findall(r'"className": "fold", "open": (true|false)', said) == [json.dumps(unfolded)]


@pytest.mark.usefixtures("synced")
def test_the_worst_finding_comes_first(ask):
    said = words(shown(ask, ADMIN))
    assert said.index("The account reads no data set.") < said.index("All 4 levels have units.")


@pytest.mark.usefixtures("synced")
def test_findings_and_reasons_are_said_in_the_readers_language(ask):
    said = words(shown(ask, ADMIN, lang="fr"))
    assert "Les 4 niveaux ont tous des unités." in said
    assert i18n.spaced("« twelve » n’est pas un nombre") in said
    assert "DHIS2 a répondu par le code 502." in said
    assert i18n.spaced("redemandé après 0,7 s") in said
    assert "asked again" not in said
    assert "the unit is unknown" in said  # a code that no catalogue has yet keeps the loaders' words


def test_every_code_of_the_loaders_is_in_the_catalogues():
    wanted = {f"finding.{code}" for code in WORDS} | {f"aside.{code}" for code in CODES if code}
    wanted |= {f"finding.{code}_remedy" for code, (_, remedy) in WORDS.items() if remedy}
    assert wanted <= TEXTS


@pytest.mark.usefixtures("synced")
def test_a_district_sees_the_rows_kept_aside_of_its_own_units_alone(ask):
    said = words(shown(ask, DISTRICT))
    assert "Northern" in said
    assert "“twelve” is not a number" in said
    for hidden in ("Southern", "<b>x</b>", "stranger"):
        assert hidden not in said
    assert "1 of 1 rows" in said


@pytest.mark.usefixtures("synced")
def test_the_superuser_sees_the_rows_of_unknown_units_too(ask):
    assert "stranger" in words(shown(ask, ADMIN))


@pytest.mark.usefixtures("synced")
def test_what_is_shown_already_is_not_sent_again(ask):
    first = shown(ask, ADMIN)
    again = shown(ask, ADMIN, shown=first["data-shown"]["data"])
    assert "data-report" not in again
    assert again["data-shown"] == first["data-shown"]


def test_a_sync_asked_for_is_queued_once_and_only_for_those_who_may(ask, jobs):
    assert ask(VIEWER, "data-asked", data_sync=1) == {"status": 204}
    assert ask(None, "data-asked", data_sync=1) == {"status": 204}
    assert jobs.active("sync") is None
    assert ask(ADMIN, "data-asked", data_sync=1) == {"data-asked": {"data": 1}}
    ask(ADMIN, "data-asked", data_sync=2)
    asked = jobs.history("sync")
    assert [(each.asked_by, each.arguments) for each in asked] == [("awa", {"full": False})]


def test_the_button_is_there_for_those_who_may_and_waits_while_a_sync_runs(ask, jobs):
    assert shown(ask, VIEWER)["data-act"] == {"hidden": True}
    free = shown(ask, ADMIN)
    assert (free["data-act"], free["data-sync"]) == ({"hidden": False}, {"disabled": False})
    jobs.enqueue("sync")
    assert shown(ask, ADMIN)["data-sync"] == {"disabled": True}


def test_the_progress_of_the_worker_is_shown_and_asked_for_often(ask, jobs):
    jobs.enqueue("sync")
    assert "begins in a moment" in words(shown(ask, VIEWER))
    job = jobs.claim("worker")
    jobs.progress(job.id, 30, 120, "tables")
    answer = shown(ask, VIEWER)
    assert "25%" in words(answer)
    assert "writing" in words(answer)
    assert answer["data-clock"]["interval"] == 1000
    jobs.finish(job.id, {})
    assert shown(ask, VIEWER)["data-clock"]["interval"] > 1000


def test_a_sync_that_failed_says_why_and_what_to_do(ask, jobs):
    jobs.enqueue("sync")
    jobs.fail(jobs.claim("worker").id, "DHIS2 refused the token.", "Make a new one.")
    said = words(shown(ask, ADMIN))
    assert "choose “Sync now”" in said
    assert "DHIS2 refused the token. Make a new one." in said
    others = words(shown(ask, VIEWER))
    assert "tell whoever runs Tandem" in others
    assert "token" not in others


@pytest.mark.usefixtures("synced")
def test_a_sync_that_failed_on_the_command_line_is_told_until_one_succeeds(ask, snapshots):
    at = datetime.now(UTC)
    keep(snapshots.folder, SyncReport("changes", at, at, problem="DHIS2 is down.", remedy="Try again later."))
    first = shown(ask, ADMIN)
    assert "DHIS2 is down. Try again later." in words(first)
    keep(snapshots.folder, SyncReport("changes", at, datetime.now(UTC), version=1, requests=2))
    again = shown(ask, ADMIN, shown=first["data-shown"]["data"])
    assert "DHIS2 is down." not in words(again)
    assert "2 requests" in words(again)


@pytest.mark.usefixtures("synced")
def test_figures_that_are_old_say_so_and_who_can_help(civ, snapshots, jobs, monkeypatch):
    fresh = SyncDesk(snapshots, jobs, civ, sync_minutes=360).status(ADMIN)
    assert not fresh.old
    monkeypatch.setattr("dashboard.sync_status.allowed_age", lambda _: timedelta(0))
    old = SyncDesk(snapshots, jobs, civ, sync_minutes=360)
    for person, remedy in ((ADMIN, "Choose “Sync now”"), (VIEWER, "Tell whoever runs Tandem")):
        with i18n.use("en"):
            said = str(report(old.status(person), civ))
        assert "These figures are old." in said
        assert remedy in said


def test_a_sync_that_nobody_takes_up_says_that_the_worker_is_missing(civ, snapshots, tmp_path):
    database = Database.open(tmp_path / "tandem.sqlite3")
    database.migrate()
    long_ago = Jobs(database, clock=lambda: datetime.now(UTC) - timedelta(minutes=2))
    long_ago.enqueue("sync")
    assert SyncDesk(snapshots, Jobs(database), civ).status(ADMIN).unclaimed


def test_the_layout_that_browsers_keep_holds_no_figures(synced):
    with Flask(__name__).test_request_context("/data?lang=en"):
        said = str(data.layout())
    assert synced.current() is not None
    assert "2019" not in said
    assert "Northern" not in said
