"""`python -m bench.oracle`: every indicator beside a slow oracle on ten thousand random countries.

The same check as in the tests (tests/indicators/test_oracle.py), of more countries, in two processes. What
differs is named with the seed of its country; the outcome is the exit code.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time

from tests.indicators.agreement import AT_ONCE, difference

PROCESSES, AT_A_TIME = 2, 50


def main() -> int:
    """Compare, and say how many agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="seed of the first country")
    parser.add_argument("--count", type=int, default=10_000, help="how many countries")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.count)
    started = time.monotonic()
    with multiprocessing.Pool(PROCESSES) as pool:
        found = [each for each in pool.imap_unordered(difference, seeds, chunksize=AT_A_TIME) if each]
    for each in found:
        print(each)
    took = time.monotonic() - started
    agree = len(seeds) - len(found)
    print(
        f"{agree:,} of {len(seeds):,} countries agree (seeds {seeds.start} to {seeds.stop - 1}), "
        f"{AT_ONCE} indicators of three subjects in all units and periods of each, {took:.0f} s"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
