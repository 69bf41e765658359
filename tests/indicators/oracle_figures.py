"""The oracle's figures of units: the sums of their places', and what is worked out of sums by month."""

import math
import statistics

from tests.indicators.oracle import Figure

AMOUNTS = {"average_monthly_consumption", "consumption_adjusted", "couple_years"}


def forecast_error(places, below, months):
    """Of a unit: its places' forecasts and what came, added up month by month before they are compared."""
    error = came = known = due = 0
    horizon = places.oracle.rules.forecast.horizon
    for month in months:
        guessed = here = 0
        for place in below:
            both = []
            for item in places.items:
                guess = places.oracle.forecast(place, item, month, horizon)
                actual = places.oracle.demand(place, item, month)
                if guess is not None and actual is not None:
                    both.append((guess, actual))
            guessed, here = guessed + sum(b[0] for b in both), here + sum(b[1] for b in both)
            known, due = known + bool(both), due + places.carried(place, month)
        error, came = error + abs(guessed - here), came + here
    return Figure(error, came, known, due)


def coefficient_of_variation(places, below, months):
    """Of a unit: how its sums by month vary over the season that ends with the period."""
    oracle, end, course = places.oracle, months[-1], []
    season = range(max(end - oracle.rules.season + 1, oracle.first), end + 1)
    carried = sum(any(places.carried(p, month) for p in below) for month in season)
    for month in season:
        said = {p: [d for i in places.items if (d := oracle.demand(p, i, month)) is not None] for p in below}
        known, due = sum(bool(s) for s in said.values()), sum(places.carried(p, month) for p in below)
        if known and known >= oracle.rules.complete * due:
            course.append(sum(map(sum, said.values())))
    mean = sum(course) / len(course) if len(course) >= 6 else 0
    if mean == 0:
        return Figure(0, 0, len(course), carried)
    return Figure(statistics.stdev(course), mean, len(course), carried)


OF_TOTALS = {"forecast_error": forecast_error, "coefficient_of_variation": coefficient_of_variation}


def value_of(indicator, figure):
    """What is shown: an amount, or a rate; NaN where there is none."""
    if figure.denominator == 0:
        return math.nan
    return figure.numerator if indicator in AMOUNTS else figure.numerator / figure.denominator
