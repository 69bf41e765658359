"""The proposal of transfers in a monthly report: some of every product; the workbook has all."""

from math import isnan

import numpy as np
import pandas as pd

from dashboard.brief_paper import MUTED, Paper
from dashboard.i18n import number, t
from dashboard.report_rows import cells, height

ROW, HEAD = 5.0, 11.0  # mm
WIDTHS = (48.0, 50.0, 50.0, 18.0, 20.0)
MOST, TOGETHER = 25, 6  # on paper at most, and on one sheet with their heading at least


def draw_transfers(paper: Paper, transfers: pd.DataFrame) -> None:
    """Draw as many transfers as the sheet has room for, and say how many more there are."""
    if paper.room() < HEAD + (min(len(transfers), TOGETHER) + 3) * ROW:
        paper.add_page()
    paper.say(t("programmes.transfers"), 10, bold=True)
    paper.say(t("programmes.transfers_text"), 7, colour=MUTED)
    heads = [t("programmes.product"), t("programmes.from"), t("programmes.to"), t("programmes.packs"), "km"]
    cells(paper, heads, WIDTHS, ROW, bold=True)
    order = in_turn(transfers)[:MOST]
    told = {at: _texts(transfers, at) for at in order}
    shown = sorted(order[: _fitting(paper, [told[at] for at in order])])
    for row, at in enumerate(shown):
        cells(paper, told[at], WIDTHS, ROW, soft=row % 2 == 0)
    if len(transfers) > len(shown):
        rest = number(len(transfers) - len(shown))
        paper.say(t("report.more_transfers", n=rest), 7.5, colour=MUTED)


def in_turn(transfers: pd.DataFrame) -> list[int]:
    """The rows in the order of their being shown: the first of each product, then the second of each.

    >>> in_turn(pd.DataFrame({"item_name": ["a", "a", "a", "b"]}))
    [0, 3, 1, 2]
    """
    turn = transfers.groupby("item_name", sort=False).cumcount()
    return [int(at) for at in np.argsort(turn.to_numpy(), kind="stable")]


def _fitting(paper: Paper, rows: list[list[str]]) -> int:
    """How many rows the sheet has room for, with a line below them that says what is left out."""
    paper.pen(7.5)
    tall = np.cumsum([height(paper, texts, WIDTHS, ROW) for texts in rows])
    return int((tall <= paper.room() - ROW).sum())


def _texts(transfers: pd.DataFrame, at: int) -> list[str]:
    each = transfers.iloc[at]
    names = [str(each[name]) for name in ("item_name", "donor_name", "receiver_name")]
    return [*names, number(float(each["packs"])), _away(float(each["kilometres"]))]


def _away(kilometres: float) -> str:
    if isnan(kilometres):
        return "–"
    return number(kilometres) if kilometres >= 1 else t("programmes.under_kilometre").removesuffix(" km")
