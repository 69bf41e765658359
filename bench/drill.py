"""How fast a drill-down click is: our roll-up, naive pandas and DuckDB on the same figures.

    python -m bench.drill [--sizes 1.6 16 160] [--clicks 200]

For each size (million values) the children of the nation, of a region and of a district are asked for four
series over sixty months. Sums and numbers of reports must be equal first; then the median and 95th percentile
of each are printed, with how many times faster ours is. Ours runs in a process of its own, so that its memory
(figures made, roll-up built, every click) is its own. Its click is the whole answer of the page: values, n of
N, states, overlap and why a side is absent; theirs are sums and counts alone.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

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
Sums = dict[str, np.ndarray]


def places(country: Country) -> Clicks:
    """Positions of some nations, regions and districts to click on, spread over the country."""
    units = country.org_units
    found = {}
    for level, name in enumerate(PLACES, start=1):
        positions = np.flatnonzero(units["level"] == level)
        found[name] = positions[:: max(1, len(positions) // 10)][:10].tolist()
    return found


def timed(click: Callable[[int], object], positions: list[int], clicks: int) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds, over clicks on these places in turn."""
    click(positions[0])
    seconds = []
    for i in range(clicks):
        start = time.perf_counter()
        click(positions[i % len(positions)])
        seconds.append(time.perf_counter() - start)
    return {"median": float(np.median(seconds)) * 1e3, "p95": float(np.quantile(seconds, 0.95)) * 1e3}


def rss_gib() -> float:
    """The most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def ours(size: str, clicks: int, folder: Path) -> dict[str, object]:
    """Build the roll-up, answer every click, leave the sums for comparison."""
    country = Country(FACILITIES[size])
    frames = Frames(country.org_units, country.items, _values(country), country.assignments)
    start = time.perf_counter()
    rollup = Rollup.build(frames)
    built = time.perf_counter() - start
    del frames
    start = time.perf_counter()
    rollup.prepare(series for _, _, series in all_series(rollup, PAIR))
    answer(rollup, 0)
    prepared = time.perf_counter() - start
    where = places(country)
    np.savez(
        folder / "ours.npz", **{f"{n}-{p}": _shown(answer(rollup, p)) for n, ps in where.items() for p in ps}
    )
    speeds = {
        name: timed(lambda p: answer(rollup, p), positions, clicks) for name, positions in where.items()
    }
    return {"built_s": built, "prepared_s": prepared, "rss_gib": rss_gib(), "clicks": speeds}


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


def peers(size: str, clicks: int, folder: Path) -> dict[str, object]:
    """The same clicks by naive pandas and by DuckDB on an in-memory table, sums checked against ours."""
    country = Country(FACILITIES[size])
    values = _plain(country)
    expected = dict(np.load(folder / "ours.npz"))
    found: dict[str, object] = {"rows": len(values), "pandas": pd.__version__, "duckdb": duckdb.__version__}
    for name, click in (("pandas", _pandas(country, values)), ("duckdb", _duckdb(country, values))):
        where = places(country)
        for key, sums in expected.items():
            place, position = key.split("-")
            if not np.array_equal(_filled(click(int(position)), country, int(position)), sums):
                raise SystemExit(
                    f"{name} and our roll-up disagree on {place} {position} at {size} million values."
                )
        few = max(5, clicks // (40 if size == "160" else 10))
        found[f"{name}_clicks"] = {place: timed(click, positions, few) for place, positions in where.items()}
    return found


def _plain(country: Country) -> pd.DataFrame:
    """The values as both peers like them best: small integers, ancestors beside, in the tree's order."""
    units = country.org_units
    number = {unit: i for i, unit in enumerate(units["id"])}
    parent = units["parent"].map(number).fillna(0).to_numpy(dtype=np.int32)
    parts = []
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
        parts.append(pd.DataFrame(columns, copy=False))
    return pd.concat(parts, ignore_index=True)


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
    """Run the sizes asked for, or (inside) one side of one size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", nargs="+", choices=list(FACILITIES), default=["1.6", "16"])
    parser.add_argument("--clicks", type=int, default=200)
    parser.add_argument("--part", choices=["ours", "peers"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        side = ours if options.part == "ours" else peers
        print(json.dumps(side(options.sizes[0], options.clicks, options.folder)))
        return
    results = {size: measure(size, options.clicks) for size in options.sizes}
    verdict(results)


def measure(size: str, clicks: int) -> dict[str, dict[str, object]]:
    """Both sides of one size, each in a process of its own; prints a table."""
    with tempfile.TemporaryDirectory() as folder:
        results = {part: _run(part, size, clicks, Path(folder)) for part in ("ours", "peers")}
    mine, others = results["ours"], results["peers"]
    print(
        f"\n{size} million values, {FACILITIES[size]:,} facilities ({others['rows']:,} rows): sums are equal."
    )
    print(
        f"  built in {mine['built_s']:.1f} s, ancestors of the pair summed in {mine['prepared_s']:.2f} s,"
        f" {mine['rss_gib']:.2f} GiB at most; pandas {others['pandas']}, DuckDB {others['duckdb']}"
    )
    for place in PLACES:
        print(f"  {place:9}", end="")
        base = mine["clicks"][place]
        print(f" ours {base['median']:7.2f} ms (p95 {base['p95']:7.2f})", end="")
        for name in ("pandas", "duckdb"):
            other = others[f"{name}_clicks"][place]
            print(
                f" | {name} {other['median']:9.1f} ms (p95 {other['p95']:9.1f}),"
                f" {other['median'] / base['median']:7.1f}x (p95 {other['p95'] / base['p95']:7.1f}x)",
                end="",
            )
        print()
    return results


def _run(part: str, size: str, clicks: int, folder: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "bench.drill", "--part", part, "--sizes", size, "--clicks", str(clicks)]
    done = subprocess.run([*command, "--folder", str(folder)], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def verdict(results: dict[str, dict[str, dict[str, object]]]) -> None:
    """The goals, each with what was measured."""
    if "16" in results:
        mine, others = results["16"]["ours"], results["16"]["peers"]
        for name, goal in (("pandas", 50), ("duckdb", 5)):
            worst = min(others[f"{name}_clicks"][p]["median"] / mine["clicks"][p]["median"] for p in PLACES)
            print(f"16 million: at least {worst:.1f}x faster than {name} (goal {goal}x)")
        print(f"16 million: {mine['rss_gib']:.2f} GiB (goal below 2)")
    if {"16", "160"} <= set(results):
        small, large = (results[size]["ours"]["clicks"]["nation"]["median"] for size in ("16", "160"))
        print(
            f"from 5,000 to 50,000 facilities the nation's click takes {large / small:.2f}x (goal below 1.5x)"
        )


if __name__ == "__main__":
    main()
