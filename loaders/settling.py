"""Leaving work that was shared out among threads in good order."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future, wait
from typing import Any


def settle(futures: Collection[Future[Any]]) -> None:
    """Cancel what has not begun and wait for what has, so that the report holds its faults, too."""
    wait([future for future in futures if not future.cancel()])
