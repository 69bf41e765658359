"""A progress bar on a terminal, and plain lines where there is none."""

import time
from typing import Protocol, TextIO

WIDTH = 30
BETWEEN_LINES = 5.0  # seconds, where each line stays


class Step(Protocol):
    """How far something is."""

    done: int
    total: int
    note: str


class ProgressBar:
    """Shows steps as they come."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._terminal = out.isatty()
        self._last = float("-inf")
        self._longest = 0

    def show(self, step: Step) -> None:
        """Draw one step; on a terminal in place, else a line now and then."""
        text = drawn(step)
        if self._terminal:
            self._longest = max(self._longest, len(text))
            self._out.write("\r" + text.ljust(self._longest))
        elif time.monotonic() - self._last >= BETWEEN_LINES:
            self._last = time.monotonic()
            self._out.write(text + "\n")
        self._out.flush()

    def end(self) -> None:
        """Fill the bar: everything is done."""
        text = drawn_share(1.0, "done")
        self._out.write(("\r" + text.ljust(self._longest) if self._terminal else text) + "\n")
        self._out.flush()


def drawn(step: Step) -> str:
    """A step as text: `[######----]  60 %  values of LMIS, 2018`."""
    return drawn_share(min(step.done / step.total, 1.0) if step.total else 0.0, step.note)


def drawn_share(share: float, note: str) -> str:
    """A bar that is full to a share, 0 to 1."""
    full = int(share * WIDTH)
    return f"[{'#' * full}{'-' * (WIDTH - full)}] {share:4.0%}  {note}"
