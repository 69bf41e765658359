"""`GET /api/v1/transfers`: what stores of a place could give to each other, as JSON or CSV."""

from typing import Any

import pandas as pd
from flask import Flask, Response, jsonify, request

from accounts import Person
from dashboard import i18n
from dashboard.address import month_name
from dashboard.api.answering import answered
from dashboard.api.asking import checked, month_in, one_of
from dashboard.api.compare import as_attachment
from dashboard.logistics import LogisticsDesk
from dashboard.programme import Programme, ProgrammeAddress, look
from dashboard.questions import NotInScopeError
from dashboard.row_files import as_csv, records
from dashboard.takeaway import in_plain_letters
from dashboard.transfers import Proposal, named, proposal

PATH = "/api/v1/transfers"
PARAMETERS = ("unit", "programme", "month", "format", "lang")
FORMATS = ("json", "csv")
NAMES = ("item_name", "donor_name", "donor_district", "receiver_name", "receiver_district")


def install(server: Flask, desk: LogisticsDesk) -> None:
    """Add the route to the server."""

    def transfers() -> Response:
        return answered(lambda person: _proposed(desk, person))

    server.add_url_rule(PATH, "api_transfers", transfers, methods=["GET"])


def _proposed(desk: LogisticsDesk, person: Person) -> Response:
    checked(request.args, PARAMETERS, needed=("unit",))
    wanted = one_of(request.args, "format", FORMATS)
    month = month_in(request.args, "month")
    address = ProgrammeAddress(request.args["unit"], request.args.get("programme") or None, month)
    programme = look(desk, address, person.scope)
    if programme.totals_only:
        what = f"The unit {address.unit!r} lies above yours: what its stores hold is not yours to see."
        raise NotInScopeError("unit", what, "Ask for a unit of your own.")
    found = proposal(programme)
    table = named(programme, found.transfers)
    if wanted == "csv":
        place = in_plain_letters(programme.desk.figures.holding().names[str(programme.unit["id"])]).lower()
        return as_attachment(
            as_csv(table), "text/csv", f"transfers-{place}-{month_name(programme.month)}.csv"
        )
    return jsonify(_told(programme, found, table))


def _told(programme: Programme, found: Proposal, table: pd.DataFrame) -> dict[str, Any]:
    holding = programme.desk.figures.holding()
    return {
        "version": holding.version,
        "as_of": holding.as_of.isoformat(),
        "month": programme.month,
        "stores": found.stores,
        "unknown": found.unknown,
        "transfers": records(table),
        "unhelped": _unhelped(programme, found.unhelped),
    }


def _unhelped(programme: Programme, unhelped: pd.DataFrame) -> list[dict[str, Any]]:
    """Who is out of what and given none, a line for each store and reason, with the products' names."""
    holding, language = programme.desk.figures.holding(), i18n.language()
    items = programme.desk.figures.country.items
    said = unhelped.assign(
        item_name=[items[each].name[language] if each in items else each for each in unhelped["item"]],
    )
    return [
        {
            "place": place,
            "name": holding.names[str(place)],
            "used": bool(used),
            "items": list(each["item_name"]),
        }
        for (place, used), each in said.groupby(["place", "used"], sort=False)
    ]
