"""`GET /api/v1/transfers`: what stores of a place could give to each other, as JSON or CSV."""

from typing import Any

import pandas as pd
from flask import Flask, Response, jsonify, request

from accounts import Person
from dashboard import i18n
from dashboard.api.answering import answered
from dashboard.api.answers import as_csv, records
from dashboard.api.asking import checked, month_in, one_of
from dashboard.api.compare import as_attachment
from dashboard.logistics import LogisticsDesk
from dashboard.programme import Programme, ProgrammeAddress, look
from dashboard.questions import NotInScopeError
from dashboard.transfers import Proposal, proposal

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
        return as_attachment(
            as_csv(table), "text/csv", f"transfers-{programme.unit['id']}-{programme.month}.csv"
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
    }


def named(programme: Programme, transfers: pd.DataFrame) -> pd.DataFrame:
    """Transfers with the names of products, stores and their districts, as people call them."""
    holding, language = programme.desk.figures.holding(), i18n.language()
    items = programme.desk.figures.country.items
    above = holding.units["parent"]

    def place(ids: pd.Series) -> list[str]:
        return [holding.names[str(each)] for each in ids]

    def district(ids: pd.Series) -> list[str]:
        return [holding.names.get(str(above[each]), "") for each in ids]

    return transfers.assign(
        item_name=[items[each].name[language] if each in items else each for each in transfers["item"]],
        donor_name=place(transfers["donor"]),
        donor_district=district(transfers["donor"]),
        receiver_name=place(transfers["receiver"]),
        receiver_district=district(transfers["receiver"]),
    )
