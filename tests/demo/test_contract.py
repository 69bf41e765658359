"""The embedded server against everything that a live DHIS2 was recorded to answer."""

import subprocess
import sys
from pathlib import Path

from tests.servers import ROOT, demo_server

CHECK = ROOT / "tests" / "contract" / "check.py"


def test_every_recorded_exchange_is_answered_as_the_live_server_did(tmp_path: Path) -> None:
    with demo_server(tmp_path, "--country", "civ", "--fresh") as address:
        asked = subprocess.run(
            [sys.executable, str(CHECK), address, "--more"], capture_output=True, text=True, check=False
        )
    assert asked.stdout.splitlines()[-1] == "175 of 175 exchanges agree", asked.stdout
