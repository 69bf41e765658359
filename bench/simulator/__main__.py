"""Runs seeds of the simulator: `python -m bench.simulator --seeds 1000`."""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from bench.simulator.fates import CUTS
from bench.simulator.planted import FAULTS
from bench.simulator.runs import KEPT, Seeds, keep, remembered


def main() -> int:
    """Run the seeds that failed before and those asked for; 1 when one fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first")
    parser.add_argument("--seed", type=int, help="one alone")
    parser.add_argument(
        "--trace", action="store_true", help="tell what happened in a seed that fails, or in --seed"
    )
    parser.add_argument("--keep", type=Path, default=KEPT, help="the file in which failing seeds are kept")
    parser.add_argument("--planted", action="store_true", help="which seed finds which planted fault")
    asked = parser.parse_args()
    chosen = [*remembered(asked.keep), *range(asked.first, asked.first + asked.seeds)]
    chosen = chosen if asked.seed is None else [asked.seed]
    if asked.planted:
        return _planted(asked.first)
    began, busy, failed, happened = time.perf_counter(), time.process_time(), 0, 0
    cuts = Counter[str]()
    with Seeds() as seeds:
        for seed in dict.fromkeys(chosen):
            found = seeds.run(seed)
            happened += found.entries
            cuts += found.cuts
            if found.breaches:
                failed += 1
                keep(asked.keep, seed)
            if asked.trace and (found.breaches or asked.seed is not None):
                print("\n".join(found.trace))
            for each in found.breaches:
                print(f"seed {seed}: {each}")
    print(
        f"simulator: {len(set(chosen))} seeds, {happened:,} entries, {failed} failed, in "
        f"{time.perf_counter() - began:.0f} s ({time.process_time() - busy:.0f} s of processor)"
    )
    print(f"cut at {sum(cuts[point] > 0 for point in CUTS)} of {len(CUTS)} points:", _times(cuts))
    return 1 if failed else 0


def _times(cuts: Counter[str]) -> str:
    return ", ".join(f"{point} {cuts[point]:,}" for point in CUTS)


def _planted(first: int) -> int:
    with Seeds() as seeds:
        found = {name: seeds.first(fault, first) for name, fault in FAULTS.items()}
    for name, seed in found.items():
        print(f"{name}: {'NOT FOUND' if seed is None else f'found by seed {seed}'}")
    return 1 if None in found.values() else 0


if __name__ == "__main__":
    sys.exit(main())
