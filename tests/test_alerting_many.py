"""The look for alerts in several countries at once, in turn and on Dask's workers."""

import os
import shutil
import subprocess
from dataclasses import replace

import pytest

from alerting import look
from alerting_many import in_turn, installations, look_at, told
from bench.environments import beside_ours
from installation import Parts
from ledger.alerts import Alerts
from ledger.leases import Leases
from settings import Settings, SettingsError
from tests.conftest import TINY

BOTH = ("civ", str(TINY))


@pytest.fixture
def some(civ_data, tiny_data, tmp_path):
    """Makes the settings of both countries over copies of their figures, in a folder of this name."""

    def make(name):
        root = tmp_path / name
        settings = Settings.from_environment({"TANDEM_DATA": str(root)})
        for country, data in zip(BOTH, (civ_data, tiny_data), strict=True):
            shutil.copytree(data.folder, replace(settings, country=country).data / "snapshot")
        return installations(BOTH, settings)

    return make


def kept(settings):
    """Every alert that there is of an installation."""
    parts = Parts.open(settings)
    try:
        return {each.id: (each.code, each.rank, dict(each.facts)) for each in Alerts(parts.database).of()}
    finally:
        parts.database.close()


@pytest.fixture(scope="module")
def dask():
    """A Python that has Dask beside all that ours has."""
    try:
        return beside_ours("dask[distributed]")
    except subprocess.CalledProcessError as failure:
        pytest.skip(f"Dask cannot be installed here: {failure}")


def test_two_countries_on_two_workers_of_dask_come_to_what_each_comes_to_by_itself(some, dask):
    plain, spread = some("plain"), some("spread")
    for settings in plain:
        parts = Parts.open(settings)
        look(parts)
        parts.database.close()
    asked = {**os.environ, "TANDEM_DATA": str(spread[0].root), "DATABASE_URL": ""}
    command = [str(dask), "app.py", "alerts", *BOTH, "--workers", "2"]
    done = subprocess.run(command, env=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert [line.partition(" ")[0] for line in done.stdout.splitlines()] == list(BOTH)
    for alone, together in zip(plain, spread, strict=True):
        assert kept(alone) == kept(together) != {}


def test_a_second_look_in_turn_says_that_nothing_changed_and_a_worker_is_left_alone(some):
    [tiny] = some("plain")[1:]
    [first], [second] = in_turn(look_at, [tiny]), in_turn(look_at, [tiny])
    assert first.figures["new"] == first.figures["found"] and second.figures == {}
    parts = Parts.open(tiny)
    Leases(parts.database).acquire("worker", "another:1", 60)
    [third] = in_turn(look_at, [tiny])
    parts.database.close()
    assert third.busy == "another:1"
    assert "nothing changed" in told([second]) and "another:1 is at work there" in told([third])


def test_a_country_without_figures_and_one_database_for_several_are_refused_by_name(tmp_path):
    settings = Settings.from_environment({"TANDEM_DATA": str(tmp_path)})
    with pytest.raises(SettingsError, match="no figures of civ"):
        installations(["civ"], settings)
    with pytest.raises(SettingsError, match="one database"):
        installations(["civ", "whotopia"], replace(settings, database_url="sqlite:///x"))
