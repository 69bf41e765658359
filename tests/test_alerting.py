"""What the worker does at its start: another look where the rules have changed since the last one."""

import shutil
from dataclasses import replace

import alerting
from installation import Parts
from ledger.alert_intake import Intake
from ledger.alert_thresholds import Thresholds
from settings import Settings
from tests.conftest import TINY


def test_a_worker_looks_once_more_as_it_starts_where_rules_changed_and_only_there(tiny_data, tmp_path):
    settings = replace(Settings.from_environment({"TANDEM_DATA": str(tmp_path)}), country=str(TINY))
    shutil.copytree(tiny_data.folder, settings.data / "snapshot")
    first = alerting.first_look_of(settings)
    parts = Parts.open(settings)

    def moment():
        last = Intake(parts.database).last()
        return last and last.at

    assert moment() is None
    first()
    looked = moment()
    assert looked is not None
    first()
    assert moment() == looked
    Thresholds(parts.database).write(("", ""), 3.0, 0, author="admin", reason="less")
    first()
    assert moment() > looked
    parts.database.close()
