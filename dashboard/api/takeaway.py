"""What is taken away with rows: what was asked, from which reports, and what every figure means."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from countries import Country
from dashboard import i18n
from dashboard.address import month_name
from dashboard.definitions import meaning
from dashboard.i18n import t
from dashboard.queries import Answer, Figures
from indicators.definitions import BY_ID, Definition, of_measure
from indicators.measures import COMMODITY, SERVICE, SERVICE_REPORT
from ledger.words import Annotation

COLUMNS = ("part", "id", "name", "text")
SERVICE_SIDES = (SERVICE, SERVICE_REPORT)
ALWAYS = ("reports", "imputed")
OF_BOTH_SIDES = ("overlap", "ratio", "months_of_stock")
GRAINS = {
    "month": "grain.month",
    "quarter": "grain.quarter",
    "half": "grain.half",
    "year": "grain.year",
    "last3": "take.last_months",
    "last6": "take.last_months",
    "last12": "take.last_months",
}
STATES = {
    "reported": "take.state_reported",
    "zero": "take.state_zero",
    "missing": "take.state_missing",
    "not_applicable": "take.state_not_applicable",
    "imputed": "take.state_imputed",
}
Note = tuple[str, str, str, str]


@dataclass(frozen=True)
class Taken:
    """Rows that leave, and what must go with them.

    Attributes:
        rows: with the columns of `GET /api/v1/compare`.
        notes: `part, id, name, text`: what was asked, sources, states, definitions.
    """

    rows: pd.DataFrame
    notes: pd.DataFrame


def rows_shown(figures: Figures, answer: Answer, above: bool) -> pd.DataFrame:
    """The rows of an answer; with `above` those of the unit that reports its services too, as on the page."""
    rows = figures.rows(answer)
    found = answer.comparison.absences.get(SERVICE) if above else None
    absence = found[0] if found else None
    if absence is None or absence.code != "reported_above" or not absence.reported_by:
        return rows
    question = replace(answer.question, unit=absence.reported_by, children=False, group=None)
    other = figures.compare(question, answer.scope)
    more = figures.rows(other)
    return pd.concat([more[more["side"].isin(SERVICE_SIDES)], rows], ignore_index=True)


def take(
    answer: Answer, rows: pd.DataFrame, country: Country, link: str, remarks: Sequence[Annotation] = ()
) -> Taken:
    """Rows with their notes, in the reader's language.

    Args:
        answer: what the rows are of.
        rows: what is taken away.
        country: names of pairs, families and items.
        link: the address that gives the same rows again; empty where there is none.
        remarks: what people wrote on the place, its pair and the units above.
    """
    notes = [*_asked(answer, country, link), *_sources(answer, rows, country), *_items(rows, country)]
    notes += [("state", state, state, _said(key)) for state, key in STATES.items()]
    notes += [("remark", str(month_name(each.month)), each.author, each.text) for each in remarks]
    notes += _definitions(rows)
    return Taken(rows, pd.DataFrame(notes, columns=COLUMNS))


def _said(key: str) -> str:
    return t(key)


def _asked(answer: Answer, country: Country, link: str) -> list[Note]:
    question, unit = answer.question, answer.units.iloc[0]
    pair = country.pairs[question.pair]
    parts = {
        "pair": (t("compare.pair"), f"{pair.name[i18n.language()]} ({pair.id})"),
        "unit": (t("compare.place"), _unit(unit)),
        "from": (t("compare.from"), str(month_name(question.first))),
        "to": (t("compare.to"), str(month_name(question.last))),
        "grain": (t("compare.grain"), _grain(question.grain)),
        "children": (t("take.children"), t("take.yes") if question.children else t("take.no")),
        "group": (t("take.group"), question.group or t("take.no_group")),
    }
    notes = [("asked", name, called, says) for name, (called, says) in parts.items()]
    if answer.totals_only:
        notes.append(("asked", "totals_only", t("take.totals_only"), t("compare.totals_only")))
    for each in answer.left_out:
        notes.append(("asked", "left_out", each.name, t("compare.left_out", form=each.name)))
    return [*notes, ("asked", "link", t("take.link"), link)] if link else notes


def _unit(unit: "pd.Series[Any]") -> str:
    code = "" if pd.isna(unit["code"]) else f"{unit['code']}, "
    return f"{unit['name']} ({code}{unit['id']})"


def _grain(grain: str) -> str:
    key = GRAINS[grain]
    return t("take.last_months", count=grain[4:]) if key == "take.last_months" else t(key)


def _sources(answer: Answer, rows: pd.DataFrame, country: Country) -> list[Note]:
    names = [each for each in rows["source"].drop_duplicates().astype(str) if each]
    moment = answer.as_of.isoformat()
    notes = [("source", name, name, t("take.as_of", moment=moment)) for name in names]
    notes.append(("source", "version", t("take.version"), str(answer.version)))
    return [*notes, ("source", "credit", t("take.credit"), country.credit[i18n.language()])]


def _items(rows: pd.DataFrame, country: Country) -> list[Note]:
    language, notes = i18n.language(), []
    for code in rows["item"].drop_duplicates().astype(str):
        item, family = country.items.get(code), country.families.get(code.removeprefix("family:"))
        if item:
            unit = item.unit[language]
            notes.append(("item", code, item.name[language], t("take.item_unit", unit=unit) if unit else ""))
        elif family and code.startswith("family:"):
            notes.append(("item", code, family.name[language], ", ".join(family.commodities)))
    return notes


def _definitions(rows: pd.DataFrame) -> list[Note]:
    """The definitions of the measures in the rows, and of what is worked out beside them."""
    pairs = rows[["side", "measure"]].drop_duplicates().astype(str)
    found = [of_measure(side, measure) for side, measure in zip(pairs["side"], pairs["measure"], strict=True)]
    sides = set(pairs["side"])
    more = [*ALWAYS, *(OF_BOTH_SIDES if {SERVICE, COMMODITY} <= sides else ())]
    wanted: list[Definition] = [each for each in found if each] + [BY_ID[name] for name in more]
    notes = []
    for definition in wanted:
        said = meaning(definition)
        notes.append(("definition", definition.id, said.name, _measure(definition)))
        notes += [
            ("definition", f"{definition.id}.{field}", f"{said.name}: {called}", text)
            for field, called, text in said.fields()
        ]
    return notes


def _measure(definition: Definition) -> str:
    if not definition.measure:
        return t("take.worked_out")
    return t("take.in_rows", side=definition.side, measure=definition.measure)
