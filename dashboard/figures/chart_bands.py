"""Bands behind bars, in steps as wide as a period, and how high the axis has to reach for both.

A band is one shape below the bars and not a trace: nothing of it takes the pointer, and a gap stays a gap.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Values = Sequence[float | None]
Shape = dict[str, Any]
GREY = "rgba(120,134,148,0.24)"
EDGE = "rgba(90,104,118,0.85)"
# A band that reaches further than this many times the highest bar is cut off: the bars are to be read.
HIGHEST = 2.0
HEADROOM = 1.06


@dataclass(frozen=True)
class Band:
    """From `low` to `high` in each period, None (or NaN) where there is none; dotted edges or a grey area."""

    low: Values
    high: Values


def grey(band: Band) -> list[Shape]:
    """A grey area below the bars, and its lower edge dotted above them."""
    runs = list(_runs(band))
    if not runs:
        return []
    area = " ".join(_area(run) for run in runs)
    edge = " ".join(_line([(at, low) for at, low, _ in run]) for run in runs)
    return [
        _path(area, layer="below") | {"fillcolor": GREY, "line": {"width": 0}},
        _path(edge) | {"line": {"color": EDGE, "width": 1, "dash": "dot"}},
    ]


def outlined(band: Band, colour: str) -> list[Shape]:
    """Dashed edges above the bars."""
    runs = list(_runs(band))
    path = " ".join(_area(run) for run in runs)
    return [_path(path) | {"line": {"color": colour, "width": 1.4, "dash": "4px,2px"}}] if runs else []


def dashes(heights: Values, colour: str) -> list[Shape]:
    """A short line across the bar of each period that has a height."""
    found = [(at, float(y)) for at, y in enumerate(_floats(heights)) if not np.isnan(y)]
    path = "".join(f"M{at - 0.34:g},{_short(y)}H{at + 0.34:g}" for at, y in found)
    return [_path(path) | {"line": {"color": colour, "width": 2.4}}] if path else []


def steps(found: Sequence[tuple[int, int, float]], colour: str) -> list[Shape]:
    """A level from the first to the last of several periods each, as (first, last, height)."""
    path = "".join(f"M{first - 0.46:g},{_short(y)}H{last + 0.46:g}" for first, last, y in found)
    return [_path(path) | {"line": {"color": colour, "width": 3}}] if path else []


def reach(bars: Sequence[Values], lines: Sequence[Values], bands: Sequence[Band]) -> list[float] | None:
    """From where to where an axis reaches, for stacked bars, lines and bands; None to leave it to plotly."""
    if not bands:
        return None
    stacked = np.nansum([_floats(each) for each in bars], axis=0) if bars else np.zeros(1)
    shown = np.concatenate([stacked, *(_floats(each) for each in lines), [0.0]])
    highest = float(np.nanmax(shown))
    of_bands = np.concatenate([_floats(band.high) for band in bands])
    if not np.isnan(of_bands).all():
        usual = float(np.nanmax(of_bands))
        highest = max(highest, min(usual, HIGHEST * highest) if highest > 0 else usual)
    return [min(0.0, float(np.nanmin(shown))), highest * HEADROOM] if highest > 0 else None


def _floats(values: Values) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _runs(band: Band) -> Iterator[list[tuple[int, float, float]]]:
    """Periods with a band that follow each other: (index, low, high) each."""
    run: list[tuple[int, float, float]] = []
    for at, (low, high) in enumerate(zip(_floats(band.low), _floats(band.high), strict=True)):
        if not np.isnan(low + high):
            run.append((at, float(low), float(high)))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(path: str, layer: str = "above") -> Shape:
    return {"type": "path", "path": path, "layer": layer, "xref": "x", "yref": "y"}


def _line(points: Sequence[tuple[int, float]]) -> str:
    first = points[0][0] - 0.5
    return f"M{first:g},{_short(points[0][1])}" + "".join(f"V{_short(y)}H{at + 0.5:g}" for at, y in points)


def _area(run: Sequence[tuple[int, float, float]]) -> str:
    back = "".join(f"V{_short(low)}H{at - 0.5:g}" for at, low, _ in reversed(run))
    return _line([(at, high) for at, _, high in run]) + back + "Z"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")
