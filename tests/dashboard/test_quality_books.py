"""Openings on the stores' forms beside what their own books had, on the page on data quality."""

from datetime import datetime

import pytest

from dashboard.quality import look
from dashboard.quality_address import QualityAddress
from dashboard.quality_books import StoreBooks
from dashboard.quality_desk import QualityDesk
from dashboard.queries import Figures
from installation import everything
from ledger.database import Database
from ledger.movement_form import Rules
from tests.ledger.desks import Desk

RULE = "opening_ledger"


@pytest.fixture(scope="module")
def figures(civ_data, civ):
    return Figures(civ_data, civ)


@pytest.fixture(scope="module")
def opening(figures):
    """An opening of the last month that some store's form says."""
    holding = figures.holding()
    values = holding.snapshot.read("values")
    last = int(holding.rollup.months[-1])
    row = values[(values["measure"] == "opening") & (values["month"] == last) & (values["value"] > 1)].iloc[0]
    return str(row["org_unit"]), str(row["item"]), last, int(row["value"])


def test_an_opening_that_the_store_s_book_contradicts_is_among_the_findings_until_the_book_agrees(
    figures, opening, tmp_path
):
    unit, item, month, said = opening
    database = Database.open(tmp_path / "tandem.sqlite3")
    database.migrate()
    desk, scope = QualityDesk(figures, StoreBooks(database)), everything(figures)

    def told():
        found = look(desk, QualityAddress(unit=unit, month=month), scope).found
        return found[found["rule"] == RULE]

    assert told().empty
    year, of_year = divmod(month - 1, 100)
    before = datetime.fromisoformat(f"{year}-{of_year:02}-05T08:00:00+00:00")
    rules = Rules({unit: unit}, {item: item}, lambda _: True, "store")
    store = Desk(database, lambda: before, rules=rules)
    note = {"unit": unit, "item": item, "occurred_at": before.isoformat()}
    assert store.note("receive", said + 5, **note).status == "accepted"
    [row] = told().to_dict("records")
    assert (row["org_unit"], row["item"], row["month"]) == (unit, item, month)
    assert (row["value"], row["expected"], row["second"], row["severity"]) == (said, said + 5, -5, "high")
    store.note("dispense", 5, **note)
    assert told().empty
    every = QualityDesk(figures).assessed().found
    assert len(every) == len(desk.assessed().found)
