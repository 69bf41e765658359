"""Coverage of a programme's services: its figure, its trend, and the places below, with what is lacking."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from countries.coverage import Coverage
from dashboard import i18n
from dashboard.i18n import number, percent, t
from dashboard.programme import SHOWN, Programme, months_before
from indicators.question import Question, Subject
from indicators.service_coverage import Covered

View = dict[str, Any]
Sums = npt.NDArray[np.float64]
LACKING = {"population": "programmes.coverage_no_population", "services": "programmes.coverage_no_services"}


def coverage(programme: Programme) -> View:
    """A card and a column for each service that has a target; where there is none, why not."""
    country = programme.desk.figures.country
    own = [each for each in country.coverage.values() if each.programme == programme.address.programme]
    if not programme.services:
        return {"face": _face(programme, own), "cards": [], "rows": [], "columns": [], "notes": []}
    windows = [_Window(programme, country.coverage[each.id], each) for each in programme.services]
    return {
        "face": "",
        "title": t("programmes.coverage_by", months=number(windows[0].about.months)),
        "cards": [each.card() for each in windows],
        "columns": [each.name for each in windows],
        "rows": _rows(programme, windows),
        "notes": _notes(windows),
    }


def _face(programme: Programme, own: list[Coverage]) -> str:
    country = programme.desk.figures.country
    if own:
        return t("programmes.coverage_hidden")
    if country.coverage:
        return t("programmes.coverage_none_here")
    return t("programmes.coverage_none", country=country.name[i18n.language()])


class _Window:
    """One service's coverage over the months of its window, of a place, those below it, and months before.

    Args:
        programme: the place and month.
        about: what is configured.
        subject: the services.
    """

    def __init__(self, programme: Programme, about: Coverage, subject: Subject) -> None:
        self.about, self.name = about, about.name[i18n.language()]
        first = months_before(programme.month, SHOWN + about.months - 2)
        question = Question(programme.now.units, (subject,), first, programme.month)
        self.found: Covered = programme.desk.logistics().coverage(subject, question)
        self._shown = min(SHOWN, max(1, self.found.services.shape[1] - about.months + 1))
        self.services, self.expected = (
            self._rolled(self.found.services),
            self._rolled(self.found.expected_services),
        )
        self.reported, self.due = self._rolled(self.found.reported), self._rolled(self.found.expected)
        self.month = programme.month

    def _rolled(self, months: Sums) -> Sums:
        """Sums over the window that ends with each month that is shown, `[unit, month]`."""
        total = np.cumsum(np.pad(months, ((0, 0), (1, 0))), axis=1)
        ends = np.arange(months.shape[1] - self._shown, months.shape[1]) + 1
        return np.asarray(total[:, ends] - total[:, np.maximum(ends - self.about.months, 0)])

    @property
    def value(self) -> Sums:
        """Shares of 1, `[unit, month shown]`; NaN where nobody's people are known or nobody reported."""
        known = (self.expected > 0) & (self.reported > 0)
        return np.where(known, self.services / np.where(known, self.expected, 1), np.nan)

    @property
    def year(self) -> int:
        """Of which year the oldest estimate in the place's figure of the month is; 0 for none."""
        return int(self.found.year[0, -1])

    def outside(self) -> float:
        """Services within the window of places whose people nobody knows."""
        return float(self.found.outside[0, -self.about.months :].sum())

    def card(self) -> View:
        """The place's own figure and its trend."""
        values = self.value[0]
        highest = max(1.0, float(np.nanmax(values)) if np.isfinite(values).any() else 1.0)
        label, ends = i18n.month(months_before(self.month, self._shown - 1)), i18n.month(self.month)
        note = t("programmes.coverage_of", n=number(self.services[0, -1]), of=number(self.expected[0, -1]))
        reports = t("programmes.coverage_reports", n=number(self.reported[0, -1]), of=number(self.due[0, -1]))
        return {
            "name": self.name,
            "value": self.text(0),
            "note": f"{note}; {reports}" if np.isfinite(values[-1]) else reports,
            "values": [None if np.isnan(each) else round(float(each) / highest, 3) for each in values],
            "labels": [label, ends],
        }

    def text(self, row: int) -> str:
        """A unit's share, or what is lacking."""
        value = float(self.value[row, -1])
        if not np.isnan(value):
            return percent(value)
        return _said(LACKING["services" if self.expected[row, -1] > 0 else "population"])

    def cell(self, row: int) -> View:
        """A unit's share with the reports that it stands on."""
        counts = {"n": number(self.reported[row, -1]), "of": number(self.due[row, -1])}
        value = self.value[row, -1]
        return {
            "t": self.text(row),
            "n": t("programmes.coverage_reports", **counts),
            "k": "none" if np.isnan(value) else "above" if value > 1 else "",
        }


def _said(key: str) -> str:
    return t(key)


def _rows(programme: Programme, windows: list[_Window]) -> list[View]:
    """The place itself, then those below it of which any service is expected."""
    names = programme.desk.figures.holding().names
    return [
        {"id": unit, "name": names[unit], "cells": [each.cell(row) for each in windows]}
        for row, unit in enumerate(programme.now.units)
        if row == 0 or any(each.due[row, -1] or each.services[row, -1] for each in windows)
    ]


def _notes(windows: list[_Window]) -> list[str]:
    notes = [t("programmes.coverage_note", months=number(windows[0].about.months), targets=_targets(windows))]
    years = [each.year for each in windows if 0 < each.year < each.month // 100]
    if years:
        notes.append(t("programmes.coverage_old", year=str(min(years))))
    outside = max((each.outside() for each in windows), default=0.0)
    if outside >= 1:
        notes.append(t("programmes.coverage_outside", services=number(outside)))
    if any((each.value[:, -1] > 1).any() for each in windows):
        notes.append(t("programmes.coverage_above"))
    return notes


def _targets(windows: list[_Window]) -> str:
    """Who should have the services: once where all have the same, else of each."""
    language = i18n.language()
    targets = [each.about.target[language] for each in windows]
    if len(set(targets)) == 1:
        return targets[0]
    return "; ".join(f"{each.name} – {target}" for each, target in zip(windows, targets, strict=True))


COLUMNS = (
    "coverage", "coverage_name", "unit_name", "unit_id", "months", "services", "expected_services", "value",
    "n_reported", "n_expected", "population_year",
)  # fmt: skip


def table(programme: Programme) -> pd.DataFrame:
    """The figures themselves: a row for each place and service that has a target."""
    country, names = programme.desk.figures.country, programme.desk.figures.holding().names
    windows = [_Window(programme, country.coverage[each.id], each) for each in programme.services]
    rows = [
        (
            each.about.id, each.name, names[unit], unit, each.about.months, each.services[row, -1],
            each.expected[row, -1], each.value[row, -1], each.reported[row, -1], each.due[row, -1],
            int(each.found.year[row, -1]),
        )
        for each in windows
        for row, unit in enumerate(programme.now.units)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))
