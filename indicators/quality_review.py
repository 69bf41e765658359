"""The review of data quality: of each place, form and month, how many checks there were and how many held.

Every dimension is a share whose numerators and denominators add up, so that a district's share is that of
its facilities' checks, and a year's that of its months'. What could not be checked is in neither number.

| dimension | what is checked | denominator |
|---|---|---|
| completeness | the report came | reports expected |
| timeliness | it came by its day | reports expected of forms that record days, but those received undated |
| filled | the box is filled in | boxes of items due, in reports that came |
| consistency | a year's figures lie within a third of the year before | series with both years |
| outliers | the figure is no outlier and no slip | figures with history enough |
| arithmetic | the line adds up, goes on from the month before and is possible | lines with all that takes |
| related | a later step is no more than the step before | cascades with both steps |
| agreement | services and consumption do not contradict each other | pairs with both sides |

Source: WHO, Data quality assurance, module 2: desk review (2022), dimensions 1 and 2; outliers by what is
usual for place and season (`indicators.usual`) instead of standard deviations.
"""

from __future__ import annotations

import pandas as pd

from indicators.quality_book import Book
from indicators.quality_checks import agreement, figures, filled_in, lines, related, reports_of_form
from indicators.quality_known import Known
from indicators.quality_tally import Review, Tallies
from indicators.rollup import Rollup

DIMENSIONS = (
    "completeness",
    "timeliness",
    "filled",
    "consistency",
    "outliers",
    "arithmetic",
    "related",
    "agreement",
)


def review(rollup: Rollup, laid: tuple[list[Book], list[Book]], found: pd.DataFrame, known: Known) -> Review:
    """The review of one version of the data.

    Args:
        rollup: the figures; their forms, expected reports and places.
        laid: books of services and of products, as `quality.laid_out` gives them.
        found: what the rules found.
        known: items, pairs, cascades.
    """
    tally = Tallies(rollup)
    for form in tally.forms:
        reports_of_form(tally, form)
    services, products = laid
    for book in (*services, *products):
        places = tally.places(book)
        filled_in(tally, book, places)
        figures(tally, book, places, found)
        lines(tally, book, places, found)
    for served in (each for each in services if each.step == 1):
        related(tally, served, products, known)
        for book in products:
            agreement(tally, served, book, found, known)
    return Review(tally.forms, tally.held, tally.made)
