"""`GET /api/v1/store/UNIT/movements` and `/figures`: what happened at a store, and what it adds up to."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from flask import Flask, Response, jsonify, request

from accounts import Person
from dashboard.api.answering import answered
from dashboard.api.asking import checked, month_in
from dashboard.questions import BadQuestionError
from dashboard.stores import Catalogue, StoreDesk
from ledger.device_clocks import day_of
from ledger.figures import monthly, number_of_day
from ledger.history import MOST, Wanted, history
from ledger.places import KINDS, SERVER_KINDS

MOVEMENTS, FIGURES = "/api/v1/store/<unit>/movements", "/api/v1/store/<unit>/figures"
PARAMETERS = ("item", "kind", "from", "to", "recipient", "text", "before", "limit", "lang")
LONGEST_TEXT, USUAL = 100, 100
BETWEEN = "_"  # the two parts of a cursor; neither rank nor id holds it


def install(server: Flask, desk: StoreDesk) -> None:
    """Add the routes to the server."""

    def movements(unit: str) -> Response:
        return answered(lambda person: _movements(desk, unit, person))

    def figures(unit: str) -> Response:
        return answered(lambda person: _figures(desk, unit, person))

    server.add_url_rule(MOVEMENTS, "api_store_movements", movements, methods=["GET"])
    server.add_url_rule(FIGURES, "api_store_figures", figures, methods=["GET"])


def _movements(desk: StoreDesk, unit: str, person: Person) -> Response:
    checked(request.args, PARAMETERS, needed=())
    store, known = desk.store(unit, person), desk.catalogue()
    wanted = wanted_of(request.args, known)
    rows = history(desk.database, store.id, wanted)
    last = rows[-1] if len(rows) == wanted.limit else None
    cursor = f"{last['rank']}{BETWEEN}{last['id']}" if last else None
    return jsonify({"movements": [_told(row, desk, known) for row in rows], "next": cursor})


def _figures(desk: StoreDesk, unit: str, person: Person) -> Response:
    checked(request.args, ("from", "to", "lang"), needed=())
    store = desk.store(unit, person)
    present = day_of(desk.movements.now(), desk.zone) // 100
    last = month_in(request.args, "to") or present
    first = month_in(request.args, "from") or last
    if not first <= last <= present:
        what = f"From {first} to {last} is no span of months until the present one, {present}."
        raise BadQuestionError("from", what, "Give a first and a last month that are not in the future.")
    rows = [asdict(each) for each in monthly(desk.database, store.id, first, last)]
    return jsonify({"figures": [row | {"month": _dashed(row["month"])} for row in rows]})


def wanted_of(parameters: Mapping[str, str], known: Catalogue) -> Wanted:
    """Which movements a query string asks for.

    Raises:
        BadQuestionError: a parameter cannot be read.
    """
    return Wanted(
        items=tuple(_item(each, known) for each in _parts(parameters, "item")),
        kinds=tuple(_kind(each) for each in _parts(parameters, "kind")),
        first=_day(parameters, "from") or Wanted.first,
        last=_day(parameters, "to") or Wanted.last,
        recipient=parameters.get("recipient", "")[:LONGEST_TEXT],
        text=parameters.get("text", "")[:LONGEST_TEXT],
        before=_cursor(parameters.get("before", "")),
        limit=_limit(parameters.get("limit", "")),
    )


def _parts(parameters: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in parameters.get(name, "").split(",") if part.strip()]


def _item(name: str, known: Catalogue) -> str:
    if name not in known.items:
        raise BadQuestionError("item", f"There is no commodity {name!r}.", "Name one of the store's form.")
    return known.items[name]


def _kind(name: str) -> str:
    if name not in (*KINDS, *SERVER_KINDS):
        what = f"There is no kind of movement {name!r}."
        raise BadQuestionError("kind", what, f"One of: {', '.join((*KINDS, *SERVER_KINDS))}.")
    return name


def _day(parameters: Mapping[str, str], name: str) -> int | None:
    text = parameters.get(name)
    if not text:
        return None
    try:
        return number_of_day(date.fromisoformat(text))
    except ValueError:
        raise BadQuestionError(name, f"{text!r} is no day.", "Write it as 2026-03-14.") from None


def _cursor(text: str) -> tuple[str, str] | None:
    rank, between, number = text.partition(BETWEEN)
    if text and not between:
        raise BadQuestionError("before", "That is no place to go on from.", "Give `next` of the page before.")
    return (rank, number) if text else None


def _limit(text: str) -> int:
    if not text:
        return USUAL
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= MOST):
        raise BadQuestionError("limit", f"{text!r} is no number from 1 to {MOST}.", "Give one, or none.")
    return int(text)


def _told(row: Mapping[str, Any], desk: StoreDesk, known: Catalogue) -> dict[str, Any]:
    """A row of the history as JSON, its commodity by name."""
    plain = {name: _plain(value) for name, value in row.items() if name != "rank"}
    commodity = known.commodities.get(str(row["item"]))
    day = str(row["day"])
    told = {"item_name": desk.name(commodity) if commodity else row["item"]}
    return plain | told | {"day": f"{day[:4]}-{day[4:6]}-{day[6:]}"}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _dashed(month: int) -> str:
    return f"{month // 100:04}-{month % 100:02}"
