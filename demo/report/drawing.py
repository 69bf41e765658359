"""Small pictures as SVG: bars and lines, readable without colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from math import isfinite

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 76, 46
COLOURS = ("#0b5d8a", "#d98a00", "#3c7a3f", "#8a3b62", "#555555")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4")
INK, GRID, SHADE = "#222222", "#d9d9d9", "#f3d9b1"
STEPS = (1, 2, 2.5, 5, 10)
GRID_LINES = 5
MOST_LABELS = 14
LETTER = 7.2


@dataclass(frozen=True)
class Chart:
    """What is drawn.

    Attributes:
        title: one line above, also what a screen reader says.
        labels: of the places along the axis.
        series: name -> figures, as many as labels; NaN is left out.
        percent: whether figures are shares.
        shaded: first and last place that are shaded, and what for.
    """

    title: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[float]]
    percent: bool = False
    shaded: Sequence[tuple[int, int]] = field(default=())


def bars(chart: Chart) -> str:
    """Bars side by side, a group for each label."""
    top, step = _scale(chart)
    group = (WIDTH - LEFT - RIGHT) / len(chart.labels)
    width = 0.8 * group / len(chart.series)
    marks = []
    for number, figures in enumerate(chart.series.values()):
        for place, figure in enumerate(figures):
            if isfinite(figure):
                x = LEFT + place * group + 0.1 * group + number * width
                y = _y(figure, top)
                marks.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width - 1, 1):.1f}" '
                    f'height="{HEIGHT - BOTTOM - y:.1f}" fill="{COLOURS[number]}"/>'
                )
    return _picture(chart, _axes(chart, (top, step), group) + marks, dashed=False)


def lines(chart: Chart) -> str:
    """A line for each series."""
    top, step = _scale(chart)
    group = (WIDTH - LEFT - RIGHT) / len(chart.labels)
    marks = [
        f'<rect x="{LEFT + first * group:.1f}" y="{TOP}" width="{(last - first + 1) * group:.1f}" '
        f'height="{HEIGHT - TOP - BOTTOM}" fill="{SHADE}"/>'
        for first, last in chart.shaded
    ]
    marks += _axes(chart, (top, step), group)
    for number, figures in enumerate(chart.series.values()):
        for run in _runs(figures):
            points = " ".join(f"{LEFT + (p + 0.5) * group:.1f},{_y(figures[p], top):.1f}" for p in run)
            marks.append(
                f'<polyline points="{points}" fill="none" stroke="{COLOURS[number]}" stroke-width="2" '
                f'stroke-dasharray="{DASHES[number]}"/>'
            )
    return _picture(chart, marks, dashed=True)


def _runs(figures: Sequence[float]) -> list[list[int]]:
    """Places of figures that follow one another without a gap."""
    runs: list[list[int]] = [[]]
    for place, figure in enumerate(figures):
        if isfinite(figure):
            runs[-1].append(place)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _scale(chart: Chart) -> tuple[float, float]:
    """The highest grid line and the step between two."""
    most = max(figure for figures in chart.series.values() for figure in figures if isfinite(figure)) or 1.0
    size = 1.0
    while size * STEPS[-1] * GRID_LINES < most:
        size *= 10
    while size * STEPS[0] * GRID_LINES >= most:
        size /= 10
    step = next(size * s for s in STEPS if size * s * GRID_LINES >= most)
    return step * -(-most // step), step


def _y(figure: float, top: float) -> float:
    return HEIGHT - BOTTOM - figure / top * (HEIGHT - TOP - BOTTOM)


def _axes(chart: Chart, scale: tuple[float, float], group: float) -> list[str]:
    top, step = scale
    marks = []
    for n in range(round(top / step) + 1):
        y = _y(n * step, top)
        marks.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{GRID}"/>')
        marks.append(_text(LEFT - 6, y + 4, _number(n * step, chart.percent), "end"))
    every = -(-len(chart.labels) // MOST_LABELS)
    for place, label in enumerate(chart.labels):
        if place % every == 0:
            marks.append(_text(LEFT + (place + 0.5) * group, HEIGHT - BOTTOM + 18, label, "middle"))
    return marks


def _legend(chart: Chart, dashed: bool) -> list[str]:
    marks, x, y = [], float(LEFT), 42
    for number, name in enumerate(chart.series):
        if x + 46 + LETTER * len(name) > WIDTH:
            x, y = float(LEFT), y + 20
        dash = f' stroke-dasharray="{DASHES[number]}"' if dashed and DASHES[number] else ""
        marks.append(
            f'<line x1="{x:.0f}" x2="{x + 22:.0f}" y1="{y - 4}" y2="{y - 4}" stroke="{COLOURS[number]}" '
            f'stroke-width="{2 if dashed else 10}"{dash}/>'
        )
        marks.append(_text(x + 28, y, name, "start"))
        x += 46 + LETTER * len(name)
    return marks


def _picture(chart: Chart, marks: list[str], dashed: bool) -> str:
    title = escape(chart.title)
    name = _text(LEFT, 22, chart.title, "start", weight="bold")
    body = "\n".join([*marks, *_legend(chart, dashed), name])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{title}" font-family="sans-serif" font-size="13">\n<title>{title}</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n{body}\n</svg>\n'
    )


def _text(x: float, y: float, words: str, anchor: str, weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="{INK}">'
        f"{escape(words)}</text>"
    )


def _number(figure: float, percent: bool) -> str:
    return f"{100 * figure:.0f} %" if percent else f"{figure:,.10g}"
