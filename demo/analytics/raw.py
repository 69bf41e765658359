"""Raw data: every value behind a question, one row each, not aggregated."""

from __future__ import annotations

import numpy as np

from demo.analytics.answer import header
from demo.analytics.figures import Figures
from demo.analytics.rounding import as_text
from demo.store import Object


def headers(figures: Figures) -> list[Object]:
    """The headers: the dimensions, the period's first and last day, the value."""
    question = figures.question
    found = [header(d.name, d.title, meta=True) for d in question.dimensions]
    if all(d.name != "pe" for d in question.dimensions):
        found.append(header("pe", "Period", meta=True))
    return [
        *found,
        header("pestartdate", "Period start date", "DATETIME"),
        header("peenddate", "Period end date", "DATETIME"),
        header("value", "Value", "NUMBER"),
    ]


def rows(figures: Figures) -> list[list[str]]:
    """One row for every value of the elements, at the units asked for and below, within the time."""
    question, table = figures.question, figures.table
    windows = question.span.windows()
    start, end = min(w[0] for w in windows), max(w[1] for w in windows)
    timely = (table.starts >= np.datetime64(start)) & (table.ends <= np.datetime64(end))
    units = question.dimension("ou")
    inside = table.tree.inside([i.id for i in units.items] if units else table.tree.ids[:1])
    found: list[list[str]] = []
    for item in question.of_kind("DATA_ELEMENT"):
        values = figures.within_filters(table.rows(item.id))
        chosen = values.take(timely[values.period] & inside[values.position])
        for place in range(len(chosen)):
            period = table.periods[chosen.period[place]]
            cell = {
                "dx": item.id,
                "pe": period.iso,
                "ou": table.tree.ids[chosen.position[place]],
                "co": table.combos[chosen.combo[place]],
                "ao": table.combos[chosen.attribute[place]],
            }
            cell |= {
                "pestartdate": f"{period.start} 00:00:00.0",
                "peenddate": f"{period.end} 00:00:00.0",
                "value": as_text(float(chosen.value[place])),
            }
            found.append([cell.get(head["name"], "") for head in headers(figures)])
    return found
