"""What lies beneath the commodities' chart, period by period: stock at the end, stock-outs, losses."""

from math import isnan
from typing import Any

import numpy as np

from dashboard.i18n import number, t
from dashboard.pages.compare_reading import STOCK, Floats, Reading, received, series

View = dict[str, Any]


def beneath(reading: Reading) -> View | None:
    """A row of small bars for each of them that has any figure; None where none has.

    A bar's height is its share of the row's highest; None where nothing was reported.
    """
    rows = [
        _told(row, reading)
        for row in (_stock(reading), _out(reading), _days(reading), _plain(reading, "lost", "beneath.lost"))
        if row
    ]
    return {"labels": reading.labels, "rows": rows} if rows else None


def _stock(reading: Reading) -> View | None:
    """The stock, where it is not what the chart itself shows."""
    return None if reading.stock_only else _plain(reading, STOCK, "beneath.closing")


def _out(reading: Reading) -> View | None:
    """How many facilities were out of stock at the end, of those that reported their stock."""
    if reading.place.level == len(reading.country.levels):
        return None
    out = series(reading.comparison, "commodity", "facilities_out")
    of = [n for n, _ in received(reading.comparison, "commodity", "facilities_out")]
    texts = [
        "–" if isnan(value) else t("compare.n_of", n=number(value), expected=number(n))
        for value, n in zip(out.tolist(), of, strict=True)
    ]
    share = out / np.maximum(of, 1)
    title = t("compare.out_at_end", sites=reading.level_name(len(reading.country.levels), plural=True))
    return _row("facilities_out", title, share, texts, highest=1.0)


def _days(reading: Reading) -> View | None:
    return _plain(reading, "stockout_days", "compare.stockout_days")


def _plain(reading: Reading, measure: str, key: str) -> View | None:
    values = series(reading.comparison, "commodity", measure)
    texts = ["–" if isnan(value) else number(value) for value in values.tolist()]
    highest = float(np.nanmax(values)) if not np.isnan(values).all() else 0.0
    return _row(measure, _title(key), values, texts, highest=highest)


def _title(key: str) -> str:
    return t(key)


def _row(kind: str, title: str, values: Floats, texts: list[str], highest: float) -> View | None:
    if np.isnan(values).all():
        return None
    shares = np.clip(values / highest if highest > 0 else values * 0.0, 0, 1)
    return {"kind": kind, "title": title, "shares": rounded(shares), "texts": texts}


def rounded(shares: Floats) -> list[float | None]:
    """Shares for JSON, to a hundredth; null where nothing is known."""
    return [None if isnan(share) else round(share, 2) for share in shares.tolist()]


def _told(row: View, reading: Reading) -> View:
    """A row with its figure of the period looked at, and a sentence for those who cannot see it."""
    title, now = row["title"], row["texts"][reading.at]
    said = t("beneath.said", title=title, period=reading.label, value=now)
    return row | {"title": t("beneath.label", title=title), "now": now, "said": said}
