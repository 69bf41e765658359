"""The program "Stock transaction": each movement of a store as an event, beside the form's monthly figures.

DHIS2's data store is a list of documents, made for settings; events are made for as many records as a store
makes. Program, stage and elements are found by name. What an installation of the program lacks is put there
by `python app.py install`, after showing it.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from loaders.asking import Ask
from loaders.errors import SourceError
from loaders.statuses import error_of
from loaders.store_form import FormNames, told_form

if TYPE_CHECKING:
    from loaders.bodies import Answer
    from loaders.dhis2 import Client

PROGRAM = "Stock transaction"
FIELDS: Mapping[str, str] = {
    "Commodity": "TEXT",
    "Kind": "TEXT",
    "Quantity": "INTEGER",
    "Asked": "INTEGER_ZERO_OR_POSITIVE",
    "Recipient": "TEXT",
    "Department": "TEXT",
    "Manager": "TEXT",
    "Lot": "TEXT",
    "Expiry": "DATE",
    "Reason": "TEXT",
    "Document": "TEXT",
    "Corrects": "TEXT",
}
"""What an event says, and the type of its value."""

UID_LENGTH = 11
PROGRAM_FIELDS = (
    "id,name,organisationUnits[id],programStages[id,programStageDataElements[dataElement[id,name],sortOrder]]"
)
WHOLE = ":owner"
SHARED = {"public": "rwrw----", "external": False, "users": {}, "userGroups": {}}
CIRCUMSTANCES = {"E1000", "E1010", "E1011", "E1013", "E1029", "E1091", "E1095", "E1099"}
"""Codes of what an administrator may put right: the events are sent again then."""


@dataclass(frozen=True)
class Program:
    """The program as DHIS2 has it.

    Attributes:
        id: of the program.
        stage: of its one stage.
        elements: the data element of each field that it has.
        units: ids of the units that have it.
    """

    id: str
    stage: str
    elements: Mapping[str, str]
    units: frozenset[str]


@dataclass(frozen=True)
class Event:
    """A movement as an event: its id, its unit, when it happened, and its fields."""

    id: str
    unit: str
    moment: datetime
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Sent:
    """What DHIS2 made of events: how many it has, and of which it says what, by id: code and words."""

    stored: int
    refused: Mapping[str, tuple[str, str]]


def uid_of(*parts: str) -> str:
    """An id as DHIS2's are, always the same for the same parts.

    Example:
        >>> len(uid_of("a movement")), uid_of("a movement")[0].isalpha()
        (11, True)
    """
    letters, every = string.ascii_letters, string.ascii_letters + string.digits
    number = int.from_bytes(sha256("\0".join(parts).encode()).digest(), "big")
    number, first = divmod(number, len(letters))
    found = letters[first]
    for _ in range(UID_LENGTH - 1):
        number, rest = divmod(number, len(every))
        found += every[rest]
    return found


def find_program(client: Client) -> Program | None:
    """The program; None where DHIS2 has none that this account sees.

    Raises:
        SourceError: several have its name, or it has no stage.
    """
    asked = [("filter", f"name:eq:{PROGRAM}"), ("fields", PROGRAM_FIELDS), ("paging", "false")]
    found = client.get("/api/programs", asked).get("programs", [])
    if not found:
        return None
    if len(found) > 1 or not found[0].get("programStages"):
        raise SourceError(
            f"{len(found)} programs are named {PROGRAM!r}, or it has no stage.",
            "Leave one with one stage in DHIS2's Maintenance app.",
        )
    stage = found[0]["programStages"][0]
    there = {
        part["dataElement"]["name"]: part["dataElement"]["id"]
        for part in stage.get("programStageDataElements", [])
    }
    return Program(
        id=found[0]["id"],
        stage=stage["id"],
        elements={field: there[_named(field)] for field in FIELDS if _named(field) in there},
        units=frozenset(unit["id"] for unit in found[0].get("organisationUnits", [])),
    )


def send_events(client: Client, program: Program, events: Sequence[Event]) -> Sent:
    """Store events; the same again changes nothing.

    Raises:
        SourceError: DHIS2 could not be asked, or gave no account.
    """
    zone = client.server.time.tzinfo
    body = {"events": [_told(program, event, zone) for event in events]}
    params = (
        ("async", "false"),
        ("importStrategy", "CREATE_AND_UPDATE"),
        ("atomicMode", "OBJECT"),
        ("reportMode", "ERRORS"),
    )
    ask = Ask("/api/tracker", params, method="POST", json=body, about=f"({len(events)} events)", also=(409,))
    return client.ask(ask, _sent)


def _told(program: Program, event: Event, zone: Any) -> dict[str, Any]:
    values = [
        {"dataElement": program.elements[field], "value": value}
        for field, value in event.fields.items()
        if value and field in program.elements
    ]
    return {
        "event": event.id,
        "program": program.id,
        "programStage": program.stage,
        "orgUnit": event.unit,
        "occurredAt": f"{event.moment.astimezone(zone):%Y-%m-%dT%H:%M:%S}.000",
        "status": "COMPLETED",
        "dataValues": values,
    }


def _sent(answer: Answer) -> Sent:
    body = answer.json()
    stats = body.get("stats") if isinstance(body, dict) else None
    if stats is None:
        raise error_of(answer) or SourceError("DHIS2 gave no account of the events.", "Send them again.")
    reports = (body.get("validationReport") or {}).get("errorReports") or []
    refused = {
        str(each.get("uid") or ""): (str(each.get("errorCode") or ""), str(each.get("message") or ""))
        for each in reports
    }
    return Sent(int(stats.get("created", 0)) + int(stats.get("updated", 0)), refused)


def lacking(client: Client, names: FormNames) -> dict[str, list[dict[str, Any]]]:
    """The metadata to import so that the program is there whole, at every unit of the stores' form.

    Args:
        client: an account that may read metadata.
        names: what the stores' form is called.

    Returns:
        Objects by type, as `/api/metadata` takes them; empty where nothing lacks.
    """
    units = _units_of_form(client, names)
    program = find_program(client)
    known = _elements(client)
    new = {field: _element(field) for field in FIELDS if _named(field) not in known}
    ids = {field: known.get(_named(field)) or new[field]["id"] for field in FIELDS}
    absent = [field for field in FIELDS if program is None or field not in program.elements]
    missing = sorted(units - (program.units if program else frozenset()))
    if not absent and not missing:
        return {}
    stage = client.get(f"/api/programStages/{program.stage}", [("fields", WHOLE)]) if program else _stage()
    whole = client.get(f"/api/programs/{program.id}", [("fields", WHOLE)]) if program else _program()
    parts = list(stage.get("programStageDataElements", []))
    for field in absent:
        parts.append({"dataElement": {"id": ids[field]}, "compulsory": False, "sortOrder": len(parts)})
    whole["organisationUnits"] = [*whole.get("organisationUnits", []), *({"id": each} for each in missing)]
    whole.setdefault("programStages", [{"id": stage["id"]}])
    found = {"dataElements": list(new.values()), "programs": [whole]}
    if absent:
        found["programStages"] = [{**stage, "programStageDataElements": parts}]
    return {kind: objects for kind, objects in found.items() if objects}


def put(client: Client, metadata: Mapping[str, Any]) -> None:
    """Import metadata, all or none.

    Raises:
        SourceError: the account may not, or DHIS2 refuses it, with its first reason.
    """
    params = (("importStrategy", "CREATE_AND_UPDATE"), ("atomicMode", "ALL"))
    ask = Ask("/api/metadata", params, method="POST", json=dict(metadata), also=(409,))
    client.ask(ask, _imported)


def _imported(answer: Answer) -> None:
    body = answer.json()
    report = body.get("response") or body
    if report.get("status") == "OK":
        return
    reasons = [
        str(error.get("message"))
        for kind in report.get("typeReports", [])
        for thing in kind.get("objectReports", [])
        for error in thing.get("errorReports", [])
    ]
    said = reasons[0] if reasons else str(body.get("message") or "no reason given")
    raise error_of(answer) or SourceError(
        f"DHIS2 did not take the program: {said}", "Put right what it names, and install again."
    )


def _units_of_form(client: Client, names: FormNames) -> frozenset[str]:
    form = told_form(client, names)["id"]
    told = client.get(f"/api/dataSets/{form}", [("fields", "organisationUnits[id]")])
    return frozenset(each["id"] for each in told.get("organisationUnits", []))


def _elements(client: Client) -> dict[str, str]:
    """The data elements whose names begin as ours do, by name."""
    asked = [("filter", f"name:$like:{PROGRAM} - "), ("fields", "id,name"), ("paging", "false")]
    return {each["name"]: each["id"] for each in client.get("/api/dataElements", asked)["dataElements"]}


def _named(field: str) -> str:
    return f"{PROGRAM} - {field}"


def _element(field: str) -> dict[str, Any]:
    return {
        "id": uid_of("element", PROGRAM, field),
        "name": _named(field),
        "shortName": f"tx {field}",
        "valueType": FIELDS[field],
        "domainType": "TRACKER",
        "aggregationType": "NONE",
        "zeroIsSignificant": True,
        "sharing": SHARED,
    }


def _stage() -> dict[str, Any]:
    return {
        "id": uid_of("stage", PROGRAM),
        "name": PROGRAM,
        "program": {"id": uid_of("program", PROGRAM)},
        "sortOrder": 1,
        "sharing": SHARED,
    }


def _program() -> dict[str, Any]:
    return {
        "id": uid_of("program", PROGRAM),
        "name": PROGRAM,
        "shortName": PROGRAM,
        "programType": "WITHOUT_REGISTRATION",
        "sharing": SHARED,
        "programStages": [{"id": uid_of("stage", PROGRAM)}],
    }
