"""`POST /api/dataValueSets`: values imported in bulk, as JSON or CSV, packed or not, at once or as a job."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from dataclasses import dataclass

from flask import Blueprint, Response, request

from demo import jobs, value_import, value_import_43
from demo.import_summary import Summary
from demo.schemes import Schemes
from demo.store import Object, Store
from demo.users import User
from demo.value_rows import Options
from demo.web import Refusal, current_user, dialect, flag, requires, store

blueprint = Blueprint("data_value_imports", __name__)
CSV_COLUMNS = (
    "dataElement",
    "period",
    "orgUnit",
    "categoryOptionCombo",
    "attributeOptionCombo",
    "value",
    "storedBy",
    "lastUpdated",
    "comment",
    "followup",
    "deleted",
)
ACCEPTED = (
    "application/json",
    "application/csv",
    "application/xml",
    "application/adx+xml",
    "text/plain",
    "application/octet-stream",
    "application/gzip",
    "application/x-gzip",
    "application/zip",
    "",
)


STRATEGIES = {"CREATE_AND_UPDATE", "CREATE", "UPDATE", "DELETE", "SYNC", *value_import.STRATEGIES}


@blueprint.post("/api/dataValueSets")
@requires("F_DATAVALUE_ADD")
def receive() -> Response:
    """Imports values: at once, or as a job with `async=true`."""
    media = (request.mimetype or "").lower()
    if media not in ACCEPTED:
        raise Refusal(415, f"Content type '{media}' not supported")
    strategy = request.args.get("importStrategy", "CREATE_AND_UPDATE").upper()
    if strategy not in STRATEGIES:
        raise Refusal(400, f"Value '{strategy}' is not valid for parameter importStrategy", "E1003")
    sent = Sent(
        _unpacked(request.get_data()), media == "application/csv", request.args.to_dict(), current_user()
    )
    kept, minor = store(), dialect()
    if flag("async"):
        told = {"importStrategy": strategy, "async": True}
        return jobs.start("DATAVALUE_IMPORT", lambda _: _import(kept, sent, minor).body(), told)
    return _import(kept, sent, minor).response()


@dataclass(frozen=True)
class Sent:
    """What one request brought: its body, its parameters, and who sent it."""

    data: bytes
    is_csv: bool
    parameters: Object
    user: User

    def body(self) -> Object:
        """Reads the data value set.

        Raises:
            ValueError: it cannot be read.
        """
        body = _csv_body(self.data) if self.is_csv else json.loads(self.data)
        if not isinstance(body, dict):
            raise ValueError("an object with dataValues expected")
        named = {"dataSet": self.parameters["dataSet"]} if "dataSet" in self.parameters else {}
        return {**named, **body}

    def options(self, body: Object, minor: int) -> Options:
        """Returns how the values are to be imported; what the body says beats the parameters."""
        schemes = {k: v for k, v in body.items() if k.endswith("dScheme") and isinstance(v, str)}
        given = {**self.parameters, **schemes}
        asked = str(given.get("importStrategy") or body.get("importStrategy") or "CREATE_AND_UPDATE").upper()
        strict = (
            k for k, v in given.items() if k.startswith(("strict", "require")) and str(v).lower() == "true"
        )
        return Options(
            user=self.user,
            strategy=value_import.STRATEGIES.get(asked, asked),
            dry_run=_is(given, body, "dryRun"),
            skip_audit=_is(given, body, "skipAudit"),
            force=_is(given, body, "force"),
            by_payload=minor < 43,
            schemes=Schemes(given),
            strict=frozenset(strict),
        )


def _import(kept: Store, sent: Sent, minor: int) -> Summary:
    try:
        body = sent.body()
        importer = value_import_43.Import if minor >= 43 else value_import.Import
        return importer(kept, sent.options(body, minor)).run(body)
    except (ValueError, csv.Error) as problem:
        return Summary().abort(f"The import process failed: {problem}")


def _is(given: Object, body: Object, name: str) -> bool:
    return "true" in (str(given.get(name)).lower(), str(body.get(name)).lower())


def _csv_body(data: bytes) -> Object:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:]
    return {
        "dataValues": [
            {name: cell for name, cell in zip(CSV_COLUMNS, row, strict=False) if cell != ""}
            for row in rows
            if row
        ]
    }


def _unpacked(data: bytes) -> bytes:
    """Returns the body, whatever it was packed in: DHIS2 looks at its first bytes."""
    if data[:2] == b"\x1f\x8b":
        return gzip.decompress(data)
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return packed.read(packed.namelist()[0])
    return data
