"""`GET /api/v1/indicators`: an indicator of a unit and its children, by product, family or set of tracers."""

from collections.abc import Mapping

from flask import Flask, Response, jsonify, request

from accounts import Person
from dashboard.api.answering import answered
from dashboard.api.asking import checked, month_in, one_of, yes
from dashboard.api.compare import WORKBOOK, as_attachment
from dashboard.logistics import Asked, LogisticsDesk, Told, rows, subject_of
from dashboard.questions import BadQuestionError
from dashboard.row_files import MOST_ROWS, as_csv, as_xlsx, records
from indicators.registered import REGISTERED
from indicators.service_coverage import COVERAGE

PATH = "/api/v1/indicators"
PARAMETERS = ("id", "unit", "from", "to", "grain", "children", "group", "item", "format", "lang")
FORMATS = ("json", "csv", "xlsx")


def install(server: Flask, desk: LogisticsDesk) -> None:
    """Add the route to the server."""

    def indicators() -> Response:
        return answered(lambda person: _told(desk, request.args, person))

    server.add_url_rule(PATH, "api_indicators", indicators, methods=["GET"])


def _told(desk: LogisticsDesk, parameters: Mapping[str, str], person: Person) -> Response:
    checked(parameters, PARAMETERS, needed=("id", "unit"))
    wanted = one_of(parameters, "format", FORMATS)
    told = desk.ask(parameters["id"], asked(desk, parameters), person.scope)
    return _as(told, wanted)


def asked(desk: LogisticsDesk, parameters: Mapping[str, str]) -> Asked:
    """The question in a query string; without `item` it is of every product that the country compares.

    Of coverage it is then of every service that has a target.

    Raises:
        BadQuestionError: a parameter cannot be read.
    """
    country, holding = desk.figures.country, desk.figures.holding()
    names = (
        (parameters.get("item") or "").split(",") if parameters.get("item") else _all(desk, parameters["id"])
    )
    return Asked(
        unit=parameters["unit"],
        subjects=tuple(subject_of(country, holding, name.strip()) for name in dict.fromkeys(names)),
        first=month_in(parameters, "from"),
        last=month_in(parameters, "to"),
        grain=parameters.get("grain") or "month",
        children=yes(parameters, "children"),
        group=parameters.get("group") or None,
    )


def _all(desk: LogisticsDesk, indicator: str) -> list[str]:
    """What an indicator is asked of where nothing is named.

    Raises:
        BadQuestionError: it is coverage, and no target is configured.
    """
    registry = desk.figures.holding().registry
    if indicator in REGISTERED and registry:
        return [each.id for each in registry.subjects()]
    if indicator != COVERAGE:
        return [code for code in products(desk) if code in desk.figures.holding().forms_of]
    if not desk.rules.targets:
        what = "This country has no coverage of services: no population is configured."
        raise BadQuestionError("id", what, "Add a form of kind population and [[coverage]] to country.toml.")
    return list(desk.rules.targets)


def products(desk: LogisticsDesk) -> tuple[str, ...]:
    """The products of the country's pairs, by code, in its order."""
    pairs = desk.figures.country.pairs.values()
    return tuple(dict.fromkeys(code for pair in pairs for code in pair.commodities))


def _as(told: Told, wanted: str) -> Response:
    table = rows(told)
    name = f"{told.answer.id}-{told.answer.units[0]}"
    if wanted == "csv":
        return as_attachment(as_csv(table), "text/csv", f"{name}.csv")
    if wanted == "xlsx":
        if len(table) > MOST_ROWS:
            what = f"A sheet of Excel takes {MOST_ROWS:,} rows; these are {len(table):,}."
            raise BadQuestionError("format", what, "Ask for fewer months or products, or for CSV.")
        return as_attachment(as_xlsx(table), WORKBOOK, f"{name}.xlsx")
    body = {
        "version": told.holding.version,
        "as_of": told.holding.as_of.isoformat(),
        "left_out": [{"form": each.form, "name": each.name} for each in told.left_out],
        "rows": records(table),
    }
    return jsonify(body)
