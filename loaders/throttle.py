"""How many requests may be on the way at once: fewer while the server is slow, more again when it is not."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

MOST = 8


class Throttle:
    """A gate that halves itself under strain and widens by one after a run of quick answers.

    Args:
        parallel: Requests at a time in good weather, 1 to 8.
        slow: Seconds to the first byte from which an answer counts as slow.
    """

    def __init__(self, parallel: int = 4, slow: float = 10.0) -> None:
        if not 1 <= parallel <= MOST:
            raise ValueError(f"{parallel} requests at a time: choose 1 to {MOST}, DHIS2 serves others too")
        self.parallel = parallel
        self.slow = slow
        self.width = parallel
        self._running = 0
        self._quick = 0
        self._recent: deque[float] = deque(maxlen=20)
        self._changed = threading.Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a free place, hold it for the block."""
        with self._changed:
            self._changed.wait_for(lambda: self._running < self.width)
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def answered(self, seconds: float) -> None:
        """Learn from an answer whose first byte came after SECONDS."""
        with self._changed:
            self._recent.append(seconds)
            if seconds < self.slow:
                self._quick += 1
                self._widen()
            elif sorted(self._recent)[int(0.95 * (len(self._recent) - 1))] >= self.slow:
                self._halve()

    def strained(self) -> None:
        """Learn that the server is overloaded (429, 502, 503, 504, a time-out)."""
        with self._changed:
            self._halve()

    def _halve(self) -> None:
        self.width = max(1, self.width // 2)
        self._quick = 0
        self._recent.clear()

    def _widen(self) -> None:
        if self.width < self.parallel and self._quick >= 2 * self.width:
            self.width += 1
            self._quick = 0
            self._changed.notify_all()
