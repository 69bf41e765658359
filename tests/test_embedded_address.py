"""Commands beside ./run ask the DHIS2 that it has started, wherever that answers."""

import subprocess
import sys

import pytest

from settings import EMBEDDED_URL, Settings
from settings.embedded import FILE, announced, running

URL = "http://127.0.0.1:8099"


def settings_of(folder, **more):
    return Settings.from_environment({"TANDEM_DATA": str(folder), "TANDEM_COUNTRY": "civ", **more})


def test_a_command_beside_run_asks_the_dhis2_that_it_has_started(tmp_path):
    with announced(tmp_path / "civ", URL):
        found = settings_of(tmp_path)
    assert (found.dhis2_url, found.dhis2_user) == (URL, "admin")


def test_an_address_of_ones_own_comes_before_it(tmp_path):
    own = {"TANDEM_DHIS2_URL": "https://dhis2.example.org", "TANDEM_DHIS2_TOKEN": "d2p_token"}
    with announced(tmp_path / "civ", URL):
        assert settings_of(tmp_path, **own).dhis2_url == own["TANDEM_DHIS2_URL"]


def test_another_countrys_is_not_asked(tmp_path):
    with announced(tmp_path / "whotopia", URL):
        assert settings_of(tmp_path).dhis2_url == EMBEDDED_URL


def test_nobody_asks_where_one_has_ended(tmp_path):
    with announced(tmp_path, URL):
        assert running(tmp_path) == URL
    assert running(tmp_path) is None
    assert (tmp_path / FILE).exists()


def test_nobody_asks_where_one_was_killed(tmp_path):
    code = (
        "import os, signal, sys; from pathlib import Path; from settings.embedded import announced\n"
        f"with announced(Path(sys.argv[1]), {URL!r}): os.kill(os.getpid(), signal.SIGKILL)"
    )
    with pytest.raises(subprocess.CalledProcessError):
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    assert (tmp_path / FILE).read_text() == URL
    assert running(tmp_path) is None


def test_of_two_on_one_folder_the_first_is_told(tmp_path):
    with announced(tmp_path, URL), announced(tmp_path, "http://127.0.0.1:8100"):
        assert running(tmp_path) == URL
