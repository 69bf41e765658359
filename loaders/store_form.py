"""The form that stores write to, found in DHIS2: its cells, and what it lets be written.

Everything is found by code or name: public copies of this very form carry the same options under exchanged
ids. The behaviour behind the checks is DHIS2's own (Web API 2.40 to 2.43).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loaders.errors import SourceError

if TYPE_CHECKING:
    from loaders.dhis2 import Client

Cell = tuple[str, str]
"""An item (the id of its data element) and a measure: consumed, closing or ordered."""

FORM_FIELDS = (
    "id,code,name,periodType,openFuturePeriods,expiryDays,access[data[write]],"
    "dataSetElements[categoryCombo[id,name,categoryOptionCombos[id,name]],"
    "dataElement[id,code,name,zeroIsSignificant,"
    "categoryCombo[id,name,categoryOptionCombos[id,name]]]]"
)


@dataclass(frozen=True)
class FormNames:
    """What a country calls its stores' form: its code or name, and the option that each measure is."""

    data_set: str
    measures: Mapping[str, str]


@dataclass(frozen=True)
class StoreForm:
    """The form as DHIS2 has it.

    Attributes:
        id: of the data set.
        name: of the data set.
        open_future: `openFuturePeriods`; 0 means that the present month is closed.
        expires: whether months expire.
        writable: whether the account may write to it.
        cells: the element and the option combo of each item and measure.
        zeros_kept: the items of which a zero is stored.
        codes: of the items; the id where one has none.
    """

    id: str
    name: str
    open_future: int
    expires: bool
    writable: bool
    cells: Mapping[Cell, tuple[str, str]]
    zeros_kept: frozenset[str]
    codes: Mapping[str, str]

    def cell_of(self) -> dict[tuple[str, str], Cell]:
        """The item and measure of each element and option combo."""
        return {place: cell for cell, place in self.cells.items()}


def find_form(client: Client, names: FormNames) -> StoreForm:
    """The stores' form, found by its code, else by its name; its columns by the names of their options.

    Raises:
        SourceError: it is absent or ambiguous, or an element lacks a column or has two of one name.
    """
    return _form(told_form(client, names), names)


def told_form(client: Client, names: FormNames) -> dict[str, Any]:
    """The form as DHIS2 tells it.

    Raises:
        SourceError: it is absent or ambiguous.
    """
    found: list[dict[str, Any]] = []
    for field in ("code", "name"):
        told = client.get(
            "/api/dataSets",
            [("filter", f"{field}:eq:{names.data_set}"), ("fields", FORM_FIELDS), ("paging", "false")],
        )
        found = found or told.get("dataSets", [])
    if len(found) != 1:
        what = "No data set has" if not found else f"{len(found)} data sets have"
        raise SourceError(
            f"{what} the code or name {names.data_set!r} among those that this account may read.",
            "Correct data_set in country.toml, rename one of them, or let the account read it.",
        )
    return found[0]


def _form(told: Mapping[str, Any], names: FormNames) -> StoreForm:
    if told["periodType"] != "Monthly":
        what = f"Data set {told['name']!r} is {told['periodType']}."
        raise SourceError(what, "Stores write to a monthly one: name it in country.toml.")
    cells: dict[Cell, tuple[str, str]] = {}
    zeros, codes = set(), {}
    for entry in told.get("dataSetElements", []):
        element = entry["dataElement"]
        codes[element["id"]] = element.get("code") or element["id"]
        combination = entry.get("categoryCombo") or element["categoryCombo"]
        for name, measure in names.measures.items():
            cells[element["id"], measure] = (element["id"], _option(element, combination, name))
        if element.get("zeroIsSignificant"):
            zeros.add(element["id"])
    return StoreForm(
        id=told["id"],
        name=told["name"],
        open_future=int(told.get("openFuturePeriods") or 0),
        expires=float(told.get("expiryDays") or 0) > 0,
        writable=bool(told.get("access", {}).get("data", {}).get("write", True)),
        cells=cells,
        zeros_kept=frozenset(zeros),
        codes=codes,
    )


def _option(element: Mapping[str, Any], combination: Mapping[str, Any], name: str) -> str:
    """The option combo of this name; case and spaces at the ends do not count."""
    options = combination.get("categoryOptionCombos", [])
    fitting = [each["id"] for each in options if each["name"].strip().lower() == name.strip().lower()]
    if len(fitting) == 1:
        return str(fitting[0])
    there = ", ".join(sorted(repr(each["name"]) for each in options)) or "none"
    many = f"{len(fitting)} option combos" if fitting else "no option combo"
    raise SourceError(
        f"Element {element['name']!r} has {many} named {name!r} in its category combination; it has {there}.",
        "Correct [forms.measures] in country.toml or the category options in DHIS2, and run 'Update category "
        "option combinations' in its Data Administration.",
    )
