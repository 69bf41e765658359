"""Two districts of Whotopia as of two days, generated once for all tests."""

from datetime import date
from pathlib import Path

import pytest

from demo.whotopia.seed import write_seed

DISTRICTS = 2
DAY, YEAR_LATER = date(2026, 6, 18), date(2027, 6, 18)


@pytest.fixture(scope="session")
def small_seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed folder of two districts as of DAY; not to be changed."""
    return write_seed(tmp_path_factory.mktemp("small"), DAY, districts=DISTRICTS)


@pytest.fixture(scope="session")
def small_seed_a_year_later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same districts as of YEAR_LATER; not to be changed."""
    return write_seed(tmp_path_factory.mktemp("later"), YEAR_LATER, districts=DISTRICTS)
