"""Alerts out of the rules of data quality: what cannot be, whatever is usual there.

Rules of low severity are chronic habits (rounding, days never counted): the data quality page tells them, no
alert does. A cell that a score found already names the rule beside it, and is not told twice.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.alerts_found import Cell, Wanted, plain
from dashboard.alerts_ranked import importance, priced, rank
from dashboard.alerts_series import SeriesDesk
from dashboard.quality_known import known_of
from indicators.quality import COLUMNS, RULES, findings
from ledger.alert_intake import Candidate
from ledger.alerts import QUALITY

PREFIX = "rule."
UNUSUAL = {"high": 6.0, "medium": 4.0}
"""As how many spreads a finding counts; severities that are not named make no alert."""

RIGHT = {
    "impossible_days": 1.0,
    "impossible_issue": 1.0,
    "continuity": 1.0,
    "copied_form": 1.0,
    "arithmetic": 0.98,
    "pack_unit": 0.78,
    "times_ten": 0.70,
    "twin_facilities": 0.50,
    "services_without_consumption": 0.41,
    "cascade": 0.35,
    "digit_swap": 0.23,
    "consumption_without_services": 0.19,
    "catch_up": 0.15,
    "phantom_issue": 0.13,
}
"""Of a rule's findings in Whotopia the share that is about a planted mistake (`python -m bench.quality`), by
which its alerts rank lower; what is not named was not planted, and cannot be right by arithmetic."""

VALUES = ["org_unit", "item", "measure", "month", "months", "value"]
NUMBERS = ("value", "expected", "second")


def rules_found(
    desk: SeriesDesk, wanted: Wanted, told: Collection[Cell], books: pd.DataFrame | None = None
) -> list[Candidate]:
    """What the rules find in the months that are looked at, where no score told of it already.

    Args:
        desk: the series and the figures.
        wanted: what is looked for.
        told: places, subjects and months that a score told of.
        books: what stores held as months began, by the ledger: `org_unit, item, month, opening`.
    """
    known = replace(known_of(desk.country, desk.holding), ledger=books)
    values: pd.DataFrame = desk.holding.snapshot.read("values", columns=VALUES)
    if wanted.changed is not None:
        values = values[values["org_unit"].isin({unit for unit, _ in wanted.changed})]
    if values.empty:
        return []
    found = findings(values, known)
    found = found[found["severity"].isin(list(UNUSUAL))]
    codes = dict(zip(desk.rollup.items["id"].astype(str), desk.rollup.items["code"].astype(str), strict=True))
    rows = (_candidate(desk, row, codes) for row in found[list(COLUMNS)].to_dict("records"))
    kept: dict[str, Candidate] = {}
    for each in rows:
        cell = each.unit, each.subject, each.month
        if cell not in told and wanted.asks(*cell):
            kept.setdefault(each.id, each)
    return _once_a_quarter(kept.values())


def _once_a_quarter(found: Iterable[Candidate]) -> list[Candidate]:
    """Of the same finding at the same place, the first of each quarter: a habit is not told every month."""
    kept: dict[tuple[str, str, str, int], Candidate] = {}
    for each in sorted(found, key=lambda each: each.month):
        quarter = each.month // 100 * 4 + (each.month % 100 - 1) // 3
        kept.setdefault((each.unit, each.subject, each.code, quarter), each)
    return list(kept.values())


def _candidate(desk: SeriesDesk, row: Mapping[str, Any], codes: Mapping[str, str]) -> Candidate:
    code = codes.get(str(row["item"]), "")
    subject = code or (
        f"form:{row['form']}" if RULES[row["rule"]].about == "form" else f"pair:{row['other']}"
    )
    facts = {
        "measure": str(row["measure"]),
        "months": int(row["months"]),
        **{name: plain(row[name]) for name in NUMBERS},
        "since": int(row["since"]) if row["since"] else None,
        "other": codes.get(str(row["other"]), str(row["other"] or "")),
        "severity": row["severity"],
        "remedy": row["remedy"],
    }
    stake = abs((facts["value"] or 0.0) - (facts["expected"] or 0.0))
    stake *= priced(desk.country, code) if code else 1.0
    order = rank(UNUSUAL[row["severity"]], stake, importance(desk.country, code) if code else 2.0)
    order = round(order * RIGHT.get(row["rule"], 1.0), 4)
    unit = str(row["org_unit"])
    return Candidate(QUALITY, PREFIX + row["rule"], unit, subject, int(row["month"]), order, facts)
