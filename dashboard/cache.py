"""Memoised figures and frames on disk, shared by the web processes: diskcache, but nothing is ever unpickled.

diskcache keeps what it cannot store plainly as a pickle, and unpickles a row that says so, whoever wrote it
(CVE-2025-69872; there is no fixed version). Here a value is bytes, signed together with its key and checked
before anything looks into it; a row of any other kind is refused and thrown away.
"""

import hashlib
import hmac
import json
import logging
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from diskcache import Cache as DiskCache
from diskcache import Disk, Timeout
from diskcache.core import MODE_BINARY, MODE_RAW

SIZE_LIMIT = 256 * 2**20
KEPT_SECONDS = 7 * 24 * 3600
WAIT_SECONDS = 2
DIGEST = hashlib.sha256
PACKING, LENGTH = pa.Codec("lz4"), 8
PROJECT = Path(__file__).parent.parent
MADE_WITH = {".py", ".po", ".toml", ".md"}
_log = logging.getLogger(__name__)


def build() -> str:
    """A digest of all that answers are made with, so that a newer Tandem gives none of the older one's."""
    digest = DIGEST()
    for folder in ("countries", "dashboard", "indicators"):
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.suffix in MADE_WITH:
                digest.update(path.read_bytes())
    return digest.hexdigest()


class HostileEntryError(ValueError):
    """A row of the cache that we did not write."""


class SafeDisk(Disk):  # type: ignore[misc]
    """Plain text keys and plain bytes; a pickle is neither written nor read."""

    def put(self, key: Any) -> tuple[str, bool]:
        """A key as it is stored; `raw` is always true."""
        if not isinstance(key, str):
            raise TypeError(f"The cache takes text as a key, not {type(key).__name__}.")
        return key, True

    def get(self, key: Any, raw: Any) -> str:
        """A key as it was given; one that diskcache would unpickle is refused."""
        if not raw or not isinstance(key, str):
            raise HostileEntryError("A key of the cache is a pickle.")
        return key

    def store(self, value: Any, read: bool, key: Any = None) -> Any:
        """Keep bytes, in the row or in a file of their own."""
        if read or not isinstance(value, bytes):
            raise TypeError(f"The cache takes bytes, not {type(value).__name__}.")
        return super().store(value, read, key)

    def fetch(self, mode: Any, filename: Any, value: Any, read: Any) -> bytes:
        """Give bytes back; a row of any other mode, or whose file lies elsewhere, is refused."""
        if mode not in (MODE_RAW, MODE_BINARY) or read:
            raise HostileEntryError(f"A row of the cache has mode {mode!r}, which we never write.")
        if filename is not None and not self._inside(filename):
            raise HostileEntryError(f"A row of the cache names a file elsewhere: {filename!r}.")
        found = super().fetch(mode, filename, value, False)
        if not isinstance(found, bytes):
            raise HostileEntryError(f"A row of the cache holds {type(found).__name__}, not bytes.")
        return found

    def _inside(self, filename: Any) -> bool:
        folder = Path(self._directory).resolve()
        return isinstance(filename, str) and (folder / filename).resolve().is_relative_to(folder)


class Cache:
    """Answers by question; a question is anything JSON, with the version of the data in it."""

    def __init__(self, folder: Path, secret_key: str) -> None:
        self._key = hashlib.sha256(b"tandem: cache\0" + secret_key.encode()).digest()
        self._build = build()
        _make_private(folder)
        options: dict[str, Any] = {"size_limit": SIZE_LIMIT, "eviction_policy": "least-recently-stored"}
        try:
            self._disk = DiskCache(str(folder), timeout=WAIT_SECONDS, disk=SafeDisk, **options)
        except sqlite3.DatabaseError as problem:
            _log.warning("The cache in %s is damaged (%s); it begins anew.", folder, problem)
            shutil.rmtree(folder)
            _make_private(folder)
            self._disk = DiskCache(str(folder), timeout=WAIT_SECONDS, disk=SafeDisk, **options)

    def json(self, question: Any, make: Callable[[], Any]) -> Any:
        """The answer to a question as JSON, made on the first asking."""
        key = _key_of("json", [self._build, question])
        found = self._read(key)
        if found is not None:
            return json.loads(found)
        answer = make()
        self._write(key, json.dumps(answer, separators=(",", ":")).encode())
        return answer

    def text(self, question: Any, make: Callable[[], str]) -> str:
        """The answer to a question as a text, made on the first asking."""
        key = _key_of("text", [self._build, question])
        found = self._read(key)
        if found is not None:
            return found.decode()
        answer = make()
        self._write(key, answer.encode())
        return answer

    def frame(self, question: Any, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """The answer to a question as a frame, made on the first asking; kept as Arrow."""
        key = _key_of("frame", [self._build, question])
        found = self._read(key)
        if found is not None:
            return pa.ipc.open_stream(found).read_pandas()
        answer = make()
        self._write(key, _arrow(answer))
        return answer

    def close(self) -> None:
        """Close the file."""
        self._disk.close()

    def _read(self, key: str) -> bytes | None:
        try:
            signed = self._disk.get(key)
            return None if signed is None else _unpacked(self._checked(key, signed))
        except HostileEntryError as refusal:
            _log.warning(
                "%s It was thrown away. Look who else can write to %s.", refusal, self._disk.directory
            )
            self._forget(key)
        except (Timeout, OSError, sqlite3.Error) as problem:
            _log.warning("The cache cannot be read (%s); answers are computed.", problem)
        return None

    def _write(self, key: str, plain: bytes) -> None:
        packed = _packed(plain)
        try:
            self._disk.set(key, self._signature(key, packed) + packed, expire=KEPT_SECONDS)
        except (Timeout, OSError, sqlite3.Error) as problem:
            _log.warning("The cache cannot be written (%s); answers are computed.", problem)

    def _forget(self, key: str) -> None:
        try:
            self._disk.delete(key)
        except (Timeout, OSError, sqlite3.Error) as problem:
            _log.warning("The cache cannot be written (%s).", problem)

    def _checked(self, key: str, signed: bytes) -> bytes:
        size = DIGEST().digest_size
        signature, packed = signed[:size], signed[size:]
        if not hmac.compare_digest(signature, self._signature(key, packed)):
            raise HostileEntryError("A row of the cache was not signed by us.")
        return packed

    def _signature(self, key: str, packed: bytes) -> bytes:
        return hmac.new(self._key, key.encode() + b"\0" + packed, DIGEST).digest()


def _key_of(kind: str, question: Any) -> str:
    return f"{kind}:{DIGEST(json.dumps(question, sort_keys=True).encode()).hexdigest()}"


def _packed(plain: bytes) -> bytes:
    """LZ4, in a fifth of zlib's time: every first look at a place waits for it. Its length goes before it."""
    packed: bytes = PACKING.compress(plain, asbytes=True)
    return len(plain).to_bytes(LENGTH, "big") + packed


def _unpacked(packed: bytes) -> bytes:
    length = int.from_bytes(packed[:LENGTH], "big")
    plain: bytes = PACKING.decompress(packed[LENGTH:], length, asbytes=True)
    return plain


def _arrow(frame: pd.DataFrame) -> bytes:
    table, sink = pa.Table.from_pandas(frame), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def _make_private(folder: Path) -> None:
    """Make the folder ours alone, and refuse one that belongs to somebody else.

    Raises:
        PermissionError: the folder is another user's, or a link.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{folder} is not a folder of this user. Remove it; it will be made anew.")
    folder.chmod(0o700)
