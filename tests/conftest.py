"""What every test may ask for: the countries, each served by a real embedded DHIS2 and synced for real.

`…_demo` servers and `…_data` are shared by all processes of a run (tests/shared.py), not to be written to;
a test that writes starts its own, over a copy of a `…_filled` store (tests/filled.py).
"""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from countries import Country, load_country
from loaders.dhis2 import Basic, Client
from loaders.snapshot import Snapshots
from loaders.sync import synchronise
from tests import shared
from tests.filled import Filled
from tests.scheduling import ByInstallation, place_of
from tests.servers import shared_demo
from tests.small_whotopia import TODAY, write_small_seed
from tests.tiny.seed import write_seed

# How long an example of a property takes says more of the machine than of the code. The examples are the same
# in every run, so that a change is judged by the same ones; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("tandem", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tandem"))

TINY = Path(__file__).parent / "tiny" / "country"
BEGAN = pytest.StashKey[bool]()
COUNTRIES = {"civ": "civ", "tiny": TINY, "whotopia": "whotopia"}
"""What a test that runs on each is parametrised with: name of its fixtures -> what `load_country` takes."""


@pytest.fixture(scope="session")
def civ() -> Country:
    """Côte d'Ivoire's configuration."""
    return load_country("civ")


@pytest.fixture(scope="session")
def tiny() -> Country:
    """The tiny country's configuration."""
    return load_country(TINY)


@pytest.fixture(scope="session")
def whotopia() -> Country:
    """Whotopia's configuration."""
    return load_country("whotopia")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the whole of the suites of which `./test` runs a sample."""
    parser.addoption("--exhaustive", action="store_true", help="run what is marked `exhaustive` too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked `exhaustive`, unless it is asked for by option or by name.

    Where several processes share the run, what takes long comes first.
    """
    if hasattr(config, "workerinput"):
        items.sort(key=lambda each: place_of(each.nodeid))
    if config.getoption("--exhaustive") or config.getoption("-m"):
        return
    named = any("::" in each for each in config.args)
    left_out = [] if named else [each for each in items if each.get_closest_marker("exhaustive")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [each for each in items if each not in set(left_out)]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByInstallation | None:
    """Share whole files by the installation that they look at."""
    return ByInstallation(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of what is made once in a run, before there are other processes."""
    config.stash[BEGAN] = shared.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what was made for all, when the other processes are gone."""
    if config.stash[BEGAN]:
        shared.end()


@pytest.fixture(scope="session")
def civ_filled() -> Filled:
    """An embedded DHIS2's store with the Ivorian figures, to be copied."""
    return Filled.once("civ", "--country", "civ")


@pytest.fixture(scope="session")
def civ_demo(civ_filled: Filled) -> str:
    """The address of an embedded DHIS2 that serves the Ivorian figures; not to be written to."""
    return civ_filled.shared("civ-demo")


@pytest.fixture(scope="session")
def tiny_demo() -> str:
    """The address of an embedded DHIS2 that serves the tiny country; not to be written to."""
    return shared.once(
        "tiny-demo",
        lambda folder: shared_demo(folder / "data", "--seed", str(write_seed(folder / "seed"))),
    )


@pytest.fixture(scope="session")
def whotopia_seed() -> Path:
    """The seed folder of a small Whotopia; not to be written to."""
    return Path(shared.once("whotopia-seed", lambda folder: str(write_small_seed(folder / "seed"))))


@pytest.fixture(scope="session")
def whotopia_filled(whotopia_seed: Path) -> Filled:
    """An embedded DHIS2's store with a small Whotopia, to be copied."""
    return Filled.once("whotopia", "--seed", str(whotopia_seed), "--today", TODAY.isoformat())


@pytest.fixture(scope="session")
def whotopia_demo(whotopia_filled: Filled) -> str:
    """The address of an embedded DHIS2 that serves a small Whotopia; not to be written to."""
    return whotopia_filled.shared("whotopia-demo")


def synced(address: str, country: Country, folder: Path) -> Snapshots:
    """The snapshots of a whole sync from the DHIS2 at `address`."""
    snapshots = Snapshots(folder)
    with Client(address, Basic("admin", "district")) as client:
        synchronise(client, country, snapshots)
    return snapshots


def synced_once(name: str, address: str, country: Country) -> Snapshots:
    """The snapshots of a sync that is done once in a run."""
    made = shared.once(f"{name}-snapshot", lambda folder: str(synced(address, country, folder).folder))
    return Snapshots(Path(made))


@pytest.fixture(scope="session")
def civ_data(civ_demo: str, civ: Country) -> Snapshots:
    """The Ivorian figures, synced; not to be written to."""
    return synced_once("civ", civ_demo, civ)


@pytest.fixture(scope="session")
def tiny_data(tiny_demo: str, tiny: Country) -> Snapshots:
    """The tiny country's figures, synced; not to be written to."""
    return synced_once("tiny", tiny_demo, tiny)


@pytest.fixture(scope="session")
def whotopia_data(whotopia_demo: str, whotopia: Country) -> Snapshots:
    """The small Whotopia's figures, synced; not to be written to."""
    return synced_once("whotopia", whotopia_demo, whotopia)
