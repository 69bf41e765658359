"""The proposal of transfers in a monthly report: some of every product; the workbook has all."""

from math import isnan

import numpy as np
import pandas as pd

from dashboard.brief_paper import MUTED, Paper
from dashboard.i18n import number, t
from dashboard.report_rows import Columns, height, note, table

ROW, HEAD = 5.0, 11.0  # mm
WIDTHS = (58.0, 48.0, 48.0, 16.0, 16.0)
MOST, TOGETHER = 25, 12  # on paper at most, and on one sheet with their heading at least


def draw_transfers(paper: Paper, transfers: pd.DataFrame) -> None:
    """Draw as many transfers as the sheet has room for, and say how many more there are."""
    if paper.room() < HEAD + (min(len(transfers), TOGETHER) + 3) * ROW:
        paper.add_page()
    paper.say(t("programmes.transfers"), 10, bold=True)
    note(paper, t("programmes.transfers_text"))
    loose = bool((transfers["packs"] == transfers["quantity"]).all())  # counted one by one, in no packs
    amount = t("programmes.quantity" if loose else "programmes.packs")
    heads = [t("programmes.product"), t("programmes.from"), t("programmes.to"), amount, "km"]
    columns = Columns(heads, WIDTHS, ROW, right=(3, 4))
    order = in_turn(transfers)[:MOST]
    told = {at: _texts(transfers, at) for at in order}
    shown = sorted(order[: _fitting(paper, columns, [told[at] for at in order])])
    table(paper, columns, [told[at] for at in shown])
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


def _fitting(paper: Paper, columns: Columns, rows: list[list[str]]) -> int:
    """How many rows the sheet has room for below their heads, with a line that says what is left out."""
    tall = np.cumsum([height(paper, texts, columns) for texts in rows])
    room = paper.room() - height(paper, columns.heads, columns, bold=True) - ROW
    return int((tall <= room).sum())


def _texts(transfers: pd.DataFrame, at: int) -> list[str]:
    each = transfers.iloc[at]
    names = [str(each[name]) for name in ("item_name", "donor_name", "receiver_name")]
    return [*names, number(float(each["packs"])), _away(float(each["kilometres"]))]


def _away(kilometres: float) -> str:
    if isnan(kilometres):
        return "–"
    return number(kilometres) if kilometres >= 1 else t("programmes.under_kilometre").removesuffix(" km")
