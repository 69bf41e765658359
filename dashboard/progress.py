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
        """Draw one step; on a terminal in place, else a line now and then and at the end."""
        text = drawn(step)
        if self._terminal:
            self._longest = max(self._longest, len(text))
            self._out.write("\r" + text.ljust(self._longest))
        elif time.monotonic() - self._last >= BETWEEN_LINES or step.done >= step.total:
            self._last = time.monotonic()
            self._out.write(text + "\n")
        self._out.flush()

    def end(self) -> None:
        """Leave the bar and go on in the next line."""
        if self._terminal:
            self._out.write("\n")
            self._out.flush()


def drawn(step: Step) -> str:
    """A step as text: `[######----]  60 %  values of LMIS, 2018`."""
    share = min(step.done / step.total, 1.0) if step.total else 0.0
    full = int(share * WIDTH)
    return f"[{'#' * full}{'-' * (WIDTH - full)}] {share:4.0%}  {step.note}"
