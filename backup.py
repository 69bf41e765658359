"""`python app.py backup FILE` and `restore FILE`: everything that cannot be pulled anew, in one file.

A backup is a tar of the database's rows (as text, so that it fits SQLite and PostgreSQL), the key that opens
what is sealed in it, and, where asked for, the snapshot. It is taken while the desk runs, as one moment saw
the database.
"""

import gzip
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy.exc import SQLAlchemyError

from ledger.database import Database
from ledger.dump import Checksum, checksum, is_empty, lines, load
from ledger.leases import Leases
from settings import Settings, signing_key

FORMAT = 2
ABOUT, ROWS, KEY, SNAPSHOT = "about.json", "database.jsonl.gz", "secret.key", "snapshot"
END = "end"  # the last member: a tar that was cut between two others looks whole without it
TOLD = ("format", "country", "rows", "checksum")  # of what is about the backup
DATABASE, RUNNING = "tandem.sqlite3", "worker"
PRIVATE = 0o600


class BackupError(Exception):
    """A backup that cannot be made or brought back: what is wrong, and what to do."""


@dataclass(frozen=True)
class Account:
    """What a backup holds: how many rows, and the sum over them."""

    rows: int
    checksum: str


def back_up(settings: Settings, file: Path, snapshot: bool) -> Account:
    """Write a backup, whole or not at all; whoever reads the file can open what it seals.

    Args:
        settings: of the installation.
        file: where to.
        snapshot: whether the figures are kept as well; they can also be pulled anew.

    Raises:
        BackupError: the file cannot be written.
    """
    database = _database(settings)
    try:
        with _whole(file) as draft, tarfile.open(draft, "w") as archive:
            with tempfile.TemporaryFile() as rows:
                found = _write_rows(database, rows)
                _add(archive, ROWS, rows)
            about = {
                "format": FORMAT,
                "country": Path(settings.country).name,
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "rows": found.rows,
                "checksum": found.checksum,
            }
            _add(archive, ABOUT, io.BytesIO(json.dumps(about, indent=1).encode()))
            _add(archive, KEY, io.BytesIO(signing_key(settings).encode()))
            if snapshot and (settings.data / SNAPSHOT).is_dir():
                archive.add(settings.data / SNAPSHOT, SNAPSHOT)
            _add(archive, END, io.BytesIO())
    except OSError as problem:
        what = f"The backup could not be written to {file}: {problem.strerror or problem}."
        raise BackupError(f"{what} Choose another place, or make room there.") from problem
    finally:
        database.close()
    return found


def restore(settings: Settings, file: Path) -> Account:
    """Bring a backup back: the database, the key, and the snapshot where the file has it.

    An SQLite file that is there is put aside under a name with the moment; a PostgreSQL database has to be
    empty. Nothing is put in place before all of the file was read, and the rows came to its checksum.

    Args:
        settings: of the installation.
        file: what `back_up` wrote.

    Raises:
        BackupError: it is no backup, of another country, damaged, or the desk runs.
    """
    try:
        with tarfile.open(file) as archive:
            about = _about(archive, file, settings)
            key = _read(archive, KEY)
            settings.data.mkdir(parents=True, exist_ok=True)
            with _unpacked(settings.data, archive) as snapshot:
                found = _restore_rows(settings, archive, about)
                _keep_key(settings, key)
                _put_in_place(snapshot, settings.data / SNAPSHOT)
    except (OSError, tarfile.TarError, EOFError, ValueError, KeyError, zlib.error) as problem:
        raise BackupError(f"{file} could not be brought back: {problem}. Use another backup.") from problem
    return found


def _about(archive: tarfile.TarFile, file: Path, settings: Settings) -> dict[str, Any]:
    about = json.loads(_read(archive, ABOUT))
    lacking = [name for name in TOLD if not isinstance(about, dict) or name not in about]
    if lacking:
        raise BackupError(f"{file} is no backup of Tandem: {ABOUT} lacks {', '.join(lacking)}. Use another.")
    if about["format"] != FORMAT:
        raise BackupError(f"{file} is of another version ({about['format']}). Use the Tandem that made it.")
    if about["country"] != Path(settings.country).name:
        raise BackupError(f"{file} is of {about['country']!r}: set TANDEM_COUNTRY to it.")
    if END not in archive.getnames():
        raise BackupError(f"{file} ends too early: the rest of it was cut off. Use another backup.")
    return dict(about)


def _restore_rows(settings: Settings, archive: tarfile.TarFile, about: dict[str, Any]) -> Account:
    """Fill a new database beside the old one, look whether it holds everything, then put it in place."""
    if settings.database_url:
        database = Database.open(settings.database_url)
        database.migrate()
        if not is_empty(database):
            database.close()
            raise BackupError("The database at DATABASE_URL is not empty. Name a new one to restore into.")
        return _fill(database, archive, about)
    place, draft = settings.data / DATABASE, settings.data / f"{DATABASE}.restoring"
    _nobody_works(place)
    _remove(draft)
    found = _fill(Database.open(draft), archive, about)
    if place.exists():
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        for end in ("", "-wal", "-shm"):
            if (each := Path(f"{place}{end}")).exists():
                each.rename(f"{place}.before-{stamp}{end}")
    draft.rename(place)
    return found


def _fill(database: Database, archive: tarfile.TarFile, about: dict[str, Any]) -> Account:
    try:
        database.migrate()
        with gzip.open(_member(archive, ROWS), "rt", encoding="utf-8") as rows:
            load(database, (line.rstrip("\n") for line in rows))
        held = checksum(database)
    finally:
        database.close()
    if str(held) != about["checksum"]:
        raise BackupError(f"The rows come to {held}, not to {about['checksum']}: it is damaged. Use another.")
    return Account(held.rows, str(held))


def _nobody_works(place: Path) -> None:
    """A desk that runs would go on writing to the file that is put aside."""
    if not place.exists():
        return
    database, holder = Database.open(place), None
    try:
        holder = Leases(database).holder(RUNNING)
    except SQLAlchemyError:
        pass  # damaged, or older than leases: that is what backups are for
    finally:
        database.close()
    if holder:
        raise BackupError(f"Tandem runs here ({holder}). Stop it, wait a minute, and restore then.")


@contextmanager
def _unpacked(data: Path, archive: tarfile.TarFile) -> Iterator[Path]:
    """The snapshot of a backup in a folder beside the one that is in use; without one, a name alone."""
    draft = data / f"{SNAPSHOT}.restoring"
    shutil.rmtree(draft, ignore_errors=True)
    members = [each for each in archive.getmembers() if each.name.split("/")[0] == SNAPSHOT]
    try:
        archive.extractall(draft, members=members, filter="data")
        yield draft / SNAPSHOT
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put_in_place(snapshot: Path, place: Path) -> None:
    """The whole snapshot instead of the one that is there: two of them mixed are none."""
    if snapshot.is_dir():
        shutil.rmtree(place, ignore_errors=True)
        snapshot.rename(place)


def _keep_key(settings: Settings, key: bytes) -> None:
    if settings.secret_key:
        return
    place = settings.data / KEY
    draft = place.with_suffix(".restoring")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    with os.fdopen(handle, "wb") as file:
        file.write(key + b"\n")
    draft.replace(place)


def _database(settings: Settings) -> Database:
    database = Database.open(settings.database_url or settings.data / DATABASE)
    database.migrate()
    return database


def _write_rows(database: Database, file: IO[bytes]) -> Account:
    found = Checksum()
    with gzip.open(file, "wt", encoding="utf-8", compresslevel=6) as rows:
        for line in lines(database):
            found.add(line)
            rows.write(line + "\n")
    return Account(found.rows, str(found))


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    about = tarfile.TarInfo(name)
    about.size, about.mode = content.seek(0, os.SEEK_END), PRIVATE
    about.mtime = int(datetime.now(UTC).timestamp())
    content.seek(0)
    archive.addfile(about, content)


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(name)
    if found is None:
        raise BackupError(f"The backup has no {name}. Use another one.")
    return found


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    return _member(archive, name).read()


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """A file to write to, readable for its owner alone, that takes its name when it is whole."""
    draft = file.with_name(f".{file.name}.part")
    draft.touch(PRIVATE)
    draft.chmod(PRIVATE)
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _remove(place: Path) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{place}{end}").unlink(missing_ok=True)
