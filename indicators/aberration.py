"""How likely a reported figure is a mistake: its history, its neighbours, its other side and its digits.

A figure far from what is usual may be an epidemic, a stock-out, or a slip of the pen. The score weighs them:
the natural logarithm of the odds that the figure is wrong against that it is right; 0 is as likely as not.
What would be right is weighed by `aberration_right` around the level of `aberration_level`, what mistakes
would leave on the form by `aberration_mistakes`. What a page shows as usual is the band of `usual`.

Source: Bayes' theorem over named mistakes; the kinds are those by which data quality reviews are tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from indicators.aberration_forms import copied_forms
from indicators.aberration_item import Item, Kept, Partner, keep
from indicators.aberration_judging import ItemScores, judge
from indicators.aberration_level import LEAST_ALPHA as LEAST_ALPHA_OF_ONE
from indicators.aberration_level import LEAST_ALPHA_OF_SUMS, History, Level, expect
from indicators.aberration_mistakes import COPIED, MISTAKES, OTHER
from indicators.aberration_reported import Flags, Reported
from indicators.robust import Around, Counts, Reals
from indicators.usual import FEWEST, LEAST_ALPHA, Method, Usual
from indicators.usual import judge as judge_band
from indicators.usual import learn as learn_band

__all__ = ["ALERT", "EXPLANATIONS", "MISTAKES", "OTHER", "WATCH", "Reported", "Scores", "latest", "score"]

Codes = npt.NDArray[np.int8]
Sight = Literal["retrospective", "prospective"]

# Log odds from which a figure is worth a visit (seven to nine; docs/alerts.md says how often they are right),
# and from which it is worth a look.
ALERT, WATCH = -0.25, -1.5
# What an unusual figure is explained by, so that it is no data error.
UNEXPLAINED, STOCK_OUT, AREA, PARTNER = range(4)
EXPLANATIONS = {UNEXPLAINED: "unexplained", STOCK_OUT: "stock_out", AREA: "area", PARTNER: "partner"}

# From so many spreads on a figure is unusual enough to be explained, by a district that moves by a third.
_UNUSUAL, _MOVED = 2.0, 0.3
# A copied form is told of once, by the rule about forms: its figures stay below what is an alert each.
_OF_FORM = ALERT - 0.25
# A new month is judged with the two before it.
_LATEST = 3


@dataclass(frozen=True)
class Scores:
    """Scores of every figure, arrays `[series, month]`; NaN where nothing can be said.

    Attributes:
        score: natural logarithm of the odds that the figure is a mistake.
        side: 1 above what was expected, -1 below, 0 at it.
        mistake: which mistake fits best, a code of `MISTAKES`.
        explained: what explains an unusual figure that is no mistake, a code of `EXPLANATIONS`.
        enough: whether the history suffices.
    """

    score: Reals
    side: Codes
    mistake: Codes
    explained: Codes
    enough: Flags
    reported: Reported
    sight: Sight

    @property
    def alert(self) -> Flags:
        """Whether a figure is worth a visit."""
        return np.asarray(self.score >= ALERT)

    @cached_property
    def band(self) -> Usual:
        """What is usual by the place's own history alone, as Compare draws it; worked out when asked for."""
        of = self.reported
        around = Around("centred" if self.sight == "retrospective" else "trailing", max(of.cycle, FEWEST))
        method = Method(around, of.cycle, of.first)
        history, groups = np.where(of.out, np.nan, of.values), of.item
        groups = np.zeros(len(history), dtype=np.intp) if groups is None else groups
        pattern = learn_band(history, groups, method, LEAST_ALPHA_OF_SUMS if of.sums else LEAST_ALPHA)
        return judge_band(history, of.values, groups, pattern, method)

    @property
    def expected(self) -> Reals:
        """The middle of what is usual."""
        return self.band.expected

    @property
    def low(self) -> Reals:
        """From here it is usual."""
        return self.band.low

    @property
    def high(self) -> Reals:
        """To here it is usual."""
        return self.band.high

    @property
    def spreads(self) -> Reals:
        """How many spreads a figure lies above (below) the middle of the band."""
        return self.band.score


def score(
    reported: Reported, sight: Sight = "retrospective", threads: int = 1, newest: int | None = None
) -> Scores:
    """Score every figure.

    Args:
        reported: the figures.
        sight: `retrospective` looks at the months on either side; `prospective` says of each month what could
            be said at its end: levels, season and habits are learnt of it and the months before alone.
        threads: how many items are worked on at a time.
        newest: of `prospective`, how many of the newest months are scored, each at the cost of learning the
            items once; None for all.

    Two years around 100, then ten times as much, and a store that ran empty:

    >>> import numpy as np
    >>> year = [104, 96, 100, 93, 108, 100, 99, 101, 95, 105, 100, 100]
    >>> values = np.array([[*year, *year, 1010.0, 0]])
    >>> stock = np.where(values == 0, 0.0, np.nan)
    >>> found = score(Reported(values, closing=stock))
    >>> found.alert[0, -3:].tolist(), MISTAKES[found.mistake[0, -2].item()]
    ([False, True, False], 'times_ten')
    >>> EXPLANATIONS[found.explained[0, -1].item()]
    'stock_out'
    """
    scored = np.full(reported.values.shape, np.nan, dtype=np.float32)
    mistake, side, explained = (np.zeros(scored.shape, dtype=np.int8) for _ in range(3))
    ends = _ends(reported, sight, newest)

    def one(rows: Counts) -> None:
        part, part_of = reported.rows(rows), _run(rows)
        for end, columns in ends:
            item = _item(part.until(end), sight == "prospective")
            found, level = _found(item, columns)
            months = range(end)[columns]
            into = part_of, slice(months.start, months.stop)
            scored[into], mistake[into] = found.score, found.mistake
            side[into], explained[into] = _side(found), _explained(found, level, item, columns)

    with ThreadPoolExecutor(max(1, threads)) as pool:
        list(pool.map(one, _by_item(reported)))
    if reported.place is not None:
        _weigh_forms(reported, ends, scored, mistake)
    return Scores(scored, side, mistake, explained, ~np.isnan(scored), reported, sight)


def _ends(reported: Reported, sight: Sight, newest: int | None) -> list[tuple[int, slice]]:
    """After how many months is looked, and which of them are judged then."""
    months = reported.values.shape[1]
    if sight == "retrospective":
        return [(months, slice(None))]
    first = 0 if newest is None else max(0, months - newest)
    return [(end, slice(end - 1, None)) for end in range(first + 1, months + 1)]


def _weigh_forms(reported: Reported, ends: list[tuple[int, slice]], scored: Reals, mistake: Codes) -> None:
    """Puts into scores that whole forms may be copied."""
    values = np.asarray(reported.values)
    item = np.zeros(len(values), dtype=np.intp) if reported.item is None else reported.item
    place = np.zeros(len(values), dtype=np.intp) if reported.place is None else reported.place
    for end, columns in ends:
        part = reported.until(end)
        odds = np.minimum(copied_forms(part.values, item, place, part.closing)[:, columns], _OF_FORM)
        months = range(end)[columns]
        into = slice(None), slice(months.start, months.stop)
        mistake[into] = np.where(odds > scored[into], COPIED, mistake[into])
        both = np.logaddexp(np.nan_to_num(scored[into]), odds)
        scored[into] = np.where(np.isnan(scored[into]), np.nan, both)


def _found(item: Item, columns: slice) -> tuple[ItemScores, Level]:
    """What is found in some months of an item, and what was expected of them."""
    kept, level = keep(item)
    if columns == slice(None):
        return judge(item, kept, level), level
    near = slice(max(0, columns.start + 1 - _LATEST), None)
    found = judge(item, kept, level.months(near), near)
    last = slice(-1, None)
    newest = ItemScores(found.score[:, last], found.mistake[:, last], found.off[:, last])
    return newest, level.months(columns)


def learnt(reported: Reported) -> Kept:
    """What is known of one item before a new month comes, to be given to `latest`."""
    return keep(_item(reported, True))[0]


def latest(reported: Reported, kept: Kept) -> Reals:
    """Scores of the last month of one item, as of its end, `[series]`.

    Args:
        reported: all months, the new one last.
        kept: what was learnt without the new month, or with it.
    """
    item = _item(reported, True)
    columns = slice(max(0, reported.values.shape[1] - _LATEST), None)
    level = expect(item.history, kept.learned, columns)
    return np.asarray(judge(item, kept, level, columns).score[:, -1])


def _by_item(reported: Reported) -> Iterator[Counts]:
    """The rows of each item."""
    if reported.item is None:
        yield np.arange(len(reported.values))
        return
    order = np.argsort(reported.item, kind="stable")
    starts = np.flatnonzero(np.diff(reported.item[order], prepend=-1))
    yield from (rows for rows in np.split(order, starts[1:]) if len(rows))


def _run(rows: Counts) -> slice | Counts:
    """Rows that follow one another as a slice, which is written to faster."""
    whole = len(rows) > 0 and rows[-1] - rows[0] == len(rows) - 1
    return slice(rows[0], rows[-1] + 1) if whole else rows


def _item(reported: Reported, trailing: bool) -> Item:
    out, area = reported.out, reported.area
    codes = np.arange(len(out)) if area is None else np.unique(area, return_inverse=True)[1]
    least = LEAST_ALPHA_OF_SUMS if reported.sums else LEAST_ALPHA_OF_ONE
    when = reported.first, trailing, reported.cycle, least
    history = _history(reported.values, ~out, codes, when)
    partner = None
    if reported.partner is not None:
        others = _history(reported.partner, np.ones_like(out), codes, when)
        partner = Partner.of(others)
    closing = None if reported.closing is None else np.asarray(reported.closing, dtype=np.float32)
    return Item(history, out, closing, partner)


def _history(values: Reals, sound: Flags, area: Counts, when: tuple[int, bool, int, float]) -> History:
    known = ~np.isnan(values)
    filled = np.where(known, np.maximum(values, 0), 0).astype(np.float32)
    return History(filled, known, known & sound, area, *when)


def _side(found: ItemScores) -> Codes:
    return np.asarray((found.off > 0).astype(np.int8) - (found.off < 0))


def _explained(found: ItemScores, level: Level, item: Item, columns: slice) -> Codes:
    """What explains an unusual figure that is no mistake."""
    quiet, off = ~(found.score >= ALERT), found.off
    explained = np.zeros(off.shape, dtype=np.int8)
    raised = quiet & (np.abs(level.surge) >= _MOVED)
    explained[raised] = AREA
    if item.partner is not None:
        followed = np.abs(np.nan_to_num(item.partner.off[:, columns])) >= _UNUSUAL
        explained[quiet & followed] = PARTNER
    explained[item.out[:, columns] & (off <= -1) & quiet] = STOCK_OUT
    return explained
