"""Which element and option combo is which item and measure: the configuration met with DHIS2's metadata.

Worked out row by row in plain Python: a country's forms have some hundred elements, and frames as small as
that cost more to join than to walk through.

Forms are found by code, then by name; an option combo by its name within the element's own category
combination, as the form overrides it; nothing by id. What is not found is a finding that says what to do.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import pandas as pd

from countries import Country, Form
from countries.forms import ElementRule
from loaders.described import Metadata, Row, rows
from loaders.findings import Finding, Severity, found
from loaders.frames import TABLES, canonical, empty
from loaders.homes import Homes
from loaders.windows import MONTHS_OF_TYPE, Naming

FIGURES = "figures"
CELLS = ("form", "data_set", "element", "option", "item", "measure", "source", "months", "parts")


@dataclass(frozen=True)
class Mapping:
    """The outcome.

    Attributes:
        cells: one row for each element and option combo that counts (`CELLS`), by the first form that has it;
            `parts` is how many of them are summed to one measure of one item.
        options: `element, option, name` of every option combo that an element has, counted or not.
        attributes: `form, attribute`: the attribute option combos that a form's values may have.
        forms, items, form_items, assignments: canonical frames.
        namings: by form, which window of months the name of one of its periods stands for.
        findings: what could not be resolved.
    """

    cells: pd.DataFrame
    options: pd.DataFrame
    attributes: pd.DataFrame
    forms: pd.DataFrame
    items: pd.DataFrame
    form_items: pd.DataFrame
    assignments: pd.DataFrame
    namings: dict[str, Naming]
    findings: tuple[Finding, ...]

    @cached_property
    def homes(self) -> Homes:
        """Which form each unit reports an item in."""
        return Homes(self.form_items, self.assignments)

    @cached_property
    def estimates(self) -> frozenset[str]:
        """The forms that hold estimates of populations: of these no report is expected, nor counted."""
        return frozenset(self.items.loc[self.items["kind"] == "population", "form"])

    @property
    def fingerprint(self) -> str:
        """Changes when the same stored value would be read as something else, or more of it be kept."""
        frames = (self.cells, self.forms, self.form_items, self.items[["id", "kind"]])
        kept = [list(TABLES[table]) for table in ("values", "parts", "reports")]
        texts = [*(frame.to_csv(index=False) for frame in frames), repr(self.namings), repr(kept)]
        return sha256("\n".join(texts).encode()).hexdigest()[:16]


def resolve(country: Country, metadata: Metadata, role: str = FIGURES) -> Mapping:
    """Find what a country configures in the metadata of a DHIS2.

    Args:
        country: its forms of the given role.
        metadata: what DHIS2 has.
        role: "figures" for what is pulled; "store" for the form that stores write to.
    """
    findings: list[Finding] = []
    resolved = [
        _Resolved(form, data_set, metadata, findings)
        for form in country.forms
        if form.role == role and (data_set := _data_set(form, metadata.data_sets, findings)) is not None
    ]
    every = [cell for r in resolved for cell in r.cells()]
    cells = _once(every, findings)
    return Mapping(
        cells=pd.DataFrame(cells, columns=list(CELLS)),
        options=_options(metadata),
        attributes=_attributes(resolved),
        forms=canonical("forms", pd.DataFrame([r.row() for r in resolved])) if resolved else empty("forms"),
        items=_items(country, cells, metadata, {form.key: form for form in country.forms}),
        form_items=_form_items(every, resolved),
        assignments=_assignments(resolved, metadata),
        namings={r.form.key: r.naming for r in resolved},
        findings=tuple(findings),
    )


def data_sets_of(country: Country, data_sets: pd.DataFrame, role: str = FIGURES) -> list[str]:
    """Ids of the data sets that a country's forms are, as `resolve` finds them.

    Args:
        country: its forms of the given role.
        data_sets: as `Metadata.data_sets`.
        role: as for `resolve`.
    """
    wanted = [form for form in country.forms if form.role == role]
    rows = [_data_set(form, data_sets, []) for form in wanted]
    return [row["id"] for row in rows if row is not None]


def find(frame: pd.DataFrame, named: str) -> pd.Series | None:
    """The row with this code, else with this name, else None."""
    for column in ("code", "name"):
        texts = frame[column].tolist()
        if named in texts:
            return frame.iloc[texts.index(named)]
    return None


def _data_set(form: Form, data_sets: pd.DataFrame, findings: list[Finding]) -> Any:
    row = find(data_sets, form.data_set)
    if row is None:
        there = ", ".join(sorted(data_sets["name"])) or "-"
        findings.append(found("error", "form_absent", "form", form.key, data_set=form.data_set, there=there))
    elif row["period_type"] not in MONTHS_OF_TYPE:
        about = {
            "data_set": row["name"],
            "period_type": row["period_type"],
            "known": ", ".join(MONTHS_OF_TYPE),
        }
        findings.append(found("error", "form_period", "form", form.key, **about))
        return None
    return row


@dataclass(frozen=True)
class _Resolved:
    """One configured form and the data set it was found to be."""

    form: Form
    data_set: Any
    metadata: Metadata
    findings: list[Finding]

    @property
    def naming(self) -> Naming:
        named, said = MONTHS_OF_TYPE[self.data_set["period_type"]], self.form.window
        if said is None:
            return Naming(named, named)
        return Naming(named, said.months, said.begins, said.named_by == "last")

    @property
    def months(self) -> int:
        return self.naming.months

    def row(self) -> dict[str, Any]:
        return {
            "form": self.form.key,
            "data_set": self.data_set["id"],
            "name": self.data_set["name"],
            "source": self.form.source,
            "months": self.months,
            "timely_days": self.data_set["timely_days"],
        }

    def attributes(self) -> list[str]:
        """The attribute option combos of the form; DHIS2's default one where it has no attributes."""
        return list(self.metadata.options_of.get(self.data_set["category_combo"], {}))

    def cells(self) -> list[Row]:
        form, data_set = self.form, self.data_set["id"]
        about = {"form": form.key, "data_set": data_set, "source": form.source, "months": self.months}
        cells = [
            {**cell, "item": cell["element"], **about}
            for element in self.metadata.elements_of(data_set)
            for cell in self._of(element)
        ]
        parts = Counter((cell["item"], cell["measure"]) for cell in cells)
        if not cells:
            self._find("error", "form_meaningless")
        each = len(self.attributes())
        return [cell | {"parts": each * parts[cell["item"], cell["measure"]]} for cell in cells]

    def _of(self, element: Row) -> list[Row]:
        combos = self.metadata.options_of.get(element["category_combo"], {})
        if self.form.elements:
            rule = _rule(self.form.elements, element)
            if rule is None:
                self._find("note", "element_without_rule", element=element["name"])
                return []
            names = dict.fromkeys(combos.values(), rule.measure)
        else:
            names = dict(self.form.measures)
            self._lacking(element, names, set(combos.values()))
        if not combos:
            self._find("error", "element_without_options", element=element["name"])
        return [
            {"element": element["id"], "option": combo, "measure": names[name]}
            for combo, name in combos.items()
            if name in names
        ]

    def _lacking(self, element: Row, names: dict[str, str], there: set[str]) -> None:
        lacking = [name for name in names if name not in there]
        if lacking and there:
            said = {"lacking": ", ".join(map(repr, lacking)), "there": ", ".join(map(repr, sorted(there)))}
            self._find("error", "option_absent", element=element["name"], **said)

    def _find(self, severity: Severity, code: str, **arguments: object) -> None:
        self.findings.append(found(severity, code, "form", self.data_set["name"], **arguments))


def _rule(rules: tuple[ElementRule, ...], element: Row) -> ElementRule | None:
    return next((rule for rule in rules if rule.fits(element["code"], element["name"])), None)


def _once(cells: list[Row], findings: list[Finding]) -> list[Row]:
    """Each cell once, as the first form that has it reads it: a value must not count twice."""
    first: dict[tuple[str, str], Row] = {}
    other: dict[tuple[str, str], None] = {}
    for cell in cells:
        if first.setdefault((cell["element"], cell["option"]), cell)["measure"] != cell["measure"]:
            other[cell["element"], cell["form"]] = None
    for element, form in other:
        findings.append(found("warning", "element_elsewhere", "form", form, element=element))
    return list(first.values())


def _form_items(cells: list[Row], resolved: list[_Resolved]) -> pd.DataFrame:
    """Which form asks for which item, over which windows; the forms in the order of the configuration."""
    begins = {r.form.key: r.naming.begins for r in resolved}
    asked = dict.fromkeys((cell["form"], cell["item"], cell["months"]) for cell in cells)
    found = [(form, item, months, begins[form]) for form, item, months in asked]
    frame = pd.DataFrame(found, columns=["form", "item", "months", "begins"])
    return canonical("form_items", frame) if found else empty("form_items")


def _options(metadata: Metadata) -> pd.DataFrame:
    own = rows(metadata.elements, "id", "category_combo")
    of_forms = rows(metadata.data_set_elements, "data_element", "category_combo")
    names: dict[tuple[str, str], str] = {}
    for element, combination in dict.fromkeys([*own, *of_forms]):
        for option, name in metadata.options_of.get(combination, {}).items():
            names.setdefault((element, option), name)
    named = [(element, option, name) for (element, option), name in names.items()]
    return pd.DataFrame(named, columns=["element", "option", "name"], dtype="str")


def _items(country: Country, cells: list[Row], metadata: Metadata, forms: dict[str, Form]) -> pd.DataFrame:
    of_element = {cell["element"]: forms[cell["form"]] for cell in cells}
    items = [_item(country, form, metadata.element_of[element]) for element, form in of_element.items()]
    return canonical("items", pd.DataFrame(items)) if items else empty("items")


def _item(country: Country, form: Form, element: Row) -> Row:
    code = element["code"] or element["id"]
    known, rule = country.items.get(code), _rule(form.elements, element)
    return {
        "id": element["id"],
        "code": code,
        "name": known.name[country.languages[0]] if known else element["name"],
        "kind": rule.kind if rule else form.kind,
        "form": form.key,
        "programme": form.programme or None,
        "unit": (known.unit[country.languages[0]] or None) if known else None,
        "pack_size": known.pack_size if known else 1.0,
        "source": form.source,
    }


def _assignments(resolved: list[_Resolved], metadata: Metadata) -> pd.DataFrame:
    units: dict[str, list[str]] = {}
    for data_set, unit in rows(metadata.data_set_units, "data_set", "org_unit"):
        units.setdefault(data_set, []).append(unit)
    pairs = [(r.form.key, unit) for r in resolved for unit in units.get(r.data_set["id"], [])]
    frame = pd.DataFrame(pairs, columns=["form", "org_unit"])
    return canonical("assignments", frame) if pairs else empty("assignments")


def _attributes(resolved: list[_Resolved]) -> pd.DataFrame:
    pairs = [(r.form.key, attribute) for r in resolved for attribute in r.attributes()]
    return pd.DataFrame(pairs, columns=["form", "attribute"], dtype="str")
