"""The page's own tables as sheets of a workbook: what stands below the charts, and whose movement it is."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from accounts.scope import Scope
from dashboard.address import Address, month_name
from dashboard.i18n import t
from dashboard.pages.compare_programme import programme
from dashboard.pages.compare_story import movements
from dashboard.pages.compare_table import table
from dashboard.pages.compare_view import Asked, ask
from dashboard.queries import Figures

SHOWN, CHANGE = "Shown", "Change"
# What the rows are ordered by: figures from the largest down, as the page does; names up.
SORTED_BY = {
    "service": "service_value",
    "commodity": "commodity_value",
    "stock": "stock_value",
    "months": "months_value",
    "disagreement": "two_sort",
}


def sheets_shown(figures: Figures, search: str, scope: Scope) -> dict[str, pd.DataFrame]:
    """The sheets of what an address of Compare shows, by name; those that would be empty are left out.

    Raises:
        QuestionError: one of its kinds says what is wrong and what to do.
    """
    asked = ask(figures, figures.country, Address.read(search), scope)
    sheets = {SHOWN: rows_below(asked), CHANGE: changes(asked)}
    return {name: rows for name, rows in sheets.items() if len(rows)}


def rows_below(asked: Asked) -> pd.DataFrame:
    """The rows of table, multiples, map or programme, as they are worked out for the page, in its order."""
    reading = asked.reading
    shown = programme(reading, asked.others) if asked.others else table(reading)
    rows = shown["rows"] if asked.others else _ordered(shown["rows"], reading.address.sort)
    of_pairs = (t("compare.pair"), "name"), (t("take.services_in"), "service_unit")
    named = of_pairs if asked.others else ((t("compare.place"), "name"),)
    units = ((t("take.commodities_in"), "commodity_unit"),) if asked.others else ()
    columns: dict[str, list[Any]] = {t("compare.period"): [reading.label for _ in rows]}
    columns |= {heading: [row[key] for row in rows] for heading, key in (*named, *units)}
    service = t("compare.services") if asked.others else reading.unit("service")
    commodity = t("compare.commodities") if asked.others else reading.unit("commodity")
    columns[service] = [row["service_value"] for row in rows]
    columns[commodity] = [row["commodity_value"] for row in rows]
    columns[t("compare.column_stock")] = [row["stock_value"] for row in rows]
    columns[t("compare.column_months")] = [row["months_value"] for row in rows]
    columns[t("compare.column_out")] = [row["status"]["text"] for row in rows]
    columns[t("compare.column_overlap")] = [" · ".join(row["overlap"]) for row in rows]
    columns[t("together.column")] = [_two(row["two"]) for row in rows]
    return pd.DataFrame(columns)


def _two(said: dict[str, Any]) -> str:
    return " · ".join(str(said[name]) for name in ("text", "more") if said.get(name))


def _ordered(rows: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    """Rows in the order of the address; what is not known stays last, whichever way it goes."""
    key, turned = sort.removeprefix("-"), sort.startswith("-")
    if key == "size":
        return rows[::-1] if turned else rows
    if key == "name":
        return sorted(rows, key=lambda row: str(row["name"]).casefold(), reverse=turned)
    name = SORTED_BY[key]
    known = [row for row in rows if row[name] is not None]
    unknown = [row for row in rows if row[name] is None]
    return [*sorted(known, key=lambda row: row[name], reverse=not turned), *unknown]


def changes(asked: Asked) -> pd.DataFrame:
    """The change of each side in the period looked at, part by part, with the columns of `compare/change`."""
    found = list(_changes(asked))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _changes(asked: Asked) -> Iterator[pd.DataFrame]:
    for movement, place in movements(asked.reading, asked.answer):
        if movement is None or movement.found.reference == "none":
            continue
        about = {
            "side": movement.side,
            "measure": movement.measure,
            "unit": place.name,
            "month": month_name(movement.month),
            "reference": movement.found.reference,
            "before": movement.found.before,
            "after": movement.found.after,
        }
        rows = movement.rows()
        yield pd.concat([pd.DataFrame(about, index=rows.index), rows], axis=1)
