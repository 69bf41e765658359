"""Faults that change nothing anybody could see, each with the reason; they are in no score.

A fault is named by its module, the line that it is in and its words: it is found again where lines move.
"""

from __future__ import annotations

from bench.mutants import Mutant

Named = tuple[str, str, str]

BEFORE_THE_FIRST = "any number below 0 differs from the first, which is 0 or more"
REASONS: dict[Named, str] = {
    ("indicators/grid_builder.py", "used: int = 0", "0  ->  1"): "a blank row that no unit points to",
    (
        "indicators/grid_builder.py",
        "if height <= len(self.values) and before == 0 and width <= self.values.shape[1]:",
        "before == 0  ->  before != 0",
    ): "room is then made where there is enough: slower, and the same",
    (
        "indicators/hierarchy.py",
        "edges = np.flatnonzero(np.diff(branches, prepend=-1))",
        "1  ->  2",
    ): BEFORE_THE_FIRST,
    (
        "indicators/hierarchy.py",
        "edges = np.flatnonzero(np.diff(parents, prepend=-1))",
        "1  ->  2",
    ): BEFORE_THE_FIRST,
    (
        "indicators/discordance.py",
        "stronger = np.where(np.abs(self.run) > np.abs(self.score), self.run, self.score)",
        "np.abs(self.run) > np.abs(self.score)  ->  np.abs(self.run) >= np.abs(self.score)",
    ): "a run has the sign of its last score, so of equal sizes both are one number",
    (
        "indicators/ratio.py",
        "total = np.full((len(positions), span.stop - span.start), np.nan)",
        "span.stop - span.start  ->  span.stop + span.start",
    ): "it is asked of the whole calendar alone, which starts at 0",
    (
        "indicators/redistribution.py",
        (
            "found = [_of_item(each.reset_index(drop=True), across) for _, each in "
            'stores.groupby("item", sort=False)]'
        ),
        "True  ->  False",
    ): "a column more, that nobody reads",
    (
        "indicators/redistribution.py",
        "consumes = average > 0",
        "average > 0  ->  average >= 0",
    ): "with an average of 0 no store is overstocked, and what lacks to 0 months of it is nothing",
}


def reason(mutant: Mutant) -> str | None:
    """Why a fault changes nothing; None where it may."""
    return REASONS.get((mutant.path.as_posix(), mutant.text, mutant.what))
