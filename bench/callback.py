"""What a click on Compare costs, beside an empty callback: `python -m bench.callback [COUNTRY...]`.

The figures are those of installations that were synced before (`./run civ`, `./run whotopia`), read where
they lie, in TANDEM_DATA; sessions and the cache go to a folder that is thrown away. Both callbacks are sent
through the whole server of this process, the door and the session included: an empty one, which gives back
nothing, and the one of Compare for the nation, a region, a district and a facility. They take turns, so that
whatever else the machine does hits both, and the processor time of this process is counted, not the clock.

A new click asks for a month that nobody looked at before; the same click again is answered from the cache.
A drill leads to a place of the level that nobody looked at before: of all the largest ones are taken. Beside
their median stands the dearest of them, which now and then works out what its neighbours share.
The first click is of another pair, at a server that worked out beforehand what first clicks need.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count, cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from dash import Input, Output
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from dashboard.pages.compare import drawn
from dashboard.queries import Figures
from dashboard.warming import warm
from settings import Settings

COUNTRIES = ("civ", "whotopia")
GOAL = 10
CALLBACKS = "/_dash-update-component"
EMPTY = "bench-empty.data"
NOBODY = "http://127.0.0.1:9"  # no DHIS2 is asked
FACTS = {
    "username": "bench", "name": "Bench", "language": "en", "authorities": ["ALL"], "user_groups": [],
    "capture": [], "data_sets": [],
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A unit that is clicked on, by the name of its level, and others of the level, the largest first."""

    level: str
    unit: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor time, the median, and the bytes of an answer, plain and packed.

    `dearest` is the longest of the drills, of which `drill` is the median.
    """

    empty: float
    new: float
    again: float
    drill: float
    dearest: float
    first: float
    received: int
    packed: int


class Clicks:
    """Somebody signed in at a whole server, who sends callbacks as a browser does."""

    def __init__(self, server: Flask) -> None:
        self.figures: Figures = server.extensions["tandem"]["figures"]
        self._client, self._output = server.test_client(), _output_of_compare(server)
        self._token = _sign_in(self._client, server)

    def empty(self) -> bytes:
        """An empty callback; its answer."""
        body = {
            "output": EMPTY, "outputs": {"id": "bench-empty", "property": "data"}, "state": [],
            "inputs": [{"id": "bench-tick", "property": "n_clicks", "value": 1}],
            "changedPropIds": ["bench-tick.n_clicks"],
        }  # fmt: skip
        return self._send(body)

    def compare(self, search: str) -> bytes:
        """The callback of a click that leads to an address; its answer."""
        body = {
            "output": self._output,
            "outputs": dict(zip(("id", "property"), self._output.rsplit(".", 1), strict=True)),
            "inputs": [
                {"id": "address", "property": "search", "value": search},
                {"id": "compare-again", "property": "data", "value": None},
            ],
            "state": [{"id": "address", "property": "pathname", "value": "/"}],
            "changedPropIds": ["address.search"],
        }  # fmt: skip
        return self._send(body)

    def _send(self, body: dict[str, object]) -> bytes:
        headers = {
            "Content-Type": "application/json",
            "X-CSRFToken": self._token,
            "Referer": "http://localhost/",
        }
        answer = self._client.post(CALLBACKS, data=json.dumps(body), headers=headers)
        if answer.status_code not in (200, 204):
            raise SystemExit(f"A callback was refused ({answer.status_code}): {answer.text[:300]}")
        return answer.data


def opened(country: str, folder: Path) -> Clicks:
    """The server over the figures of a country, with an empty callback beside ours."""
    manifest = _manifest(country)
    if not manifest.exists():
        raise SystemExit(f"{manifest} is missing: start `./run {country}` once, or name its TANDEM_DATA.")
    environment = {
        "TANDEM_DATA": str(folder),
        "TANDEM_COUNTRY": country,
        "TANDEM_DHIS2_URL": NOBODY,
        "TANDEM_DHIS2_TOKEN": "none",
    }
    settings = Settings.from_environment(environment)
    settings.data.mkdir(parents=True, exist_ok=True)
    (settings.data / "snapshot").symlink_to(manifest.parent.resolve())
    server = create_app(settings)
    server.extensions["tandem"]["dash"].callback(
        Output("bench-empty", "data"), Input("bench-tick", "n_clicks")
    )(lambda _: None)
    return Clicks(server)


def places(figures: Figures) -> list[Place]:
    """From the nation down, at each level the unit with the most below it of those under the one before."""
    rollup, levels = figures.holding().rollup, figures.country.levels
    at_level = rollup.units.groupby("level")["id"].agg(list)
    chain = [str(rollup.units["id"].iloc[0])]
    while children := rollup.children(chain[-1]):
        chain.append(max(children, key=lambda child: len(rollup.children(child))))
    found = []
    for level, (named, unit) in enumerate(zip(levels, chain, strict=False), start=1):
        others = sorted(at_level[level], key=lambda each: -len(rollup.children(each)))
        found.append(Place(named.name["en"], unit, tuple(each for each in others if each != unit)))
    return found


def measured(clicks: Clicks, place: Place, untouched: str, rounds: int) -> Cost:
    """Each of the three in turn, round after round; before them the first click, of an untouched pair."""
    pair = pairs(clicks.figures)[0]
    first = _spent(lambda: clicks.compare(f"?unit={place.unit}&pair={untouched}"))
    received = clicks.compare(f"?unit={place.unit}&pair={pair}")
    spent: dict[str, list[float]] = {"empty": [], "new": [], "again": []}
    drills = []
    for unit in place.others[:rounds]:
        spent["empty"].append(_spent(clicks.empty))
        drills.append(_spent(partial(clicks.compare, f"?unit={unit}&pair={pair}")))
    for search in islice(_addresses(clicks.figures, place, pair), rounds):
        click = partial(clicks.compare, search)
        spent["empty"].append(_spent(clicks.empty))
        spent["new"].append(_spent(click))
        spent["again"].append(_spent(click))
    middle = {name: median(times) for name, times in spent.items()}
    middle |= {"drill": median(drills or [0.0]), "dearest": max(drills, default=0.0)}
    return Cost(**middle, first=first, received=len(received), packed=len(gzip.compress(received, 6)))


def pairs(figures: Figures) -> list[str]:
    """The pairs that have both sides."""
    return [each.id for each in figures.country.pairs.values() if each.services and each.commodities]


def report(country: str, rounds: int) -> bool:
    """Measure one country and print it; whether every new click and drill stays within the goal."""
    with TemporaryDirectory() as folder:
        clicks = opened(country, Path(folder))
        clicks.empty()
        prepared = _spent(lambda: warm(clicks.figures, drawn, clicks.figures.holding()))
        print(f"{country}: prepared in {prepared / 1e3:.1f} s of processor time", flush=True)
        others, worst = cycle(pairs(clicks.figures)[1:]), 0.0
        for place in places(clicks.figures):
            cost = measured(clicks, place, next(others), rounds)
            times, drilled = cost.new / cost.empty, cost.drill / cost.empty
            worst = max(worst, times, drilled, cost.first / cost.empty)
            print(
                f"{country:9} {place.level:9} empty {cost.empty:5.2f} ms"
                f" | new {cost.new:6.2f} ms, {times:4.1f}x"
                f" | again {cost.again:6.2f} ms, {cost.again / cost.empty:4.1f}x"
                f" | drill {cost.drill:6.2f} ms, {drilled:4.1f}x, at most {cost.dearest / cost.empty:4.1f}x"
                f" | first {cost.first:6.1f} ms, {cost.first / cost.empty:5.1f}x"
                f" | {cost.received / 1000:.0f} kB, {cost.packed / 1000:.1f} kB gzip",
                flush=True,
            )
    said = "a new click, a drill or a first click takes at most"
    print(f"{country}: {said} {worst:.1f}x an empty callback (goal {GOAL}x)")
    return worst <= GOAL


def main() -> int:
    """Measure the countries named, or those that were synced."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("countries", nargs="*", help=f"of {', '.join(COUNTRIES)}; those synced when left out")
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    chosen = options.countries or [each for each in COUNTRIES if _manifest(each).exists()]
    if not chosen:
        parser.error(f"nothing was synced in {_manifest('').parent.parent}: start ./run once")
    kept = [report(country, options.rounds) for country in chosen]
    return int(not all(kept))


def _manifest(country: str) -> Path:
    return Path(os.environ.get("TANDEM_DATA", "data")) / country / "snapshot" / "manifest.json"


def _spent(click: Callable[[], object]) -> float:
    """Milliseconds of processor time that this process takes for it."""
    begun = time.process_time()
    click()
    return (time.process_time() - begun) * 1e3


def _addresses(figures: Figures, place: Place, pair: str) -> Iterator[str]:
    """Views of a place that differ in the month looked at, then in the month they end with."""
    months = [f"{month // 100}-{month % 100:02}" for month in figures.holding().rollup.months.tolist()]
    for until in count(1):
        for at in months[-until:-13:-1]:
            yield f"?unit={place.unit}&pair={pair}&to={months[-until]}&at={at}"


def _sign_in(client: FlaskClient, server: Flask) -> str:
    """A session of somebody who may see everything; gives the token that callbacks must send."""
    books, figures = server.extensions["tandem"]["access"].books, server.extensions["tandem"]["figures"]
    nation = figures.holding().units.iloc[0]
    facts = FACTS | {"view": [[str(nation["id"]), str(nation["path"]), 1]]}
    books.people.confirm("bench", facts)
    client.set_cookie("tandem", books.sessions.start("bench", "127.0.0.1"))
    client.get("/")
    found = client.get_cookie("_csrf_token")
    if found is None:
        raise SystemExit("The first page gave no token for callbacks: is the session of the bench let in?")
    return found.value


def _output_of_compare(server: Flask) -> str:
    return next(
        name for name in server.extensions["tandem"]["dash"].callback_map if "compare-view.data" in name
    )


if __name__ == "__main__":
    sys.exit(main())
