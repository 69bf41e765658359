"""A backup brings back everything, to the same checksum, though the desk goes on while it is taken."""

import gzip
import io
import json
import tarfile
import threading
from pathlib import Path

import pytest

from backup import BackupError, back_up, restore
from ledger.audit import Audit
from ledger.chain import broken
from ledger.database import Database
from ledger.dump import checksum
from ledger.jobs import Jobs
from ledger.leases import Leases
from settings import Settings, signing_key
from tests.ledger.desks import Desk, a_movement
from tests.ledger.stores import now


def settings_of(folder: Path, **more: str) -> Settings:
    given = {"TANDEM_DATA": str(folder), "TANDEM_COUNTRY": "civ", "TANDEM_DHIS2_URL": "http://127.0.0.1:9"}
    return Settings.from_environment({**given, "TANDEM_DHIS2_TOKEN": "d2p_x", **more})


def an_installation(folder: Path) -> Settings:
    """One with movements, jobs with JSON and moments, and a chained audit."""
    settings = settings_of(folder)
    settings.data.mkdir(parents=True)
    signing_key(settings)
    database = Database.open(settings.data / "tandem.sqlite3")
    database.migrate()
    desk = Desk(database, now)
    desk.send(*(a_movement("receive", 10 + n, seq=n) for n in range(20)))
    desk.note("dispense", 3, asked=5)
    desk.note("count", 4, expiry=None)
    Audit(database).append("admin", "did something", count=3)
    Jobs(database).enqueue("sync", {"full": True}, "admin")
    database.close()
    return settings


def opened(settings: Settings) -> Database:
    return Database.open(settings.data / "tandem.sqlite3")


def test_a_backup_brings_back_everything_to_the_same_checksum(tmp_path):
    here, there = an_installation(tmp_path / "here"), settings_of(tmp_path / "there")
    kept = back_up(here, tmp_path / "b.tar", snapshot=False)
    back = restore(there, tmp_path / "b.tar")
    assert back == kept
    assert str(checksum(opened(there))) == str(checksum(opened(here))) == kept.checksum
    assert signing_key(there) == signing_key(here)
    assert broken(opened(there)) == []
    assert Audit(opened(there)).broken() is None
    assert Jobs(opened(there)).active("sync").arguments == {"full": True}


def test_what_was_restored_goes_on_where_it_was(tmp_path):
    here, there = an_installation(tmp_path / "here"), settings_of(tmp_path / "there")
    back_up(here, tmp_path / "b.tar", snapshot=False)
    restore(there, tmp_path / "b.tar")
    database = opened(there)
    before = Desk(database, now).balance()
    assert Desk(database, now).note("dispense", 1).balance == before - 1
    assert broken(database) == []


def test_a_backup_is_one_moment_while_the_desk_goes_on(tmp_path):
    here, there = an_installation(tmp_path / "here"), settings_of(tmp_path / "there")
    over, desk = threading.Event(), Desk(opened(here), now)

    def record() -> None:
        while not over.is_set():
            desk.note("receive", 1)

    thread = threading.Thread(target=record)
    thread.start()
    try:
        backups = [back_up(here, tmp_path / f"{n}.tar", snapshot=False) for n in range(3)]
    finally:
        over.set()
        thread.join()
    assert backups[0].rows <= backups[2].rows
    assert restore(there, tmp_path / "1.tar") == backups[1]
    assert broken(opened(there)) == []


def test_the_snapshot_comes_along_when_asked_for(tmp_path):
    here, there = an_installation(tmp_path / "here"), settings_of(tmp_path / "there")
    (here.data / "snapshot" / "values").mkdir(parents=True)
    (here.data / "snapshot" / "values" / "part.parquet").write_bytes(b"figures")
    back_up(here, tmp_path / "b.tar", snapshot=True)
    restore(there, tmp_path / "b.tar")
    assert (there.data / "snapshot" / "values" / "part.parquet").read_bytes() == b"figures"


def test_a_snapshot_that_comes_along_replaces_the_one_that_is_there(tmp_path):
    here = an_installation(tmp_path / "here")
    (here.data / "snapshot").mkdir()
    (here.data / "snapshot" / "old.parquet").write_bytes(b"old")
    back_up(here, tmp_path / "b.tar", snapshot=True)
    (here.data / "snapshot" / "new.parquet").write_bytes(b"new")
    restore(here, tmp_path / "b.tar")
    assert [each.name for each in (here.data / "snapshot").iterdir()] == ["old.parquet"]


def members_of(file: Path) -> list[tarfile.TarInfo]:
    with tarfile.open(file) as archive:
        return archive.getmembers()


def without(file: Path, name: str) -> None:
    """Leave one member out of a tar."""
    with tarfile.open(file) as archive:
        kept = [(each, archive.extractfile(each)) for each in archive.getmembers() if each.name != name]
        with tarfile.open(file.with_suffix(".less"), "w") as less:
            for told, content in kept:
                less.addfile(told, content)
    file.with_suffix(".less").replace(file)


@pytest.mark.parametrize("spoil", ["cut between two members", "cut within a head", "without its key"])
def test_a_backup_that_lacks_something_leaves_everything_as_it_is(tmp_path, spoil):
    here = an_installation(tmp_path / "here")
    for name in ("a", "b", "c"):
        (here.data / "snapshot" / name).mkdir(parents=True)
        (here.data / "snapshot" / name / "part.parquet").write_bytes(b"figures")
    file = tmp_path / "b.tar"
    back_up(here, file, snapshot=True)
    (here.data / "snapshot" / "since").write_bytes(b"newer")
    Desk(opened(here), now).note("receive", 1)
    before = str(checksum(opened(here)))
    if spoil == "without its key":
        without(file, "secret.key")
    else:
        last = members_of(file)[-3].offset + (100 if spoil == "cut within a head" else 0)
        file.write_bytes(file.read_bytes()[:last])
    with pytest.raises(BackupError, match="another"):
        restore(here, file)
    assert str(checksum(opened(here))) == before
    assert (here.data / "snapshot" / "since").exists()
    assert not list(here.data.glob("*restoring*")) and not list(here.data.glob("*.before-*"))


def test_what_was_there_is_put_aside(tmp_path):
    here = an_installation(tmp_path / "here")
    kept = back_up(here, tmp_path / "b.tar", snapshot=False)
    Desk(opened(here), now).note("receive", 1)
    assert restore(here, tmp_path / "b.tar") == kept
    assert len(list(here.data.glob("tandem.sqlite3.before-*"))) >= 1


def test_a_damaged_backup_leaves_everything_as_it_is(tmp_path):
    here = an_installation(tmp_path / "here")
    back_up(here, tmp_path / "b.tar", snapshot=False)
    before = str(checksum(opened(here)))
    whole = (tmp_path / "b.tar").read_bytes()
    middle = len(whole) // 4
    (tmp_path / "b.tar").write_bytes(whole[:middle] + b"\xff" + whole[middle + 1 :])
    with pytest.raises(BackupError, match="another"):
        restore(here, tmp_path / "b.tar")
    assert str(checksum(opened(here))) == before


def archive_of(file: Path, **members: bytes) -> Path:
    """A tar of some members, `about` for about.json and `rows` for the rows."""
    names = {"about": "about.json", "rows": "database.jsonl.gz", "key": "secret.key", "end": "end"}
    with tarfile.open(file, "w") as archive:
        for name, content in members.items():
            told = tarfile.TarInfo(names[name])
            told.size = len(content)
            archive.addfile(told, io.BytesIO(content))
    return file


@pytest.mark.parametrize("about", [b"[]", b"5", b"null", b"{}", b'{"format": 1}', b'"format"'])
def test_a_file_that_is_about_something_else_is_no_backup(tmp_path, about):
    file = archive_of(tmp_path / "b.tar", about=about)
    with pytest.raises(BackupError, match=r"b\.tar is no backup of Tandem: about\.json lacks .*checksum"):
        restore(settings_of(tmp_path / "there"), file)


@pytest.mark.parametrize("row", [b"5\n", b"null\n", b'["sessions", [1, 2]]\n', b"\xff\xfe\n"])
def test_a_backup_with_a_row_that_is_none_is_told_in_one_sentence(tmp_path, row):
    about = json.dumps({"format": 2, "country": "civ", "rows": 1, "checksum": "x"}).encode()
    file = archive_of(tmp_path / "b.tar", about=about, rows=gzip.compress(row), key=b"k", end=b"")
    with pytest.raises(BackupError, match="could not be brought back"):
        restore(settings_of(tmp_path / "there"), file)


def test_a_backup_of_another_country_is_refused(tmp_path):
    here = an_installation(tmp_path / "here")
    back_up(here, tmp_path / "b.tar", snapshot=False)
    with pytest.raises(BackupError, match="is of 'civ'"):
        restore(settings_of(tmp_path / "there", TANDEM_COUNTRY="whotopia"), tmp_path / "b.tar")


def test_nothing_is_restored_under_a_desk_that_runs(tmp_path):
    here = an_installation(tmp_path / "here")
    back_up(here, tmp_path / "b.tar", snapshot=False)
    Leases(opened(here)).acquire("worker", "this machine", 60)
    with pytest.raises(BackupError, match="Stop it"):
        restore(here, tmp_path / "b.tar")


def test_only_its_owner_can_read_a_backup(tmp_path):
    back_up(an_installation(tmp_path / "here"), tmp_path / "b.tar", snapshot=False)
    assert (tmp_path / "b.tar").stat().st_mode & 0o777 == 0o600
    with tarfile.open(tmp_path / "b.tar") as archive:
        assert sorted(archive.getnames()) == ["about.json", "database.jsonl.gz", "end", "secret.key"]


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    with pytest.raises(BackupError, match="nowhere"):
        back_up(an_installation(tmp_path / "here"), tmp_path / "nowhere" / "b.tar", snapshot=False)
