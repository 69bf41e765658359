"""The monthly report on paper: its proposal of transfers is not cut short, and has some of every product."""

import pandas as pd
import pytest

from dashboard import i18n, report_pages, report_rows, report_transfers
from dashboard.brief_paper import Paper
from dashboard.report import Chapter, Report

SIX = pd.DataFrame({"item_name": "Pill", "donor_name": "Full", "receiver_name": "Empty", "packs": range(1, 7),
                    "quantity": range(10, 70, 10), "kilometres": 3.0})  # fmt: skip
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
    drawn, told, cells, say = [], [], report_rows.cells, report_pages.Paper.say

    def row(paper, texts, *how, **more):
        drawn.append(list(texts))
        cells(paper, texts, *how, **more)

    monkeypatch.setattr(report_rows, "cells", row)
    monkeypatch.setattr(
        report_pages.Paper,
        "say",
        lambda paper, text, *how, **more: (told.append(text), say(paper, text, *how, **more)),
    )
    many = pd.concat([SIX.assign(item_name=name) for name in ("Condom", *["Pill"] * 6, "Ring")])
    chapter = Chapter("Family planning", view(20), many, NOTHING, NOTHING, NOTHING, NOTHING)
    with i18n.use("en"):
        report_pages.write(Report("Here", "Jan 2026", "today", "", (chapter,), (), "en"), tmp_path / "a.pdf")
        at = next(at for at, texts in enumerate(drawn) if texts[0] == i18n.t("programmes.product"))
        names = [texts[0] for texts in drawn[at + 1 :]]
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


def drawn_on(monkeypatch, paper):
    """What is drawn of tables: the sheet and the texts of each row."""
    seen, cells = [], report_rows.cells

    def row(paper, texts, *how, **more):
        cells(paper, texts, *how, **more)
        seen.append((paper.page_no(), list(texts)))

    monkeypatch.setattr(report_rows, "cells", row)
    return seen


def test_heads_stand_on_every_sheet_of_a_table(monkeypatch):
    paper = Paper("", "en", {})
    paper.add_page()
    seen = drawn_on(monkeypatch, paper)
    columns = report_rows.Columns(["Product", "Stock"], (80.0, 40.0), 5.0, right=(1,))
    report_rows.table(paper, columns, [[f"Pill {at}", str(at)] for at in range(120)])
    sheets = {page for page, _ in seen}
    assert len(sheets) == 3
    for sheet in sheets:
        first = next(texts for page, texts in seen if page == sheet)
        assert first == ["Product", "Stock"]
    assert [texts[1] for _, texts in seen if texts[0] != "Product"] == [str(at) for at in range(120)]


def test_a_note_does_not_end_on_another_sheet():
    paper = Paper("", "en", {})
    paper.add_page()
    paper.set_y(paper.h - 25)
    report_rows.note(paper, "Counted in what stands beside the name. " * 20)
    assert paper.page_no() == 2
    assert paper.get_y() > 12 + 3 * 7 * 0.47


def test_a_product_is_told_with_what_it_is_counted_in(monkeypatch, tmp_path):
    monkeypatch.setattr(report_pages, "faces", dict)
    seen = drawn_on(monkeypatch, None)
    row = {
        "name": "Oxytocin 10 IU",
        "unit": "ampoule",
        "cells": ["9", "3", "3.0"],
        "c": "e",
        "out": "",
        "lost": "",
    }
    bare = row | {"name": "Male condom", "unit": ""}
    shown = view(3) | {"products": {"columns": list("abcdef"), "rows": [row, bare], "note": ""}}
    chapter = Chapter("Family planning", shown, SIX, NOTHING, NOTHING, NOTHING, NOTHING)
    with i18n.use("en"):
        report_pages.write(Report("Here", "Jan 2026", "today", "", (chapter,), (), "en"), tmp_path / "a.pdf")
    names = [texts[0] for _, texts in seen]
    assert "Oxytocin 10 IU (ampoule)" in names
    assert "Male condom" in names


@pytest.mark.parametrize(("pack", "head"), [(1, "programmes.quantity"), (10, "programmes.packs")])
def test_what_is_counted_one_by_one_is_not_called_packs(pack, head, monkeypatch):
    paper = Paper("", "en", {})
    paper.add_page()
    seen = drawn_on(monkeypatch, paper)
    with i18n.use("en"):
        report_transfers.draw_transfers(paper, SIX.assign(quantity=SIX["packs"] * pack))
        assert seen[0][1][3] == i18n.t(head)
