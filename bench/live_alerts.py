"""Whether alerts reach a real DHIS2: marks for follow-up set and cleared, and the month's digest as messages.

What it writes it takes back, but for the messages.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import alerting
from bench.live_filling import ADMIN, SPAN, Filling, Object
from bench.live_sync import synced
from countries import load_country
from dashboard.alerts_flags import Cell, cell_of, is_marked
from dashboard.queries import Figures
from digest import ROLE
from installation import Parts
from ledger.alert_digests import MESSAGE, SENT, Digests
from ledger.alerts import EXPLAINED, OPEN, Alert, Alerts, Step
from loaders.responsible import contacts
from settings import Settings

PLACE = ("dataElement", "period", "orgUnit", "categoryOptionCombo")
Told = Iterator[tuple[bool, str]]
Place = tuple[str, ...]


def compared(filling: Filling, country: str) -> Told:
    """Look for alerts in its figures, mark and tell; yields whether DHIS2 holds that, and a line about it."""
    with tempfile.TemporaryDirectory(prefix="tandem-live-") as name:
        settings = Settings.from_environment(
            {
                "TANDEM_DATA": name,
                "TANDEM_COUNTRY": country,
                "TANDEM_DHIS2_URL": filling.address,
                "TANDEM_DHIS2_USER": ADMIN[0],
                "TANDEM_DHIS2_PASSWORD": ADMIN[1],
                "TANDEM_DIGEST": "dhis2",
                "TANDEM_ADDRESS": "https://tandem.example.org",
            }
        )
        synced(filling.address, load_country(country), Path(settings.data) / "snapshot")
        parts = Parts.open(settings)
        try:
            alerting.look(parts)
            yield from _messages(filling, parts)
            yield from _marks(filling, parts)
        finally:
            parts.database.close()


def _marks(filling: Filling, parts: Parts) -> Told:
    """Set by open alerts, left alone by a second look, cleared by what somebody says."""
    alerts, before = Alerts(parts.database), marked(filling)
    cells = _cells(parts, alerts.of(OPEN))
    wanted = {_place(cell) for cell in cells.values()}
    with parts.client() as client:
        changed = alerting.mark(parts, client)
        held = marked(filling)
        yield held == before | wanted and bool(wanted), f"{changed:,} marks set; DHIS2 holds {len(held):,}"
        again = alerting.mark(parts, client)
        yield again == 0, f"{again:,} set or cleared by a second look"
        for alert in [each for each in alerts.of(OPEN) if each.id in cells]:
            alerts.take(alert.id, alert.version, Step(EXPLAINED, comment="Campaign"), ADMIN[0])
        changed = alerting.mark(parts, client)
        held = marked(filling)
        yield held == before - wanted, f"{changed:,} marks cleared; DHIS2 holds {len(held):,}"


def _messages(filling: Filling, parts: Parts) -> Told:
    """One to each who is responsible, with the figures, and none a second time."""
    known = json.loads((filling.folder / "users.json").read_text(encoding="utf-8"))
    accounts = {each["username"]: (each["username"], each["password"]) for each in known}
    with parts.client() as client:
        role = parts.country.roles[ROLE]
        people = [each.username for each in contacts(client) if each.has(role) and each.username in accounts]
        people.remove(ADMIN[0])  # whose inbox holds what the account sent
        before = {who: len(_inbox(filling, accounts[who])) for who in people}
        sent = alerting.tell(parts, client)
        told = {each.username: each.count for each in Digests(parts.database).all() if each.state == SENT}
        yield sent == len(told) > 0, f"{sent} digests of the kind {MESSAGE!r} to {', '.join(sorted(told))}"
        for who in people:
            inbox = _inbox(filling, accounts[who])
            new = len(inbox) - before[who]
            text = inbox[0]["messages"][0]["text"] if new else ""
            lines = sum(line.startswith("•") for line in text.splitlines())
            right = new == (who in told) and (not new or (0 < lines <= told[who] and "{" not in text))
            yield right, f"{who}: {new} new in the inbox, of {told.get(who, 0):,} alerts, {lines} in words"
        again = alerting.tell(parts, client)
        yield again == 0, f"{again} told twice"


def marked(filling: Filling) -> set[Place]:
    """The values that DHIS2 says are to be followed up."""
    top = next(each["id"] for each in filling.metadata["organisationUnits"] if not each.get("parent"))
    found: set[Place] = set()
    for form in filling.metadata["dataSets"]:
        asked = {"dataSet": form["id"], "orgUnit": top, "children": "true", **SPAN}
        rows = filling.ask("GET", "/api/dataValueSets", params=asked).get("dataValues", [])
        found |= {_place(row) for row in rows if row.get("followup")}
    return found


def _cells(parts: Parts, alerts: list[Alert]) -> dict[str, Cell]:
    """By alert the one value that it is about."""
    holding = Figures(parts.snapshots, parts.country).holding()
    found = {each.id: cell_of(each, holding) for each in alerts if is_marked(each)}
    return {number: cell for number, cell in found.items() if cell}


def _place(row: Object | Cell) -> Place:
    return tuple(str(row[name]) for name in PLACE)


def _inbox(filling: Filling, who: tuple[str, str]) -> list[Object]:
    """Somebody's conversations, the newest first."""
    asked = {"fields": "subject,messages[text]", "order": "lastMessage:desc", "paging": "false"}
    theirs = Filling(filling.address, filling.folder)
    theirs.web.auth = who
    found: list[Object] = theirs.ask("GET", "/api/messageConversations", params=asked)["messageConversations"]
    return found
