"""The analytics tables: what was stored when they were built, ready to be summed.

Zeros are left out as DHIS2 leaves them out: unless the element is averaged, or it says that its zero is
significant and the system setting ``keyIncludeZeroValuesInAnalytics`` is on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np

from demo import periods
from demo.analytics.tree import Object, UnitTree
from demo.periods import Period
from demo.store import Store

NUMERIC = {
    "NUMBER",
    "INTEGER",
    "INTEGER_POSITIVE",
    "INTEGER_NEGATIVE",
    "INTEGER_ZERO_OR_POSITIVE",
    "PERCENTAGE",
    "UNIT_INTERVAL",
}
YES_NO = {"BOOLEAN": {"true": "1", "false": "0"}, "TRUE_ONLY": {"true": "1"}}
KEEP_ZEROS = ("AVERAGE", "AVERAGE_SUM_ORG_UNIT")


@dataclass(frozen=True)
class Rows:
    """Values of one element or registrations of one data set, sorted by position.

    Attributes:
        position: where the unit stands in the tree.
        period, combo, attribute: indexes into the table's lists.
        value: the figure; for registrations 1 where the report came in time, else 0.
    """

    position: np.ndarray
    period: np.ndarray
    combo: np.ndarray
    attribute: np.ndarray
    value: np.ndarray

    def __len__(self) -> int:
        return len(self.position)

    def take(self, rows: np.ndarray) -> Rows:
        """These rows alone (indexes or a mask)."""
        return Rows(
            self.position[rows], self.period[rows], self.combo[rows], self.attribute[rows], self.value[rows]
        )


@dataclass(frozen=True)
class Table:
    """A snapshot of values and registrations.

    Attributes:
        tree: the org units.
        things: ids of elements and data sets that have rows; `thing` of a row points into it.
        period_isos, combos: what the rows' indexes point to.
        columns: thing, position, period, combo, attribute, value and `kept` of all rows, sorted by thing and
            position; what is not kept are the zeros, which count in the statistics of outliers only.
        targets: data set -> units that it is assigned to, with opening and closing date.
    """

    tree: UnitTree
    things: list[str]
    period_isos: list[str]
    combos: list[str]
    columns: dict[str, np.ndarray]
    targets: dict[str, list[tuple[str, str, str]]]

    @cached_property
    def periods(self) -> list[Period]:
        """The periods that rows point to."""
        return [found for iso in self.period_isos if (found := periods.parse(iso))]

    @cached_property
    def starts(self) -> np.ndarray:
        """First day of each period."""
        return np.array([p.start for p in self.periods], "datetime64[D]")

    @cached_property
    def ends(self) -> np.ndarray:
        """Last day of each period."""
        return np.array([p.end for p in self.periods], "datetime64[D]")

    @cached_property
    def _bounds(self) -> dict[str, tuple[int, int]]:
        edges = np.searchsorted(self.columns["thing"], np.arange(len(self.things) + 1))
        return {thing: (int(edges[i]), int(edges[i + 1])) for i, thing in enumerate(self.things)}

    def rows(self, thing: str, zeros: bool = False) -> Rows:
        """The values of an element, or the registrations of a data set; none when nothing is known of it.

        Args:
            thing: the element or data set.
            zeros: also the zeros that were left out.
        """
        start, end = self._bounds.get(thing, (0, 0))
        parts = ("position", "period", "combo", "attribute", "value")
        found = Rows(*(self.columns[part][start:end] for part in parts))
        kept = self.kept(thing)
        return found if zeros or kept.all() else found.take(kept)

    def kept(self, thing: str) -> np.ndarray:
        """For every row of an element, zeros included, whether it is more than a zero left out."""
        start, end = self._bounds.get(thing, (0, 0))
        return self.columns["kept"][start:end]

    def save(self, path: Path) -> None:
        """Keeps the table in a file, so that it outlives the server."""
        texts = {
            "units": self.tree.ids,
            "things": self.things,
            "periods": self.period_isos,
            "combos": self.combos,
            "targets": self.targets,
            "last": self.tree.last.tolist(),
        }
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez(file, texts=np.frombuffer(json.dumps(texts).encode(), np.uint8), **self.columns)
        part.replace(path)

    @staticmethod
    def load(path: Path) -> Table:
        """Reads a table that was kept."""
        with np.load(path, allow_pickle=False) as kept:
            columns = {name: kept[name] for name in kept.files if name != "texts"}
            texts = json.loads(kept["texts"].tobytes())
        ids = texts["units"]
        tree = UnitTree(
            ids,
            np.arange(len(ids), dtype=np.int32),
            np.array(texts["last"], np.int32),
            {uid: i for i, uid in enumerate(ids)},
        )
        return Table(
            tree,
            texts["things"],
            texts["periods"],
            texts["combos"],
            columns,
            {ds: [tuple(t) for t in units] for ds, units in texts["targets"].items()},
        )


def build(store: Store) -> Table:
    """Builds the table from what is stored now."""
    tree = UnitTree.build(store.all("organisationUnits"))
    rows = [*_values(store, tree), *_registrations(store, tree)]
    things, thing = _coded([row[0] for row in rows])
    isos, period = _coded([row[2] for row in rows])
    combos, combo = _coded([row[3] for row in rows] + [row[4] for row in rows])
    columns = {
        "thing": thing,
        "position": np.array([row[1] for row in rows], np.int32),
        "period": period,
        "combo": combo[: len(rows)],
        "attribute": combo[len(rows) :],
        "value": np.array([row[5] for row in rows], float),
        "kept": np.array([row[6] for row in rows], bool),
    }
    order = np.lexsort((columns["position"], thing))
    return Table(tree, things, isos, combos, {name: c[order] for name, c in columns.items()}, _targets(store))


def _coded(texts: list[str]) -> tuple[list[str], np.ndarray]:
    """The different texts, and for each text its place among them."""
    known = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    return list(known), np.fromiter((known[text] for text in texts), np.int32, len(texts))


Row = tuple[str, int, str, str, str, float, bool]


def _values(store: Store, tree: UnitTree) -> list[Row]:
    zeros = bool(store.setting("keyIncludeZeroValuesInAnalytics", False))
    keeps_zero, words = {}, {}
    for uid, element in store.all("dataElements").items():
        significant = zeros and element.get("zeroIsSignificant")
        keeps_zero[uid] = bool(significant) or element.get("aggregationType") in KEEP_ZEROS
        if element.get("valueType") in NUMERIC or element.get("valueType") in YES_NO:
            words[uid] = YES_NO.get(element["valueType"], {})
    good = {iso: periods.parse(iso) is not None for (iso,) in store.execute("SELECT pe FROM stored_periods")}
    found: list[Row] = []
    sql = "SELECT de, ou, pe, coc, aoc, value FROM data_values WHERE deleted = 0 AND value IS NOT NULL"
    for de, ou, pe, coc, aoc, text in store.execute(sql):
        place, meaning = tree.position.get(ou), words.get(de)
        if place is None or meaning is None or not good[pe]:
            continue
        value = _number(meaning.get(text, text))
        if value is not None:
            found.append((de, place, pe, coc, aoc, value, value != 0 or keeps_zero[de]))
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _registrations(store: Store, tree: UnitTree) -> list[Row]:
    timely = {uid: ds.get("timelyDays", 15) for uid, ds in store.all("dataSets").items()}
    found: list[Row] = []
    sql = "SELECT ds, ou, pe, aoc, created FROM registrations WHERE completed = 1"
    for ds, ou, pe, aoc, created in store.execute(sql):
        period, place = periods.parse(pe), tree.position.get(ou)
        if period is None or place is None or ds not in timely:
            continue
        due = period.end + timedelta(days=int(timely[ds] or 0))
        found.append((ds, place, pe, aoc, aoc, float(date.fromisoformat(created[:10]) <= due), True))
    return found


def _targets(store: Store) -> dict[str, list[tuple[str, str, str]]]:
    units = store.all("organisationUnits")
    return {
        uid: [_target(units[ou["id"]]) for ou in ds.get("organisationUnits", ()) if ou["id"] in units]
        for uid, ds in store.all("dataSets").items()
    }


def _target(unit: Object) -> tuple[str, str, str]:
    opened, closed = unit.get("openingDate") or "1000-01-01", unit.get("closedDate") or "9999-12-31"
    return unit["id"], opened[:10], closed[:10]
