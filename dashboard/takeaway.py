"""What is taken away with rows: what was asked, from which reports, and what every figure means."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from accounts.scope import Scope
from countries import Country
from dashboard import i18n
from dashboard.address import month_name
from dashboard.definitions import meaning
from dashboard.i18n import t
from dashboard.queries import Answer, Figures
from dashboard.questions import NotInScopeError, Question
from indicators.definitions import BY_ID, Definition, of_measure
from indicators.measures import COMMODITY, SERVICE, SERVICE_REPORT
from indicators.ratio_rows import RATIO
from ledger.words import Annotation

PATH = "/api/v1/compare"
PARAMETERS = (
    "unit", "pair", "from", "to", "grain", "children", "group", "above", "format", "part", "lang",
    "at", "view", "sort", "by", "scale", "show",
)  # fmt: skip
"""Where rows are taken away, and what can be asked of them there."""
COLUMNS = ("part", "id", "name", "text")
SERVICE_SIDES = (SERVICE, SERVICE_REPORT)
ALWAYS = ("reports", "imputed")
OF_BOTH_SIDES = ("overlap", "months_of_stock")
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
        sheets: what else a workbook holds, by the name of its sheet.
    """

    rows: pd.DataFrame
    notes: pd.DataFrame
    sheets: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def answers_shown(figures: Figures, question: Question, scope: Scope, pairs: bool) -> list[Answer]:
    """The answer to a question and, where the page shows all pairs of the programme, those of the others.

    The others are of the place alone; those that the asker may not read are left out.

    Raises:
        QuestionError: one of its kinds says what is wrong and what to do.
    """
    answers = [figures.compare(question, scope)]
    programme = figures.pair(question.pair).programme
    others = [each.id for each in figures.pairs() if each.programme == programme and each.id != question.pair]
    for other in others if pairs else ():
        try:
            answers.append(figures.compare(replace(question, pair=other, children=False), scope))
        except NotInScopeError:
            continue
    return answers


def rows_shown(figures: Figures, answers: Sequence[Answer], above: bool) -> pd.DataFrame:
    """The rows of some answers, each with its pair.

    With `above` those of the unit that reports a place's services for it too, as on the page.
    """
    found = [_rows(figures, each, above).assign(pair=each.question.pair) for each in answers]
    return found[0] if len(found) == 1 else pd.concat(found, ignore_index=True)


def _rows(figures: Figures, answer: Answer, above: bool) -> pd.DataFrame:
    rows = figures.rows(answer)
    found = answer.comparison.absences.get(SERVICE) if above else None
    absence = found[0] if found else None
    if absence is None or absence.code != "reported_above" or not absence.reported_by:
        return rows
    question = replace(answer.question, unit=absence.reported_by, children=False, group=None)
    other = figures.compare(question, answer.scope)
    more = figures.rows(other)
    return pd.concat([more[more["side"].isin(SERVICE_SIDES)], rows], ignore_index=True)


def file_name(answer: Answer) -> str:
    """A name for a file of these rows, in letters that every system takes."""
    asked = answer.comparison.units[0]
    unit = in_plain_letters(answer.holding.records[asked]["name"]) or asked
    return f"{answer.question.pair}-{unit}-{answer.question.first}-{answer.question.last}".lower()


def in_plain_letters(name: str) -> str:
    """A name as a part of a file's name: letters and digits that every system takes, hyphens between them."""
    plain = unicodedata.normalize("NFKD", name)  # é is e and an accent
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-")


def take(
    answers: Sequence[Answer],
    rows: pd.DataFrame,
    country: Country,
    link: str,
    remarks: Sequence[Annotation] = (),
) -> Taken:
    """Rows with their notes, in the reader's language.

    Args:
        answers: what the rows are of; the first is of what was asked.
        rows: what is taken away.
        country: names of pairs, families and items.
        link: the address that gives the same rows again; empty where there is none.
        remarks: what people wrote on the place, its pair and the units above.
    """
    notes = [*_asked(answers, country, link), *_sources(answers[0], rows, country), *_items(rows, country)]
    notes += [("state", state, state, _said(key)) for state, key in STATES.items()]
    notes += [("remark", str(month_name(each.month)), each.author, each.text) for each in remarks]
    notes += _definitions(rows)
    return Taken(rows, pd.DataFrame(notes, columns=COLUMNS))


def _said(key: str) -> str:
    return t(key)


def _asked(answers: Sequence[Answer], country: Country, link: str) -> list[Note]:
    answer, pairs = answers[0], [country.pairs[each.question.pair] for each in answers]
    question, unit = answer.question, answer.units.iloc[0]
    parts = {
        "pair": (t("compare.pair"), ", ".join(f"{pair.name[i18n.language()]} ({pair.id})" for pair in pairs)),
        "unit": (t("compare.place"), _unit(unit)),
        "from": (t("compare.from"), str(month_name(question.first))),
        "to": (t("compare.to"), str(month_name(question.last))),
        "grain": (t("compare.grain"), _grain(question.grain)),
        "children": (t("take.children"), t("take.yes") if question.children else t("take.no")),
        "group": (t("take.group"), _group(answer) or t("take.no_group")),
    }
    notes = [("asked", name, called, says) for name, (called, says) in parts.items()]
    if answer.totals_only:
        notes.append(("asked", "totals_only", t("take.totals_only"), t("compare.totals_only")))
    for each in answer.left_out:
        notes.append(("asked", "left_out", each.name, t("compare.left_out", form=each.name)))
    return [*notes, ("asked", "link", t("take.link"), link)] if link else notes


def _group(answer: Answer) -> str:
    """The group that the figures are restricted to, by name and id; empty for none."""
    group = answer.question.group
    name = answer.holding.groups.get(group or "", group)
    return "" if not group else f"{name} ({group})" if name != group else group


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
    more += [RATIO] if RATIO in set(pairs["measure"]) else []
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
    if definition.id == RATIO:
        return t("take.in_rows_measure", measure=RATIO)
    if not definition.measure:
        return t("take.worked_out")
    return t("take.in_rows", side=definition.side, measure=definition.measure)
