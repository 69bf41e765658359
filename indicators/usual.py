"""What is usual for a series and a month, from its own history: one function for a band and for a score.

Figures are counts, so their spread is counting noise and, beyond it, what the kind of series varies anyway
(overdispersion): the variance of a figure around E is E + alpha E². Levels and spreads are medians, so that
one wrong figure moves neither, and a month is never part of its own yardstick. A zero is judged apart: by how
often the series is zero.

With the local level λ (median of the logarithms around the month, the season S taken out), E = exp(λ + S),
g(x) = 2/√alpha · asinh √(alpha (x + 3/8)), which gives counts of any size the same spread, and the series'
own spread s on that scale, drawn towards its group's: a positive figure's score is (g(x) - g(E)) / s. A
zero's is Φ⁻¹(p) with p the share of zeros around the month, or what chance alone gives where that is more.
From three spreads on a figure is outside what is usual.

Source: quasi-likelihood thresholds for surveillance counts (Noufaily and others, 2013), with robust local
levels instead of a regression, and a hurdle for zeros.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from indicators.robust import MAD_TO_SD, Around, Counts, Reals, grouped_medians, medians, normal_score

Flags = npt.NDArray[np.bool_]
Sides = npt.NDArray[np.int8]

ABOVE, BELOW, NONE = 1, -1, 0
SIDE_NAMES = {ABOVE: "above", BELOW: "below", NONE: "none"}
# Figures that a level or a spread must stand on.
FEWEST = 6
# As many figures (of a season) or months (of a spread) count as what the group says by itself.
PRIOR = 12
OUTSIDE = 3.0
# Overdispersion of one facility's figures lies between these; sums of many vary less.
LEAST_ALPHA, MOST_ALPHA = 0.03, 1.5


@dataclass(frozen=True)
class Method:
    """How what is usual is worked out.

    Attributes:
        around: which periods make up the level.
        cycle: periods in a year; 1 for no season.
        first: where in the year the first column stands, from 0.
        width: how many spreads the band reaches on either side.
    """

    around: Around = field(default_factory=Around)
    cycle: int = 12
    first: int = 0
    width: float = OUTSIDE

    def season_of(self, columns: int) -> Counts:
        """The place in the year of each column."""
        return (np.arange(columns) + self.first) % self.cycle


@dataclass(frozen=True)
class Pattern:
    """What the series of a group have in common, one row a group, in the type of the figures.

    Attributes:
        season: `[group, place in the year]`, logarithms; 0 where there are not two years.
        alpha: overdispersion.
        spread: the median of the series' own spreads.
    """

    season: Reals
    alpha: Reals
    spread: Reals


@dataclass(frozen=True)
class Usual:
    """What is usual, arrays `[series, period]` in the series' own unit; NaN where nothing can be said.

    Attributes:
        expected: the middle.
        low: from here,
        high: to here a positive figure is usual.
        zero: whether nothing at all is usual too.
        score: how many spreads the figure lies above (below) the middle; NaN without a figure.
        enough: whether the history suffices.
    """

    expected: Reals
    low: Reals
    high: Reals
    zero: Flags
    score: Reals
    enough: Flags
    width: float = OUTSIDE

    @property
    def side(self) -> Sides:
        """`ABOVE`, `BELOW` or `NONE`, `[series, period]`: outside what is usual, and to which side."""
        high, low = self.score >= self.width, self.score <= -self.width
        return high.astype(np.int8) - low.astype(np.int8)

    def scaled(self, factor: Reals) -> Usual:
        """The same band for `factor` times the series; the scores stay."""
        low, high = self.low * factor, self.high * factor
        return replace(self, expected=self.expected * factor, low=low, high=high)


def usual(values: Reals, groups: Counts | None = None, method: Method | None = None) -> Usual:
    """What is usual for every figure of a matrix, and how unusual each figure is.

    Args:
        values: `[series, period]`, NaN where nothing was reported or the report is no yardstick.
        groups: the group of each series, that shares season and overdispersion; None for one group.
        method: how.

    Twelve months at 100 women each and then 300:

    >>> import numpy as np
    >>> year = np.array([[104, 96, 100, 93, 108, 100, 99, 101, 95, 105, 100, 100, 300.0]])
    >>> answer = usual(year)
    >>> answer.expected[0, -1].round().item(), answer.low[0, -1].round().item()
    (100.0, 53.0)
    >>> answer.high[0, -1].round().item(), SIDE_NAMES[answer.side[0, -1].item()]
    (179.0, 'above')
    >>> answer.score[0, -1].round(1).item()
    5.8
    """
    method = method or Method()
    groups = np.zeros(len(values), dtype=np.intp) if groups is None else groups
    pattern, level = _learn(values, groups, method)
    return _judge((values, values), _Rows.of(pattern, groups, method, values.shape[1]), method, level)


def learn(
    history: Reals, groups: Counts, method: Method, least_alpha: float | Reals = LEAST_ALPHA
) -> Pattern:
    """What the series of each group have in common; `judge` needs it of a few of the rows.

    Args:
        history: `[series, period]`.
        groups: the group of each series.
        method: how.
        least_alpha: the overdispersion that is always allowed for, of all groups or of each.
    """
    return _learn(history, groups, method, least_alpha)[0]


def judge(
    history: Reals, observed: Reals, groups: Counts, pattern: Pattern, method: Method | None = None
) -> Usual:
    """What is usual by some series' history, and how unusual what was observed is.

    Args:
        history: `[series, period]`, what the level is taken from.
        observed: the same months' figures to be judged; the same array where they are their own history.
        groups: the group of each series, a row of the pattern.
        pattern: as learnt from these series and their like.
        method: the same that the pattern was learnt with.
    """
    method = method or Method()
    rows = _Rows.of(pattern, groups, method, history.shape[1])
    return _judge((history, observed), rows, method, _level(_logs(history) - rows.season, method))


@dataclass(frozen=True)
class _Rows:
    """A pattern laid out for rows: season `[row, period]`, alpha and the groups' spread `[row, 1]`."""

    season: Reals
    alpha: Reals
    spread: Reals

    @classmethod
    def of(cls, pattern: Pattern, groups: Counts, method: Method, columns: int) -> _Rows:
        season = pattern.season[:, method.season_of(columns)][groups]
        return cls(season, pattern.alpha[groups, None], pattern.spread[groups, None])


def to_scale(x: npt.ArrayLike, alpha: npt.ArrayLike) -> Reals:
    """The scale g on which counts of any size spread alike.

    >>> round(float(to_scale(300, 0.03) - to_scale(100, 0.03)), 2)
    5.78
    """
    alpha = np.asarray(alpha)
    x = np.asarray(x, dtype=alpha.dtype)
    scaled: Reals = 2 / np.sqrt(alpha) * np.arcsinh(np.sqrt(alpha * (x + 0.375)))
    return scaled


def from_scale(y: Reals, alpha: npt.ArrayLike) -> Reals:
    """Back from the scale g; never below 0."""
    alpha = np.asarray(alpha)
    back: Reals = np.maximum(np.sinh(np.maximum(y, 0) * np.sqrt(alpha) / 2) ** 2 / alpha - 0.375, 0)
    return back


def _logs(values: Reals) -> Reals:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log(values), np.nan).astype(values.dtype)


def _level(logs: Reals, method: Method) -> Reals:
    """The local level; the whole series' where too few months lie around (never in trailing mode)."""
    level = method.around.median(logs)
    few = method.around.count(~np.isnan(logs)) < FEWEST
    if method.around.mode == "trailing":
        return np.where(few, np.nan, level)
    return np.where(few, medians(logs)[:, None], level)


def _learn(
    history: Reals, groups: Counts, method: Method, least: float | Reals = LEAST_ALPHA
) -> tuple[Pattern, Reals]:
    number = int(groups.max(initial=-1)) + 1
    logs = _logs(history)
    season = _season(logs - method.around.median(logs), groups, number, method)
    laid = season[:, method.season_of(history.shape[1])][groups]
    level = _level(logs - laid, method)
    off, expected = logs - level - laid, np.exp(level + laid)
    by_row = np.broadcast_to(groups[:, None], history.shape)
    counting = np.where(np.isnan(off), np.nan, 1 / expected)
    size = _or_overall(*grouped_medians(np.abs(off), by_row, number), medians(np.abs(off).ravel()))
    noise = _or_overall(*grouped_medians(counting, by_row, number), medians(counting.ravel()))
    alpha = np.clip(np.nan_to_num((MAD_TO_SD * size) ** 2 - noise), least, MOST_ALPHA).astype(history.dtype)
    own, months = _own_spread(logs, expected, alpha[groups, None])
    own = np.where(months >= FEWEST, own, np.nan)
    spread = _or_overall(*grouped_medians(own, groups, number), medians(own), fewest=3)
    return Pattern(season, alpha, np.nan_to_num(spread, nan=1.0).astype(history.dtype)), level


def _season(residual: Reals, groups: Counts, number: int, method: Method) -> Reals:
    """The shape of the year of each group; of all groups together where a group has too few figures."""
    place = method.season_of(residual.shape[1])
    if method.cycle == 1 or residual.shape[1] < 2 * method.cycle:
        return np.zeros((number, method.cycle), dtype=residual.dtype)
    cells = groups[:, None] * method.cycle + place
    own, count = (
        part.reshape(number, -1) for part in grouped_medians(residual, cells, number * method.cycle)
    )
    everybody, total = grouped_medians(
        residual, np.broadcast_to(place, residual.shape).astype(np.intp), method.cycle
    )
    few = count < PRIOR
    middle, stands_on = np.where(few, everybody, own), np.where(few, total, count)
    return np.asarray(np.nan_to_num(middle * stands_on / (stands_on + PRIOR)), dtype=residual.dtype)


def _or_overall(found: Reals, count: Counts, overall: Reals, fewest: int = PRIOR) -> Reals:
    return np.where(count < fewest, overall, found)


def _own_spread(logs: Reals, expected: Reals, alpha: Reals) -> tuple[Reals, Counts]:
    """Each series' spread on the scale g, and the months that it stands on."""
    off = np.abs(to_scale(np.exp(logs), alpha) - to_scale(expected, alpha))
    return MAD_TO_SD * medians(off), np.count_nonzero(~np.isnan(off), axis=1)


def _judge(figures: tuple[Reals, Reals], rows: _Rows, method: Method, level: Reals) -> Usual:
    history, observed = figures
    expected = np.exp(level + rows.season)
    own, months = _own_spread(_logs(history), expected, rows.alpha)
    weighed = (PRIOR * rows.spread[:, 0] ** 2 + months * np.nan_to_num(own) ** 2) / (PRIOR + months)
    spread = np.maximum(1.0, np.sqrt(weighed)).astype(history.dtype)[:, None]
    middle = to_scale(expected, rows.alpha)
    at_zero = _zero_score(history, expected, (to_scale(0, rows.alpha) - middle) / spread, rows, method)
    there = (to_scale(np.maximum(observed, 0), rows.alpha) - middle) / spread
    enough = _enough(history, method) & (months >= FEWEST)[:, None] & ~np.isnan(expected)
    score = np.where(enough, np.where(observed > 0, there, np.where(observed <= 0, at_zero, np.nan)), np.nan)
    low, high = (from_scale(middle + way * method.width * spread, rows.alpha) for way in (-1, 1))
    expected, low, high = (np.where(enough, part, np.nan) for part in (expected, low, high))
    return Usual(expected, low, high, enough & (at_zero > -method.width), score, enough, method.width)


def _enough(history: Reals, method: Method) -> Flags:
    return np.asarray(method.around.count(~np.isnan(history)) >= FEWEST)


def _zero_score(history: Reals, expected: Reals, farthest: Reals, rows: _Rows, method: Method) -> Reals:
    """How unusual a zero is: by the share of zeros around, or by chance at this level where that is more."""
    zeros, known = method.around.count(history == 0), method.around.count(~np.isnan(history))
    share = ((zeros + 0.0005) / (known + 1)).astype(history.dtype)
    chance = (1 + rows.alpha * expected) ** (-1 / rows.alpha)
    score: Reals = -np.minimum(normal_score(np.fmax(share, chance)), np.abs(farthest)).astype(history.dtype)
    return score
