"""Chance that does not depend on when it is asked: each subject and month has numbers of its own."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np


@dataclass(frozen=True)
class Chance:
    """All of one country's luck.

    Attributes:
        seed: another seed, another country of the same kind.
    """

    seed: int

    def at(self, *subject: str | int) -> np.random.Generator:
        """The numbers of a subject, e.g. ("stockouts", "OXYTOCIN", month).

        The same subject always has the same numbers. What happens in a month must be drawn from a subject
        that names the month and with a size that does not depend on today, so that the past stays the same.
        """
        text = "\x1f".join((str(self.seed), *map(str, subject)))
        key = int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "little")
        return np.random.Generator(np.random.Philox(key=key))
