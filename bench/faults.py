"""Syncs under injected faults and syncs killed at random: every value must be there after each, once.

    python -m bench.faults --syncs 200 --kills 50 --seed 1

An embedded DHIS2 is started, changed before every sync (new, changed and deleted values), and spoilt on
demand (`/demo/faults`). A sync that fails must leave the last whole version readable, and the next one,
unspoilt, must bring all. A child process is killed (SIGKILL) at a random moment of its sync. The truth is
read by plain requests.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from bench.spoilt import Bench
from bench.truth import difference
from loaders.errors import SourceError
from loaders.sync_report import last
from tests.servers import demo_server

SPOILS = ("status", "reset", "truncate", "login", "expired")


@dataclass
class Tally:
    """What came of the trials."""

    done: int = 0
    failed_syncs: int = 0
    struck: Counter[str] = field(default_factory=Counter)
    reported: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def expect(self, trial: int, what: str, fault: str) -> None:
        """Note a problem, if there is one."""
        if fault:
            self.problems.append(f"trial {trial}, {what}: {fault}")
            print(self.problems[-1], file=sys.stderr, flush=True)


def faulty_sync(bench: Bench, trial: int, tally: Tally) -> None:
    """Change, spoil, sync; when that fails, look that nothing is lost, and sync again."""
    before = bench.held()
    truth = bench.change()
    bench.spoil()
    try:
        # Without memory: of an answer that is not sent again (304) nothing can be cut off.
        bench.sync(full=bench.chance.random() < 0.5, memory=False)
        failed = False
    except SourceError:
        failed = True
        tally.failed_syncs += 1
    struck = bench.unspoil()
    report = last(bench.snapshots.folder) or {"faults": [], "problem": ""}
    tally.struck += struck
    tally.reported.update(fault["kind"] for fault in report["faults"])
    spoilt = sum(struck[kind] for kind in SPOILS)
    if len(report["faults"]) < spoilt:
        tally.expect(
            trial,
            "report",
            f"{spoilt} faults struck, {len(report['faults'])} are told: {struck} {report['faults']}",
        )
    if failed:
        tally.expect(trial, "after a failed sync", difference(bench.held(), before))
        bench.sync()
    tally.expect(trial, "after the sync", difference(bench.held(), truth))
    tally.done += 1


def killed_sync(bench: Bench, trial: int, tally: Tally) -> None:
    """Change, sync in a child, kill it at random, look that nothing is lost, and sync again."""
    if bench.chance.random() < 0.4:
        bench.forget()
    before = bench.held()
    truth = bench.change()
    full = bench.chance.random() < 0.6
    took = _kill_one(bench, full)
    now = bench.held()
    tally.expect(trial, f"killed after {took:.2f} s", difference(now, before) and difference(now, truth))
    report = bench.sync(full=full and bench.chance.random() < 0.5)
    tally.kinds[report.kind] += 1
    tally.expect(trial, f"the sync after the kill ({report.kind})", difference(bench.held(), truth))
    tally.done += 1


def _kill_one(bench: Bench, full: bool) -> float:
    """Start a sync in a child and kill it at a random moment of the time that a sync takes."""
    command = [sys.executable, "-m", "bench.faults", "--child", bench.url, str(bench.folder)]
    command += [str(bench.place)] + (["--full"] if full else [])
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        began = time.monotonic()
        moment = bench.chance.uniform(0, bench.longest)
        try:
            child.wait(moment)
            bench.longest = max(0.5, time.monotonic() - began)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
    return time.monotonic() - began


def child(url: str, folder: str, place: str, full: bool) -> None:
    """One sync, in the process that is going to be killed."""
    at = Path(place) if "/" in place else place
    bench = Bench(at, url, Path(folder), random.Random(0))
    print("begins", flush=True)
    bench.sync(full)


def trials(bench: Bench, syncs: int, kills: int) -> Tally:
    """All trials, the faulty ones and the kills mixed."""
    tally = Tally()
    bench.sync()
    kinds = [faulty_sync] * syncs + [killed_sync] * kills
    bench.chance.shuffle(kinds)
    for trial, one in enumerate(kinds):
        one(bench, trial, tally)
        if trial % 10 == 9:
            print(f"{trial + 1}/{len(kinds)}: {len(tally.problems)} problems", file=sys.stderr)
    tally.expect(
        len(kinds), "the server against what was sent to it", difference(bench.truth, bench.plain.cells())
    )
    return tally


def thinned(country: str, keep: int, folder: Path) -> Path:
    """A seed folder with the values of one unit in KEEP, so that many syncs fit in an hour."""
    seed = Path(__file__).parent.parent / "demo" / "countries" / country
    shutil.copytree(seed, folder)
    values = pd.read_csv(seed / "values.csv.gz", dtype=str, keep_default_na=False)
    units = sorted(values["orgunit"].unique())[::keep]
    values.loc[values["orgunit"].isin(units)].to_csv(folder / "values.csv.gz", index=False)
    return folder


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--syncs", type=int, default=200)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--country", default="civ")
    parser.add_argument("--thin", type=int, default=8, help="keep the values of one unit in so many")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--child", nargs=3, metavar=("URL", "FOLDER", "COUNTRY"))
    given = parser.parse_args()
    if given.child:
        child(*given.child, given.full)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        seed = thinned(given.country, given.thin, data / "seed")
        with demo_server(data / "demo", "--seed", str(seed)) as url:
            bench = Bench(given.country, url, data, random.Random(given.seed))
            began = time.monotonic()
            tally = trials(bench, given.syncs, given.kills)
    print(f"{tally.done} trials with seed {given.seed} in {time.monotonic() - began:.0f} s: ", end="")
    print(f"{given.syncs} spoilt syncs ({tally.failed_syncs} of them failed), {given.kills} killed")
    print(f"faults that struck: {dict(tally.struck)}; told: {dict(tally.reported)}")
    print(f"syncs after a kill: {dict(tally.kinds)}")
    print("\n".join(tally.problems) or "no value lost, doubled or wrong; every fault in a report")
    return 1 if tally.problems else 0


if __name__ == "__main__":
    sys.exit(main())
