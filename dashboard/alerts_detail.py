"""One alert to its ground: the series with its band, the other side, the neighbours' months, who did what."""

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np

from accounts import Person
from dashboard.alerts import AlertDesk
from dashboard.alerts_areas import OF_AREAS
from dashboard.alerts_charts import (
    area_charts,
    band_of,
    chart_of,
    in_order,
    item_charts,
    months_shown,
    other_chart,
    pair_charts,
)
from dashboard.alerts_doubts import doubts
from dashboard.alerts_look import Cuts
from dashboard.alerts_scored import ItemSeries
from dashboard.alerts_series import CONSUMED, COUNT, PairSeries, SeriesDesk
from dashboard.alerts_supply import as_months
from dashboard.alerts_thresholds import wheres
from dashboard.alerts_words import AlertWords
from dashboard.i18n import t
from dashboard.readable import unread
from ledger.alert_intake import CORRECTED_BY_ITSELF, FOUND_AGAIN, NOT_UNUSUAL, OVER
from ledger.alert_thresholds import EVERY
from ledger.alerts import SUPPLY, Alert

NEIGHBOURS = 12
NOTES = {
    OVER: "alerts.over_by_itself",
    CORRECTED_BY_ITSELF: "alerts.corrected_by_itself",
    NOT_UNUSUAL: "alerts.not_unusual",
    FOUND_AGAIN: "alerts.found_again",
}


class AlertDetail:
    """What stands behind alerts; the series of one version of the data are kept for the next who asks.

    Args:
        desk: knows the alerts.
    """

    def __init__(self, desk: AlertDesk) -> None:
        self._desk, self._lock = desk, Lock()
        self._kept: SeriesDesk | None = None

    def of(self, alert: Alert, person: Person) -> dict[str, Any]:
        """All that a person may know of an alert beside its sentence."""
        return {
            "doubts": doubts(alert, self._desk.figures.holding(), self._desk.country),
            "charts": self._charts(alert, person),
            "neighbours": self._neighbours(alert, person),
            "history": self._history(alert),
            "looked": self._looked(alert),
            "threshold": self._threshold(alert, person),
        }

    def series(self) -> SeriesDesk:
        """The series of the version that this request is answered from."""
        holding = self._desk.figures.holding()
        with self._lock:
            if self._kept is None or self._kept.holding.version != holding.version:
                self._kept = SeriesDesk(holding, self._desk.country)
            return self._kept

    def _charts(self, alert: Alert, person: Person) -> list[dict[str, Any]]:
        words = AlertWords(self._desk.figures.holding(), self._desk.country)
        kind, _, name = alert.subject.partition(":")
        if kind == "form":
            return []
        if kind == "pair":
            pair = self.series().pair(name)
            return pair_charts(self.series(), pair, alert) if pair else []
        if alert.kind == SUPPLY:
            return self._stock(alert, words)
        if alert.code in OF_AREAS:
            return area_charts(self.series(), alert, words)
        found = self._of(alert)
        if found is not None and found.length > 1:
            return item_charts(self.series(), found, alert, words)
        charts = [] if found is None else item_charts(self.series(), found, alert, words)
        pair = self.series().pair_of(alert.subject)
        if found is not None and pair is not None and self._reads_other(pair, found, person):
            charts += other_chart(self.series(), pair, found, alert)
        return charts

    def _reads_other(self, pair: PairSeries, found: ItemSeries, person: Person) -> bool:
        codes = pair.pair.commodities if found.measure == COUNT else pair.pair.services
        return not unread(self._desk.figures.holding(), codes, person.scope)[0]

    def _stock(self, alert: Alert, words: AlertWords) -> list[dict[str, Any]]:
        """The stock of a supply alert, month by month, and what was used of it."""
        desk = self.series()
        found = desk.item(alert.subject)
        row = None if found is None else found.row(desk.rollup.hierarchy.position(alert.unit))
        if found is None or row is None:
            return []
        months = months_shown(desk, alert.facts.get("as_of") or int(desk.months[-1]))
        chart = chart_of(desk, words.item(alert.subject), CONSUMED, months)
        return [chart | {"values": as_months(found.closing[row, months]), "stock": True}]

    def _neighbours(self, alert: Alert, person: Person) -> dict[str, Any] | None:
        """The same series at the other places of the area, as far as the person may see them."""
        desk = self.series()
        hierarchy = desk.rollup.hierarchy
        found = None if ":" in alert.subject or alert.kind == SUPPLY else self._of(alert)
        if found is None or alert.unit not in hierarchy:
            return None
        position, names = hierarchy.position(alert.unit), desk.holding.names
        own = alert.code in OF_AREAS
        area = position if own else int(hierarchy.parent[position])
        months = months_shown(desk, alert.month) if found.length == 1 else slice(None)
        within = hierarchy.parent[found.positions] == area
        if own:
            within = (found.positions >= area) & (found.positions < hierarchy.last[area])
        rows = [
            row for row in np.flatnonzero(within) if found.positions[row] != position
            and person.scope.sees(str(desk.holding.records[hierarchy.ids[found.positions[row]]]["path"]))
        ]  # fmt: skip
        if own:
            rows = in_order(found, rows, alert)
        charts = [
            {"place": names[hierarchy.ids[found.positions[row]]], **band_of(found.scores, row, months),
             "values": as_months(found.values[row, months])}
            for row in rows[:NEIGHBOURS]
        ]  # fmt: skip
        side = "services" if found.measure == COUNT else "commodities"
        return (
            {"area": names.get(hierarchy.ids[area], ""), "own": own, "side": side, "charts": charts}
            if charts
            else None
        )

    def _of(self, alert: Alert) -> ItemSeries | None:
        """The series that an alert of a single item is of: by month, or of several months at once."""
        length = int(alert.facts.get("months") or 1)
        if length == 1:
            return self.series().item(alert.subject)
        found = self.series().windows(alert.subject)
        return next((each for each in found if each.length == length), None)

    def _history(self, alert: Alert) -> list[dict[str, Any]]:
        steps = self._desk.alerts.steps(alert.id)
        return [
            {
                "version": each["version"],
                "at": each["at"].isoformat(),
                "author": each["author"],
                "name": self._desk.name_of(each["author"]) or t("alerts.by_itself"),
                "status": each["status"],
                "assignee": self._desk.name_of(each["assignee"]),
                "due": each["due"],
                "comment": said(each["author"], each["comment"]),
            }
            for each in steps
        ]

    def _looked(self, alert: Alert) -> list[dict[str, Any]]:
        looks = self._desk.alerts.looks([alert.id]).get(alert.id, [])
        return [
            {"username": each["username"], "name": self._desk.name_of(each["username"]),
             "at": each["last_at"].isoformat()}
            for each in looks
        ]  # fmt: skip

    def _threshold(self, alert: Alert, person: Person) -> dict[str, Any] | None:
        """From which score on there is an alert here, and who said so; None for what no score found."""
        if alert.facts.get("score") is None:
            return None
        known = self._desk.thresholds.current()
        holding = self._desk.figures.holding()
        way = list(reversed([str(each) for each in _way(holding.records, alert.unit)]))
        keys = [(subject, unit) for subject in (alert.subject, EVERY) for unit in (*way, EVERY)]
        found = next((known[key] for key in keys if key in known), None)
        cut = Cuts(holding, known).of(alert.subject, holding.rollup.hierarchy.position(alert.unit))
        return {
            "value": cut,
            "score": alert.facts["score"],
            "origin": found.origin if found else "",
            "author": self._desk.name_of(found.author) if found else "",
            "reason": found.reason if found else "",
            "revision": found.revision if found else 0,
            "evidence": dict(found.evidence) if found else {},
            "where": wheres(self._desk, alert, person),
        }


def said(author: str, comment: str) -> str:
    """A step's comment; what no person wrote is said in the reader's language."""
    return t(NOTES[comment]) if not author and comment in NOTES else comment


def _way(records: Mapping[str, Any], unit: str) -> Sequence[str]:
    return str(records[unit]["path"]).strip("/").split("/") if unit in records else [unit]
