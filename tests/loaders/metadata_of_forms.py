"""Builders: a small DHIS2's metadata as frames, and raw data values as its CSV gives them."""

from typing import Any

import pandas as pd

from countries.configuration import Country
from countries.forms import ElementRule, Form
from countries.reading import Words
from loaders.described import Metadata
from loaders.values import COLUMNS

NOTHING = Words({"en": ""})
UNITS = ("north", "south", "shut")


def a_country(*forms: Form) -> Country:
    """A country with these forms and nothing else."""
    return Country("test", NOTHING, "UTC", ("en",), NOTHING, (), forms, {}, {}, {}, {})


def a_stock_form(**changes: Any) -> Form:
    """A form of commodities, two measures."""
    about = {"key": "stock", "data_set": "STOCK", "kind": "commodity", "source": "LMIS", "programme": ""}
    rest = {"role": "figures", "measures": {"Used": "consumed", "Left": "closing"}, "elements": ()}
    return Form(**about | rest | changes)


def a_care_form(**changes: Any) -> Form:
    """A form of services, told by rules on elements' codes."""
    rules = (ElementRule("SVC_*", "service", "count"),)
    about = {
        "key": "care",
        "data_set": "Care",
        "kind": "service",
        "source": "HMIS",
        "programme": "",
        "measures": {},
    }
    return Form(**about | {"role": "figures", "elements": rules} | changes)


TABLES = {
    "data_sets": (
        ("id", "code", "name", "period_type", "category_combo", "open_future_periods", "timely_days"),
        ("dsS", "STOCK", "Stock of the month", "Monthly", "cc0", 1, 15.0),
        ("dsC", None, "Care", "Monthly", "cc0", 1, 15.0),
    ),
    "data_set_elements": (
        ("data_set", "data_element", "category_combo"),
        ("dsS", "pill", None),
        ("dsS", "iud", None),
        ("dsC", "seen", None),
    ),
    "data_set_units": (
        ("data_set", "org_unit"),
        ("dsS", "north"),
        ("dsS", "south"),
        ("dsC", "north"),
    ),
    "elements": (
        ("id", "code", "name", "category_combo", "zero_is_significant"),
        ("pill", "P1", "Pill", "ccS", True),
        ("iud", "P2", "IUD", "ccS", True),
        ("seen", "SVC_SEEN", "Seen", "ccA", True),
    ),
    "option_combos": (
        ("id", "name", "category_combo"),
        ("left", "Left", "ccS"),
        ("used", "Used", "ccS"),
        ("spoilt", "Spoilt", "ccS"),
        ("young", "< 5", "ccA"),
        ("old", "5 +", "ccA"),
        ("dflt", "default", "cc0"),
    ),
}
"""Two forms: monthly stock with options, monthly care by age; `shut` has neither. Names, then rows."""


def metadata(**changes: pd.DataFrame) -> Metadata:
    """The metadata of the two forms, some tables of it replaced."""
    frames = {name: pd.DataFrame(rows, columns=list(columns)) for name, (columns, *rows) in TABLES.items()}
    return Metadata(**frames | changes)


def raw_value(**changes: Any) -> dict[str, Any]:
    """One row of DHIS2's CSV of values."""
    row = {"dataelement": "pill", "period": "201901", "orgunit": "north", "categoryoptioncombo": "used"}
    row |= {
        "attributeoptioncombo": "dflt",
        "value": "3",
        "storedby": "ama",
        "comment": None,
        "followup": False,
    }
    return row | {"lastupdated": "2019-02-03T10:00:00.000+0000", "deleted": False} | changes


def raw_values(*rows: dict[str, Any]) -> pd.DataFrame:
    """Rows of DHIS2's CSV as the client reads them."""
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS))
    texts = [name for name in COLUMNS if name not in ("value", "followup", "deleted")]
    return frame.astype(
        dict.fromkeys(texts, "category") | {"value": "str", "followup": bool, "deleted": bool}
    )
