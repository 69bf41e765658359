"""How fast a drill-down click is: our roll-up, naive pandas and DuckDB on the same figures.

    python -m bench.drill [--sizes 1.6 16 160] [--clicks 100]

For each size (million values) the children of the nation, of a region and of a district are asked for four
series over sixty months. Sums and numbers of reports must be equal first; then the three click in turn, ten
places in a row each, so that whatever else the machine does hits all alike while each keeps its own data near
the processor, as it would when people click; and the median and 95th percentile of each are printed
with how many times faster ours is. Our click is the whole answer of the page: values, n of N, states, overlap
and why a side is absent; theirs are sums and counts alone. Before that, ours is built in a process of its own
(figures made, roll-up built, every click) to see its memory. 160 million need a machine with 24 GB, most of
it for the other two.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from bench.synthetic import MONTHS, Country
from indicators.compare import Comparison, PairItems, View, all_series, compare
from indicators.rollup import Frames, Rollup

FACILITIES = {"1.6": 500, "16": 5_000, "160": 50_000}
PLACES = ("nation", "region", "district")
ASKED = (("S0", "count"), ("P0", "consumed"), ("P0", "received"), ("P0", "closing"))
PAIR = PairItems(services=("S0",), commodities=("P0",))
MEASURES = ("count", "consumed", "received", "closing")
Clicks = dict[str, list[int]]


def places(country: Country) -> Clicks:
    """Positions of some nations, regions and districts to click on, spread over the country."""
    units = country.org_units
    found = {}
    for level, name in enumerate(PLACES, start=1):
        positions = np.flatnonzero(units["level"] == level)
        found[name] = positions[:: max(1, len(positions) // 10)][:10].tolist()
    return found


def summary(seconds: list[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    return {"median": float(np.median(seconds)) * 1e3, "p95": float(np.quantile(seconds, 0.95)) * 1e3}


def rss_gib() -> float:
    """The most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def built(country: Country) -> Rollup:
    """The roll-up with the ancestors of the pair summed."""
    rollup = Rollup.build(Frames(country.org_units, country.items, _values(country), country.assignments))
    rollup.prepare(series for _, _, series in all_series(rollup, PAIR))
    answer(rollup, 0)
    return rollup


def alone(size: str, clicks: int) -> dict[str, object]:
    """Ours in a process of its own: how long the building takes and the most memory that it ever holds."""
    country = Country(FACILITIES[size])
    start = time.perf_counter()
    rollup = built(country)
    seconds = time.perf_counter() - start
    for positions in places(country).values():
        for i in range(clicks):
            answer(rollup, positions[i % len(positions)])
    return {"built_s": seconds, "rss_gib": rss_gib()}


def answer(rollup: Rollup, position: int) -> Comparison:
    """What the page asks for on a click, with everything that it shows."""
    first, last = int(rollup.months[0]), int(rollup.months[-1])
    found = compare(rollup, PAIR, View(rollup.hierarchy.ids[position], first, last, measures=MEASURES))
    _ = found.overlap, found.absences
    return found


def _values(country: Country) -> pd.DataFrame | object:
    """One frame, as long as it is small beside the memory; else block by block."""
    if country.facilities > 5_000:
        return country.blocks(4)
    return next(country.blocks(len(country.series)))


def _shown(found: Comparison) -> np.ndarray:
    """Sums and numbers of reports of the children, `[series, 2, child, month]`."""
    lines = [found.line("service" if m == "count" else "commodity", m) for m in MEASURES]
    return np.array([[np.nan_to_num(line.value[1:]), line.n_reported[1:]] for line in lines])


def beside(size: str, clicks: int) -> dict[str, object]:
    """All three in one process: equal sums first, then clicks in turn."""
    country = Country(FACILITIES[size])
    rollup, values = built(country), _plain(country)
    others = {"pandas": _pandas(country, values), "duckdb": _duckdb(country, values)}
    where = places(country)
    for name, click in others.items():
        for place, positions in where.items():
            for position in positions:
                theirs = _filled(click(position), country, position)
                if not np.array_equal(theirs, _shown(answer(rollup, position))):
                    raise SystemExit(
                        f"{name} and our roll-up disagree on {place} {position} of {size} million."
                    )
    each: dict[str, Callable[[int], object]] = {"ours": lambda position: answer(rollup, position), **others}
    found = {place: _in_turn(each, positions, clicks) for place, positions in where.items()}
    return {"rows": len(values), "pandas": pd.__version__, "duckdb": duckdb.__version__, "clicks": found}


def _in_turn(
    each: dict[str, Callable[[int], object]], positions: list[int], clicks: int
) -> dict[str, dict[str, float]]:
    """Median and 95th percentile of each: all places in a row, then the next one, round after round."""
    seconds: dict[str, list[float]] = {name: [] for name in each}
    for _ in range(-(-clicks // len(positions))):
        for name, click in each.items():
            for position in positions:
                start = time.perf_counter()
                click(position)
                seconds[name].append(time.perf_counter() - start)
    return {name: summary(times) for name, times in seconds.items()}


def _plain(country: Country) -> pd.DataFrame:
    """The values as both peers like them best: small integers, ancestors beside, in the tree's order."""
    units = country.org_units
    number = {unit: i for i, unit in enumerate(units["id"])}
    parent = units["parent"].map(number).fillna(0).to_numpy(dtype=np.int32)
    parts: dict[str, list[np.ndarray]] = {}
    for series, block in enumerate(country.blocks(1)):
        unit = block["org_unit"].cat.codes.to_numpy(dtype=np.int32)
        columns = {
            "series": np.full(len(block), series, dtype=np.int16),
            "month": pd.factorize(block["month"], sort=True)[0].astype(np.int16),
            "region": parent[parent[unit]],
            "district": parent[unit],
            "unit": unit,
            "value": block["value"].to_numpy(),
        }
        for name, column in columns.items():
            parts.setdefault(name, []).append(column)
    # Column by column, so that at most one column is held twice.
    return pd.DataFrame({name: np.concatenate(parts.pop(name)) for name in list(parts)}, copy=False)


def _columns(country: Country, position: int) -> tuple[str, str]:
    """What to filter a unit's values by, and what to group its children by."""
    level = int(country.org_units["level"].iloc[position])
    return {1: ("", "region"), 2: ("region", "district"), 3: ("district", "unit")}[level]


def _filled(table: pd.DataFrame, country: Country, position: int) -> np.ndarray:
    """Rows series, child, month, total, reports as one array `[series, 2, child, month]`."""
    units = country.org_units
    below = units.index[units["parent"] == units["id"].iloc[position]].to_numpy()
    out = np.zeros((len(ASKED), 2, len(below), MONTHS))
    asked = [country.series.index(series) for series in ASKED]
    row = np.argsort(asked)[np.searchsorted(np.sort(asked), table["series"])]
    at = (np.searchsorted(below, table["child"]), table["month"].to_numpy())
    out[(row, 0, *at)] = table["total"]
    out[(row, 1, *at)] = table["reports"]
    return out


def _pandas(country: Country, values: pd.DataFrame) -> Callable[[int], pd.DataFrame]:
    asked = [country.series.index(series) for series in ASKED]

    def click(position: int) -> pd.DataFrame:
        above, child = _columns(country, position)
        chosen = values["series"].isin(asked)
        rows = values[chosen & (values[above] == position) if above else chosen]
        groups = rows.groupby(["series", child, "month"])["value"]
        return groups.agg(total="sum", reports="count").reset_index(names=["series", "child", "month"])

    return click


def _duckdb(country: Country, values: pd.DataFrame) -> Callable[[int], pd.DataFrame]:
    database = duckdb.connect()
    database.register("frame", values)
    database.execute("CREATE TABLE figures AS SELECT * FROM frame")
    database.unregister("frame")
    numbers = ", ".join(str(country.series.index(series)) for series in ASKED)

    def click(position: int) -> pd.DataFrame:
        above, child = _columns(country, position)
        place = f" AND {above} = {position}" if above else ""
        return database.execute(
            f"SELECT series, {child} AS child, month, sum(value) AS total, count(value) AS reports"
            f" FROM figures WHERE series IN ({numbers}){place} GROUP BY ALL"
        ).df()

    return click


def main() -> None:
    """Run the sizes asked for, or (inside) one part of one size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", nargs="+", choices=list(FACILITIES), default=["1.6", "16"])
    parser.add_argument("--clicks", type=int, default=100)
    parser.add_argument("--part", choices=["alone", "beside"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        part = alone if options.part == "alone" else beside
        print(json.dumps(part(options.sizes[0], options.clicks)))
        return
    results = {size: measure(size, options.clicks) for size in options.sizes}
    verdict(results)


def measure(size: str, clicks: int) -> dict[str, Any]:
    """Both parts of one size, each in a process of its own; prints a table."""
    few = clicks if size != "160" else max(10, clicks // 5)
    found = _run("alone", size, clicks) | _run("beside", size, few)
    print(f"\n{size} million values ({found['rows']:,}), {FACILITIES[size]:,} facilities: sums are equal.")
    built_in = f"built in {found['built_s']:.1f} s (figures made included)"
    print(f"  ours {built_in}, {found['rss_gib']:.2f} GiB at most;", end="")
    print(f" pandas {found['pandas']}, DuckDB {found['duckdb']}")
    for place, speeds in found["clicks"].items():
        base = speeds["ours"]
        print(f"  {place:9} ours {base['median']:6.2f} ms (p95 {base['p95']:6.2f})", end="")
        for name in ("pandas", "duckdb"):
            median, p95 = speeds[name]["median"], speeds[name]["p95"]
            times = f"{median / base['median']:.1f}x (p95 {p95 / base['p95']:.1f}x)"
            print(f" | {name} {median:8.1f} ms (p95 {p95:8.1f}), {times}", end="")
        print(flush=True)
    return found


def _run(part: str, size: str, clicks: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.drill", "--part", part, "--sizes", size, "--clicks", str(clicks)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def verdict(results: dict[str, dict[str, Any]]) -> None:
    """The goals, each with what was measured."""
    print()
    if "16" in results:
        clicks = results["16"]["clicks"]
        for name, goal in (("pandas", 50), ("duckdb", 5)):
            worst = min(clicks[place][name]["median"] / clicks[place]["ours"]["median"] for place in PLACES)
            print(f"16 million: at least {worst:.1f}x faster than {name} (goal {goal}x)")
        print(f"16 million: {results['16']['rss_gib']:.2f} GiB (goal below 2)")
    if {"16", "160"} <= set(results):
        small, large = (results[size]["clicks"]["nation"]["ours"]["median"] for size in ("16", "160"))
        print(
            f"from 5,000 to 50,000 facilities the nation's click takes {large / small:.2f}x (goal below 1.5x)"
        )


if __name__ == "__main__":
    main()
