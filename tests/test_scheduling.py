"""How tests are shared by processes: nothing is named that is not there, and what is alike stays together."""

import pytest

from tests.scheduling import LONG, OF_BOTH, OF_WHOTOPIA, group_of, place_of
from tests.servers import ROOT


@pytest.mark.parametrize("name", [*LONG, *OF_BOTH, *OF_WHOTOPIA])
def test_what_is_named_is_there(name):
    assert [*ROOT.glob(f"{name}*")]


def test_whoever_opens_both_countries_is_named_so():
    """Otherwise both would be started in two processes."""
    files = [*ROOT.glob("tests/browser/test_*.py")]
    asks = {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files}
    small = {file for file, text in asks.items() if "whotopia_visit" in text or "whotopia_served" in text}
    assert small <= {*OF_BOTH, *(file for file in asks if file.startswith(OF_WHOTOPIA))}


def test_the_desks_files_stay_together_before_all_that_is_quick():
    desks = [file.relative_to(ROOT).as_posix() for file in ROOT.glob("tests/browser/test_store_*.py")]
    assert len({group_of(file) for file in desks}) == 1
    assert {place_of(f"{file}::test_it") for file in desks} == {0}
    assert place_of("tests/test_run.py::test_it") < place_of("tests/test_settings.py::test_it")
    assert group_of("tests/test_settings.py") == "tests/test_settings.py"
