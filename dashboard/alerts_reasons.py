"""What stands beside an unusual figure and may explain it: stock-outs, the other side of its pair, a gap.

A reason is part of the alert's sentence. One that excuses the figure, or that says that something happened,
halves the alert's rank: it is looked at after those that nothing explains.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.alerts_found import plain
from dashboard.alerts_series import SeriesDesk
from dashboard.quality_known import known_of
from indicators.quality import explain
from indicators.quality_explained import STANCES
from ledger.alert_intake import Candidate

TOLD = ("stock_out", "substitute_out", "both_rise", "both_fall", "catch_up")
"""Reasons that are told, the strongest first; slips that the figure's size fits are its score's to name."""

EXPLAINED = 0.5
VALUES = ["org_unit", "item", "measure", "month", "months", "value"]


def with_reasons(desk: SeriesDesk, found: Sequence[Candidate]) -> list[Candidate]:
    """Findings of single series, each with the reasons that stand beside it, in `facts["because"]`.

    Args:
        desk: the series and what was reported around them.
        found: candidates of which `facts` hold measure, value and expected.
    """
    if not found:
        return []
    items = desk.rollup.items
    ids = dict(zip(items["code"].astype(str), items["id"].astype(str), strict=True))
    codes = {item: code for code, item in ids.items()}
    values: pd.DataFrame = desk.holding.snapshot.read("values", columns=VALUES)
    values = values[values["org_unit"].isin({each.unit for each in found})]
    reasons = explain(_asked(found, ids), values, known_of(desk.country, desk.holding))
    by_number: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in reasons[reasons["because"].isin(TOLD)].to_dict("records"):
        told = {"because": row["because"], "value": plain(row["value"]), "other": codes.get(row["other"], "")}
        by_number[int(row["at"])].append(told)
    return [_with(each, by_number.get(at, [])) for at, each in enumerate(found)]


def _asked(found: Sequence[Candidate], ids: Mapping[str, str]) -> pd.DataFrame:
    """The figures that are asked about, as `explain` takes them."""
    rows = [
        (each.unit, ids[each.subject], each.facts["measure"], each.month, each.facts["value"],
         each.facts["expected"])
        for each in found
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["org_unit", "item", "measure", "month", "value", "expected"])


def _with(candidate: Candidate, reasons: Sequence[Mapping[str, Any]]) -> Candidate:
    reasons = [each for each in reasons if not _denied(each["because"], candidate.facts.get("other"))]
    ordered = sorted(reasons, key=lambda each: TOLD.index(each["because"]))
    first = {each["because"]: each for each in reversed(ordered)}
    because = [first[each] for each in TOLD if each in first]
    excused = any(STANCES[each["because"]] != "mistake" for each in because)
    rank = round(candidate.rank * EXPLAINED, 4) if excused else candidate.rank
    return replace(candidate, rank=rank, facts={**candidate.facts, "because": because})


def _denied(because: str, other: Mapping[str, Any] | None) -> bool:
    """Whether the other side, as it is told beside, did not move, though one of its items may have.

    >>> _denied("both_rise", {"value": 5.0, "low": 0.0, "high": 24.0}), _denied("both_rise", None)
    (True, False)
    >>> _denied("both_fall", {"value": 5.0, "low": 9.0, "high": 24.0}), _denied("stock_out", {"value": 5.0})
    (False, False)
    """
    if (
        because not in ("both_rise", "both_fall")
        or not other
        or other["value"] is None
        or other["low"] is None
    ):
        return False
    rises = because == "both_rise"
    return bool(other["value"] <= other["high"] if rises else other["value"] >= other["low"])
