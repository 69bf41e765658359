"""What DHIS2 holds, read the plain way (one uncompressed CSV, pandas), to compare a snapshot with."""

import io
from dataclasses import dataclass
from typing import Any

import pandas as pd
import requests

from countries import Country
from loaders.snapshot import Snapshot

Cells = dict[tuple[str, str, str, str], float]


@dataclass(frozen=True)
class Plain:
    """A DHIS2 as plain requests see it.

    Attributes:
        url: its address.
        account: user and password.
        country: whose forms are read.
    """

    url: str
    account: tuple[str, str]
    country: Country

    def get(self, path: str, **params: Any) -> Any:
        """JSON of a list, all of it."""
        answer = requests.get(
            f"{self.url}/api/{path}", {"paging": "false", **params}, auth=self.account, timeout=120
        )
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Any) -> Any:
        """What DHIS2 answers to a write; 409 is an answer, too."""
        return requests.post(f"{self.url}/api/{path}", json=body, auth=self.account, timeout=120).json()

    def forms(self) -> dict[str, dict[str, Any]]:
        """The data sets of the country's figures by their key."""
        fields = (
            "id,code,name,organisationUnits[id],dataSetElements[dataElement[id,code,name,categoryCombo[id]]]"
        )
        there = self.get("dataSets", fields=fields)["dataSets"]
        found = {}
        for form in self.country.forms:
            if form.role == "figures":
                named = [d for d in there if form.data_set in (d.get("code"), d["name"])]
                found[form.key] = named[0]
        return found

    def root(self) -> str:
        """The top unit."""
        return str(
            self.get("organisationUnits", fields="id", filter="level:eq:1")["organisationUnits"][0]["id"]
        )

    def csv(self) -> pd.DataFrame:
        """All raw values of the forms."""
        params = [("dataSet", form["id"]) for form in self.forms().values()] + [("children", "true")]
        params += [("orgUnit", self.root()), ("startDate", "1970-01-01"), ("endDate", "2040-12-31")]
        answer = requests.get(f"{self.url}/api/dataValueSets.csv", params, auth=self.account, timeout=300)
        answer.raise_for_status()
        return pd.read_csv(io.BytesIO(answer.content), dtype=str, keep_default_na=False)

    def meanings(self) -> dict[tuple[str, str], str]:
        """(element, option combo) -> measure, by names."""
        combos = self.get("categoryOptionCombos", fields="id,name,categoryCombo[id]")["categoryOptionCombos"]
        meanings = {}
        for key, data_set in self.forms().items():
            form = self.country.form(key)
            for element in (entry["dataElement"] for entry in data_set["dataSetElements"]):
                rules = [r.measure for r in form.elements if r.fits(element.get("code"), element["name"])]
                for combo in combos:
                    if combo["categoryCombo"]["id"] == element["categoryCombo"]["id"]:
                        measure = rules[0] if rules else form.measures.get(combo["name"])
                        if measure:
                            meanings[element["id"], combo["id"]] = measure
        return meanings

    def cells(self) -> Cells:
        """What a snapshot must hold: (unit, item, measure, period) -> value."""
        raw, meanings = self.csv(), self.meanings()
        keys = zip(raw["dataelement"], raw["categoryoptioncombo"], strict=True)
        measures = pd.Series([meanings.get(key) for key in keys], index=raw.index, dtype=object)
        kept = raw.loc[measures.notna()]
        names = (kept["orgunit"], kept["dataelement"], measures[kept.index], kept["period"])
        return dict(zip(zip(*names, strict=True), kept["value"].astype(float), strict=True))


def held(snapshot: Snapshot) -> Cells:
    """What a snapshot holds; a key that stands twice is an error."""
    values = snapshot.read("values")
    periods = {
        (int(m), int(n)): _period(int(m), int(n))
        for m, n in set(zip(values["month"], values["months"], strict=True))
    }
    named = [periods[int(m), int(n)] for m, n in zip(values["month"], values["months"], strict=True)]
    texts = [values[name].astype("str") for name in ("org_unit", "item", "measure")]
    cells = dict(zip(zip(*texts, named, strict=True), values["value"], strict=True))
    if len(cells) != len(values):
        raise AssertionError(f"{len(values) - len(cells)} values are held twice")
    return cells


def difference(is_held: Cells, should_be: Cells) -> str:
    """What differs, in one line; empty when nothing does."""
    if is_held == should_be:
        return ""
    lost, extra = should_be.keys() - is_held.keys(), is_held.keys() - should_be.keys()
    wrong = [key for key in should_be.keys() & is_held.keys() if should_be[key] != is_held[key]]
    named = (("lost", sorted(lost)), ("too many", sorted(extra)), ("wrong", wrong))
    return ", ".join(f"{len(keys)} {name} {keys[:2]}" for name, keys in named)


def _period(month: int, months: int) -> str:
    year, number = divmod(month, 100)
    return {1: str(month), 3: f"{year}Q{(number + 2) // 3}", 6: f"{year}S{(number + 5) // 6}", 12: str(year)}[
        months
    ]
