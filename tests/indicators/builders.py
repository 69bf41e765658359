"""Small countries for the tests of the indicators: a nation, districts, facilities, and a few values."""

import pandas as pd

from indicators.compare import PairItems
from indicators.rollup import Frames, Rollup

PAIR = PairItems(
    services=("NEW", "OLD"),
    commodities=("DEPO", "SAYANA"),
    reported={"consumed": ("USED",)},
    families={"injectables": ("DEPO", "SAYANA", "NORISTERAT")},
)
KINDS = {
    "NEW": "service",
    "OLD": "service",
    "USED": "service_report",
    "DEPO": "commodity",
    "SAYANA": "commodity",
    "NORISTERAT": "commodity",
}
# Two districts of two facilities each; a facility is named after its district.
TREE = {"N": ["A", "B"], "A": ["A1", "A2"], "B": ["B1", "B2"]}
FACILITIES = ("A1", "A2", "B1", "B2")


def units(tree=TREE, root="N", **dates):
    """The org units of a tree, depth first; dates are {unit: (opened, closed)}."""
    rows = []

    def walk(unit, parent, level):
        at = len(rows)
        opened, closed = dates.get(unit, (None, None))
        row = {"id": unit, "code": f"c-{unit}", "name": f"Unit {unit}", "level": level, "parent": parent}
        rows.append(row | {"opened": opened, "closed": closed, "first": at})
        for child in tree.get(unit, ()):
            walk(child, unit, level + 1)
        rows[at]["last"] = len(rows)

    walk(root, None, 1)
    return pd.DataFrame(rows)


def items(kinds=KINDS):
    """Every item on the form of its kind: services on hmis, commodities on lmis."""
    form = {"service": "hmis", "service_report": "hmis", "commodity": "lmis"}
    rows = [{"id": f"i-{c}", "code": c, "name": c, "kind": k, "form": form[k]} for c, k in kinds.items()]
    return pd.DataFrame(rows).assign(source=lambda frame: frame["form"].str.upper())


def values(*rows):
    """Rows (unit, item code, measure, month, value[, months[, state]]) as the canonical frame."""
    full = [(*row, *(1, "reported")[len(row) - 5 :]) for row in rows]
    frame = pd.DataFrame(full, columns=["org_unit", "item", "measure", "month", "value", "months", "state"])
    return frame.assign(
        item="i-" + frame["item"].astype("str"),
        value=frame["value"].astype("float64"),
        month=frame["month"].astype("int32"),
        months=frame["months"].astype("int16"),
    )


def assigned(hmis=FACILITIES, lmis=FACILITIES):
    """Which units the two forms are assigned to."""
    rows = [("hmis", unit) for unit in hmis] + [("lmis", unit) for unit in lmis]
    return pd.DataFrame(rows, columns=["form", "org_unit"])


def a_rollup(*rows, **frames):
    """The roll-up of some value rows, with this module's country where nothing else is given."""
    given = {"org_units": units(), "items": items(), "assignments": assigned(), "values": values(*rows)}
    return Rollup.build(Frames(**(given | frames)))
