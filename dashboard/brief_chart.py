"""A side's chart as lines and boxes on paper: the same series as on the page, drawn as vectors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dashboard.brief_paper import INK, LINE, MUTED, Colour, Paper
from dashboard.figures.chart import SHADES
from dashboard.figures.chart_bands import HIGHEST
from dashboard.i18n import number

Values = Sequence[float]
STRIP, LABELS, LEFT = 3.0, 7.0, 13.0  # mm
RECEIVED, LACKING = (77, 144, 120), (201, 161, 59)
USUAL: Colour = (214, 218, 222)
STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Drawing:
    """What a chart shows.

    Attributes:
        side: service or commodity; decides the colours.
        parts: stacked from below: name, values (NaN where there is none), imputed share of each.
        line: a further series, dashed; None where there is none.
        signs: what stands on the baseline where no bar can.
        reports: (received, expected) of each period.
        ticks: labels of the time axis, by index.
        at: index of the period that is looked at.
        usual: from where to where what is usual reaches, by period; None where nobody can say.
    """

    side: str
    parts: Sequence[tuple[str, Values, Sequence[float]]]
    line: tuple[str, Values] | None
    signs: Sequence[str]
    reports: Sequence[tuple[int, int]]
    ticks: Mapping[int, str]
    at: int
    usual: tuple[Values, Values] | None = None


@dataclass(frozen=True)
class Box:
    """Where it is drawn, in mm."""

    x: float
    y: float
    width: float
    height: float


def colour(side: str, index: int) -> Colour:
    """The colour of a side's part, as on the page."""
    shade = SHADES[side][index % len(SHADES[side])]
    return int(shade[1:3], 16), int(shade[3:5], 16), int(shade[5:7], 16)


def top_of(most: float) -> float:
    """The end of an axis: round, not below the largest figure.

    >>> [top_of(each) for each in (0, 7, 23, 66393)]
    [1.0, 8.0, 25.0, 80000.0]
    """
    if not most > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(most))
    return float(next(step * power for step in STEPS if step * power >= most))


def draw(paper: Paper, drawing: Drawing, box: Box) -> None:
    """Draw a chart with its axis, its time axis and the strip of reports."""
    plot = Box(box.x + LEFT, box.y + 2, box.width - LEFT, box.height - LABELS - STRIP - 4)
    sums = np.nansum([np.nan_to_num(values) for _, values, _ in drawing.parts] or [[0.0]], axis=0)
    lines = [value for value in (drawing.line[1] if drawing.line else ()) if not np.isnan(value)]
    highest = max([float(sums.max()), *lines])
    band = [each for each in (drawing.usual[1] if drawing.usual else ()) if not np.isnan(each)]
    top = top_of(max([highest, min(max(band, default=0.0), HIGHEST * highest)]))
    _grid(paper, plot, top)
    _mark(paper, plot, drawing)
    if drawing.usual:
        _usual(paper, plot, drawing, top)
    _bars(paper, plot, drawing, top)
    if drawing.line:
        _line(paper, plot, drawing, top)
    _time(paper, plot, drawing)
    _strip(paper, plot, drawing)


def _grid(paper: Paper, plot: Box, top: float) -> None:
    paper.set_line_width(0.15)
    for share in (0.0, 0.5, 1.0):
        y = plot.y + plot.height * (1 - share)
        paper.set_draw_color(*LINE)
        paper.line(plot.x, y, plot.x + plot.width, y)
        paper.pen(6.5, colour=MUTED)
        paper.set_xy(plot.x - LEFT, y - 1.5)
        paper.cell(LEFT - 1, 3, paper.known(number(top * share, 0 if top > 1 else 1)), align="R")


def _columns(plot: Box, drawing: Drawing) -> tuple[float, int]:
    count = max(1, len(drawing.reports))
    return plot.width / count, count


def _mark(paper: Paper, plot: Box, drawing: Drawing) -> None:
    step, _ = _columns(plot, drawing)
    paper.set_fill_color(233, 236, 239)
    paper.rect(plot.x + step * drawing.at, plot.y, step, plot.height, style="F")


def _usual(paper: Paper, plot: Box, drawing: Drawing, top: float) -> None:
    """What is usual as a grey area behind the bars, cut off where the chart ends: the bars are to be read."""
    step, _ = _columns(plot, drawing)
    paper.set_fill_color(*USUAL)
    for column, (low, high) in enumerate(zip(*(drawing.usual or ((), ())), strict=True)):
        if not (np.isnan(low) or np.isnan(high)) and low < top:
            ends = [plot.y + plot.height * (1 - min(each, top) / top) for each in (high, low)]
            paper.rect(plot.x + step * column, ends[0], step, ends[1] - ends[0], style="F")


def _bars(paper: Paper, plot: Box, drawing: Drawing, top: float) -> None:
    step, count = _columns(plot, drawing)
    for column in range(count):
        x, y = plot.x + step * (column + 0.1), plot.y + plot.height
        for index, (_, values, imputed) in enumerate(drawing.parts):
            if column < len(values) and not np.isnan(values[column]):
                height = plot.height * values[column] / top
                y -= height
                paper.set_fill_color(*colour(drawing.side, index))
                paper.set_draw_color(*colour(drawing.side, index))
                hollow = height * imputed[column] if imputed else 0.0  # what nobody reported stays hollow
                paper.rect(x, y + hollow, step * 0.8, height - hollow, style="F")
                if hollow:
                    paper.rect(x, y, step * 0.8, hollow, style="D")
        if drawing.signs[column]:
            paper.pen(6.5, colour=MUTED)
            paper.set_xy(plot.x + step * column, plot.y + plot.height - 3)
            paper.cell(step, 3, paper.known(drawing.signs[column]), align="C")


def _line(paper: Paper, plot: Box, drawing: Drawing, top: float) -> None:
    step, _ = _columns(plot, drawing)
    values = drawing.line[1] if drawing.line else ()
    paper.set_draw_color(*colour(drawing.side, 2))
    paper.set_line_width(0.5)
    paper.set_dash_pattern(dash=1.4, gap=0.8)
    places = [
        (plot.x + step * (column + 0.5), plot.y + plot.height * (1 - value / top))
        for column, value in enumerate(values)
    ]
    for (x, y), (to_x, to_y) in pairwise(places):
        if not (np.isnan(y) or np.isnan(to_y)):  # a gap stays a gap
            paper.line(x, y, to_x, to_y)
    paper.set_dash_pattern()
    paper.set_line_width(0.2)


def _time(paper: Paper, plot: Box, drawing: Drawing) -> None:
    step, _ = _columns(plot, drawing)
    paper.set_draw_color(*INK)
    paper.line(plot.x, plot.y + plot.height, plot.x + plot.width, plot.y + plot.height)
    paper.pen(6.5, colour=MUTED)
    for index, label in drawing.ticks.items():
        for row, text in enumerate(label.split("<br>")):
            paper.set_xy(plot.x + step * (index + 0.5) - 9, plot.y + plot.height + 0.8 + 2.8 * row)
            paper.cell(18, 3, paper.known(text), align="C")


def _strip(paper: Paper, plot: Box, drawing: Drawing) -> None:
    """How much of what was expected was reported, period by period."""
    step, _ = _columns(plot, drawing)
    y = plot.y + plot.height + LABELS + 1
    for column, (n, expected) in enumerate(drawing.reports):
        share = n / expected if expected else 0.0
        x, width = plot.x + step * (column + 0.1), step * 0.8
        paper.set_draw_color(*(LACKING if expected else LINE))
        paper.rect(x, y, width, STRIP - 1, style="D")
        if share:
            paper.set_fill_color(*(RECEIVED if share >= 0.95 else LACKING))
            height = (STRIP - 1) * min(share, 1.0)
            paper.rect(x, y + STRIP - 1 - height, width, height, style="F")
