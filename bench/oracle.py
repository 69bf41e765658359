"""`python -m bench.oracle`: every indicator beside a slow oracle on ten thousand random countries.

The same check as in the tests (tests/indicators/test_oracle.py), of more countries. What differs is named
with the seed of its country; the outcome is the exit code. Ten thousand take one core a quarter of an hour,
and may be asked for in pieces: `--first 500 --count 500 --processes 1`.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import sys
import time

from tests.indicators.agreement import AT_ONCE, difference

AT_A_TIME = 5


def in_time(seeds: range, minutes: float, processes: int) -> tuple[int, list[str]]:
    """How many countries were compared in the time, seed after seed, and what differs."""
    until, judged, found = time.monotonic() + 60 * minutes, 0, []
    with multiprocessing.Pool(processes) as pool:
        for each in pool.imap(difference, seeds, chunksize=AT_A_TIME):
            judged += 1
            if each:
                found.append(each)
                print(each, flush=True)
            if time.monotonic() > until:
                break
    return judged, found


def main() -> int:
    """Compare, and say how many agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="seed of the first country")
    parser.add_argument("--count", type=int, default=10_000, help="how many countries")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so many")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    started = time.monotonic()
    seeds = range(asked.first, asked.first + asked.count)
    judged, found = in_time(seeds, asked.minutes, asked.processes)
    print(
        f"{judged - len(found):,} of {judged:,} countries agree (seeds {asked.first} to "
        f"{asked.first + judged - 1}), {AT_ONCE} indicators of three subjects in all units and periods of "
        f"each, {time.monotonic() - started:.0f} s"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
