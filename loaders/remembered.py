"""Answers kept on disk with their tags, so that DHIS2 need not send again what did not change (ETag, 304)."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zlib
from pathlib import Path


class Remembered:
    """Answers by request, one file each, in a private folder.

    Args:
        folder: Made when missing, readable by its owner alone: answers hold what one account may see.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def get(self, asked: str) -> tuple[str, bytes] | None:
        """The tag and body of the last answer to ASKED; None when there is none, or it cannot be read."""
        try:
            head, _, packed = self._file(asked).read_bytes().partition(b"\n")
            return str(json.loads(head)["etag"]), zlib.decompress(packed)
        except (OSError, ValueError, KeyError, zlib.error):
            return None

    def put(self, asked: str, etag: str, body: bytes) -> None:
        """Keep BODY as the answer to ASKED."""
        handle, name = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps({"etag": etag}).encode() + b"\n" + zlib.compress(body, 1))
        Path(name).replace(self._file(asked))

    def _file(self, asked: str) -> Path:
        return self._folder / hashlib.sha256(asked.encode()).hexdigest()[:40]
