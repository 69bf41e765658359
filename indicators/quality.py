"""Data quality: every rule over a frame of values, and why a figure that looks wrong may be right.

    found = findings(values, known)           # one row a finding, columns quality_findings.COLUMNS
    reasons = explain(alerts, values, known)  # what speaks for or against each unusual figure

Both are pure: the frames that they are given are not changed, and nothing else is read.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from indicators.measures import COMMODITY, SERVICE
from indicators.quality_book import Book, Index, books, names_in
from indicators.quality_cascades import cascade_findings
from indicators.quality_explained import explain
from indicators.quality_findings import COLUMNS, RULES, Rule, joined
from indicators.quality_known import Cascade, Known, Partners
from indicators.quality_ledger import opening_findings
from indicators.quality_pairs import pair_findings
from indicators.quality_patterns import pattern_findings
from indicators.quality_slips import packs_of, slip_findings
from indicators.quality_stock import stock_findings

__all__ = [
    "COLUMNS",
    "RULES",
    "Cascade",
    "Known",
    "Partners",
    "Rule",
    "explain",
    "findings",
    "laid_out",
    "ledger_findings",
]


def findings(values: pd.DataFrame, known: Known) -> pd.DataFrame:
    """What the rules find.

    Args:
        values: `org_unit, item, measure, month, months, value`; estimates of populations may be among them
            and are passed over.
        known: items, pairs, cascades.

    Returns:
        `quality_findings.COLUMNS`, by place, month and rule.

    >>> frame = pd.DataFrame({"org_unit": "a", "item": "x", "month": 202601, "months": 1,
    ...     "measure": ["opening", "received", "consumed", "closing"], "value": [5.0, 10.0, 4.0, 10.0]})
    >>> items = pd.DataFrame({"id": ["x"], "kind": ["commodity"], "form": ["lmis"]})
    >>> findings(frame, Known(items))[["rule", "value", "expected", "second"]].values.tolist()
    [['arithmetic', 10.0, 11.0, -1.0]]
    """
    services, products = laid_out(values, known)
    parts = [opening_findings(values, known.ledger)]
    for book in (*services, *products):
        forms = _form_numbers(book, known)
        parts += [pattern_findings(book, forms), slip_findings(book, packs_of(book.items, known.items))]
        parts += [stock_findings(book)]
    for served in (each for each in services if each.step == 1):
        parts += [cascade_findings(served, known.cascades, products)]
        parts += [pair_findings(served, book, known) for book in products]
    return _with_forms(joined(parts), known)


def ledger_findings(values: pd.DataFrame, known: Known, ledger: pd.DataFrame | None) -> pd.DataFrame:
    """What is found by the stores' own ledgers alone, in the columns of `findings`.

    Args:
        values: as for `findings`; at least those of the stores.
        known: items.
        ledger: as `Known.ledger`, which this replaces.
    """
    return _with_forms(joined([opening_findings(values, ledger)]), known)


def laid_out(values: pd.DataFrame, known: Known) -> tuple[list[Book], list[Book]]:
    """The books of services and of products, which count the places alike."""
    units = names_in(values["org_unit"])
    kinds = known.items.set_index("id")["kind"]
    names = names_in(values["item"])
    kind = dict(zip(names, kinds.reindex(list(names)), strict=True))

    def of(wanted: str) -> list[Book]:
        chosen = {name for name in names if kind[name] == wanted}
        return books(values[values["item"].isin(chosen).to_numpy()], units)

    return of(SERVICE), of(COMMODITY)


def _form_numbers(book: Book, known: Known) -> Index:
    """A number for the form of each item of a book."""
    forms = known.items.set_index("id")["form"].reindex(list(book.items)).astype(object).fillna("")
    return np.asarray(pd.factorize(forms)[0], dtype=np.intp)


def _with_forms(found: pd.DataFrame, known: Known) -> pd.DataFrame:
    """The findings with the form of their item; those about a whole form name no item."""
    forms = found["item"].map(known.items.set_index("id")["form"]).fillna("")
    whole = found["rule"].map({rule.id: rule.about == "form" for rule in RULES.values()}).astype(bool)
    return found.assign(form=forms.astype(object), item=found["item"].mask(whole, ""))
