"""Where the embedded DHIS2 of an installation answers, told by ./run to commands beside it.

Its usual port may be another Tandem's: a command that asked there would check, or change, a stranger's DHIS2.
"""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

FILE = "embedded.address"


@contextlib.contextmanager
def announced(data: Path, url: str) -> Iterator[None]:
    """Tells others where it answers, for as long as this process lives and no longer.

    Args:
        data: the country's folder.
        url: of the embedded DHIS2 that serves it.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / FILE).open("a+", encoding="utf-8") as file:
        with contextlib.suppress(BlockingIOError):  # whoever came first is the one that is told
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.truncate(0)
            file.write(url)
            file.flush()
        yield


def running(data: Path) -> str | None:
    """The address of the embedded DHIS2 that ./run has started for a country's folder, if one runs."""
    try:
        with (data / FILE).open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read().strip() or None
    except OSError:
        return None
    return None  # left behind by one that has ended
