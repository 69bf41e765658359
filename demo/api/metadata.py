"""Lists and objects of every kind of metadata, one property of an object, and the brief lists called gist."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, request

from demo import fields as language
from demo.fields import Field, Selection
from demo.filters import matcher, ordered, searched
from demo.graph import Graph, graph
from demo.model import KINDS, TARGETS, references
from demo.store import Object
from demo.web import PRIVATE, Refusal, absolute, answer, answer_format, current_user, flag, store

blueprint = Blueprint("metadata", __name__)
KIND = f"<any({', '.join(KINDS)}):kind>"
LIST_FIELDS, OBJECT_FIELDS, CSV_FIELDS = "id,displayName", "*", "id,displayName,created,lastUpdated,code"
PAGE_SIZE = 50
UID = re.compile(r"[a-zA-Z0-9]{11}")
READING_NEEDS = {"users": ("F_USER_VIEW", "F_USER_ADD", "F_USER_DELETE")}


@blueprint.get(f"/api/{KIND}")
def listed(kind: str) -> Response:
    """Lists the objects of one type that the asker may read."""
    return answer_list(kind, readable(kind))


@blueprint.get(f"/api/{KIND}/<uid>")
def one(kind: str, uid: str) -> Response:
    """Returns one object."""
    thing = find(kind, uid)
    return answer(selection().of(kind, thing, asked_fields(OBJECT_FIELDS)), cache=PRIVATE)


@blueprint.get(f"/api/{KIND}/<uid>/<name>")
def one_property(kind: str, uid: str, name: str) -> Response:
    """Returns one property of one object under its name, whole unless `fields` says less; `{}` for none."""
    thing, inner = find(kind, uid), request.args.get("fields") or ":all"
    field = Field(name, language.parse(inner))
    return answer(selection().of(kind, thing, (field,)), cache=PRIVATE)


@blueprint.get(f"/api/{KIND}/gist")
def gist(kind: str) -> Response:
    """Lists objects briefly, a page at a time (1,000 at most)."""
    return _gist(kind, readable(kind), kind)


@blueprint.get(f"/api/{KIND}/<uid>/<name>/gist")
def gist_of_a_collection(kind: str, uid: str, name: str) -> Response:
    """Lists the members of a collection briefly."""
    thing, known = find(kind, uid), graph(store())
    value = known.value(kind, thing, name)
    if name not in TARGETS or value is None:
        raise Refusal(404, f"Property {name} does not exist on {KINDS[kind].klass}", "E1005")
    members = [known.resolve(name, reference)[1] for reference in references(value)]
    return _gist(TARGETS[name], members, name)


def install(app: Flask) -> None:
    """Nothing to make: metadata is part of the store."""


def readable(kind: str) -> list[Object]:
    """Returns the objects of a type that the asker may read.

    Raises:
        Refusal: 403, the type itself is closed to the asker.
    """
    needs, user = READING_NEEDS.get(kind), current_user()
    if needs and not any(user.has(authority) for authority in needs):
        raise Refusal(403, "You don't have the proper permissions to read objects of this type.", "E1006")
    things = list(store().all(kind).values())
    return (
        things
        if user.is_superuser or not KINDS[kind].shareable
        else [t for t in things if user.may(kind, t, "read")]
    )


def find(kind: str, uid: str) -> Object:
    """Returns one object.

    Raises:
        Refusal: 404 when there is none, 403 when the asker may not read it, 405 when UID is no id at all
            (DHIS2 then knows the path for other verbs only).
    """
    if not UID.fullmatch(uid) and request.method == "GET":
        raise Refusal(405, "Request method 'GET' is not supported")
    thing = store().get(kind, uid)
    if thing is None:
        raise Refusal(404, f"{KINDS[kind].title} with id {uid} could not be found.", "E1005")
    needs, user = READING_NEEDS.get(kind), current_user()
    if needs and uid != user.id and not any(user.has(authority) for authority in needs):
        raise Refusal(403, "You don't have the proper permissions to read objects of this type.", "E1006")
    if KINDS[kind].shareable and not user.may(kind, thing, "read"):
        raise Refusal(
            403,
            f"User `{user.name} [{user.id}] (User)` is not allowed to read object "
            f"`{thing.get('name')} [{uid}] ({KINDS[kind].title})`.",
            "E1006",
        )
    return thing


def selection() -> Selection:
    """Returns the chooser of fields for who asks."""
    return Selection(graph(store()), current_user(), lambda kind, uid: absolute(f"/api/{kind}/{uid}"))


def asked_fields(default: str) -> tuple[Field, ...]:
    """Returns the `fields` asked for; several parameters add up."""
    return language.parse(",".join(request.args.getlist("fields")) or default)


def answer_list(kind: str, things: Iterable[Object], key: str | None = None) -> Response:
    """Filters, orders, pages and selects a list as the request asks, and answers it."""
    known = graph(store())
    chosen = _filtered(known, kind, things)
    chosen = ordered(
        known, kind, chosen, [o for text in request.args.getlist("order") for o in text.split(",") if o]
    )
    body, page = {}, chosen
    if flag("paging", True):
        number, size = positive("page", 1), positive("pageSize", PAGE_SIZE)
        page = chosen[(number - 1) * size : number * size]
        body["pager"] = pager(number, size, len(chosen))
    choose, as_csv = selection(), answer_format() == "csv"
    wanted = asked_fields(CSV_FIELDS if as_csv else LIST_FIELDS)
    rows = [choose.of(kind, thing, wanted) for thing in page]
    if as_csv:
        return _csv(rows, wanted)
    body[key or kind] = rows
    return answer(body, cache=PRIVATE)


def pager(page: int, size: int, total: int) -> Object:
    """Returns the pager of a list, with the addresses of the pages before and after."""
    count = max(1, -(-total // size))
    page_shown = min(page, count)
    found: Object = {"page": page_shown, "total": total, "pageSize": size}
    if page_shown > 1:
        found["prevPage"] = _page_address(page_shown - 1)
    if page_shown < count:
        found["nextPage"] = _page_address(page_shown + 1)
    return {**found, "pageCount": count}


def _page_address(page: int) -> str:
    kept = [(k, v) for k, v in request.args.items(multi=True) if k != "page"]
    kept.sort(key=lambda pair: pair[0] != "pageSize")
    return absolute(f"{request.path}?{urlencode([('page', page), *kept])}")


def _filtered(known: Graph, kind: str, things: Iterable[Object]) -> list[Object]:
    either = request.args.get("rootJunction", "AND").upper() == "OR"
    passes = matcher(known, kind, request.args.getlist("filter"), either)
    query = request.args.get("query")
    meant = searched(known, kind, query) if query else (lambda _: True)
    return [thing for thing in things if passes(thing) and meant(thing)]


def positive(name: str, default: int) -> int:
    """Returns a query parameter as a whole number of at least 1.

    Raises:
        Refusal: 400, it is none.
    """
    text = request.args.get(name)
    if text is None or text == "":
        return default
    try:
        return max(1, int(text))
    except ValueError:
        raise Refusal(
            400, f"Value '{text}' is not valid for parameter {name}. It must be of type Integer", "E1003"
        ) from None


def _csv(rows: list[Object], wanted: tuple[Field, ...]) -> Response:
    columns = [f.name for f in wanted if not f.name.startswith(("*", ":")) and not f.dropped] or sorted(
        {name for row in rows for name in row}
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return Response(out.getvalue(), content_type="text/csv;charset=UTF-8")


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return " ".join(str(part.get("id", part)) if isinstance(part, dict) else str(part) for part in value)
    return value.get("id") if isinstance(value, dict) else value


def _gist(kind: str, things: list[Object], key: str) -> Response:
    known = graph(store())
    chosen = ordered(known, kind, _filtered(known, kind, things), request.args.getlist("order"))
    page, size = positive("page", 1), min(positive("pageSize", PAGE_SIZE), 1000)
    choose, wanted = selection(), asked_fields("id,code,name" if "fields" not in request.args else "id")
    rows = [choose.of(kind, t, wanted) for t in chosen[(page - 1) * size : page * size]]
    if flag("headless"):
        return answer(rows, cache=PRIVATE)
    found: Object = {"page": page, "pageSize": size}
    if flag("total") or flag("totalPages"):
        found |= {"total": len(chosen), "pageCount": max(1, -(-len(chosen) // size))}
    if page > 1:
        found["prevPage"] = _page_address(page - 1)
    if page * size < len(chosen):
        found["nextPage"] = _page_address(page + 1)
    return answer({"pager": found, key: rows}, cache=PRIVATE)
