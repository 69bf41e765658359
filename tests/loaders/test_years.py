import datetime

import pytest

from loaders.dhis2 import ValueQuery
from loaders.years import years_with_values

QUERY = ValueQuery(("form",), datetime.date(1970, 1, 1), datetime.date(2028, 12, 31), ("nation",))


class Holding:
    """Stands in for a client: of the years asked for, tells a value of the one that comes first by CHOICE."""

    def __init__(self, years, choice):
        self.years, self.choice, self.asked = years, choice, 0

    def get(self, path, params):
        self.asked += 1
        asked = dict(params)
        first, last = int(asked["startDate"][:4]), int(asked["endDate"][:4])
        there = [year for year in self.years if first <= year <= last]
        return {"dataValues": [{"period": f"{self.choice(there)}01"}]} if there else {}


@pytest.mark.parametrize("choice", [min, max, lambda years: years[len(years) // 2]])
@pytest.mark.parametrize(
    "years",
    [
        [2019],
        [2018, 2019],
        [1970, 2027],
        [1970],
        [2027],
        [2001, 2015, 2026],
        list(range(2010, 2027)),
        list(range(1970, 2028, 2)),
    ],
)
def test_the_first_and_last_year_are_found_whichever_value_the_server_tells(years, choice):
    holding = Holding(years, choice)
    assert years_with_values(holding, QUERY, datetime.date(2026, 5, 1)) == (years[0], years[-1])
    assert holding.asked <= 15


@pytest.mark.parametrize("choice", [min, max])
def test_four_years_are_found_by_six_questions_not_by_halving_half_a_century(choice):
    holding = Holding([2016, 2017, 2018, 2019], choice)
    assert years_with_values(holding, QUERY, datetime.date(2026, 5, 1)) == (2016, 2019)
    assert holding.asked <= 6


def test_a_source_of_one_year_is_asked_three_questions():
    holding = Holding([2019], min)
    years_with_values(holding, QUERY, datetime.date(2026, 5, 1))
    assert holding.asked == 3


def test_where_there_is_no_value_there_are_no_years():
    assert years_with_values(Holding([], min), QUERY, datetime.date(2026, 5, 1)) is None
