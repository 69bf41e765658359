"""Which programs, elements and items of a DHIS2 a country's events are, found by their codes and names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from countries.events import EventProgram, Events
from loaders.dhis2 import Client
from loaders.errors import NotPermitted
from loaders.findings import Finding, found

FIELDS = "id,code,name,programStages[programStageDataElements[dataElement[id,code,name]]]"


@dataclass(frozen=True)
class Program:
    """A program of the country in this DHIS2.

    Attributes:
        id: its id.
        name: what it is called there.
        about: as it is configured.
        elements: id of a data element -> what it says ("item", "quantity", ...).
    """

    id: str
    name: str
    about: EventProgram
    elements: Mapping[str, str]


@dataclass(frozen=True)
class Programs:
    """The programs that were found, and what was amiss with the others."""

    found: tuple[Program, ...]
    findings: tuple[Finding, ...]

    def fingerprint(self, events: Events) -> str:
        """Changes when events pulled before would be read differently now."""
        told = [[each.id, sorted(each.elements.items()), repr(each.about)] for each in self.found]
        return sha256(json.dumps([told, repr(events)]).encode()).hexdigest()[:24]


def find_programs(client: Client, events: Events) -> Programs:
    """Look for the programs of a country.

    Args:
        client: the DHIS2.
        events: as they are configured.

    Raises:
        SourceError: DHIS2 could not be read.
    """
    try:
        answer = client.get("/api/programs", (("fields", "id,code,name"), ("paging", "false")))
    except NotPermitted:
        answer = {"programs": []}
    known = {each.get(name): each["id"] for each in answer["programs"] for name in ("name", "code")}
    programs: list[Program] = []
    findings: list[Finding] = []
    for about in events.programs:
        uid = known.get(about.program)
        if uid is None:
            there = ", ".join(sorted(each["name"] for each in answer["programs"])) or "-"
            findings.append(
                found(
                    "warning", "program_absent", "program", about.program, program=about.program, there=there
                )
            )
            continue
        body = client.get(f"/api/programs/{uid}", (("fields", FIELDS),))
        elements = _elements(body, about)
        lacking = [name for name in about.elements if name not in elements.values()]
        if lacking:
            findings.append(_without(about, lacking))
        if not {"item", "quantity"} & set(lacking):
            programs.append(Program(uid, str(body["name"]), about, elements))
    return Programs(tuple(programs), tuple(findings))


def _absent(about: EventProgram, programs: Iterable[Mapping[str, Any]]) -> Finding:
    there = {"program": about.program, "there": ", ".join(sorted(each["name"] for each in programs)) or "-"}
    return found("warning", "program_absent", "program", about.program, **there)


def _without(about: EventProgram, lacking: Iterable[str]) -> Finding:
    elements = ", ".join(about.elements[name] for name in lacking)
    return found(
        "warning",
        "program_element_absent",
        "program",
        about.program,
        program=about.program,
        elements=elements,
    )


def _elements(body: Mapping[str, Any], about: EventProgram) -> dict[str, str]:
    """Ids of the data elements of a program to what the configuration says that they are."""
    wanted = {text: name for name, text in about.elements.items()}
    told: dict[str, str] = {}
    for stage in body.get("programStages", ()):
        for field in stage.get("programStageDataElements", ()):
            element = field["dataElement"]
            name = wanted.get(element.get("code")) or wanted.get(element.get("name"))
            if name:
                told[element["id"]] = name
    return told
