"""Runs a generator in a process of its own, so that what it makes is stored while it goes on."""

from __future__ import annotations

import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from demo.seed_values import BadSeed

if TYPE_CHECKING:
    from demo.whotopia.rows import Block
    from demo.whotopia.seed import Listener

Say = Callable[[str], None]
Write = Callable[[Path, date, "Listener"], object]
SAID, BLOCK, FAILED, DONE = range(4)


def blocks(write: Write, folder: Path, today: date, say: Say) -> Iterator[Block]:
    """Has a seed folder written by another process, and yields its blocks of values as they are written.

    Args:
        write: writes it; must be importable, since the other process is a new one.
        folder: where to.
        today: as of which day.
        say: is told what takes time.

    Raises:
        BadSeed: what it writes is incomplete.
    """
    context = get_context("spawn")
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(target=_generate, args=(write, folder, today, writing), daemon=True)
    process.start()
    writing.close()
    received: SimpleQueue[bytes | None] = SimpleQueue()
    threading.Thread(target=_receive, args=(reading, received), daemon=True).start()
    try:
        yield from _told(received, say)
    finally:
        process.terminate()
        process.join()


def _told(received: SimpleQueue[bytes | None], say: Say) -> Iterator[Block]:
    while (message := received.get()) is not None:
        kind, content = pickle.loads(message)  # noqa: S301 - from the process that we started
        if kind == DONE:
            return
        if kind == FAILED:
            raise BadSeed(content)
        if kind == SAID:
            say(content)
        else:
            yield content
    raise BadSeed("the generator ended before it had written everything; start again")


def _receive(reading: Connection, received: SimpleQueue[bytes | None]) -> None:
    """Takes what comes at once, so that the generator never waits for the store."""
    try:
        while True:
            received.put(reading.recv_bytes())
    except (EOFError, OSError):
        received.put(None)


def _generate(write: Write, folder: Path, today: date, writing: Connection) -> None:
    """The other process."""
    from demo.whotopia.seed import Listener

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us

    def send(kind: int, content: Any = None) -> None:
        writing.send_bytes(pickle.dumps((kind, content), pickle.HIGHEST_PROTOCOL))

    try:
        write(folder, today, Listener(lambda text: send(SAID, text), lambda block: send(BLOCK, block)))
    except BrokenPipeError:  # nobody takes what is made any more
        return
    except Exception as problem:
        send(FAILED, f"{type(problem).__name__}: {problem}")
        raise
    send(DONE)
