"""What the stores that keep their book here held as months began, beside what their forms say."""

import pandas as pd
import pyarrow.dataset as ds
from sqlalchemy import func, select

from dashboard.holdings import Holding
from indicators.quality import Known, ledger_findings
from ledger.database import Database
from ledger.month_openings import month_openings
from ledger.store_tables import stores

OPENINGS = ["org_unit", "item", "month", "opening"]
NEEDED = ["org_unit", "item", "measure", "month", "months", "value"]
Stamp = tuple[int, int]


class StoreBooks:
    """The books of an installation's stores.

    Args:
        database: where the ledger is kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def stamp(self) -> Stamp:
        """What tells the books as they stand from those before anybody wrote in them."""
        question = select(func.count(), func.coalesce(func.sum(stores.c.last), 0)).select_from(stores)
        with self._database.read() as connection:
            number, written = connection.execute(question).one()
        return int(number), int(written)

    def openings(self, until: int) -> pd.DataFrame:
        """What each month began with, up to one: `org_unit, item, month, opening`."""
        return pd.DataFrame(month_openings(self._database, until), columns=OPENINGS)

    def findings(self, holding: Holding, known: Known) -> pd.DataFrame:
        """Openings on the stores' forms that are not what their books had."""
        books = self.openings(int(holding.rollup.months[-1]))
        units = sorted(set(books["org_unit"]))
        if not units:
            return ledger_findings(pd.DataFrame(columns=NEEDED), known, None)
        values = holding.snapshot.read("values", where=ds.field("org_unit").isin(units))[NEEDED]
        return ledger_findings(values, known, books)
