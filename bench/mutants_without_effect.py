"""Faults that change nothing anybody could see, each with the reason; they are in no score.

A fault is named by its module, the line that it is in and its words: it is found again where lines move.
"""

from __future__ import annotations

from bench.mutants import Mutant

Named = tuple[str, str, str]

REASONS: dict[Named, str] = {
    ("indicators/grid_builder.py", "used: int = 0", "0  ->  1"): "a blank row that no unit points to",
}


def reason(mutant: Mutant) -> str | None:
    """Why a fault changes nothing; None where it may."""
    return REASONS.get((mutant.path.as_posix(), mutant.text, mutant.what))
