"""A newer version takes the older one's place while people ask; nobody sees a mix, and nobody waits."""

import json
import shutil
import time

import numpy as np
import pytest
from flask import Flask

from dashboard import holdings as module
from dashboard.holdings import Holdings
from loaders.snapshot import Snapshots
from loaders.snapshot_writer import Writer


@pytest.fixture
def snapshots(tiny_data, tmp_path):
    """The tiny country's figures, in a folder that may be written to."""
    shutil.copytree(tiny_data.folder, tmp_path / "snapshot")
    return Snapshots(tmp_path / "snapshot")


def publish_doubled(snapshots):
    """A newer version, in which every value is twice what it was."""
    with Writer(snapshots) as writer:
        values = writer.base.read("values")
        writer.replace("values", values.assign(value=values["value"] * 2))
        return writer.publish({key: value for key, value in writer.base.manifest.items() if key != "tables"})


def confirm(snapshots):
    """A sync that found nothing new: the same version, confirmed later."""
    path = snapshots.folder / "manifest.json"
    manifest = json.loads(path.read_text()) | {"synced_at": "2031-01-01T00:00:00+00:00"}
    (snapshots.folder / "next").write_text(json.dumps(manifest))
    (snapshots.folder / "next").replace(path)


def total(holding):
    return sum(np.nansum(grid.values) for grid in holding.rollup.grids.values())


def until(condition):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it never came about")


def test_before_the_first_sync_there_is_nothing(tmp_path):
    assert Holdings(Snapshots(tmp_path)).newest() is None


def test_a_first_sync_is_seen_without_a_new_start(tmp_path, tiny_data):
    holdings = Holdings(Snapshots(tmp_path / "snapshot"))
    assert holdings.newest() is None
    shutil.copytree(tiny_data.folder, tmp_path / "snapshot")
    assert holdings.newest().version == tiny_data.current().version


def test_a_newer_version_takes_over_and_the_old_one_answers_until_then(snapshots, monkeypatch):
    holdings = Holdings(snapshots)
    before = holdings.newest()
    really, may_go_on = module.build, []

    def slow(snapshot):
        until(lambda: may_go_on)
        return really(snapshot)

    monkeypatch.setattr(module, "build", slow)
    published = publish_doubled(snapshots)
    assert [holdings.newest() is before for _ in range(5)] == [True] * 5
    may_go_on.append(True)
    until(lambda: holdings.newest().version == published.version)
    assert total(holdings.newest()) == 2 * total(before) > 0


def test_a_request_keeps_the_version_it_began_with(snapshots):
    holdings, server = Holdings(snapshots), Flask("test")
    with server.test_request_context():
        first = holdings.current()
        published = publish_doubled(snapshots)
        until(lambda: holdings.newest().version == published.version)
        assert holdings.current() is first
    with server.test_request_context():
        assert holdings.current().version == published.version


def test_a_sync_without_changes_is_seen_and_builds_nothing(snapshots, monkeypatch):
    holdings = Holdings(snapshots)
    before = holdings.newest()
    monkeypatch.setattr(module, "build", lambda _: pytest.fail("the same figures were summed again"))
    confirm(snapshots)
    until(lambda: holdings.newest().as_of.year == 2031)
    assert holdings.newest().rollup is before.rollup


def test_a_version_that_cannot_be_used_leaves_the_old_one_answering(snapshots, monkeypatch, caplog):
    holdings = Holdings(snapshots)
    before = holdings.newest()

    def fail(_):
        raise ValueError("damaged")

    with monkeypatch.context() as patched:
        patched.setattr(module, "build", fail)
        publish_doubled(snapshots)
        until(lambda: holdings.newest() and "cannot be used" in caplog.text)
    assert holdings.newest() is before
    newer = publish_doubled(snapshots)
    until(lambda: holdings.newest().version == newer.version)


def test_a_version_is_prepared_before_it_takes_over(snapshots):
    holdings, prepared = Holdings(snapshots), []
    before = holdings.newest()
    may_go_on = []

    def prepare(holding):
        until(lambda: may_go_on)
        prepared.append(holding.version)

    holdings.prepare = prepare
    published = publish_doubled(snapshots)
    assert [holdings.newest() is before for _ in range(5)] == [True] * 5
    may_go_on.append(True)
    until(lambda: holdings.newest().version == published.version)
    assert prepared == [published.version]


def test_the_first_version_answers_while_it_is_prepared(snapshots):
    holdings, prepared, may_go_on = Holdings(snapshots), [], []

    def prepare(holding):
        until(lambda: may_go_on)
        prepared.append(holding.version)

    holdings.prepare = prepare
    first = holdings.newest()
    assert first.version == snapshots.current().version
    assert prepared == []
    may_go_on.append(True)
    until(lambda: prepared == [first.version])


def test_a_version_that_cannot_be_prepared_answers_all_the_same(snapshots, caplog):
    holdings = Holdings(snapshots)
    holdings.newest()

    def prepare(_):
        raise ValueError("no memory")

    holdings.prepare = prepare
    published = publish_doubled(snapshots)
    until(lambda: holdings.newest().version == published.version)
    assert "could not be prepared" in caplog.text
