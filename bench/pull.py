"""How fast we pull, beside others, in one run on one machine.

    python -m bench.pull [--rounds 3] [--only peers|sync] [--port 8141]

First 20,000 organisation units in pages of 1,000 and 120,000 analytics cells from a server that takes 300 ms
a request and refuses more than 100,000 cells: our client with 8 requests in flight, `openhexa-toolbox` and
`pydhis2`, each in an environment of its own, their rows compared by checksum. Then the demonstration's full
sync beside a bare download of the same values, and what a sync without changes costs (`bench.pull_sync`).
Goals: 5 times faster than both; within twice the bare download; below 2 % of the bytes. Ends with status 1
when rows differ.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import requests

from bench import pull_sync
from bench.environments import PEERS, interpreter, version

ROOT = Path(__file__).parent.parent
OURS = "tandem"
Runs = dict[tuple[str, str], list[dict[str, object]]]


def main() -> int:
    """Measure, print, and say by the status whether everybody pulled the same."""
    options = arguments()
    same = True
    if options.only != "sync":
        with served("bench.pull_server", options.port) as url:
            runs = measured(url, options.rounds)
        same = report(runs)
    if options.only != "peers":
        pull_sync.main(options.port + 1, options.rounds)
    return 0 if same else 1


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Our pull beside others'.")
    parser.add_argument(
        "--rounds", type=int, default=3, help="how often each pull is repeated; the median counts"
    )
    parser.add_argument("--only", choices=("peers", "sync"), help="one of the two parts alone")
    parser.add_argument("--port", type=int, default=8141, help="loopback port; the next one is used, too")
    return parser.parse_args()


@contextlib.contextmanager
def served(module: str, port: int, *more: str) -> Iterator[str]:
    """MODULE as a server in a process of its own; ended afterwards."""
    process = subprocess.Popen([sys.executable, "-m", module, str(port), *more], cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            with contextlib.suppress(requests.ConnectionError):
                requests.get(f"{url}/load", timeout=5)
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def measured(url: str, rounds: int) -> Runs:
    """Every client's pulls, the clients in turn, ROUNDS times."""
    clients = [(OURS, sys.executable, "tandem.py")]
    for peer in PEERS:
        clients.append((f"{peer.package} {version(peer)}", str(interpreter(peer)), peer.script))
    runs: Runs = defaultdict(list)
    for number in range(rounds):
        for name, python, script in clients:
            print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr)
            for run in pulled(url, python, script):
                runs[name, str(run["pull"])].append(run)
    return runs


def pulled(url: str, python: str, script: str) -> list[dict[str, object]]:
    """What one client's script tells of its pulls; the most requests at once are the server's word."""
    requests.get(f"{url}/load", timeout=5)
    path = {"PYTHONPATH": str(ROOT) if script == "tandem.py" else ""}
    command = [python, str(ROOT / "bench" / "peers" / script), url]
    run = subprocess.run(
        command, env=os.environ | path, capture_output=True, text=True, timeout=300, check=False
    )
    lines = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(f"{script} pulled nothing:\n{run.stderr[-2000:]}")
    load = requests.get(f"{url}/load", timeout=5).json()
    return [line | load for line in lines]


def report(runs: Runs) -> bool:
    """Print seconds and ratios; whether all rows agree."""
    print(
        "\n20,000 units in pages of 1,000 and 120,000 cells; 300 ms a request; seconds (median of the rounds)"
    )
    print(f"{'':24}{'':18}{'seconds':>9}{'rows':>9}  {'checksum':14}{'at once':>8}{'ratio':>8}")
    same = True
    for (client, pull), rounds in runs.items():
        kind = pull.split(" ")[0] if pull.startswith("figures") else pull
        ours = runs[OURS, kind if (OURS, kind) in runs else "figures"]
        seconds, base = (median(float(str(run["seconds"])) for run in some) for some in (rounds, ours))
        row, reference = rounds[0], ours[0]
        refused = bool(row["note"])
        same &= refused or all(run["checksum"] == reference["checksum"] for run in rounds)
        ratio = "refused" if refused else f"{seconds / base:.1f}x"
        rows = f"{row['rows']:>9}  {row['checksum']:14}{row['at_once']:>8}"
        print(f"{client:24}{pull:18}{seconds:9.2f}{rows}{ratio:>8}")
        if refused:
            print(f"{'':24}{row['note']}")
    totals(runs)
    print("rows: all equal" if same else "rows: THEY DIFFER")
    return same


def totals(runs: Runs) -> None:
    """Print both pulls together, each client as it comes or, where that is refused, in openhexa's chunks."""
    clients = dict.fromkeys(client for client, _ in runs)
    sums = {
        client: sum(
            median(float(str(run["seconds"])) for run in runs[client, pull]) for pull in ("units", "figures")
        )
        for client in clients
    }
    for client, seconds in sums.items():
        print(f"{client:24}{'both':18}{seconds:9.2f}{'':39}{seconds / sums[OURS]:7.1f}x")


if __name__ == "__main__":
    sys.exit(main())
