"""How well the rules of data quality find the mistakes planted in Whotopia: `python -m bench.quality [DATA]`.

DATA is the folder of an installation of Whotopia that was synced from the embedded DHIS2 (TANDEM_DATA when
left out); the truth of what was planted stands beside its seed. Two tables are printed: of each rule how many
of its findings are about a planted mistake (precision; what is unusual but true counts against it), and of
each kind of mistake how many some rule found (recall).
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from countries import load_country
from dashboard.holdings import Holding
from dashboard.quality_known import known_of
from dashboard.queries import Figures
from indicators.quality import RULES, Known, findings
from loaders.snapshot import Snapshots

NEEDED = ["org_unit", "item", "measure", "month", "months", "value"]
KEYS = ["org_unit", "item", "month"]
WHOLE = {rule.id for rule in RULES.values() if rule.about == "form"}
HABITS = {rule.id for rule in RULES.values() if rule.about == "facility"}
SAID = "findings: a rule's own; right: about a planted mistake in the same line (place, item, report)"


def main() -> int:
    """Print the tables of one installation."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TANDEM_DATA", "data/whotopia"))
    snapshots = Snapshots(data / "snapshot")
    figures = Figures(snapshots, load_country("whotopia"))
    holding = figures.holding()
    known = known_of(figures.country, holding)
    found = findings(holding.snapshot.read("values", NEEDED), known)
    truth = planted(next(data.glob("demo/**/truth.json")), holding, known)
    print(f"{len(truth):,} mistakes planted in boxes that show, {len(found):,} findings\n")
    print(precision(found, truth).to_string(index=False))
    print(f"\n{SAID}\n")
    print(recall(found, truth).to_string(index=False))
    return 0


def planted(path: Path, holding: Holding, known: Known) -> pd.DataFrame:
    """The mistakes that were planted: kind, org_unit, item, measure and month, as findings name them."""
    records: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["errors"]
    told = pd.DataFrame(records)
    units = dict(zip(holding.units["code"], holding.units["id"], strict=True))
    items = dict(zip(known.items["code"], known.items["id"], strict=True))
    measures = {
        option: measure
        for form in load_country("whotopia").forms
        for option, measure in form.measures.items()
    }
    return pd.DataFrame(
        {
            "kind": told["kind"],
            "org_unit": told["unit"].map(units),
            "item": told["element"].map(items),
            "measure": told["option"].map(measures).fillna("count"),
            "month": told["period"].astype(str).str.replace("-", "").str[:6].astype(int),
            "shown": told["reported"].notna(),
        }
    ).dropna(subset=["org_unit", "item"])


def _lines(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[KEYS])


def spread(found: pd.DataFrame) -> pd.DataFrame:
    """Findings by the month that the truth names: each month of a report that covers several."""
    parts = [found.assign(month=_later(found["month"], more)[found["months"] > more]) for more in range(3)]
    return pd.concat([part.dropna(subset=["month"]) for part in parts]).astype({"month": int})


def _later(month: pd.Series, more: int) -> pd.Series:
    number = month // 100 * 12 + month % 100 - 1 + more
    return number // 12 * 100 + number % 12 + 1


def precision(found: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Of each rule: findings, how many are about a planted mistake, and the share."""
    lines, forms = _lines(truth), pd.MultiIndex.from_frame(truth[["org_unit", "month"]])
    rows = []
    for rule in (each for each in RULES if each not in HABITS):
        mine = found[found["rule"] == rule]
        if mine.empty:
            continue
        each = spread(mine.assign(number=range(len(mine))))
        if rule in WHOLE:
            right = pd.MultiIndex.from_frame(each[["org_unit", "month"]]).isin(forms)
        else:
            right = _lines(each).isin(lines) | _next_line(each, rule).isin(lines)
            right |= _lines(each.assign(item=each["other"])).isin(lines)
        hits = int(each.loc[right, "number"].nunique())
        rows.append((rule, len(mine), hits, round(hits / len(mine), 2)))
    return pd.DataFrame(rows, columns=["rule", "findings", "right", "precision"])


def _next_line(each: pd.DataFrame, rule: str) -> pd.MultiIndex:
    """For what begins a month: the line of the report before, whose closing may be the wrong one."""
    back = _later(each["month"], -1) if rule in ("continuity", "catch_up") else each["month"]
    return _lines(each.assign(month=back))


def recall(found: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Of each kind of mistake in a box that has a figure: how many some rule found, and which rules did."""
    told = spread(found[~found["rule"].isin(HABITS)])
    figures = told[~told["rule"].isin(WHOLE)]
    forms = told[told["rule"].isin(WHOLE)]
    lines = _lines(figures)
    rows = []
    shown = truth[truth["shown"]]
    for kind, mine in shown.groupby("kind"):
        seen = _lines(mine).isin(lines)
        whole = pd.MultiIndex.from_frame(mine[["org_unit", "month"]]).isin(
            pd.MultiIndex.from_frame(forms[["org_unit", "month"]])
        )
        by = figures[lines.isin(_lines(mine))]["rule"].value_counts().head(3)
        rows.append((kind, len(mine), int((seen | whole).sum()), round((seen | whole).mean(), 2), _named(by)))
    return pd.DataFrame(rows, columns=["kind", "planted", "found", "recall", "most by"])


def _named(counts: "pd.Series[int]") -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


if __name__ == "__main__":
    sys.exit(main())
