"""Work that is done behind one's back: in a thread of its own, one piece after the other."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class Behind:
    """Does work in order while its owner goes on; what it fails with is raised at a later call.

    Args:
        most: pieces that are not done yet, the one under way included; who comes with another one waits, so
            that no more is held in memory.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="behind")
        self._begun: deque[Future[None]] = deque()

    def do(self, work: Callable[[], None]) -> None:
        """Have a piece of work done.

        Raises:
            Exception: what an earlier one raised; this one is then not begun.
        """
        self._wait(self._most - 1)
        self._begun.append(self._pool.submit(work))

    def settle(self) -> None:
        """Wait until all is done.

        Raises:
            Exception: what a piece of work raised, once.
        """
        self._wait(0)

    def end(self) -> None:
        """Wait for what is under way, whatever becomes of it; nothing more can be done."""
        self._pool.shutdown(cancel_futures=True)

    def _wait(self, left: int) -> None:
        while len(self._begun) > left:
            self._begun.popleft().result()
