"""In which of the periods shown a product rose while its substitute was out, the largest rise first."""

from collections.abc import Iterable, Mapping
from itertools import permutations

from dashboard.movement import Mover, last_month
from dashboard.pages.compare_reading import Reading

MOST_TRIED = 3


def risen_periods(
    reading: Reading, mover: Mover, members: Mapping[str, Iterable[str]]
) -> list[tuple[int, int]]:
    """The periods with most of such a rise, without the one looked at.

    Args:
        reading: the page; only rises that concern its pair count.
        mover: what movements are asked of.
        members: of each member of the family, by its pair, the products.

    Returns:
        Index and last month (`YYYYMM`) of at most three periods, the largest rise first.
    """
    comparison = reading.comparison
    newest, grain = int(comparison.rollup.months[-1]), comparison.view.grain
    lasts = [last_month(int(start), grain, newest) for start in comparison.starts]
    most = [0.0] * len(lasts)
    for up, down in permutations(members, 2):
        if reading.pair.id in (up, down):
            found = mover.risen_while_out(members[up], members[down], lasts)
            most = [max(each) for each in zip(most, found, strict=True)]
    order = sorted(range(len(most)), key=lambda at: -most[at])
    return [(at, lasts[at]) for at in order if most[at] > 0 and at != reading.at][:MOST_TRIED]
