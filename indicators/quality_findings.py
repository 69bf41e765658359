"""What a rule found: one row for each finding, with the values that prove it and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.grids import Flags
from indicators.quality_book import Book

Severity = Literal["high", "medium", "low"]
About = Literal["figure", "form", "facility"]
COLUMNS = (
    "org_unit", "item", "form", "measure", "month", "months", "rule", "severity",
    "value", "expected", "second", "since", "other", "remedy",
)  # fmt: skip
"""`value` is what was reported, `expected` what it would have to be (at most, at least), `second` another
figure that the rule's sentence names, `since` the first month of a run, `other` another unit or item."""


@dataclass(frozen=True)
class Rule:
    """One rule of data quality.

    Attributes:
        id: also the key of its words.
        severity: how surely something is wrong, and how much hangs on it.
        part: the part of the review it counts in: arithmetic, time, related, systems.
        about: what a finding is of: a figure, a whole form, or a facility (told once, not month by month).
        remedy: code of what to do first.
    """

    id: str
    severity: Severity
    part: Literal["arithmetic", "time", "related", "systems"]
    about: About
    remedy: str


RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule("arithmetic", "high", "arithmetic", "figure", "stock_card"),
        Rule("continuity", "medium", "arithmetic", "figure", "count_at_month_end"),
        Rule("negative", "high", "arithmetic", "figure", "retype"),
        Rule("impossible_issue", "high", "arithmetic", "figure", "stock_card"),
        Rule("impossible_days", "high", "arithmetic", "figure", "retype"),
        Rule("adjustment_dominates", "low", "arithmetic", "figure", "reason_of_adjustment"),
        Rule("silent_stock_out", "low", "arithmetic", "facility", "count_days"),
        Rule("phantom_issue", "medium", "arithmetic", "figure", "count_days"),
        Rule("opening_ledger", "high", "arithmetic", "figure", "stock_card"),
        Rule("services_without_consumption", "medium", "systems", "figure", "register_and_card"),
        Rule("consumption_without_services", "medium", "systems", "figure", "register_and_card"),
        Rule("missing_partner", "low", "systems", "figure", "ask_for_report"),
        Rule("cascade", "high", "related", "figure", "register"),
        Rule("flat_line", "low", "time", "figure", "register_and_card"),
        Rule("copied_form", "high", "time", "form", "whole_form"),
        Rule("twin_facilities", "high", "time", "form", "whole_form"),
        Rule("heaping", "low", "time", "facility", "rounding"),
        Rule("times_ten", "high", "time", "figure", "retype"),
        Rule("pack_unit", "high", "time", "figure", "unit_of_issue"),
        Rule("digit_swap", "medium", "time", "figure", "retype"),
        Rule("catch_up", "medium", "time", "figure", "two_months"),
    )
}
"""By id. What each says in words stands in the catalogues under `quality.rule.ID`."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Proof:
    """Figures that prove findings, `[row, report]` of a book, or one for all; NaN where there is none."""

    value: Numbers
    expected: Numbers | float = np.nan
    second: Numbers | float = np.nan


def of_figures(book: Book, rule: str, measure: str, flags: Flags, proof: Proof) -> pd.DataFrame:
    """Findings about figures of a book.

    Args:
        book: the reports.
        rule: id of the rule.
        measure: whose figures.
        flags: where something was found, `[row, report]`.
        proof: the figures of the whole book.
    """
    rows, columns = np.nonzero(flags)

    def picked(figures: Numbers | float) -> Numbers | float:
        return figures[rows, columns] if isinstance(figures, np.ndarray) else figures

    return frame(
        rule,
        {
            "org_unit": np.array(book.units, dtype=object)[book.unit[rows]],
            "item": np.array(book.items, dtype=object)[book.item[rows]],
            "measure": measure,
            "month": book.months(rows, columns),
            "months": book.step,
            "value": picked(proof.value),
            "expected": picked(proof.expected),
            "second": picked(proof.second),
        },
    )


def frame(rule: str, columns: dict[str, object]) -> pd.DataFrame:
    """Findings of one rule from some columns; the others are filled with what says nothing."""
    known = RULES[rule]
    empty: dict[str, object] = dict.fromkeys(("org_unit", "item", "form", "measure", "other"), "")
    empty |= {"value": np.nan, "expected": np.nan, "second": np.nan}
    given = empty | columns | {"rule": rule, "severity": known.severity, "remedy": known.remedy}
    given.setdefault("since", given["month"])
    size = len(np.asarray(given["month"]))
    if not size:
        return _nothing()
    told = pd.DataFrame(given, index=pd.RangeIndex(size))
    return typed(told[list(COLUMNS)])


def typed(told: pd.DataFrame) -> pd.DataFrame:
    """The columns with their types, so that frames of several rules join."""
    whole = {"month": "int32", "months": "int16", "since": "int32"}
    real = dict.fromkeys(("value", "expected", "second"), "float64")
    texts = ("org_unit", "item", "form", "measure", "rule", "severity", "other", "remedy")
    return told.astype(whole | real | dict.fromkeys(texts, "object"))


def joined(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All findings as one frame, by place, month and rule."""
    found: Sequence[pd.DataFrame] = [each for each in parts if len(each)]
    if not found:
        return _nothing()
    told = pd.concat(found, ignore_index=True)
    return told.sort_values(["org_unit", "month", "rule", "item"], kind="stable", ignore_index=True)


@cache
def _nothing() -> pd.DataFrame:
    return typed(pd.DataFrame({name: [] for name in COLUMNS}))
