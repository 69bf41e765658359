"""`/api/analytics/outlierDetection`: outliers among the values of the analytics tables."""

from __future__ import annotations

from datetime import date

import numpy as np
from flask import Blueprint, Response, request

from demo.analytics.answer import grid, header
from demo.analytics.rounding import as_text, halves_up
from demo.analytics.table import Table
from demo.api.analytics import current_table, reader
from demo.api.outliers import Search, judge, search_asked
from demo.outlier_scores import Scores, modified_z_scores, numbered, z_scores
from demo.web import Refusal, answer, current_user, dialect, requires, several, store

ORDERS = {
    "absdev": "ABS_DEV",
    "zscore": "Z_SCORE",
    "modifiedzscore": "MODIFIED_Z_SCORE",
    "median": "MEDIAN",
    "mean": "MEAN",
    "stddev": "STD_DEV",
    "medianabsdeviation": "MEDIAN_ABS_DEV",
    "lowerbound": "LOWER_BOUND",
    "upperbound": "UPPER_BOUND",
    "value": "VALUE",
}
HEADS = (
    ("dx", "Data"),
    ("dxname", "Data name"),
    ("pe", "Period"),
    ("pename", "Period name"),
    ("ou", "Organisation unit"),
    ("ouname", "Organisation unit name"),
    ("ounamehierarchy", "Organisation unit name hierarchy"),
    ("coc", "Category option combo"),
    ("cocname", "Category option combo name"),
    ("aoc", "Attribute option combo"),
    ("aocname", "Attribute option combo name"),
)
PLAIN = (
    ("value", "Value"),
    ("mean", "Mean"),
    ("stddev", "Standard deviation"),
    ("absdev", "Absolute deviation"),
    ("zscore", "Z-score"),
    ("lowerbound", "Lower boundary"),
    ("upperbound", "Upper boundary"),
)
MODIFIED = (
    ("value", "Value"),
    ("median", "Median"),
    ("medianabsdeviation", "Median absolute deviation"),
    ("absdev", "Absolute deviation"),
    ("modifiedzscore", "Modified Z-score"),
    ("lowerbound", "Lower boundary"),
    ("upperbound", "Upper boundary"),
)

blueprint = Blueprint("analytics_outliers", __name__)


@blueprint.get("/api/analytics/outlierDetection")
@requires("F_RUN_VALIDATION")
def detect_in_tables() -> Response:
    """Finds outliers among the values of the analytics tables; 2.40 does not know this address."""
    if dialect() < 41:
        raise Refusal(404, f"No static resource {request.path.lstrip('/')}.")
    search = search_asked()
    units = reader().dimension("ou", several("ou")) if several("ou") else None
    span = reader().dimension("pe", several("pe")) if several("pe") else None
    dates = (
        [(item.thing.start, item.thing.end) for item in span.items] if span else [(search.start, search.end)]
    )
    search = Search(
        search.elements,
        [i.id for i in units.items] if units else [],
        dates[0][0],
        dates[0][1],
        search.threshold,
        search.most,
        search.window,
    )
    judge(search)
    algorithm = request.args.get("algorithm", "Z_SCORE")
    if algorithm not in ("Z_SCORE", "MODIFIED_Z_SCORE", "MIN_MAX"):
        raise Refusal(400, f"Value '{algorithm}' is not valid for parameter algorithm")
    if algorithm == "MIN_MAX":
        raise Refusal(409, "Analytics outlier detection knows Z_SCORE and MODIFIED_Z_SCORE only", "E2211")
    for unit in search.units:
        if current_user().view and not current_user().sees(store().get("organisationUnits", unit)["path"]):
            message = f"User: `{current_user().username}` is not allowed to view org unit: `{unit}`"
            raise Refusal(409, message, "E7120")
    return _table_answer(search, algorithm, [(a, b) for a, b in dates if a and b])


def _table_answer(search: Search, algorithm: str, dates: list[tuple[date, date]]) -> Response:
    order = request.args.get("orderBy", "absdev").lower()
    heads = PLAIN if algorithm == "Z_SCORE" else MODIFIED
    figures = [name for name, _ in heads]
    if order not in ORDERS:
        raise Refusal(409, f"orderBy {order!r} is none of {', '.join(ORDERS)}", "E7181")
    found = [entry for element in search.elements for entry in _of_element(search, element, algorithm, dates)]
    place = figures.index(order) if order in figures else figures.index("absdev")
    upwards = request.args.get("sortOrder", "DESC").upper() == "ASC"
    found.sort(key=lambda entry: entry[1][place] if upwards else -entry[1][place])
    rows = [[*texts, *(as_text(halves_up(n, 2)) for n in numbers)] for texts, numbers in found[: search.most]]
    kinds = [*(header(*head) for head in HEADS), *(header(*head, "NUMBER") for head in heads)]
    told = {
        "algorithm": algorithm,
        "threshold": search.threshold,
        "orderBy": ORDERS[order],
        "maxResults": search.most,
        "count": len(rows),
    }
    return answer(grid(kinds, rows, told))


def _of_element(
    search: Search, element: str, algorithm: str, dates: list[tuple[date, date]]
) -> list[tuple[list[str], list[float]]]:
    table = current_table()
    rows = table.rows(element, zeros=True)
    series = numbered(rows.position, rows.combo, rows.attribute)
    scores: Scores = (z_scores if algorithm == "Z_SCORE" else modified_z_scores)(rows.value, series)
    timely = np.zeros(len(table.periods), bool)
    for start, end in dates:
        timely |= (table.starts >= np.datetime64(start)) & (table.ends <= np.datetime64(end))
    inside = table.tree.inside(search.units)
    flagged = (
        table.kept(element) & (scores.score >= search.threshold) & timely[rows.period] & inside[rows.position]
    )
    low, high = scores.bounds(search.threshold)
    found, chosen = [], np.flatnonzero(flagged)
    for i in chosen[np.argsort(table.starts[rows.period[chosen]], kind="stable")]:
        away = abs(rows.value[i] - scores.middle[i])
        numbers = [rows.value[i], scores.middle[i], scores.spread[i], away, scores.score[i], low[i], high[i]]
        combos = [table.combos[rows.combo[i]], table.combos[rows.attribute[i]]]
        found.append(
            (
                _texts(table, element, int(rows.position[i]), int(rows.period[i]), combos),
                [float(n) for n in numbers],
            )
        )
    return found


def _texts(table: Table, element: str, position: int, period: int, combos: list[str]) -> list[str]:
    units, names = store().all("organisationUnits"), store().all("categoryOptionCombos")
    unit = units[table.tree.ids[position]]
    chain = " / ".join(units[uid]["name"] for uid in unit["path"].strip("/").split("/"))
    when = table.periods[period]
    return [
        element,
        store().get("dataElements", element)["name"],
        when.iso,
        when.name,
        unit["id"],
        unit["name"],
        chain,
        combos[0],
        names[combos[0]]["name"],
        combos[1],
        names[combos[1]]["name"],
    ]
