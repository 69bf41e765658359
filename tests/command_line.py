"""The command line in the process of the tests: importing the application takes longer than a command."""

import contextlib
import io
import os
import subprocess
from collections.abc import Mapping
from unittest import mock

from app import main


def called(environment: Mapping[str, str], *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """What `python app.py ARGUMENTS` answers in an environment, with nobody at a terminal."""
    out, told = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="", write_through=True) for _ in range(2))
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(told),
    ):
        try:
            status = main(arguments)
        except SystemExit as ended:
            status = int(ended.code or 0)
    written = [each.buffer.getvalue() for each in (out, told)]  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(arguments, status, *written)
