"""Looks for alerts in the figures of many countries at once: one after the other, or on Dask's workers.

    python app.py alerts civ whotopia [--workers 4 | --scheduler tcp://HOST:8786]

Each country is a task of its own: its snapshot and its database lie in its folder of `TANDEM_DATA`, and
nothing is shared. Dask is no part of Tandem (`pip install "dask[distributed]"`); workers on other machines
need Tandem, and that folder where it is here.
"""

import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from alerting import look
from installation import Parts
from ledger.heartbeat import Heartbeat
from ledger.leases import Leases
from settings import Settings, SettingsError

LEASE, LEASE_SECONDS, BEAT_EVERY = "worker", 60.0, 15.0
"""The lease of an installation's worker: two that look at once would find everything twice."""

THREADS = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "MKL", "OPENBLAS")}
Spread = Callable[[Callable[[Settings], "Found"], Sequence[Settings]], list["Found"]]
"""How the same is done for each of several installations."""


@dataclass(frozen=True)
class Found:
    """What a look at one installation came to.

    Attributes:
        country: its configuration.
        data: its folder.
        figures, supply: counts of both lists; empty where nothing changed since the last look.
        busy: who is at work there, so that nothing was looked at; empty for nobody.
    """

    country: str
    data: str
    figures: Mapping[str, int]
    supply: Mapping[str, int]
    busy: str = ""


def installations(countries: Sequence[str], settings: Settings) -> list[Settings]:
    """The settings of each country's installation.

    Raises:
        SettingsError: one has no figures yet, or one database would be that of all.
    """
    if settings.database_url and len(countries) > 1:
        raise SettingsError("DATABASE_URL names one database for several countries. Ask for one at a time.")
    found = [replace(settings, country=each) for each in countries]
    for each in found:
        if not (each.data / "snapshot").is_dir():
            raise SettingsError(
                f"There are no figures of {each.country} in {each.data}. Run a sync there first."
            )
    return found


def look_at(settings: Settings) -> Found:
    """Look for alerts in one installation, unless its own worker is at work there."""
    parts = Parts.open(settings)
    of, me = (str(settings.country), str(settings.data)), f"{socket.gethostname()}:{os.getpid()}"
    leases = Leases(parts.database)
    try:
        if not leases.acquire(LEASE, me, LEASE_SECONDS):
            return Found(*of, {}, {}, leases.holder(LEASE) or "")
        with Heartbeat(lambda: leases.renew(LEASE, me, LEASE_SECONDS), BEAT_EVERY):
            found = look(parts) if parts.snapshots.current() is not None else None
        leases.release(LEASE, me)
        return Found(*of, found.figures, found.supply) if found else Found(*of, {}, {})
    finally:
        parts.database.close()


def in_turn(task: Callable[[Settings], Found], each: Sequence[Settings]) -> list[Found]:
    """One after the other, in this process."""
    return [task(settings) for settings in each]


def on_dask(workers: int, scheduler: str = "") -> Spread:
    """On Dask: on so many workers of this machine, or on those of a scheduler.

    Raises:
        SettingsError: Dask is not installed.
    """
    try:
        import distributed
    except ImportError:
        raise SettingsError(
            'Dask is not installed. Run `pip install "dask[distributed]"`, or leave --workers out.'
        ) from None

    def spread(task: Callable[[Settings], Found], each: Sequence[Settings]) -> list[Found]:
        with _client(distributed, workers, scheduler) as client:
            found: list[Found] = client.gather(client.map(task, list(each), pure=False))
            return found

    return spread


@contextmanager
def _client(distributed: Any, workers: int, scheduler: str) -> Iterator[Any]:
    if scheduler:
        with distributed.Client(scheduler) as client:
            yield client
        return
    here = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "env": THREADS}
    with (
        distributed.LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, **here) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def told(found: Sequence[Found]) -> str:
    """What was found, a line an installation."""
    lines = []
    for each in found:
        counts = ", ".join(f"{name} {count}" for name, count in each.figures.items()) or "nothing changed"
        if each.busy:
            counts = f"left alone: {each.busy} is at work there"
        lines.append(f"{each.country} ({each.data}): {counts}")
    return "\n".join(lines)
