"""What the stores' form says lately of every store, for those that keep no book of movements here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from countries import Country
from loaders.batch import moments
from loaders.chunks import ValueQuery
from loaders.errors import SourceError
from loaders.findings import Finding, found
from loaders.frames import canonical, empty
from loaders.mapping import resolve

if TYPE_CHECKING:
    from loaders.dhis2 import Client
    from loaders.pull import Source
    from loaders.snapshot_writer import Writer

MONTHS = 4
"""The present month and those before it: enough for a balance and what is used in a month."""
WANTED = ("consumed", "closing")
COLUMNS = ("dataelement", "period", "orgunit", "categoryoptioncombo", "value", "lastupdated")


def store_values(
    client: Client, source: Source, country: Country
) -> tuple[pd.DataFrame | None, list[Finding]]:
    """Consumption and End balance of the last months at all stores, as `store_values` of `loaders.frames`.

    Args:
        client: the DHIS2.
        source: what is known of it.
        country: names the form.

    Returns:
        The frame, and what went wrong: the frame is None where DHIS2 did not answer, so that what was known
        before stays.
    """
    stores = resolve(country, source.metadata, role="store")
    forms = tuple(stores.forms["data_set"].astype(str))
    if not forms:
        return empty("store_values"), []
    today = source.system.time.date()
    query = ValueQuery(forms, first_day(today, MONTHS - 1), date(today.year + 1, 1, 31), source.roots)
    try:
        raw = client.all_values(query, source.shape)
    except SourceError as problem:
        told = {"problem": problem.what, "remedy": problem.remedy}
        return None, [found("warning", "store_values_unread", "form", **told)]
    return kept(raw, stores.cells), []


def keep_store_values(writer: Writer, client: Client, source: Source, country: Country) -> list[Finding]:
    """Write the table of a version that is being made; gives what went wrong."""
    frame, problems = store_values(client, source, country)
    if frame is not None:
        writer.replace_if_changed("store_values", frame)
    return problems


def kept(raw: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Raw values of the stores' form as `store_values`.

    Args:
        raw: as `loaders.values.to_frame` gives them.
        cells: which option of which element is which measure: ``item, measure, option``.
    """
    rows = raw.loc[:, list(COLUMNS)].astype(dict.fromkeys(COLUMNS[:4], "str"))
    wanted = cells.loc[cells["measure"].isin(WANTED), ["item", "option", "measure"]].astype("str")
    named = rows.merge(
        wanted, left_on=["dataelement", "categoryoptioncombo"], right_on=["item", "option"], how="inner"
    )
    values = pd.to_numeric(named["value"], errors="coerce")
    months = pd.to_numeric(named["period"], errors="coerce")
    frame = pd.DataFrame(
        {
            "org_unit": named["orgunit"],
            "item": named["item"],
            "measure": named["measure"],
            "month": months,
            "value": values,
            "updated_at": moments(named["lastupdated"]),
        }
    )
    whole = frame.loc[values.notna() & months.notna()].sort_values(["org_unit", "item", "measure", "month"])
    return canonical("store_values", whole.reset_index(drop=True))


def first_day(today: date, months: int) -> date:
    """The first day of the month so many months before that of a day.

    Example:
        >>> first_day(date(2026, 2, 17), 3)
        datetime.date(2025, 11, 1)
    """
    number = today.year * 12 + today.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
