"""The cells themselves: what a facility wrote on its forms for the month, and which figures a rule doubts."""

from typing import Any

import pandas as pd
import pyarrow.dataset as ds

from dashboard.i18n import month, t
from dashboard.pages.quality_findings import names_of
from dashboard.quality import Quality
from dashboard.quality_words import BOXES, RULE_NAMES, Names, amount, named, said
from indicators.periods import month_number, month_of

View = dict[str, Any]
LONGEST = 6
ORDER = (
    "opening",
    "received",
    "consumed",
    "adjusted",
    "lost",
    "closing",
    "stockout_days",
    "ordered",
    "count",
)


def cells(quality: Quality) -> View:
    """A table for each form of a facility; nothing where there are places below, or for whom it is hidden."""
    if quality.children or quality.totals_only:
        return {"tables": [], "title": "", "note": ""}
    values = _values(quality)
    names = names_of(quality)
    doubted = _doubts(quality, names)
    tables = [
        _table(quality, form, told, doubted, names) for form, told in values.groupby("form", sort=False)
    ]
    return {
        "title": t("quality.cells", period=month(quality.month)),
        "note": t("quality.cells_note") if tables else t("quality.cells_none"),
        "tables": tables,
    }


def _values(quality: Quality) -> pd.DataFrame:
    """What the place reported in the report that ends with, or covers, the month: items in their order."""
    last, holding = month_number(quality.month), quality.holding
    near = (ds.field("month") > month_of(last - LONGEST)) & (ds.field("month") <= quality.month)
    years = ds.field("year").isin(range(month_of(last - LONGEST) // 100, quality.month // 100 + 1))
    where = (ds.field("org_unit") == str(quality.unit["id"])) & near & years
    told = holding.snapshot.read("values", where=where)[["item", "measure", "month", "months", "value"]]
    told = told.astype({"item": str, "measure": str})
    ends = told["month"] // 100 * 12 + told["month"] % 100 - 1 + told["months"]
    told = told[(ends > last) & told["value"].notna() & (told["months"] <= LONGEST)]
    order = {str(each): at for at, each in enumerate(holding.rollup.items["id"])}
    forms = holding.rollup.due.forms
    position = holding.rollup.hierarchy.position(str(quality.unit["id"]))
    asked = told["item"].map(order)
    told = told[asked.notna()].assign(order=asked)
    form = {
        at: next((each for each in forms.of_item[at] if forms.home(each)[position]), "")
        for at in {int(each) for each in told["order"]}
    }
    told = told.assign(form=[form[int(at)] for at in told["order"]])
    return told[told["form"].isin(quality.forms)].sort_values(["form", "order"], kind="stable")


def _doubts(quality: Quality, names: Names) -> dict[tuple[str, str], str]:
    """The findings about single figures of the month, in words, by item and measure."""
    found: dict[tuple[str, str], str] = {}
    for each in quality.found.to_dict("records"):
        key = (str(each["item"]), str(each["measure"]))
        words = f"{named(RULE_NAMES[str(each['rule'])])} – {said(each, names)}"  # type: ignore[arg-type]
        found[key] = f"{found[key]} {words}" if key in found else words
    return found


def _table(
    quality: Quality, form: Any, told: pd.DataFrame, doubted: dict[tuple[str, str], str], names: Names
) -> View:
    there = set(told["measure"])
    measures = [each for each in ORDER if each in there]
    boxes = {(str(item), str(measure)): float(value) for item, measure, value in
             zip(told["item"], told["measure"], told["value"], strict=True)}  # fmt: skip
    rows = [
        {
            "name": names.items.get(item, item),
            "cells": [_cell(boxes, doubted, (item, measure)) for measure in measures],
        }
        for item in dict.fromkeys(told["item"])
    ]
    return {
        "name": str(quality.holding.forms.loc[form, "name"]),
        "corner": t("quality.item"),
        "columns": [named(BOXES[each]) for each in measures],
        "rows": rows,
    }


def _cell(
    boxes: dict[tuple[str, str], float], doubted: dict[tuple[str, str], str], key: tuple[str, str]
) -> View:
    """A box as written, empty where nothing was, with the words of the rules that doubt it."""
    text = amount(boxes[key]) if key in boxes else ""
    return {"t": text, "d": doubted[key]} if key in doubted else {"t": text}
