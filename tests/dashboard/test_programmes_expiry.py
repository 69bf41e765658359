"""What Programmes says of lots: as of the end of an earlier month, as of now in the newest, or why not."""

import pytest

from dashboard import i18n
from dashboard.logistics import LogisticsDesk
from dashboard.pages.programmes_expiry import expiry, seen, table
from dashboard.programme import ProgrammeAddress, look, programmes
from indicators.periods import last_day
from installation import everything


@pytest.fixture(scope="module")
def scope(figures):
    return everything(figures)


def of_slips(figures, scope, month):
    """The first programme whose stores write slips; of a country without slips, the first."""
    desk = LogisticsDesk(figures)
    found = [
        look(desk, ProgrammeAddress(programme=name, month=month), scope)
        for name in programmes(figures.country)
    ]
    slips = [seen(each, scope) for each in found]
    return next((each for each, of in zip(found, slips, strict=True) if of and of.stores), found[0])


def ends(figures):
    """The months at whose end lots are known and that are not the newest, `YYYYMM`."""
    registry, last = figures.holding().registry, figures.months()[1]
    days = registry.slips.lots["as_of"] if registry else []
    return sorted({day.year * 100 + day.month for day in days if day.year * 100 + day.month < last})


def test_lots_are_those_of_the_end_of_the_month_that_is_looked_at(figures, scope):
    for month in ends(figures)[-2:]:
        programme = of_slips(figures, scope, month)
        with i18n.use("en"):
            said = expiry(programme, scope)["lots"]["title"]
            lots = table(programme, scope)
        assert f"as of {last_day(month).day} " in said
        stood = figures.holding().registry.slips.lots
        stood = stood[stood["as_of"].dt.date == last_day(month)]
        codes = stood["item"].astype(str).map(figures.holding().registry.codes)
        assert len(lots) > 0
        assert lots["stock"].sum() == stood.loc[codes.isin(lots["item"]), "quantity"].sum()


def test_of_the_newest_month_stands_what_the_stores_wrote_last(figures, scope):
    programme = of_slips(figures, scope, figures.months()[1])
    with i18n.use("en"):
        said = expiry(programme, scope)
    if figures.holding().registry is None:
        assert said["lots"] is None and all(said["face"])
    else:
        assert "last slip" in said["lots"]["title"]


def test_days_without_stock_are_said_of_whole_months_alone(figures, scope):
    for month in ends(figures)[-1:]:
        programme = of_slips(figures, scope, month)
        out = seen(programme, scope).days_out
        assert (out["known"] == out["days"]).all()
        with i18n.use("en"):
            notes = expiry(programme, scope)["lots"]["notes"]
        counted = f"{int(out['days_out'].sum()):,} of {int(out['days'].sum()):,}"
        assert any(counted in note for note in notes) == (len(out) > 0)


def test_a_month_before_the_first_slip_is_not_known_and_is_not_said_to_be_safe(figures, scope):
    programme = of_slips(figures, scope, figures.months()[0])
    with i18n.use("en"):
        said = expiry(programme, scope)
    known = figures.holding().registry is not None
    assert ("is not known" in said["lots"]["nothing"]) if known else said["face"]
