"""While a job runs, says every so often, from a thread of its own, that its worker lives."""

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger("tandem.worker")


class Heartbeat:
    """Beats as long as it is entered; use it in a `with`.

    Args:
        beat: says that the worker lives; LookupError where the job was closed in the meantime.
        every: seconds between two beats.
    """

    def __init__(self, beat: Callable[[], None], every: float) -> None:
        self._beat, self._every, self._over = beat, every, threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def _run(self) -> None:
        while not self._over.wait(self._every):
            try:
                self._beat()
            except LookupError:
                return  # closed in the meantime
            except SQLAlchemyError:
                log.exception("no heartbeat")

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
