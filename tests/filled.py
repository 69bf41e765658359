"""Embedded DHIS2s that begin with the same figures: filled once in a run, copied for each that is started."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import live, shared
from tests.servers import demo_server, shared_demo


@dataclass(frozen=True)
class Filled:
    """A store that was filled, and how the server is started that serves it.

    Attributes:
        folder: where the store lies (of a live DHIS2: its seed); not to be written to.
        options: of the server, as on its command line.
    """

    folder: Path
    options: tuple[str, ...]

    @classmethod
    def once(cls, name: str, *options: str) -> "Filled":
        """Fill a store as a server with these options does, once in a run; a live DHIS2 is filled already."""
        if live.asked_for(name):
            return cls(live.seed_of(name, options), options)

        def fill(folder: Path) -> str:
            with demo_server(folder, *options):
                return str(folder)

        return cls(Path(shared.once(f"{name}-filled", fill)), options)

    @contextlib.contextmanager
    def serving(self, data: Path, *more: str) -> Iterator[str]:
        """A server over a copy of the store in `data`, to do with as one likes; yields its address."""
        if live.ADDRESS:
            yield live.as_it_was(self.folder, *more)
            return
        shutil.copytree(self.folder, data, dirs_exist_ok=True)
        with demo_server(data, *self.options, *more) as address:
            yield address

    def shared(self, name: str) -> str:
        """The address of one that all processes look at and nobody writes to, until the run ends."""
        if live.ADDRESS:
            return live.ADDRESS

        def start(folder: Path) -> str:
            shutil.copytree(self.folder, folder, dirs_exist_ok=True)
            return shared_demo(folder, *self.options)

        return shared.once(name, start)
