"""The chart of one side of Compare: the unit's own bars above, a line for each child below, one time axis.

Only ``bar`` and ``scatter`` traces are used, because the plotly.js that is served holds no more. Counts
travel as integers and the months once, in the layout; texts of the axes are the page's own, so that no locale
file is needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from dashboard.figures.chart_bands import Band, dashes, grey, outlined, reach, steps

SHADES = {
    "service": ("#0072B2", "#7FB8DC", "#00507E", "#4C9DCB", "#B4D5EA"),
    "commodity": ("#D98200", "#F0BD72", "#8F5600", "#E6A145", "#F7DDB4"),
}
STRIP = (0.0, 0.25)
BARS = (0.36, 1.0)
MARGIN = {"l": 56, "r": 10, "t": 8, "b": 38}
FONT = "system-ui, Segoe UI, Noto Sans, DejaVu Sans, sans-serif"
FADED = 0.45
MARK = "rgba(120,134,148,0.16)"

Values = Sequence[float | None]
Figure = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One part of the stacked bars (new users; a product), its name and one value a period.

    ``imputed`` says how much of each period's value is imputed, 0 to 1.
    """

    name: str
    values: Values
    imputed: Sequence[float] = ()


@dataclass(frozen=True)
class ChildLine:
    """A child's series; ``hover`` is what a point says (``%{x}``, ``%{y}``, ``%{customdata}`` get filled)."""

    id: str
    values: Values
    hover: str


@dataclass(frozen=True)
class Words:
    """The chart's own texts: axis labels, one hover sentence a bar, the strip's title, the number format.

    ``separators`` is plotly's pair of decimal and thousands marks; ``totals`` the formatted total of each
    period, which the children's sentences name.
    """

    ticks: Mapping[int, str]
    bars: Sequence[str]
    strip: str
    separators: str
    totals: Sequence[str]


@dataclass(frozen=True)
class Chart:
    """Everything one side's chart shows.

    Attributes:
        side: ``service`` or ``commodity``; decides the colours.
        periods: names of the periods (``2019-03``), the same for both sides.
        labels: the same periods as people read them.
        parts: stacked from below.
        dashes: a third series, drawn dashed; None where there is none.
        marks: a sign on the baseline where no bar can stand (zero, missing, not applicable), "" elsewhere.
        children: at most a dozen, largest first.
        targets: the child that a click on a period's bar leads to, "" where there is none.
        at: index of the period looked at.
        words: the texts.
        usual: what is usual, behind the bars.
        due: what the other side lets one expect, outlined, in the places that report both.
        used: what these places used, as a short line across each bar; empty where it is the bar itself.
        steps: levels over several periods, (first, last, height) each.
        outside: a sign above the bars of the periods outside what is usual, "" elsewhere.
        faded: whether a period's figure is provisional.
    """

    side: str
    periods: Sequence[str]
    labels: Sequence[str]
    parts: Sequence[Part]
    words: Words
    dashes: Part | None = None
    marks: Sequence[str] = ()
    children: Sequence[ChildLine] = ()
    targets: Sequence[str] = ()
    at: int | None = None
    usual: Band | None = None
    due: Band | None = None
    used: Values = ()
    steps: Sequence[tuple[int, int, float]] = ()
    outside: Sequence[str] = ()
    faded: Sequence[bool] = ()


def draw(chart: Chart) -> Figure:
    """The figure: traces in the order parts, dashes, marks, signs of what is outside, children."""
    traces = [trace for index, part in enumerate(chart.parts) for trace in _bars(chart, part, index)]
    if chart.dashes:
        traces.append(_dashes(chart, chart.dashes))
    if any(chart.marks):
        traces.append(_text(chart, chart.marks, [0.0] * len(chart.marks)))
    if any(chart.outside):
        traces.append(_text(chart, chart.outside, _tops(chart)))
    traces.extend(_child(chart, line, index) for index, line in enumerate(chart.children))
    return {"data": [trace | {"x0": chart.labels[0]} for trace in traces], "layout": _layout(chart)}


def whole(values: Values) -> list[float | int | None]:
    """Values for JSON: whole numbers as integers, NaN as null, so that a gap stays a gap."""
    known = np.asarray(values, dtype=np.float64).tolist()
    return [
        None if value != value else int(value) if value.is_integer() else round(value, 2) for value in known
    ]


def _bars(chart: Chart, part: Part, index: int) -> list[Figure]:
    """One part's bars: filled as far as its values were reported, and hollow above that."""
    values = np.array([np.nan if value is None else value for value in part.values], dtype=np.float64)
    share = np.array(part.imputed or [0.0] * len(values), dtype=np.float64)
    if np.isin(share, (0, 1)).all():
        return [_bar(chart, part, index)]
    filled, hollow = values * (1 - share), np.where(share > 0, values * share, np.nan)
    return [
        _bar(chart, Part(part.name, np.where(share < 1, filled, np.nan).tolist()), index),
        _bar(chart, Part(part.name, hollow.tolist(), [1.0] * len(values)), index),
    ]


def _bar(chart: Chart, part: Part, index: int) -> Figure:
    colour = SHADES[chart.side][index % len(SHADES[chart.side])]
    marker: Figure = {"color": colour, "line": {"width": 0}}
    if any(part.imputed):
        marker = {
            "color": ["rgba(0,0,0,0)" if imputed else colour for imputed in part.imputed],
            "line": {"color": colour, "width": [1.5 if imputed else 0 for imputed in part.imputed]},
        }
    if any(chart.faded):
        marker["opacity"] = [FADED if faded else 1 for faded in chart.faded]
    return {
        "type": "bar",
        "name": escape(part.name),
        "y": whole(part.values),
        "marker": marker,
        "customdata": list(chart.targets),
        "hovertext": list(chart.words.bars),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "textposition": "none",
    }


def _dashes(chart: Chart, part: Part) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": escape(part.name),
        "y": whole(part.values),
        "line": {"color": SHADES[chart.side][2], "width": 2, "dash": "5px,3px"},
        "connectgaps": False,
        "customdata": list(chart.targets),
        "hovertemplate": f"%{{x}}: %{{y:,d}} {escape(part.name)}<extra></extra>",
    }


def _text(chart: Chart, signs: Sequence[str], heights: Values) -> Figure:
    """Signs at a height each; the pointer meets in them what it meets in the bars."""
    return {
        "type": "scatter",
        "mode": "text",
        "y": whole([height if sign else None for sign, height in zip(signs, heights, strict=True)]),
        "text": list(signs),
        "textposition": "top center",
        "textfont": {"size": 12, "color": "#7A8794"},
        "customdata": list(chart.targets),
        "hovertext": list(chart.words.bars),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }


def _tops(chart: Chart) -> list[float]:
    """The height of each period's stacked bars."""
    parts = [[0.0 if v is None or np.isnan(v) else v for v in part.values] for part in chart.parts]
    return np.sum(parts, axis=0).tolist() if parts else [0.0] * len(chart.periods)


def _child(chart: Chart, line: ChildLine, index: int) -> Figure:
    shades = SHADES[chart.side]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "y": whole(line.values),
        "yaxis": "y2",
        "meta": line.id,
        "line": {"color": shades[0] if index == 0 else shades[3], "width": 1.6 if index == 0 else 1.1},
        "marker": {"size": 5},
        "opacity": 1 if index == 0 else 0.6,
        "connectgaps": False,
        "customdata": list(chart.words.totals),
        "hovertemplate": line.hover + "<extra></extra>",
    }


def _layout(chart: Chart) -> Figure:
    last = len(chart.periods) - 1
    layout: Figure = {
        "meta": list(chart.periods),
        "barmode": "stack",
        "bargap": 0.14,
        "showlegend": False,
        "hovermode": "closest",
        "hoverdistance": 30,
        "dragmode": False,
        "separators": chart.words.separators,
        "margin": MARGIN,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 11},
        "hoverlabel": {"align": "left", "font": {"size": 12.5}},
        "xaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": list(chart.labels),
            "range": [-0.5, last + 0.5],
            "tickvals": list(chart.words.ticks),
            "ticktext": [chart.words.ticks[index] for index in chart.words.ticks],
            "tickangle": 0,
            "fixedrange": True,
            "showgrid": False,
            "anchor": "y2" if chart.children else "y",
        },
        "yaxis": _y_axis(BARS if chart.children else (0.0, 1.0)) | _range(chart),
        "shapes": [*_mark_of_period(chart.at), *_bands(chart)],
    }
    if chart.children:
        layout["yaxis2"] = _y_axis(STRIP) | {"nticks": 3}
        layout["annotations"] = [_strip_title(chart.words.strip)]
    return layout


def _y_axis(domain: tuple[float, float]) -> Figure:
    return {
        "domain": list(domain),
        "rangemode": "tozero",
        "tickformat": ",d",
        "fixedrange": True,
        "nticks": 6,
        "zeroline": False,
    }


def _range(chart: Chart) -> Figure:
    """The axis reaches over bars, lines and bands alike, of which plotly knows the first two."""
    bands = [band for band in (chart.usual, chart.due) if band]
    dashes = [chart.dashes.values] if chart.dashes else []
    found = reach([part.values for part in chart.parts], dashes, bands)
    return {"range": found} if found else {}


def _bands(chart: Chart) -> list[Figure]:
    deep = SHADES[chart.side][2]
    shapes = grey(chart.usual) if chart.usual else []
    shapes += outlined(chart.due, deep) if chart.due else []
    return shapes + dashes(chart.used, deep) + steps(chart.steps, deep)


def _mark_of_period(at: int | None) -> list[Figure]:
    if at is None:
        return []
    band = {"type": "rect", "xref": "x", "yref": "paper", "x0": at - 0.5, "x1": at + 0.5, "y0": 0, "y1": 1}
    return [band | {"fillcolor": MARK, "line": {"width": 0}, "layer": "below"}]


def _strip_title(text: str) -> Figure:
    place = {
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": STRIP[1] + 0.01,
        "xanchor": "left",
        "yanchor": "bottom",
    }
    return place | {"text": escape(text), "showarrow": False, "font": {"size": 11}}
