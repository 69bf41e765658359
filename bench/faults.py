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
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import requests

from bench.truth import Cells, Plain, difference, held
from countries import Country, load_country
from loaders.dhis2 import Basic, Client, Limits
from loaders.errors import SourceError
from loaders.snapshot import Snapshots
from loaders.sync import SyncOptions, SyncReport, synchronise
from loaders.sync_report import last
from tests.servers import demo_server

ACCOUNT = ("admin", "district")
PATIENCE = Limits(backoff=0.02, longest_wait=1.0, read=3.0, total=6.0)
SPOILS = ("status", "reset", "truncate", "login", "expired")
WHERE = (
    "",
    "",
    "/api/dataValueSets",
    "/api/organisationUnits",
    "/api/dataSets",
    "/api/system/info",
    "/api/completeData",
)


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


@dataclass
class Bench:
    """One embedded DHIS2 and one snapshot folder.

    Attributes:
        place: what `load_country` takes.
        url: the server.
        folder: where the snapshot is.
        chance: draws everything that is random.
        longest: seconds that a sync in a child takes; kills fall within.
    """

    place: str | Path
    url: str
    folder: Path
    chance: random.Random
    longest: float = 3.0

    @cached_property
    def country(self) -> Country:
        """The configuration."""
        return load_country(self.place)

    @cached_property
    def plain(self) -> Plain:
        """The server as plain requests see it."""
        return Plain(self.url, ACCOUNT, self.country)

    @cached_property
    def meanings(self) -> dict[tuple[str, str], str]:
        """(element, option combo) -> measure."""
        return self.plain.meanings()

    @cached_property
    def forms(self) -> list[dict[str, Any]]:
        """The forms that are pulled."""
        return list(self.plain.forms().values())

    @property
    def snapshots(self) -> Snapshots:
        """Where the snapshot is."""
        return Snapshots(self.folder / "snapshot")

    def sync(self, full: bool = False, memory: bool = True) -> SyncReport:
        """One sync in this process."""
        answers = self.folder / "answers" if memory else None
        with Client(self.url, Basic(*ACCOUNT), PATIENCE, memory=answers) as client:
            return synchronise(client, self.country, self.snapshots, SyncOptions(full=full))

    @cached_property
    def truth(self) -> Cells:
        """What the server holds: read once, then kept up with every change that is sent."""
        return self.plain.cells()

    def change(self) -> Cells:
        """Store new values, change and delete some; what the server holds then."""
        option_of = {(element, measure): option for (element, option), measure in self.meanings.items()}
        rows: list[dict[str, Any]] = []
        for unit, element, measure, period in self.chance.sample(list(self.truth), 6):
            gone = {"deleted": True, "value": "0"} if self.chance.random() < 0.3 else self._value()
            rows.append(_row(unit, element, option_of[element, measure], period) | gone)
        form = self.chance.choice(self.forms)
        elements = {entry["dataElement"]["id"] for entry in form["dataSetElements"]}
        cells = sorted(cell for cell in self.meanings if cell[0] in elements)
        unit = self.chance.choice(form["organisationUnits"])["id"]
        period = next(key[3] for key in reversed(self.truth) if key[1] in elements)
        for element, option in self.chance.sample(cells, min(3, len(cells))):
            rows.append(_row(unit, element, option, period) | self._value())
        self.plain.post("dataValueSets", {"dataValues": rows})
        for row in rows:
            self._keep_up(row)
        return dict(self.truth)

    def _keep_up(self, row: dict[str, Any]) -> None:
        measure = self.meanings[row["dataElement"], row["categoryOptionCombo"]]
        key = row["orgUnit"], row["dataElement"], measure, row["period"]
        if row.get("deleted"):
            self.truth.pop(key, None)
        else:
            self.truth[key] = float(row["value"])

    def _value(self) -> dict[str, str]:
        return {"value": str(self.chance.choice([0, self.chance.randrange(1, 5000)]))}

    def spoil(self) -> None:
        """Ask for one to three faults."""
        for _ in range(self.chance.randint(1, 3)):
            kind = self.chance.choice(
                ("latency", "status", "status", "reset", "truncate", "drip", "login", "expired")
            )
            fault: dict[str, Any] = {
                "kind": kind,
                "match": self.chance.choice(WHERE),
                "seed": self.chance.randrange(10**6),
            }
            fault |= {"rate": self.chance.choice([0.1, 0.3, 0.6]), "count": self.chance.randint(1, 6)}
            if kind == "status":
                fault |= self.chance.choice(
                    [{"status": 429, "retry_after": 1}, {"status": 502}, {"status": 503}, {"status": 500}]
                )
            if kind in ("login", "expired"):
                fault |= {"count": 1, "rate": 0.1}
            if kind in ("latency", "drip"):
                fault["ms"] = self.chance.choice([20, 200])
            requests.post(f"{self.url}/demo/faults", json=fault, timeout=30).raise_for_status()

    def unspoil(self) -> Counter[str]:
        """End all faults; how often each kind struck."""
        struck: Counter[str] = Counter()
        for fault in requests.delete(f"{self.url}/demo/faults", timeout=30).json()["faults"]:
            struck[fault["kind"]] += fault["struck"]
        return struck

    def forget(self) -> None:
        """Throw the snapshot away, so that the next sync is a first one."""
        shutil.rmtree(self.folder / "snapshot", ignore_errors=True)

    def held(self) -> Cells:
        """What a reader finds now."""
        current = self.snapshots.current()
        return held(current) if current else {}


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


def _row(unit: str, element: str, option: str, period: str) -> dict[str, Any]:
    return {"dataElement": element, "categoryOptionCombo": option, "orgUnit": unit, "period": period}


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
