"""`/api/audits/dataValue`: what values were before they changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from demo.api.metadata import positive
from demo.store import Object
from demo.web import Refusal, answer, flag, several, store

blueprint = Blueprint("audits", __name__)
AUDIT_COLUMNS = {"de": "de", "pe": "pe", "ou": "ou", "co": "coc", "cc": "aoc", "auditType": "type"}
KINDS = ("CREATE", "UPDATE", "DELETE", "READ", "SEARCH")
NEWEST_FIRST = "SELECT * FROM audits ORDER BY created DESC, id DESC"


@blueprint.get("/api/audits/dataValue")
def audits() -> Response:
    """Returns what changed in values, newest first: the values before, by whom and when."""
    for kind in several("auditType"):
        if kind.upper() not in KINDS:
            raise Refusal(400, f"Value '{kind}' is not valid for parameter auditType")
    found = [row for row in store().execute(NEWEST_FIRST) if _is_meant(row)]
    body: Object = {}
    if flag("paging", True):
        page, size = positive("page", 1), positive("pageSize", 50)
        pages = max(1, -(-len(found) // size))
        body["pager"] = {"page": page, "total": len(found), "pageSize": size, "pageCount": pages}
        found = found[(page - 1) * size : page * size]
    return answer({**body, "dataValueAudits": [_audit(row) for row in found]})


def _is_meant(row: Any) -> bool:
    chosen = {column: several(name) for name, column in AUDIT_COLUMNS.items()}
    sets = [d for uid in several("ds") if (d := store().get("dataSets", uid))]
    elements = [part["dataElement"]["id"] for d in sets for part in d.get("dataSetElements", ())]
    chosen["de"] = [*chosen["de"], *elements]
    return all(not wanted or row[column] in wanted for column, wanted in chosen.items())


def _audit(row: Any) -> Object:
    return {
        "created": row["created"],
        "modifiedBy": row["modified_by"],
        "auditType": row["type"],
        "value": row["value"],
        "period": {"id": row["pe"]},
        "organisationUnit": {"id": row["ou"]},
        "attributeOptionCombo": {"id": row["aoc"]},
        "categoryOptionCombo": {"id": row["coc"]},
        "dataElement": {"id": row["de"]},
    }
