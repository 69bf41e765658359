"""Random views of two countries, each figure of each file and of the page counted once more from the seed.

TANDEM_RANDOM_VIEWS says how many (`python -m bench.figures` draws 500); by default a sample of them.
TANDEM_RANDOM_PART, as 2/5, takes every fifth of them, from the second on.
"""

import csv
import io
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest

from tests.recount import seed as seeds
from tests.recount.change import Change, Series, change
from tests.recount.drawn import Drawn, draw, written
from tests.recount.reporters import Own
from tests.recount.totals import Pooled, Recount, share, state, value
from tests.servers import ROOT
from tests.web import Browser, signed_in

VIEWS = int(os.environ.get("TANDEM_RANDOM_VIEWS", "60"))
PART, PARTS = map(int, os.environ.get("TANDEM_RANDOM_PART", "1/1").split("/"))
FEW = 100
COUNTRIES = ("civ", "whotopia")
MEASURES = (
    *("consumed", "closing", "opening", "received", "adjusted", "lost", "ordered", "stockout_days"),
    "amc_reported",
)
MOST_CELLS = 20_000  # of a workbook that is read in a sample; all are read where all views are asked for


@dataclass(frozen=True)
class Asked:
    """One country's installation and the same figures counted from its seed."""

    recount: Recount
    browser: Browser

    def rows(self, drawn: Drawn, wanted: str) -> Any:
        """The interface's answer to a view."""
        answer = self.browser.get(f"/api/v1/compare?{drawn.asked(children='true', format=wanted)}")
        assert answer.status_code == 200, answer.text
        return answer.data if wanted == "xlsx" else answer.json["rows"] if wanted == "json" else answer.text


@pytest.fixture(scope="module", params=COUNTRIES)
def asked(request: pytest.FixtureRequest) -> Asked:
    name = request.param
    folder = ROOT / "demo" / "countries" / "civ"
    if name == "whotopia":
        folder = request.getfixturevalue("whotopia_seed")
    recount = Recount(seeds.read(folder, ROOT / "countries" / name))
    return Asked(recount, signed_in(request.getfixturevalue(f"{name}_web"), "admin"))


def views(asked: Asked) -> list[Drawn]:
    """The country's half of the views, as many of them as this part has."""
    return list(draw(asked.recount.seed, VIEWS // len(COUNTRIES), "views"))[PART - 1 :: PARTS]


@dataclass(frozen=True)
class Wanted:
    """A line that an answer must have: the measure of some items."""

    side: str
    item: str
    measure: str
    items: tuple[str, ...]


def lines(recount: Recount, drawn: Drawn) -> Iterator[Wanted]:
    """Every line of a view's pair: each side's total and items, the family, what the services say."""
    seed, pair = recount.seed, recount.seed.pairs[drawn.pair]
    yield from _sums("service", "count", pair.get("services", ()))
    sums = list(_sums("commodity", "", pair.get("commodities", ())))
    if pair.get("family") in seed.families:
        codes = tuple(seed.families[pair["family"]]["commodities"])
        sums.append(Wanted("commodity", f"family:{pair['family']}", "", codes))
    for measure in (*MEASURES, "facilities_out"):
        source = "closing" if measure == "facilities_out" else measure
        there = any((code, source) in seed.values for each in sums for code in each.items)
        if there or measure in ("consumed", "closing"):
            yield from (Wanted(each.side, each.item, measure, each.items) for each in sums)
    for measure, codes in pair.get("reported", {}).items():
        yield from _sums("service_report", measure, codes)


def _sums(side: str, measure: str, codes: Any) -> Iterator[Wanted]:
    if codes:
        yield Wanted(side, "total", measure, tuple(codes))
        yield from (Wanted(side, code, measure, (code,)) for code in codes)


Key = tuple[str, str, str, str, str]


def counted(recount: Recount, drawn: Drawn) -> dict[Key, Own]:
    """Every figure that an answer must hold: by unit, period, side, measure and item."""
    found = {}
    for line in lines(recount, drawn):
        for unit in (drawn.unit, *recount.seed.children[drawn.unit]):
            figures = recount.figures(unit, line.measure, line.items, drawn.look)
            for period, own in figures.items():
                name = recount.label(drawn.look, period)
                found[unit, name, line.side, line.measure, line.item] = own
    return found


def ratios(recount: Recount, drawn: Drawn) -> dict[Key, Pooled]:
    """Every ratio that an answer must hold, by the same key; none but of pairs of one fixed dose."""
    pair, found = recount.seed.pairs[drawn.pair], {}
    if pair["class"] != "fixed_dose" or not pair.get("services"):
        return {}
    said = tuple(pair.get("reported", {}).get("consumed", ()))
    side, used = ("service_report", said) if said else ("commodity", tuple(pair["commodities"]))
    for unit in (drawn.unit, *recount.seed.children[drawn.unit]):
        pooled = recount.ratio(unit, used, tuple(pair["services"]), drawn.look)
        for period in recount.periods(drawn.look):
            name = recount.label(drawn.look, period)
            found[unit, name, side, "ratio", "total"] = pooled.get(period, Pooled(None, 0.0, 0.0, 0, 0))
    return found


def same(one: Any, other: Any) -> bool:
    """Whether two cells hold the same: numbers to the fifteen digits that a spreadsheet keeps."""
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-9)
    return bool(one == other)


def key_of(row: Any) -> Key:
    return row["unit_id"], row["period"], row["side"], row["measure"], row["item"]


def test_every_figure_of_the_interface_is_the_one_counted_from_the_seed(asked: Asked) -> None:
    for drawn in views(asked):
        expected = counted(asked.recount, drawn)
        rows = {key_of(row): row for row in asked.rows(drawn, "json")}
        pooled = ratios(asked.recount, drawn)
        assert rows.keys() == expected.keys() | pooled.keys(), drawn.asked()
        for key, own in expected.items():
            row = rows[key]
            where = (drawn.asked(), key)
            assert same(row["value"], value(own)), where
            assert (row["n_reported"], row["n_expected"]) == (own.reported, own.expected), where
            assert math.isclose(row["imputed_share"], share(own), rel_tol=1e-6, abs_tol=1e-9), where
            assert row["state"] == state(own), where
            assert row["numerator"] is None and row["denominator"] is None, where
        for key, found in pooled.items():
            _same_ratio(rows[key], found, (drawn.asked(), key))


def _same_ratio(row: Any, found: Pooled, where: object) -> None:
    assert same(row["value"], found.value), (where, row, found)
    assert (row["n_reported"], row["n_expected"]) == (found.both, found.either), (where, row, found)
    sides = (found.above, found.below) if found.both else (None, None)
    assert same(row["numerator"], sides[0]) and same(row["denominator"], sides[1]), (where, row, found)
    assert (row["value"] is None) == (row["state"] in ("missing", "not_applicable")), (where, row)


def test_the_files_hold_the_same_rows_as_the_interface(asked: Asked) -> None:
    for drawn in views(asked):
        rows = asked.rows(drawn, "json")
        names = list(rows[0]) if rows else []
        texts = list(csv.DictReader(io.StringIO(asked.rows(drawn, "csv"))))
        assert [list(each.values()) for each in texts] == [
            [_text(row[name]) for name in names] for row in rows
        ], drawn.asked()
        if len(rows) * len(names) <= MOST_CELLS or VIEWS > FEW:
            sheet = _sheet(asked.rows(drawn, "xlsx"))
            assert sheet[0] == tuple(names)
            for cells, row in zip(sheet[1:], rows, strict=True):
                assert all(map(same, cells, row.values())), (drawn.asked(), cells, row)


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _sheet(content: bytes) -> list[tuple[Any, ...]]:
    """The rows of a workbook's first sheet; its empty text cells are none."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]


@pytest.mark.parametrize("side", ["service", "commodity"])
def test_the_shares_of_every_change_are_those_counted_reporter_by_reporter(asked: Asked, side: str) -> None:
    for drawn in views(asked):
        pair = asked.recount.seed.pairs[drawn.pair]
        items = tuple(pair.get("services" if side == "service" else "commodities", ()))
        if not items:
            continue
        stock = "closing" if pair["class"] == "do_not_compare" else "consumed"
        look = replace(drawn.look, first=asked.recount.seed.first)
        found = change(
            asked.recount, drawn.unit, Series("count" if side == "service" else stock, items), look
        )
        query = {"unit": drawn.unit, "pair": drawn.pair, "month": written(look.last), "grain": look.grain}
        query |= {"side": side} | ({"group": look.group} if look.group else {})
        answer = asked.browser.get(f"/api/v1/compare/change?{urlencode(query)}")
        assert answer.status_code == 200, answer.text
        _same_change(found, answer.json, query)
        text = asked.browser.get(f"/api/v1/compare/change?{urlencode(query | {'format': 'csv'})}").text
        parts = [[_text(cell) for cell in part.values()] for part in answer.json["parts"]]
        assert [list(each.values()) for each in csv.DictReader(io.StringIO(text))] == parts, query


def _same_change(found: Change, answer: Any, where: object) -> None:
    assert answer["reference"] == found.reference, where
    assert (answer["began"], answer["silent"]) == (found.whole.n_began, found.whole.n_silent), where
    about = partial(pytest.approx, rel=1e-9, abs=1e-6)
    assert answer["change"] == about(found.total), where
    assert answer["before"] == about(found.whole.before), where
    assert answer["after"] == about(found.whole.before + found.total), where
    parts = {each["unit_id"] or each["part"]: each for each in answer["parts"]}
    expected = {unit: moved.change for unit, moved in found.children.items()}
    expected |= {"reporting_changed": found.reporting, "others": 0.0}
    expected["itself"] = found.whole.change - sum(moved.change for moved in found.children.values())
    assert parts.keys() == expected.keys(), where
    for name, amount in expected.items():
        assert parts[name]["change"] == about(amount), (where, name)
        if found.total:
            assert parts[name]["share"] == about(amount / found.total), (where, name)
            assert abs(parts[name]["percent"] - 100 * amount / found.total) < 1, (where, name)
    if found.total:
        assert sum(each["percent"] for each in parts.values()) == 100, where
    for unit, moved in found.children.items():
        assert parts[unit]["reporters"] == moved.in_both, (where, unit)
