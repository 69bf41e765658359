"""A monthly report of a place: every programme's stock, trends, products, and who could help whom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from accounts.scope import Scope
from dashboard import i18n
from dashboard.i18n import month
from dashboard.logistics import LogisticsDesk
from dashboard.pages import programmes_coverage, programmes_expiry
from dashboard.pages.programmes_view import name_of, view
from dashboard.programme import WORST, Programme, ProgrammeAddress, look, programmes
from dashboard.questions import NotInScopeError
from dashboard.transfers import named, proposal

Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Chapter:
    """A programme of the place: what Programmes shows of it, the transfers proposed (named), the figures."""

    name: str
    view: dict[str, Any]
    transfers: pd.DataFrame
    table: pd.DataFrame
    coverage: pd.DataFrame
    lots: pd.DataFrame
    losses: pd.DataFrame


@dataclass(frozen=True)
class Report:
    """What a report is of, and its chapters, in one language.

    Attributes:
        place: what the unit is called.
        month: in words.
        as_of: when the data was last confirmed to be what DHIS2 holds, in words.
        credit: who the figures are owed to; says of invented ones that they are.
        chapters: a programme each; those that the reader may not read are left out.
        left_out: the names of those.
        language: fr or en.
    """

    place: str
    month: str
    as_of: str
    credit: str
    chapters: tuple[Chapter, ...]
    left_out: tuple[str, ...]
    language: str


def gather(desk: LogisticsDesk, unit: str, of_month: int, scope: Scope) -> Report:
    """The report of a unit and a month, in the language that is set.

    Raises:
        QuestionError: the unit is not the asker's, or there are no figures of the month.
    """
    figures, country = desk.figures, desk.figures.country
    chapters, left_out = [], []
    for name in programmes(country):
        try:
            programme = look(desk, ProgrammeAddress(unit, name, of_month, order=WORST), scope)
        except NotInScopeError:
            figures.unit(unit, scope)  # the unit is the asker's: it is the programme that may not be read
            known = country.programmes.get(name)
            left_out.append(known.name[i18n.language()] if known else name)
            continue
        covered = programmes_coverage.table(programme)
        if programme.carried() or (covered["n_expected"] > 0).any():
            chapters.append(_chapter(programme, scope))
    holding = figures.holding()
    return Report(
        place=holding.names[str(figures.unit(unit, scope)["id"])],
        month=month(of_month),
        as_of=i18n.moment(holding.as_of),
        credit=country.credit[i18n.language()],
        chapters=tuple(chapters),
        left_out=tuple(left_out),
        language=i18n.language(),
    )


def _chapter(programme: Programme, scope: Scope) -> Chapter:
    return Chapter(
        name_of(programme),
        view(programme, scope),
        named(programme, proposal(programme).transfers),
        _table(programme),
        programmes_coverage.table(programme),
        programmes_expiry.table(programme, scope),
        programmes_expiry.losses(programme, scope),
    )


def _table(programme: Programme) -> pd.DataFrame:
    """The figures themselves: a row for each place and product that is carried there."""
    asked = {name: programme.ask(name, programme.now) for name in TABLE}
    holding, items = programme.desk.figures.holding(), programme.desk.figures.country.items
    language = i18n.language()
    rows = []
    for row, unit in enumerate(programme.now.units):
        for at in programme.carried():
            expected = int(asked["stockout_rate"].expected[row, at, 0])
            if expected:
                code = programme.subjects[at].id
                item = items.get(code)
                values = [float(asked[name].value[row, at, 0]) for name in TABLE if name != "stockout_rate"]
                out = asked["stockout_rate"]
                called = item.name[language] if item else code
                rows.append((
                    name_of(programme), holding.names[unit], unit, called, code,
                    item.unit[language] if item else "", *values,
                    float(out.numerator[row, at, 0]), float(out.denominator[row, at, 0]), expected,
                ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


TABLE = (
    "stock", "average_monthly_consumption", "months_of_stock", "consumption", "received", "lost",
    "stockout_rate",
)  # fmt: skip
COLUMNS = (
    "programme", "unit_name", "unit_id", "item_name", "item", "counted_in", "stock",
    "average_monthly_consumption", "months_of_stock", "consumption", "received", "lost", "places_out",
    "places_reported", "places_expected",
)  # fmt: skip
