"""The monthly report on paper: its proposal of transfers is not cut short, and has some of every product."""

import pandas as pd
import pytest

from dashboard import i18n, report_pages, report_transfers
from dashboard.report import Chapter, Report

SIX = pd.DataFrame({"item_name": "Pill", "donor_name": "Full", "receiver_name": "Empty", "packs": range(1, 7),
                    "kilometres": 3.0})  # fmt: skip
NOTHING = pd.DataFrame()


def view(rows):
    """A programme with so many places below the place."""
    column = {"name": "Pill", "short": "Pill", "pair": ""}
    places = [{"name": f"Place {at}", "t": ["1.0"], "c": "e"} for at in range(rows)]
    shares = [{"name": "Reports", "values": [1.0], "value": "100%", "note": "", "change": ""}]
    return {
        "lead": "All reports are in.",
        "worst": "Most sites lack pills.",
        "trends": {"lines": shares * 4},
        "heat": {"title": "Months of stock", "corner": "Place", "columns": [column], "rows": places,
                 "legend": [], "note": "", "below": True},
        "products": {"columns": list("abcdef"), "rows": [], "note": ""},
        "coverage": {"cards": [], "face": ""},
        "expiry": {"lots": None, "orders": "", "face": []},
    }  # fmt: skip


@pytest.mark.parametrize("rows", range(16, 41, 2))
def test_six_transfers_stand_on_paper_wherever_the_sheet_ends(rows, monkeypatch, tmp_path):
    monkeypatch.setattr(report_pages, "faces", dict)  # PDF's own letters are drawn in no time
    told, say = [], report_pages.Paper.say

    def heard(paper, text, *how, **more):
        told.append(text)
        say(paper, text, *how, **more)

    monkeypatch.setattr(report_pages.Paper, "say", heard)
    chapter = Chapter("Family planning", view(rows), SIX, NOTHING, NOTHING, NOTHING, NOTHING)
    with i18n.use("en"):
        report_pages.write(Report("Here", "Jan 2026", "today", "", (chapter,), (), "en"), tmp_path / "a.pdf")
        assert i18n.t("programmes.transfers") in told
        assert "Family planning: Most sites lack pills." in told
        assert not {i18n.t("report.more_transfers", n=str(left)) for left in range(7)} & set(told)


def test_of_more_transfers_than_there_is_room_for_every_product_is_shown_and_the_rest_is_counted(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(report_pages, "faces", dict)
    drawn, told, cells, say = [], [], report_transfers.cells, report_pages.Paper.say

    def row(paper, texts, *how, **more):
        drawn.append(list(texts))
        cells(paper, texts, *how, **more)

    monkeypatch.setattr(report_transfers, "cells", row)
    monkeypatch.setattr(
        report_pages.Paper,
        "say",
        lambda paper, text, *how, **more: (told.append(text), say(paper, text, *how, **more)),
    )
    many = pd.concat([SIX.assign(item_name=name) for name in ("Condom", *["Pill"] * 6, "Ring")])
    chapter = Chapter("Family planning", view(20), many, NOTHING, NOTHING, NOTHING, NOTHING)
    with i18n.use("en"):
        report_pages.write(Report("Here", "Jan 2026", "today", "", (chapter,), (), "en"), tmp_path / "a.pdf")
        names = [texts[0] for texts in drawn[1:]]
        assert names == sorted(names)
        assert names.count("Condom") == names.count("Ring") == 6
        assert 6 < names.count("Pill") < 36
        assert i18n.t("report.more_transfers", n=str(48 - len(names))) in told


LONG = (
    "Most sites lack the first of all products that are counted here: 43 of 213 that reported have none. " * 3
)


@pytest.mark.parametrize(("programmes", "size"), [(2, 9), (8, 8.5)])
def test_what_is_worst_of_all_programmes_stands_on_one_sheet(programmes, size, monkeypatch, tmp_path):
    monkeypatch.setattr(report_pages, "faces", dict)
    told, say = {}, report_pages.Paper.say

    def heard(paper, text, *how, **more):
        told.setdefault(text, (paper.page_no(), *how))
        say(paper, text, *how, **more)

    monkeypatch.setattr(report_pages.Paper, "say", heard)
    shown = view(3) | {"worst": LONG}
    shares = [
        line | {"note": "79 of 670\nproducts × sites", "change": "▲ 2"} for line in shown["trends"]["lines"]
    ]
    shown["trends"] = {"lines": shares}
    nothing = [NOTHING] * 5
    chapters = tuple(Chapter(f"Programme {at}", shown, *nothing) for at in range(programmes))
    with i18n.use("en"):
        report_pages.write(
            Report("Here", "Jan 2026", "today", "Credit", chapters, (), "en"), tmp_path / "a.pdf"
        )
    assert told["Credit"][0] == 1
    assert told[f"Programme {programmes - 1}: {LONG}"] == (1, size)
