"""The figures that a server starts with: made again when broken off, refused by line when wrong."""

import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.demo.conftest import FORM, ROOT, Asking, write_seed
from tests.servers import ROOT as PROJECT
from tests.servers import demo_server, free_port


def test_a_seeding_that_was_broken_off_is_done_again(tmp_path: Path) -> None:
    data, land = tmp_path / "data", write_seed(tmp_path / "land")
    with demo_server(data, "--seed", str(land)):
        pass
    with sqlite3.connect(data / "demo-land.sqlite3") as kept:
        kept.execute("DELETE FROM settings WHERE key = 'demo.seeded'")
        kept.execute("DELETE FROM data_values")
    with demo_server(data, "--seed", str(land)) as address:
        query = {
            "dataSet": FORM,
            "startDate": "2019-01-01",
            "endDate": "2019-12-31",
            "orgUnit": ROOT,
            "children": "true",
        }
        assert len(Asking(address).get("/api/dataValueSets", **query)["dataValues"]) == 4


def test_a_row_of_a_seed_that_names_nothing_stops_the_start_and_is_named(tmp_path: Path) -> None:
    land = write_seed(tmp_path / "land")
    with (land / "values.csv").open("a") as file:
        file.write("PILLS,201901,NOWHERE,Used,1,\n")
    words = ["--port", str(free_port()), "--seed", str(land), "--data", str(tmp_path / "d")]
    told = subprocess.run(
        [sys.executable, "-m", "demo", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
    )
    assert told.returncode == 2 and "line 6" in told.stderr and "NOWHERE" in told.stderr
