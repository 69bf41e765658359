"""What the rules of data quality say of the stock line that an alert stands on."""

from dataclasses import replace
from typing import Any

import pyarrow.dataset as ds

from countries.configuration import Country
from dashboard.holdings import Holding
from dashboard.i18n import month, t
from dashboard.quality_known import known_of
from dashboard.quality_words import Names, item_names, said
from indicators.quality import findings
from ledger.alerts import SUPPLY, Alert

GRAVE = "high"
COLUMNS = ["org_unit", "item", "measure", "month", "months", "value"]
TOLD = 2
"""Findings that are told of one alert, the newest first."""


def doubts(alert: Alert, holding: Holding, country: Country) -> list[str]:
    """What cannot be, in the line of a product whose stock needs somebody, since the alert's month.

    Args:
        alert: of any kind; of a figure that looks wrong nothing is added.
        holding: the version of the data.
        country: its items in both languages.
    """
    if alert.kind != SUPPLY:
        return []
    values = holding.snapshot.read("values", where=ds.field("org_unit") == alert.unit)[COLUMNS]
    items = holding.rollup.items
    codes = dict(zip(items["id"].astype(str), items["code"].astype(str), strict=True))
    known = replace(known_of(country, holding), pairs=(), cascades=())
    own = {item for item, code in codes.items() if code == alert.subject}
    found = findings(values[values["item"].isin(own).to_numpy()], known)
    wrong = found[(found["severity"] == GRAVE) & (found["month"] >= alert.month)]
    names = Names(holding.names, item_names(codes, country.items))
    newest = wrong.sort_values("month", ascending=False, kind="stable").head(TOLD)
    return [_told(row, names) for row in newest.to_dict("records")]


def _told(row: Any, names: Names) -> str:
    return t("alerts.doubted", month=month(int(row["month"])), says=said(row, names))
