"""Parts of Whotopia, generated once for all tests."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from demo.whotopia import forms, lateness
from demo.whotopia.seed import Simulated, simulate, write_seed
from demo.whotopia.world import World

DISTRICTS = 2
DAY, YEAR_LATER = date(2026, 6, 18), date(2027, 6, 18)
REPORTING_DISTRICTS, REPORTING_DAY = 8, date(2026, 11, 22)


@pytest.fixture(scope="session")
def small_seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed folder of two districts as of DAY; not to be changed."""
    return write_seed(tmp_path_factory.mktemp("small"), DAY, districts=DISTRICTS)


@pytest.fixture(scope="session")
def small_seed_a_year_later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same districts as of YEAR_LATER; not to be changed."""
    return write_seed(tmp_path_factory.mktemp("later"), YEAR_LATER, districts=DISTRICTS)


@pytest.fixture(scope="session")
def country() -> Simulated:
    """Eight districts as they were and as they were reported up to a day; not to be changed."""
    return simulate(World.of(1, REPORTING_DAY, REPORTING_DISTRICTS))


@pytest.fixture(scope="session")
def whole_country() -> Simulated:
    """All districts as they were and as they were reported up to a day; not to be changed."""
    return simulate(World.of(1, REPORTING_DAY))


@pytest.fixture(scope="session")
def whole(whole_country: Simulated) -> SimpleNamespace:
    """The services form of the whole country and when it comes, as if no stock had ever run out."""
    world, demand = whole_country.world, whole_country.demand
    form = forms.services(world, demand, SimpleNamespace(served=demand.wanted))
    arrivals = lateness.arrivals(world, demand, form)
    return SimpleNamespace(world=world, demand=demand, form=form, arrivals=arrivals)
