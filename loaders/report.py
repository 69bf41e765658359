"""What happened on the wire: how much was asked and received, and every fault with what became of it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True)
class Fault:
    """One thing that went wrong on the way.

    Attributes:
        at: When (UTC, our clock).
        asked: The request, as method, path and what tells it from others.
        kind: ``time-out``, ``reset``, ``status 502``, ``cut off``, ``login page``, ...
        detail: The whole message.
        attempt: 1 for the first try.
        outcome: ``asked again after 0.7 s``, ``split in 2``, ``given up``.
    """

    at: datetime
    asked: str
    kind: str
    detail: str
    attempt: int
    outcome: str


@dataclass
class Report:
    """The account of one client's requests; safe to use from several threads.

    Attributes:
        requests: Requests sent, repeated ones included.
        wire_bytes: Bytes received, heads and bodies, as they came (compressed).
        unchanged: Answers that the server spared because we held them already (304).
        faults: Every fault, in the order in which they struck.
        listener: Called with each fault as it happens, from the thread it struck.
    """

    requests: int = 0
    wire_bytes: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    listener: Callable[[Fault], None] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def received(self, wire_bytes: int, unchanged: bool = False) -> None:
        """Count one answer of WIRE_BYTES bytes."""
        with self._lock:
            self.wire_bytes += wire_bytes
            self.unchanged += unchanged

    def sent(self) -> None:
        """Count one request."""
        with self._lock:
            self.requests += 1

    def struck(self, fault: Fault) -> None:
        """Keep FAULT and tell the listener."""
        with self._lock:
            self.faults.append(fault)
        if self.listener:
            self.listener(fault)

    def kinds(self) -> dict[str, int]:
        """How often each kind of fault struck."""
        with self._lock:
            return dict(Counter(fault.kind for fault in self.faults))


def now() -> datetime:
    """Our own clock, in UTC."""
    return datetime.now(UTC)
