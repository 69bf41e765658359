"""`/api/dataValueSets`: values read in bulk as JSON or CSV, and imported in bulk."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, request

from demo.periods import parse
from demo.schemes import Schemes
from demo.store import Object
from demo.users import within
from demo.value_export import Wanted, csv_lines, json_objects, since
from demo.web import (
    JSON,
    NO_STORE,
    Refusal,
    answer_format,
    current_user,
    dialect,
    flag,
    several,
    store,
)

blueprint = Blueprint("data_value_sets", __name__)
CSV = "application/csv;charset=UTF-8"
OFFERED = ("application/json", "application/csv", "text/csv", "application/xml")
NO_ITEM = "At least one data element, data set or data element group must be specified"
NO_PERIOD = "At least one period, start/end dates, last updated or last updated duration must be specified"
NO_UNIT = "At least one organisation unit or organisation unit group must be specified"


@blueprint.get("/api/dataValueSets")
def export() -> Response:
    """Streams the values asked for; outside one's view it is 200 with an empty body, as in DHIS2."""
    kind = answer_format()
    if kind not in ("json", "csv"):
        raise Refusal(406, f"The demonstration exports values as json and csv, not as {kind}")
    schemes = Schemes(request.args.to_dict(), "input")
    sets, units = _found(schemes, "dataSet"), _found(schemes, "orgUnit")
    wanted = _wanted(schemes, sets, units)
    allowed = _may_read(sets, units)
    parts = _document(wanted, kind, sets, units) if allowed else iter(())
    return _packed(parts, kind)


def _found(schemes: Schemes, thing: str) -> list[Object]:
    find = schemes.finder(store(), thing)
    return [found for name in several(thing) if (found := find(name))]


def _wanted(schemes: Schemes, sets: list[Object], units: list[Object]) -> Wanted:
    """Reads the request; what it lacks is refused with the code of the last thing missing, as DHIS2 does."""
    elements = _elements(schemes, sets)
    groups = [g for uid in several("orgUnitGroup") if (g := store().get("organisationUnitGroups", uid))]
    moment, between = _changed_since(), _between()
    _validate(bool(sets) or elements is not None, moment, between, units, groups)
    asked = _units(units, groups)
    return Wanted(
        elements=elements,
        periods=_periods() or None,
        between=between,
        units=None if len(asked) == len(store().metadata.get("organisationUnits", {})) else asked,
        attributes={found["id"] for found in _found(schemes, "attributeOptionCombo")} or None,
        changed_since=moment,
        deleted=flag("includeDeleted"),
        limit=_limit(),
        schemes=Schemes(request.args.to_dict()),
        dialect=dialect(),
    )


def _limit() -> int | None:
    text = request.args.get("limit")
    try:
        return int(text) if text else None
    except ValueError:
        raise Refusal(400, f"Value '{text}' is not valid for parameter limit") from None


def _validate(
    items: bool, moment: str | None, between: Any, units: list[Object], groups: list[Object]
) -> None:
    duration, limit = request.args.get("lastUpdatedDuration"), _limit() or 0
    dated = bool(_periods()) or between is not None
    since_alone = moment is not None and not dated and dialect() >= 43
    rules = (
        (not items, "E2001", NO_ITEM),
        (since_alone or not (dated or moment or duration), "E2002", NO_PERIOD),
        (between is not None and between[0] > between[1], "E2004", "Start date must be before end date"),
        (bool(duration) and moment is None, "E2005", f"Duration is not valid: `{duration}`"),
        (not units and not groups, "E2006", NO_UNIT),
        (
            flag("children") and bool(groups),
            "E2007",
            "Organisation unit children cannot be included for organisation unit groups",
        ),
        (
            flag("children") and not units,
            "E2008",
            "At least one organisation unit must be specified when children are included",
        ),
        (limit < 0, "E2009", f"Limit cannot be less than zero: `{limit}`"),
    )
    broken = [(code, message) for is_broken, code, message in rules if is_broken]
    if broken:
        raise Refusal(409, broken[-1][1], broken[-1][0])


def _periods() -> set[str]:
    return {period.iso for text in several("period") if (period := parse(text))}


def _elements(schemes: Schemes, sets: list[Object]) -> set[str] | None:
    groups = _found(schemes, "dataElementGroup")
    if groups:
        return {e["id"] for g in groups for e in g.get("dataElements", ())}
    chosen = {part["dataElement"]["id"] for d in sets for part in d.get("dataSetElements", ())}
    chosen |= {e["id"] for e in _found(schemes, "dataElement")}
    return chosen if sets or chosen else None


def _units(units: list[Object], groups: list[Object]) -> set[str]:
    chosen = {u["id"] for u in units} | {u["id"] for g in groups for u in g.get("organisationUnits", ())}
    if flag("children"):
        roots = tuple(u["path"] for u in units)
        chosen |= {
            i for i, u in store().metadata.get("organisationUnits", {}).items() if within(u["path"], roots)
        }
    return chosen


def _changed_since() -> str | None:
    given, duration = request.args.get("lastUpdated"), request.args.get("lastUpdatedDuration")
    if given:
        try:
            return (
                datetime.fromisoformat(given.replace("Z", ""))
                .replace(tzinfo=None)
                .isoformat(timespec="milliseconds")
            )
        except ValueError:
            raise Refusal(400, f"Value '{given}' is not valid for parameter lastUpdated", "E1003") from None
    return since(duration, store().clock.now()) if duration else None


def _between() -> tuple[date, date] | None:
    start, end = request.args.get("startDate"), request.args.get("endDate")
    if not start or not end or several("period"):  # periods asked for make the dates void
        return None
    try:
        return date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    except ValueError as problem:
        raise Refusal(
            400, f"Value is not valid for parameter startDate or endDate: {problem}", "E1003"
        ) from None


def _may_read(sets: list[Object], units: list[Object]) -> bool:
    user = current_user()
    return all(user.may("dataSets", d, "data_read") for d in sets) and all(
        user.sees(u["path"]) for u in units
    )


def _document(wanted: Wanted, kind: str, sets: list[Object], units: list[Object]) -> Iterator[str]:
    kept = store()
    if kind == "csv":
        yield from csv_lines(kept, wanted)
        return
    yield _head(wanted, sets, units)
    for i, block in enumerate(json_objects(kept, wanted)):
        yield "," + block if i else block
    yield "]}"


def _head(wanted: Wanted, sets: list[Object], units: list[Object]) -> str:
    head: Object = {}
    if len(sets) == 1 and len(units) == 1 and wanted.periods and len(wanted.periods) == 1:
        period = next(iter(wanted.periods))
        row = (
            store()
            .execute(
                "SELECT created FROM registrations WHERE ds = ? AND pe = ? AND ou = ? AND completed",
                (sets[0]["id"], period, units[0]["id"]),
            )
            .fetchone()
        )
        names = {
            thing: wanted.schemes.namer(store(), thing)(found["id"])
            for thing, found in (("dataSet", sets[0]), ("orgUnit", units[0]))
        }
        complete = f"{row['created']}+0000" if row else None
        head = {
            "dataSet": names["dataSet"],
            "completeDate": complete,
            "period": period,
            "orgUnit": names["orgUnit"],
        }
        if wanted.dialect >= 43:
            del head["completeDate"]
    return (
        json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
        + (',"' if head else '"')
        + 'dataValues":['
    )


def _packed(parts: Iterator[str], kind: str) -> Response:
    """Streams the parts: as they are, or as a .gz or .zip file when `compression` asks for it."""
    compression = request.args.get("compression") or request.environ.get("demo.packed") or "none"
    pieces = (part.encode() for part in parts)
    name = request.args.get("attachment") or ""
    shown = name
    if compression in ("gzip", "gz"):
        pieces, shown = _gzipped(pieces), f"{_bare(name, kind)}.{kind}.gz"
    elif compression == "zip":
        pieces, shown = _zipped(pieces, f"{_bare(name, kind)}.{kind}"), f"{_bare(name, kind)}.{kind}.zip"
    response = Response(_at_least_nothing(pieces), content_type=CSV if kind == "csv" else JSON)
    response.headers["Cache-Control"] = NO_STORE
    if shown or dialect() >= 43:
        shown = shown or f"dataValues.{kind}"
        response.headers["Content-Disposition"] = f"attachment; filename={shown}"
        response.headers["Content-Transfer-Encoding"] = "binary"
    return response


def _at_least_nothing(pieces: Iterator[bytes]) -> Any:
    first = next(pieces, None)
    if first is None:
        return b""
    return _joined(first, pieces)


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """Joins small pieces, so that few of them travel."""
    waiting, size = [first], len(first)
    for piece in rest:
        waiting.append(piece)
        size += len(piece)
        if size > 256 * 1024:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _bare(name: str, kind: str) -> str:
    for suffix in (".gz", ".zip", f".{kind}"):
        name = name.removesuffix(suffix)
    return name or "dataValues"


def _gzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def _zipped(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(name, b"".join(pieces))
    yield out.getvalue()
