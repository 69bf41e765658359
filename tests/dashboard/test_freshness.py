from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask, g

from dashboard import i18n
from dashboard.freshness import Freshness, Status, allowed_age, freshness, freshness_class
from loaders.snapshot import Snapshots
from loaders.sync_report import LAST

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FRESH = Status("Awa", 201909, NOW - timedelta(minutes=12))


def test_the_newest_month_and_the_age_of_the_sync_are_named() -> None:
    with i18n.use("en"):
        assert freshness(FRESH, NOW) == ("data to Sep 2019", "synced 12 min. ago")
        assert freshness(Status("Awa"), NOW) == ("no data yet: nothing has been synced",)
    assert freshness_class(FRESH, NOW) == "freshness"
    assert freshness_class(Status("Awa"), NOW) == "freshness none"


def test_figures_older_than_allowed_are_called_old() -> None:
    old = replace(FRESH, synced_at=NOW - timedelta(days=3), allowed=timedelta(days=1))
    with i18n.use("en"):
        assert freshness(old, NOW)[1] == "old: synced 3 days ago"
    assert freshness_class(old, NOW) == "freshness old"
    assert freshness_class(replace(old, allowed=timedelta(days=4)), NOW) == "freshness"


def test_a_sync_that_failed_is_said_with_the_age_of_what_is_shown() -> None:
    failed = replace(FRESH, failed=True)
    with i18n.use("en"):
        assert freshness(failed, NOW)[1] == "sync failed; last good 12 min. ago"
    assert freshness_class(failed, NOW) == "freshness failed"


@pytest.mark.parametrize(("minutes", "days"), [(15, 1), (360, 1), (1440, 4), (0, 7)])
def test_how_old_figures_may_be_hangs_on_how_often_they_are_synced(minutes: int, days: int) -> None:
    assert allowed_age(minutes) == timedelta(days=days)


def test_the_last_attempt_is_looked_up_beside_the_figures(tiny_data: Snapshots, tmp_path: Any) -> None:
    snapshot = tiny_data.current()
    assert snapshot
    holding = SimpleNamespace(as_of=snapshot.synced_at)
    figures = cast(Any, SimpleNamespace(holding=lambda: holding, months=lambda: (201801, 201909)))
    with Flask("asked").test_request_context():
        g.person = None
        assert not Freshness(figures, tmp_path, 360)().failed
        (tmp_path / LAST).write_text('{"problem": "DHIS2 did not answer.", "remedy": "Ask."}')
        told = Freshness(figures, tmp_path, 360)()
    assert told == Status("", 201909, snapshot.synced_at, timedelta(days=1), True)
