"""Fills a real DHIS2 with a seed folder of the embedded one over its Web API, and puts back what was changed.

The folder's format is that of `demo/README.md`. The days of registrations are taken over; when a value or an
event came is the server's own to say, whatever is sent with it.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import requests

ADMIN = ("admin", "district")
"""The account of every fresh DHIS2."""
TIME_OF_DAY = "T08:00:00.000"
VALUES, EVENTS = 20_000, 500
SPAN = {"startDate": "2000-01-01", "endDate": "2100-01-01"}
STRATEGY = {"async": "false", "importStrategy": "CREATE_AND_UPDATE"}
ORDER = (
    ("organisationUnits", "organisationUnitLevels", "organisationUnitGroups"),
    ("categoryOptions", "categories", "categoryCombos", "categoryOptionCombos"),
    ("dataElements",),
    ("dataSets",),
    ("userRoles",),
    ("users",),
    ("programs", "programStages"),
)
"""What is imported together. DHIS2 2.42 refuses new elements and new forms of them in one import: it looks at
the form before it knows its period type."""
OPEN = {"openFuturePeriods": 12, "expiryDays": 0, "dataInputPeriods": []}
"""Of a form that takes what is put back, whatever months the seed has shut."""
Object = dict[str, Any]
Cell = tuple[str, str, str, str]


class FillingError(Exception):
    """The DHIS2 did not take what it was sent; says what it answered."""


@dataclass
class Filling:
    """A DHIS2 and the seed folder that it is filled from.

    Attributes:
        address: Of the DHIS2, without a slash at its end.
        folder: Of the seed.
    """

    address: str
    folder: Path
    web: requests.Session = field(default_factory=requests.Session)
    _known: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.web.auth = ADMIN

    def everything(self) -> Iterator[str]:
        """Fill the DHIS2 with all of the seed; a line is yielded for each kind of content.

        Raises:
            FillingError: It refused something.
        """
        parts = [{kind: self.metadata[kind] for kind in kinds if kind in self.metadata} for kinds in ORDER]
        told = [self.put_metadata(part)["stats"] for part in parts]
        self.ask("POST", "/api/maintenance/categoryOptionComboUpdate")
        self.web.cookies.clear()  # a session of before knows none of its own user's new units
        forms = self.metadata["dataSets"]
        self.put_metadata({"dataSets": [{**form, **OPEN} for form in forms]})
        created, updated = (sum(each[what] for each in told) for what in ("created", "updated"))
        yield f"metadata: {created:,} objects created, {updated:,} updated"
        yield f"values: {self.put_values(self.values()):,}"
        yield f"registrations: {self._put_registrations():,}"
        self.put_metadata({"dataSets": forms})
        yield f"events: {self._put_events():,}"

    def put_back(self, form: str) -> None:
        """Make the elements, the form of that code, its units and its values again what the seed says."""
        told = next(each for each in self.metadata["dataSets"] if each.get("code") == form)
        elements = {each["dataElement"]["id"] for each in told["dataSetElements"]}
        described = [each for each in self.metadata["dataElements"] if each["id"] in elements]
        self.put_metadata({"dataElements": described})
        self.put_metadata({"dataSets": [{**told, **OPEN}]})
        seeded = {_cell(row): row for row in self.values(elements)}
        top = next(each["id"] for each in self.metadata["organisationUnits"] if not each.get("parent"))
        asked = {"dataSet": told["id"], "orgUnit": top, "children": "true", **SPAN}
        rows = self.ask("GET", "/api/dataValueSets", params=asked).get("dataValues", [])
        held = {_cell(row): row for row in rows}
        kept = {cell for cell, row in held.items() if _same(row, seeded.get(cell))}
        self.put_values((row for cell, row in held.items() if cell not in kept), "DELETE")
        self.put_values(row for cell, row in seeded.items() if cell not in kept)
        self._take_back_completions(asked)
        self._shut_exceptions(told["id"])
        self.put_metadata({"dataSets": [told]})

    def _take_back_completions(self, asked: dict[str, str]) -> None:
        """Make the months incomplete again that the seed does not call complete."""
        path = "/api/completeDataSetRegistrations"
        seeded = {
            (each["dataSet"], each["period"], each["organisationUnit"]) for each in self._registrations()
        }
        for each in self.ask("GET", path, params=asked).get(path.rpartition("/")[2], []):
            place = each["dataSet"], each["period"], each["organisationUnit"]
            if place not in seeded:
                self.ask("DELETE", path, params=dict(zip(("ds", "pe", "ou"), place, strict=True)))

    def _shut_exceptions(self, form: str) -> None:
        """Take back what lets single units write to expired months of a form."""
        asked = {"fields": "period,organisationUnit,dataSet", "paging": "false"}
        for each in self.ask("GET", "/api/lockExceptions", params=asked)["lockExceptions"]:
            if each["dataSet"]["id"] == form:
                place = {"ds": form, "pe": each["period"]["id"], "ou": each["organisationUnit"]["id"]}
                self.ask("DELETE", "/api/lockExceptions", params=place)

    @cached_property
    def metadata(self) -> Object:
        """What is sent as metadata: the seed's, with the passwords of its people."""
        told: Object = json.loads((self.folder / "metadata.json").read_text(encoding="utf-8"))
        people = json.loads((self.folder / "users.json").read_text(encoding="utf-8"))
        passwords = {each["username"]: each["password"] for each in people}
        for user in told.get("users", ()):
            name = user["username"]
            if name != ADMIN[0]:  # which has its own already
                user["password"] = passwords.get(name, f"{name.title()}-1234")
        return told

    def put_metadata(self, metadata: Object) -> Object:
        """Import metadata, all of it or nothing; returns DHIS2's report."""
        answer = self.ask("POST", "/api/metadata", params={**STRATEGY, "atomicMode": "ALL"}, json=metadata)
        report: Object = answer["response"]
        return report

    def values(self, elements: Container[str] | None = None) -> Iterator[Object]:
        """The seed's values as DHIS2 takes them, of all elements or of these."""
        for row in self._rows():
            element = self._ids("dataElements")[row["dataelement"]]
            if elements is not None and element not in elements:
                continue
            yield {
                "dataElement": element,
                "period": row["period"],
                "orgUnit": self._ids("organisationUnits")[row["orgunit"]],
                "categoryOptionCombo": self._options[element, row["categoryoptioncombo"] or "default"],
                "value": row["value"],
                "storedBy": row.get("storedby") or ADMIN[0],
            }

    def put_values(self, rows: Iterable[Object], strategy: str = "CREATE_AND_UPDATE") -> int:
        """Send values, a good many at a time; returns how many DHIS2 took."""
        asked, taken = {"async": "false", "importStrategy": strategy}, 0
        for part in _parts(rows, VALUES):
            told = self.ask("POST", "/api/dataValueSets", params=asked, json={"dataValues": part})
            count = told["response"]["importCount"]
            taken += count["imported"] + count["updated"] + count["deleted"]
        return taken

    def _rows(self) -> Iterator[dict[str, str]]:
        packed = self.folder / "values.csv.gz"
        if packed.exists():
            with gzip.open(packed, "rt", encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file)
        else:
            with (self.folder / "values.csv").open(encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file)

    def _registrations(self) -> list[Object]:
        path = self.folder / "registrations.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8", newline="") as file:
            return [self._registration(row) for row in csv.DictReader(file)]

    def _put_registrations(self) -> int:
        rows = self._registrations()
        body = {"completeDataSetRegistrations": rows}
        self.ask("POST", "/api/completeDataSetRegistrations", params=STRATEGY, json=body)
        return len(rows)

    def _registration(self, row: dict[str, str]) -> Object:
        when, by = row["date"] + TIME_OF_DAY, row.get("storedby") or ADMIN[0]
        place = self._ids("dataSets")[row["dataset"]], self._ids("organisationUnits")[row["orgunit"]]
        return {
            "dataSet": place[0],
            "period": row["period"],
            "organisationUnit": place[1],
            "date": when,
            "lastUpdated": when,
            "storedBy": by,
            "lastUpdatedBy": by,
            "completed": True,
        }

    def _put_events(self) -> int:
        path, sent = self.folder / "events.jsonl.gz", 0
        if not path.exists():
            return 0
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            events = (self._event(json.loads(line)) for line in lines)
            for part in _parts(events, EVENTS):
                asked = {**STRATEGY, "skipRuleEngine": "true"}
                sent += self.ask("POST", "/api/tracker", params=asked, json={"events": part})["stats"][
                    "total"
                ]
        return sent

    def _event(self, told: Object) -> Object:
        program = next(p["id"] for p in self.metadata["programs"] if p["name"] == told["program"])
        stages = self.metadata["programStages"]
        names = self._ids("dataElements")
        values = told["dataValues"].items()
        return {
            **{name: told[name] for name in ("event", "occurredAt", "status", "storedBy")},
            "program": program,
            "programStage": next(s["id"] for s in stages if s["program"]["id"] == program),
            "orgUnit": self._ids("organisationUnits")[told["orgUnit"]],
            "dataValues": [{"dataElement": names[name], "value": str(value)} for name, value in values],
        }

    def _ids(self, kind: str) -> dict[str, str]:
        """The ids of a kind's objects by code, by name and by id."""
        if kind not in self._known:
            known = self._known[kind] = {}
            for key in ("name", "code", "id"):
                known.update({each[key]: each["id"] for each in self.metadata[kind] if each.get(key)})
        return self._known[kind]

    @cached_property
    def _options(self) -> dict[tuple[str, str], str]:
        """The option combo of an element by its name, code or id."""
        fields = "id,name,code,categoryCombo[id]"
        asked = {"fields": fields, "paging": "false"}
        told = self.ask("GET", "/api/categoryOptionCombos", params=asked)["categoryOptionCombos"]
        of: dict[str, dict[str, str]] = {}
        for combo in told:
            names = {combo["name"], combo.get("code") or combo["name"], combo["id"]}
            of.setdefault(combo["categoryCombo"]["id"], {}).update(dict.fromkeys(names, combo["id"]))
        elements = [(each["id"], each["categoryCombo"]["id"]) for each in self.metadata["dataElements"]]
        return {(id_, name): uid for id_, combo in elements for name, uid in of.get(combo, {}).items()}

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """An answer of the DHIS2, its JSON.

        Raises:
            FillingError: It is not one of success.
        """
        answer = self.web.request(method, self.address + path, timeout=600, **more)
        if not answer.ok:
            raise FillingError(f"{method} {path}: {answer.status_code} {answer.text[:1500]}")
        return answer.json() if answer.content and "json" in answer.headers.get("Content-Type", "") else {}


def _same(held: Object, seeded: Object | None) -> bool:
    """Whether a value is the seed's, and nobody marked it or wrote a comment to it."""
    marked = held.get("followup") or held.get("comment")
    return seeded is not None and held["value"] == seeded["value"] and not marked


def _cell(row: Object) -> Cell:
    return row["orgUnit"], row["period"], row["dataElement"], row["categoryOptionCombo"]


def _parts(rows: Iterable[Object], size: int) -> Iterator[list[Object]]:
    rest = iter(rows)
    while part := list(islice(rest, size)):
        yield part
