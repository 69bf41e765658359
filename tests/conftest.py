"""What every test may ask for: the countries, each served by a real embedded DHIS2 and synced for real.

`…_demo` servers are shared by a whole run and must not be written to; a test that writes starts its own with
`tests.servers.demo_server`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from countries import Country, load_country
from loaders.dhis2 import Basic, Client
from loaders.snapshot import Snapshots
from loaders.sync import synchronise
from tests.servers import demo_server
from tests.small_whotopia import TODAY, write_small_seed
from tests.tiny.seed import write_seed

# How long an example of a property takes says more of the machine than of the code. The examples are the same
# in every run, so that a change is judged by the same ones; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("tandem", deadline=None, derandomize=True, database=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tandem"))

TINY = Path(__file__).parent / "tiny" / "country"
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


@pytest.fixture(scope="session")
def civ_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an embedded DHIS2 that serves the Ivorian figures; not to be written to."""
    with demo_server(tmp_path_factory.mktemp("civ-demo"), "--country", "civ") as address:
        yield address


@pytest.fixture(scope="session")
def tiny_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an embedded DHIS2 that serves the tiny country; not to be written to."""
    folder = tmp_path_factory.mktemp("tiny-demo")
    with demo_server(folder / "data", "--seed", str(write_seed(folder / "seed"))) as address:
        yield address


@pytest.fixture(scope="session")
def whotopia_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an embedded DHIS2 that serves a small Whotopia; not to be written to."""
    folder = tmp_path_factory.mktemp("whotopia-demo")
    seed = write_small_seed(folder / "seed")
    with demo_server(folder / "data", "--seed", str(seed), "--today", TODAY.isoformat()) as address:
        yield address


def synced(address: str, country: Country, folder: Path) -> Snapshots:
    """The snapshots of a whole sync from the DHIS2 at `address`."""
    snapshots = Snapshots(folder)
    with Client(address, Basic("admin", "district")) as client:
        synchronise(client, country, snapshots)
    return snapshots


@pytest.fixture(scope="session")
def civ_data(civ_demo: str, civ: Country, tmp_path_factory: pytest.TempPathFactory) -> Snapshots:
    """The Ivorian figures, synced; not to be written to."""
    return synced(civ_demo, civ, tmp_path_factory.mktemp("civ-snapshot"))


@pytest.fixture(scope="session")
def tiny_data(tiny_demo: str, tiny: Country, tmp_path_factory: pytest.TempPathFactory) -> Snapshots:
    """The tiny country's figures, synced; not to be written to."""
    return synced(tiny_demo, tiny, tmp_path_factory.mktemp("tiny-snapshot"))


@pytest.fixture(scope="session")
def whotopia_data(
    whotopia_demo: str, whotopia: Country, tmp_path_factory: pytest.TempPathFactory
) -> Snapshots:
    """The small Whotopia's figures, synced; not to be written to."""
    return synced(whotopia_demo, whotopia, tmp_path_factory.mktemp("whotopia-snapshot"))
