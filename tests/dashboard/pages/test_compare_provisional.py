"""A period that is not over does not read as a drop: pale, not looked at by itself."""

import pytest

from accounts.scope import Scope, Unit
from dashboard import i18n
from dashboard.address import Address
from dashboard.pages.compare_provisional import provisional
from dashboard.pages.compare_view import ask
from dashboard.queries import Figures


@pytest.fixture(scope="module")
def look(whotopia_data, whotopia):
    figures = Figures(whotopia_data, whotopia)
    top = figures.holding().units.iloc[0]
    everything = Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)

    def read(search):
        with i18n.use("en"):
            return ask(figures, whotopia, Address.read(search), everything).reading

    return read


def test_a_quarter_that_is_not_over_is_provisional_however_many_reports_came(look):
    reading = look("pair=mal-rdt&grain=quarter")
    assert reading.comparison.partial.tolist()[-1]
    for side in ("service", "commodity"):
        assert provisional(reading, side)[-1]


def test_the_first_one_looked_at_is_the_latest_that_anybody_reported_of(look):
    reading = look("pair=mal-rdt&grain=quarter")
    assert reading.at == len(reading.comparison.periods) - 1
    assert "(" in reading.labels[reading.at]  # with the months that are in


def test_a_year_alone_is_shown_though_it_is_not_over(look):
    reading = look("pair=mal-rdt&grain=year&from=2026-01")
    assert (reading.comparison.partial.tolist(), reading.at) == ([True], 0)


def test_before_a_staggered_quarter_ends_the_few_that_reported_are_not_all(look):
    reading = look("pair=mal-rdt")
    quarterly = next(
        place
        for place in reading.children
        if look(f"pair=mal-rdt&unit={place.id}").reports("commodity")[-1][1]
        < 0.5 * look(f"pair=mal-rdt&unit={place.id}").reports("commodity")[-4][1]
    )
    region = look(f"pair=mal-rdt&unit={quarterly.id}")
    reports, pale = region.reports("commodity"), provisional(region, "commodity")
    received, expected = reports[-1]
    assert pale[-1] is (0 < received < 0.75 * max(expected, reports[-3][1]))
    assert pale[-1] or received == 0
