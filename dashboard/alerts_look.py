"""A look at the data for alerts: what changed since the last one is scored, and brought into the list."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import pandas as pd

from accounts.scope import Scope
from dashboard.alerts_areas import OF_AREAS, areas_found, of_forms
from dashboard.alerts_found import Cell, Wanted, events_found, items_found, pairs_found, plain
from dashboard.alerts_learning import keep_within_budget, learn
from dashboard.alerts_ranked import capped, capped_supply, grouped
from dashboard.alerts_reasons import with_reasons
from dashboard.alerts_rules import rules_found
from dashboard.alerts_series import SeriesDesk, summed
from dashboard.alerts_supply import SupplyDesk
from dashboard.holdings import Holding
from dashboard.logistics import LogisticsDesk
from dashboard.programme import months_before
from dashboard.quality_books import StoreBooks
from indicators.aberration import ALERT
from ledger.alert_intake import Intake, Judged
from ledger.alert_thresholds import EVERY, Threshold, Thresholds
from ledger.alerts import CLOSED, EVENT, SUPPLY, Alert
from ledger.database import Database

MONTHS = 6
"""New alerts are made of the last months of the data; older ones are looked at as long as they are open."""

OVERLAP = timedelta(hours=1)
"""DHIS2's clock and ours may differ: what changed so long before the last look is looked at once more."""

WINDOW = ["org_unit", "item", "measure", "month", "months", "value"]
WAYS = 10
"""Counted up when scores or rules change, so that everything is looked at once more."""


@dataclass(frozen=True)
class Looked:
    """What a look came to: the open alerts that were looked at again, and the counts of both lists."""

    cells: int
    figures: Mapping[str, int]
    supply: Mapping[str, int]


class AlertLook:
    """Looks at one installation's data.

    Args:
        database: where alerts are kept.
        desk: the figures and indicators.
        scope: that sees everything.
    """

    def __init__(self, database: Database, desk: LogisticsDesk, scope: Scope) -> None:
        self._database = database
        self._intake, self._thresholds = Intake(database), Thresholds(database)
        self._desk, self._scope = desk, scope
        self._holding: Holding = desk.figures.holding()
        self._rows: pd.DataFrame | None = None

    def look(self) -> Looked | None:
        """Look at what changed since the last look; None where nothing did."""
        known = self._intake.known()
        learn(known, self._thresholds, self._districts())
        thresholds = self._thresholds.current()
        last, rules = self._intake.last(), rules_of(thresholds)
        if last and (last.snapshot, last.rules) == (self._holding.version, rules):
            return None
        series = SeriesDesk(self._holding, self._desk.figures.country)
        if keep_within_budget(series, self._thresholds):
            thresholds = self._thresholds.current()
            rules = rules_of(thresholds)
        changed = None if last is None or last.rules != rules else self._changed(last.data_at, known)
        run = self._holding.version, rules, self._data_at()
        judged, left_out = self._figures(series, known, changed, thresholds)
        supply, supply_out = self._supply(known)
        of_supply = self._intake.take_in(supply, run, supply_out)
        return Looked(len(judged.cells), self._intake.take_in(judged, run, left_out), of_supply)

    def _figures(
        self,
        series: SeriesDesk,
        known: Collection[Alert],
        changed: Collection[tuple[str, str]] | None,
        thresholds: Mapping[tuple[str, str], Threshold],
    ) -> tuple[Judged, int]:
        open_now = [each for each in known if each.kind != SUPPLY and each.status != CLOSED]
        wanted = Wanted(
            first=_quarter_of(months_before(int(series.months[-1]), MONTHS - 1)),
            again={(each.unit, each.subject, each.month) for each in open_now},
            changed=changed,
            threshold=Cuts(self._holding, thresholds).of,
        )
        items = with_reasons(series, list(items_found(series, wanted)))
        told = {(each.unit, each.subject, each.month) for each in items}
        found = [*items, *pairs_found(series, wanted, told), *events_found(series, wanted)]
        found += rules_found(series, wanted, told, self._books(int(series.months[-1])))
        forms = dict(zip(self._items["code"], self._items["form"], strict=True))
        found = [*grouped(found, forms), *of_forms(areas_found(series, wanted), forms)]
        found, out = capped(found, {each.id for each in known}, self._districts())
        return Judged(found, self._cells(series, wanted, open_now)), out

    def _books(self, until: int) -> pd.DataFrame:
        """What the stores that keep their book here held as each month began."""
        return StoreBooks(self._database).openings(until)

    def _supply(self, known: Collection[Alert]) -> tuple[Judged, int]:
        found, out = capped_supply(
            SupplyDesk(self._desk, self._scope).found(), {each.id for each in known}, self._districts()
        )
        return Judged(found, {}, supply=True), out

    def _cells(self, series: SeriesDesk, wanted: Wanted, known: Collection[Alert]) -> dict[Cell, Any]:
        """What is reported now where an alert stands that was looked at, by measure."""
        cells: dict[Cell, Any] = {}
        for alert in known:
            codes = _codes(series, alert)
            if any(wanted.concerns(unit, codes) for unit in self._within(alert.unit)):
                cells[alert.unit, alert.subject, alert.month] = self._stands(series, alert, codes)
        return cells

    def _stands(self, series: SeriesDesk, alert: Alert, codes: Collection[str]) -> float | None:
        """What an alert's value is now: its own where nothing it was made of changed."""
        facts = alert.facts
        if alert.code in OF_AREAS and ":" not in alert.subject:
            return _of_area(series, alert)
        if alert.kind == EVENT or alert.subject.startswith("form:"):
            return facts.get("value")
        now = self._reported(series, alert, codes)
        return facts.get("value") if "now" in facts and now == facts["now"] else now

    def _within(self, unit: str) -> list[str]:
        """A unit and those below it, by id; none where it has left."""
        units = self._holding.units
        if unit not in units.index:
            return [unit]
        row = units.loc[unit]
        return [str(each) for each in units.index[int(row["first"]) : int(row["last"])]]

    def _reported(self, series: SeriesDesk, alert: Alert, codes: Collection[str]) -> float | None:
        rollup, measure = self._holding.rollup, str(alert.facts.get("measure", ""))
        if "now" not in alert.facts and alert.facts.get("months", 1) > 1:
            return self._window(alert, measure)
        if alert.unit not in rollup.hierarchy or alert.month not in series.months:
            return None
        position = rollup.hierarchy.position(alert.unit)
        column = int((series.months == alert.month).argmax())
        at = pd.Index([position]).to_numpy()
        return plain(summed(rollup, (tuple(codes), measure), at)[0, column])

    def _window(self, alert: Alert, measure: str) -> float | None:
        """What is reported of several months together, out of the snapshot's rows."""
        if self._rows is None:
            self._rows = self._holding.snapshot.read("values", columns=WINDOW)
            self._rows = self._rows[self._rows["months"] > 1]
        ids = self._items["id"][(self._items["code"] == alert.subject).to_numpy()]
        rows = self._rows[(self._rows["org_unit"] == alert.unit) & (self._rows["month"] == alert.month)]
        rows = rows[rows["item"].isin(ids.astype(str)) & (rows["measure"] == measure)]
        return plain(rows["value"].sum()) if len(rows) else None

    def _changed(self, since: datetime, known: Collection[Alert]) -> set[tuple[str, str]]:
        """(unit, code of an item) of every series of which a value was stored or taken away."""
        values = self._holding.snapshot.read("values", columns=["org_unit", "item", "updated_at"])
        newer = values[values["updated_at"] >= since - OVERLAP].drop_duplicates(["org_unit", "item"])
        codes = dict(zip(self._items["id"], self._items["code"], strict=True))
        found = {(str(row.org_unit), codes[str(row.item)]) for row in newer.itertuples() if row.item in codes}
        return found | {(each.unit, each.subject) for each in known if self._is_gone(each)}

    def _is_gone(self, alert: Alert) -> bool:
        """Whether the figure of an alert was taken away: nothing of it says when."""
        series = SeriesDesk(self._holding, self._desk.figures.country)
        single = ":" not in alert.subject and alert.kind not in (SUPPLY, EVENT) and alert.status != CLOSED
        return single and self._reported(series, alert, [alert.subject]) is None

    def _districts(self) -> dict[str, str]:
        """The area that looks after each place: the unit above it."""
        units = self._holding.units
        return {str(unit): str(parent or unit) for unit, parent in units["parent"].items()}

    @property
    def _items(self) -> pd.DataFrame:
        return self._holding.rollup.items

    def _data_at(self) -> datetime:
        return datetime.fromisoformat(self._holding.snapshot.manifest["server_time"])


class Cuts:
    """From which score on there is an alert: what is said of the place or the nearest above it, else usual.

    Args:
        holding: knows the hierarchy.
        thresholds: by subject and unit.
    """

    def __init__(self, holding: Holding, thresholds: Mapping[tuple[str, str], Threshold]) -> None:
        self._ids, self._parent = holding.rollup.hierarchy.ids, holding.rollup.hierarchy.parent
        self._of = {key: each.threshold for key, each in thresholds.items()}

    def of(self, subject: str, position: int) -> float:
        """The threshold of a subject at a place."""
        if not self._of:
            return ALERT
        way = []
        while position >= 0:
            way.append(self._ids[position])
            position = int(self._parent[position])
        keys = chain(((subject, unit) for unit in (*way, EVERY)), ((EVERY, unit) for unit in (*way, EVERY)))
        return next((self._of[key] for key in keys if key in self._of), ALERT)


def _quarter_of(month: int) -> int:
    """The first month of a month's quarter: what is told once a quarter is told of whole quarters.

    >>> _quarter_of(202605), _quarter_of(202612)
    (202604, 202610)
    """
    return month - (month % 100 - 1) % 3


def _of_area(series: SeriesDesk, alert: Alert) -> float | None:
    """What the regular reporters of an area tell of a month by now."""
    area = series.area(alert.subject)
    hierarchy = series.rollup.hierarchy
    row = area.row(hierarchy.position(alert.unit)) if area and alert.unit in hierarchy else None
    if area is None or row is None or alert.month not in series.months:
        return None
    return plain(area.told.value[row, int((series.months == alert.month).argmax())])


def _codes(series: SeriesDesk, alert: Alert) -> tuple[str, ...]:
    """The items that an alert is about; of a pair's, those of the side that its value is of."""
    kind, _, name = alert.subject.partition(":")
    if kind == "pair" and name in series.country.pairs:
        pair = series.country.pairs[name]
        return (*pair.services, *pair.commodities)
    if kind == "form":
        items = series.rollup.items
        return tuple(items["code"][(items["form"] == name).to_numpy()].astype(str))
    return (alert.subject,)


def rules_of(thresholds: Mapping[tuple[str, str], Threshold]) -> str:
    """What tells one way of looking from another."""
    said = sorted((*key, each.revision, each.threshold) for key, each in thresholds.items())
    return hashlib.sha256(json.dumps([WAYS, ALERT, said]).encode()).hexdigest()
