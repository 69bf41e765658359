"""Which element and option combo is which item and measure: the configuration met with DHIS2's metadata.

Forms are found by code, then by name; an option combo by its name within the element's own category
combination, as the form overrides it; nothing by id. What is not found is a finding that says what to do.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import pandas as pd

from countries import Country, Form
from countries.configuration import ElementRule
from loaders.findings import Finding, Severity, found
from loaders.frames import canonical, empty
from loaders.windows import MONTHS_OF_TYPE

FIGURES = "figures"
Row = dict[Hashable, Any]
CELLS = ("form", "data_set", "element", "option", "item", "measure", "source", "months", "parts")


@dataclass(frozen=True)
class Metadata:
    """What DHIS2 says of its forms, as frames.

    Attributes:
        data_sets: `id, code, name, period_type, timely_days, open_future_periods, category_combo`.
        data_set_elements: `data_set, data_element, category_combo` (the form's own combination of the
        element). data_set_units: `data_set, org_unit`. elements: `id, code, name, value_type,
        aggregation_type, zero_is_significant, category_combo`. option_combos: `id, name, category_combo`.
    """

    data_sets: pd.DataFrame
    data_set_elements: pd.DataFrame
    data_set_units: pd.DataFrame
    elements: pd.DataFrame
    option_combos: pd.DataFrame

    @cached_property
    def options_of(self) -> dict[str, dict[str, str]]:
        """Category combination -> id -> name of its option combos."""
        found: dict[str, dict[str, str]] = {}
        columns = (self.option_combos[name].tolist() for name in ("category_combo", "id", "name"))
        for combination, option, name in zip(*columns, strict=True):
            found.setdefault(combination, {})[option] = name
        return found


@dataclass(frozen=True)
class Mapping:
    """The outcome.

    Attributes:
        cells: one row for each element and option combo that counts (`CELLS`); `parts` is how many of them
        are
            summed to one measure of one item.
        options: `element, option, name` of every option combo that an element has, counted or not.
        attributes: `form, attribute`: the attribute option combos that a form's values may have.
        forms, items, assignments: canonical frames.
        findings: what could not be resolved.
    """

    cells: pd.DataFrame
    options: pd.DataFrame
    attributes: pd.DataFrame
    forms: pd.DataFrame
    items: pd.DataFrame
    assignments: pd.DataFrame
    findings: tuple[Finding, ...]

    @property
    def fingerprint(self) -> str:
        """Changes when the same stored value would be read as something else."""
        texts = [self.cells.to_csv(index=False), self.forms.to_csv(index=False)]
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
    cells = _once(
        pd.concat([r.cells() for r in resolved]) if resolved else pd.DataFrame(columns=list(CELLS)), findings
    )
    return Mapping(
        cells=cells,
        options=_options(metadata),
        attributes=_attributes(resolved),
        forms=canonical("forms", pd.DataFrame([r.row() for r in resolved])) if resolved else empty("forms"),
        items=_items(country, cells, metadata, {form.key: form for form in country.forms}),
        assignments=_assignments(resolved, metadata),
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
        rows = frame.loc[frame[column] == named]
        if len(rows):
            return rows.iloc[0]
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
    def months(self) -> int:
        return MONTHS_OF_TYPE[self.data_set["period_type"]]

    def row(self) -> dict[str, Any]:
        return {
            "form": self.form.key,
            "data_set": self.data_set["id"],
            "name": self.data_set["name"],
            "source": self.form.source,
            "months": self.months,
            "timely_days": self.data_set["timely_days"],
        }

    def elements(self) -> pd.DataFrame:
        """The form's elements with the combination that holds in this form."""
        of_form = self.metadata.data_set_elements
        of_form = of_form.loc[of_form["data_set"] == self.data_set["id"]]
        both: pd.DataFrame = of_form.merge(
            self.metadata.elements, left_on="data_element", right_on="id", suffixes=("_form", "")
        )
        both["category_combo"] = both["category_combo_form"].fillna(both["category_combo"])
        return both

    def attributes(self) -> list[str]:
        """The attribute option combos of the form; DHIS2's default one where it has no attributes."""
        return list(self.metadata.options_of.get(self.data_set["category_combo"], {}))

    def cells(self) -> pd.DataFrame:
        rows = [row for element in self.elements().to_dict("records") for row in self._of(element)]
        frame = pd.DataFrame(rows, columns=["element", "option", "measure"])
        about = {
            "form": self.form.key,
            "data_set": self.data_set["id"],
            "source": self.form.source,
            "months": self.months,
        }
        frame = frame.assign(item=frame["element"], **about)
        frame["parts"] = frame.groupby(["item", "measure"])["option"].transform("size") * len(
            self.attributes()
        )
        if frame.empty:
            self._find("error", "form_meaningless")
        return frame[list(CELLS)]

    def _of(self, element: Row) -> Iterable[dict[str, Any]]:
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
    code = element["code"] if isinstance(element["code"], str) else None
    return next((rule for rule in rules if rule.fits(code, element["name"])), None)


def _once(cells: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Each element belongs to the first form that has it: a value must not count twice."""
    owner = cells.groupby("element")["form"].transform("first")
    for element, form in cells.loc[cells["form"] != owner, ["element", "form"]].drop_duplicates().to_numpy():
        findings.append(found("note", "element_elsewhere", "form", form, element=element))
    return cells.loc[cells["form"] == owner].reset_index(drop=True)


def _options(metadata: Metadata) -> pd.DataFrame:
    used = pd.concat(
        [
            metadata.elements[["id", "category_combo"]].rename(columns={"id": "element"}),
            metadata.data_set_elements[["data_element", "category_combo"]].rename(
                columns={"data_element": "element"}
            ),
        ]
    ).dropna()
    both = used.drop_duplicates().merge(metadata.option_combos, on="category_combo")
    return both.rename(columns={"id": "option"})[["element", "option", "name"]].drop_duplicates(
        ["element", "option"]
    )


def _items(country: Country, cells: pd.DataFrame, metadata: Metadata, forms: dict[str, Form]) -> pd.DataFrame:
    if cells.empty:
        return empty("items")
    used = cells.drop_duplicates("element").merge(metadata.elements, left_on="element", right_on="id")
    rows = []
    for element in used.to_dict("records"):
        code = element["code"] if isinstance(element["code"], str) else element["id"]
        form, known, language = forms[element["form"]], country.items.get(code), country.languages[0]
        rule = _rule(form.elements, element)
        rows.append(
            {
                "id": element["id"],
                "code": code,
                "name": known.name[language] if known else element["name"],
                "kind": rule.kind if rule else form.kind,
                "form": form.key,
                "programme": form.programme or None,
                "unit": (known.unit[language] or None) if known else None,
                "pack_size": known.pack_size if known else 1.0,
                "source": form.source,
            }
        )
    return canonical("items", pd.DataFrame(rows))


def _assignments(resolved: list[_Resolved], metadata: Metadata) -> pd.DataFrame:
    keys = pd.DataFrame([(r.data_set["id"], r.form.key) for r in resolved], columns=["data_set", "form"])
    both = keys.merge(metadata.data_set_units, on="data_set")
    return canonical("assignments", both) if len(both) else empty("assignments")


def _attributes(resolved: list[_Resolved]) -> pd.DataFrame:
    pairs = [(r.form.key, attribute) for r in resolved for attribute in r.attributes()]
    return pd.DataFrame(pairs, columns=["form", "attribute"], dtype="str")
