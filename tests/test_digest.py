"""The month's digest reaches those responsible, by mail and in DHIS2, once; marks come and go with alerts."""

import dataclasses
import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
import requests

import alerting
from dashboard.queries import Figures
from digest import Digest, Ways, responsible
from installation import Parts
from ledger.alert_digests import Digests
from ledger.alert_intake import Candidate, Intake, Judged
from ledger.alerts import Alerts, Step
from loaders.dhis2 import Basic, Client
from loaders.responsible import Contact, contacts
from mailing import Letter, Mailer, NotMailed
from tests.conftest import TINY, synced
from tests.ledger.conftest import Clock
from tests.servers import demo_server, free_port
from tests.tiny.names import uid
from tests.tiny.seed import write_seed
from tests.web import settings_for

ADMIN = ("admin", "district")
GROUP = "Responsible"


class Postbox(socketserver.StreamRequestHandler):
    """Just enough of RFC 5321 to take letters; `refuse` on the server turns them away."""

    def handle(self):
        self.wfile.write(b"220 box ESMTP\r\n")
        while line := self.rfile.readline():
            word = line.strip().split(b" ")[0].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (each := self.rfile.readline()) != b".\r\n":
                    lines.append(each)
                self.server.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
                self.wfile.write(b"250 kept\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            elif word == b"RCPT" and self.server.refuse:
                self.wfile.write(b"550 nobody here\r\n")
            else:
                self.wfile.write(b"250 box\r\n")


class Box(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    refuse = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Postbox)
        self.letters = []


@pytest.fixture
def box() -> Iterator[Box]:
    with Box() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def dhis2(tmp_path_factory) -> Iterator[str]:
    """An embedded DHIS2 of its own, in which store and district are of the group, with addresses."""
    folder = tmp_path_factory.mktemp("digest")
    with demo_server(folder / "data", "--seed", str(write_seed(folder / "seed"))) as address:
        people = requests.get(
            f"{address}/api/users", {"fields": ":owner", "paging": "false"}, auth=ADMIN, timeout=30
        ).json()["users"]
        users = [{**each, "email": f"{each['username']}@example.org"} for each in people
                 if each["username"] in ("store", "district")]  # fmt: skip
        group = {"id": uid("group", GROUP), "name": GROUP, "users": [{"id": each["id"]} for each in users]}
        answer = requests.post(
            f"{address}/api/metadata", json={"users": users, "userGroups": [group]}, auth=ADMIN, timeout=30
        )
        assert answer.status_code == 200, answer.text
        yield address


@pytest.fixture(scope="module")
def snapshots(dhis2, tiny, tmp_path_factory):
    return synced(dhis2, tiny, tmp_path_factory.mktemp("digest-snapshot"))


@pytest.fixture
def parts(dhis2, snapshots, tiny, tmp_path, box) -> Iterator[Parts]:
    """An installation whose country names the group, with three alerts in it."""
    settings = settings_for(
        tmp_path, dhis2, snapshots.folder, TANDEM_COUNTRY=str(TINY), TANDEM_DIGEST="both",
        TANDEM_SMTP_HOST="127.0.0.1", TANDEM_SMTP_PORT=str(box.server_address[1]), TANDEM_SMTP_TLS="no",
        TANDEM_SMTP_FROM="tandem@example.org", TANDEM_ADDRESS="https://tandem.example.org",
    )  # fmt: skip
    opened = Parts.open(settings)
    country = dataclasses.replace(tiny, roles={**tiny.roles, "told_of_alerts": f"group:{GROUP}"})
    parts = dataclasses.replace(opened, country=country)
    found = [of("NORD_KAFINE", 3.0), of("NORD_POSTE", 2.0), of("SUD_ANONO", 1.0)]
    Intake(parts.database).take_in(Judged(found, {}), (1, "rules", datetime.now(UTC)))
    yield parts
    parts.database.close()


def of(facility: str, rank: float, month: int = 202511) -> Candidate:
    facts = {
        "measure": "count", "value": 31.0, "expected": 90.0, "low": 60.0, "high": 120.0, "score": 5.0,
        "spreads": -4.0, "closing": None, "days_out": None, "other": None, "like": {"of": 0, "same": 0},
    }  # fmt: skip
    return Candidate("quality", "low", uid("facility", facility), "SVC_TESTED", month, rank, facts)


def inbox(dhis2: str, username: str, password: str) -> list[dict]:
    fields = "id,subject,messages[text]"
    answer = requests.get(
        f"{dhis2}/api/messageConversations", {"fields": fields}, auth=(username, password), timeout=30
    )
    return answer.json()["messageConversations"]


def test_alerts_go_to_who_is_assigned_the_place_else_to_the_next_unit_up():
    def person(name, *units):
        return Contact(name, name, name, "", "", frozenset(), frozenset(), frozenset(units))

    found = [Candidate("quality", "low", unit, "x", 202601, 1.0, {}) for unit in ("a", "b", "c", "gone")]
    parents = {"a": "north", "b": "north", "c": "south", "north": "land", "south": "land"}
    told = responsible(
        found, [person("at a", "a"), person("north", "north"), person("land", "land")], parents
    )
    assert {who: [each.unit for each in alerts] for who, alerts in told.items()} == {
        "at a": ["a"], "north": ["b"], "land": ["c"],
    }  # fmt: skip


def test_dhis2_says_who_is_of_the_group_where_and_how_to_reach_them(dhis2):
    with Client(dhis2, Basic(*ADMIN)) as client:
        found = {each.username: each for each in contacts(client)}
    assert found["store"].has(f"group:{GROUP}") and not found["viewer"].has(f"group:{GROUP}")
    assert found["district"].email == "district@example.org"
    assert found["store"].units == {uid("facility", "NORD_KAFINE")}
    assert found["district"].has("F_RUN_VALIDATION") and not found["store"].has("F_RUN_VALIDATION")


def test_each_hears_of_their_own_alerts_by_mail_and_in_dhis2_and_never_twice(parts, dhis2, box):
    before = {who: len(inbox(dhis2, who, f"{who.title()}-1234")) for who in ("store", "district")}
    with parts.client() as client:
        assert alerting.tell(parts, client) == 4
        assert alerting.tell(parts, client) == 0
    letters = {each["To"]: each for each in box.letters}
    assert set(letters) == {"store@example.org", "district@example.org"}
    body = letters["store@example.org"].get_content()
    assert body.count("•") == 1 and "31" in body and "90" in body and "{" not in body
    assert "https://tandem.example.org/alerts" in body
    for who, count in before.items():
        found = inbox(dhis2, who, f"{who.title()}-1234")
        assert len(found) == count + 1
        assert "31" in json.dumps(found[0])


def test_the_next_month_tells_what_is_new_alone(parts, box):
    clock = Clock()
    holding = Figures(parts.snapshots, parts.country).holding()
    with parts.client() as client:

        def tell() -> int:
            ways = Ways(client, Mailer(parts.settings), messages=False)
            return Digest(parts.database, holding, parts.country, ways, clock).tell()

        assert tell() == 2
        Intake(parts.database).take_in(
            Judged([of("NORD_KAFINE", 1.0, 202512)], {}), (2, "rules", datetime.now(UTC))
        )
        assert tell() == 0
        clock.pass_by(days=31)
        assert tell() == 1
    assert box.letters[-1]["To"] == "store@example.org"
    assert box.letters[-1].get_content().count("•") == 1


def test_a_letter_begins_with_what_matters_today(parts, box):
    old, now = of("NORD_KAFINE", 9.0, 202405), of("NORD_KAFINE", 4.0, 202512)
    Intake(parts.database).take_in(Judged([old, now], {}), (2, "rules", datetime.now(UTC)))
    holding = Figures(parts.snapshots, parts.country).holding()
    with parts.client() as client:
        ways = Ways(client, Mailer(parts.settings), messages=False)
        Digest(parts.database, holding, parts.country, ways).tell()
    [letter] = [each for each in box.letters if each["To"] == "store@example.org"]
    lines = [each for each in letter.get_content().splitlines() if each.startswith("•")]
    assert "2024" not in lines[0] and "2024" in lines[-1]


def test_a_letter_that_was_refused_is_sent_again(parts, box):
    holding = Figures(parts.snapshots, parts.country).holding()
    with parts.client() as client:
        digest = Digest(
            parts.database, holding, parts.country, Ways(client, Mailer(parts.settings), messages=False)
        )
        box.refuse = True
        assert digest.tell() == 0 and box.letters == []
        assert {each.state for each in Digests(parts.database).all()} == {"failed"}
        box.refuse = False
        assert digest.tell() == 2 and len(box.letters) == 2


def test_a_mail_server_that_does_not_answer_is_named(parts):
    nobody = dataclasses.replace(parts.settings, smtp_port=free_port())
    with pytest.raises(NotMailed, match=f"127.0.0.1:{nobody.smtp_port}"):
        Mailer(nobody).send(Letter("a@example.org", "s", "t"))


def test_a_mark_for_follow_up_is_set_with_an_alert_and_cleared_with_it(parts, dhis2):
    def marked() -> bool:
        answer = requests.get(
            f"{dhis2}/api/dataValueSets",
            {"dataElement": uid("element", "SVC_TESTED"), "period": "202511",
             "orgUnit": uid("facility", "NORD_KAFINE")},
            auth=ADMIN, timeout=30,
        )  # fmt: skip
        [value] = answer.json()["dataValues"]
        return bool(value.get("followup"))

    number = of("NORD_KAFINE", 3.0).id
    with parts.client() as client:
        assert not marked()
        assert alerting.mark(parts, client) == 3 and marked()
        assert alerting.mark(parts, client) == 0
        Alerts(parts.database).take(number, 1, Step("explained", comment="Campaign"), "district")
        assert alerting.mark(parts, client) == 1 and not marked()
