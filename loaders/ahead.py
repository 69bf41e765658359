"""Items made ready in a thread of their own, a few ahead of whoever takes them."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")
LOOK_EVERY = 0.1


class Ahead(Generic[T]):
    """An iterator that is worked on at once; use it as a context manager.

    On leaving, the iterator is closed and its thread has ended: nothing is under way any more.

    Args:
        items: What makes the items.
        most: Items ready that nobody took yet; when there are so many, it waits.
    """

    def __init__(self, items: Iterator[T], most: int) -> None:
        self._items = items
        self._ready: Queue[tuple[T | None, BaseException | None]] = Queue(most)
        self._left = Event()
        self._thread = Thread(target=self._work, name="ahead", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._left.set()
        self._thread.join()

    def batches(self) -> Iterator[list[T]]:
        """The items, as many at a time as are ready.

        Raises:
            Exception: What making them raised, after the items before it.
        """
        while True:
            batch: list[T] = []
            item, error = self._ready.get()
            while item is not None:
                batch.append(item)
                try:
                    item, error = self._ready.get_nowait()
                except Empty:
                    break
            if batch:
                yield batch
            if error is not None:
                raise error
            if item is None:
                return

    def _work(self) -> None:
        try:
            for item in self._items:
                if not self._put(item, None):
                    break
            else:
                self._put(None, None)
        except BaseException as error:  # noqa: BLE001  (it is raised where the items are taken)
            self._put(None, error)
        finally:
            close = getattr(self._items, "close", None)
            if close:
                close()

    def _put(self, item: T | None, error: BaseException | None) -> bool:
        """Hand over; False when nobody takes any more."""
        while not self._left.is_set():
            try:
                self._ready.put((item, error), timeout=LOOK_EVERY)
            except Full:
                continue
            return True
        return False
