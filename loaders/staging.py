"""Pulled values set aside on disk, so that a full sync that was killed goes on where it stood.

    folder/staging/plan.json     which pull this is, and the server's clock when it began
    folder/staging/*.feather     the raw rows of each finished chunk

A file is renamed into place when it is whole. A pull of another source or other forms, or older than a day,
is not taken up again: it is cheaper to begin anew than to catch up.
"""

import json
import shutil
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import pyarrow as pa
from pyarrow import feather

from loaders.asking import Params

FRESH_FOR = timedelta(days=1)


class Request(Protocol):
    """Whatever is asked for piece by piece: what it asks tells one piece from another."""

    @property
    def params(self) -> Params:
        """The query."""


class Staging:
    """The chunks of one full pull.

    Args:
        folder: the snapshot's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "staging"

    def begin(self, pull: str, server_time: datetime) -> datetime | None:
        """Begin a pull, or take up the same one.

        Args:
            pull: what tells this pull from others: source, account, forms, range of years.
            server_time: the server's clock now.

        Returns:
            The server's clock when the pull that is taken up began; None for a new one.
        """
        began = self._began(pull)
        if began and server_time - began <= FRESH_FOR:
            return began
        self.end()
        self._folder.mkdir(parents=True)
        plan = {"pull": pull, "began": server_time.astimezone(UTC).isoformat()}
        _into_place(self._folder / "plan.json", json.dumps(plan).encode())
        return None

    def _began(self, pull: str) -> datetime | None:
        try:
            plan = json.loads((self._folder / "plan.json").read_bytes())
            return datetime.fromisoformat(plan["began"]) if plan["pull"] == pull else None
        except (OSError, ValueError, KeyError):
            return None

    def put(self, chunk: Request, raw: pa.Table) -> None:
        """Set a chunk's rows aside."""
        path = self._path(chunk)
        beside = path.with_suffix(".new")
        feather.write_feather(raw.unify_dictionaries(), str(beside), compression="lz4")
        beside.replace(path)

    def get(self, chunk: Request) -> pa.Table | None:
        """The rows of a chunk that was finished before; None when it was not."""
        try:
            return feather.read_table(self._path(chunk), memory_map=False)
        except (FileNotFoundError, pa.ArrowInvalid):  # a power cut may leave half a file
            return None

    def end(self) -> None:
        """Forget the pull."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, chunk: Request) -> Path:
        asked = json.dumps(chunk.params)
        return self._folder / f"{sha256(asked.encode()).hexdigest()[:24]}.feather"


def _into_place(path: Path, content: bytes) -> None:
    beside = path.with_suffix(".new")
    beside.write_bytes(content)
    beside.replace(path)
