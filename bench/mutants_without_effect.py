"""Faults that change nothing anybody could see, each with the reason; they are in no score.

A fault is named by its module, the line that it is in and its words: it is found again where lines move.
"""

from __future__ import annotations

from bench.mutants import Mutant

Named = tuple[str, str, str]

BEFORE_THE_FIRST = "any number below 0 differs from those that are meant, which are 0 or more"
SLOWER = "as much is worked out in other portions, or again: the same figures"
ROOM = "room is made where there is enough: slower, and the same"
BEYOND = "7 in 1000 at most lie 12 standard deviations above a mean (Cantelli), and 5 in 100 are looked for"
LAST_OF_TWO = "of two axes the last is axis 1"
IN_MEMORY: dict[Named, str] = {
    ("indicators/kept.py", "NEIGHBOURS = 512", "512  ->  513"): SLOWER,
    ("indicators/kept.py", "FEW_UNITS = 256", "256  ->  257"): SLOWER,
    (
        "indicators/kept.py",
        "found = np.full(hierarchy.size, -1, dtype=np.intp)",
        "1  ->  2",
    ): BEFORE_THE_FIRST,
    ("indicators/hierarchy.py", "BLOCK = 2048", "2048  ->  2049"): SLOWER,
    ("indicators/grid_builder.py", "SLICE = 1 << 21", "1  ->  2"): SLOWER,
    ("indicators/grid_builder.py", "SLICE = 1 << 21", "21  ->  22"): SLOWER,
    **{
        ("indicators/rollup.py", "KEPT_BYTES, NEAR_BYTES = 256 << 20, 128 << 20", what): SLOWER
        for what in ("256  ->  257", "128  ->  129")
    },
    **{
        (
            "indicators/periods.py",
            f"self.{kept} = lru_cache(maxsize=256)(self.{made})",
            "256  ->  257",
        ): SLOWER
        for kept, made in (("_span", "_cut"), ("partial", "_partial"))
    },
}
IN_GRIDS: dict[Named, str] = {
    **{
        ("indicators/grid_builder.py", line, what): ROOM
        for line, what in (
            ("if (rows < 0).any():", "rows < 0  ->  rows <= 0"),
            ("if (rows < 0).any():", "0  ->  1"),
            (
                (
                    "self._room(max(self.used, min(2 * len(self.values), len(self.row_of))), 0, "
                    "self.values.shape[1])"
                ),
                "2  ->  3",
            ),
            (
                "if height <= len(self.values) and before == 0 and width <= self.values.shape[1]:",
                "height <= len(self.values)  ->  height < len(self.values)",
            ),
            (
                "if height <= len(self.values) and before == 0 and width <= self.values.shape[1]:",
                "width <= self.values.shape[1]  ->  width < self.values.shape[1]",
            ),
            ("blank = np.full((0, self._high - self._low + 1), np.nan)", "0  ->  1"),
        )
    },
    **{
        ("indicators/grid_builder.py", "self._low, self._high = 1 << 30, -1", what): (
            "later than any month, and earlier than any"
        )
        for what in ("1  ->  2", "30  ->  31")
    },
    **{
        ("indicators/grid_builder.py", "if self._high < 0:", what): "month 0 is January of the year 0"
        for what in ("self._high < 0  ->  self._high <= 0", "0  ->  1")
    },
    **{
        ("indicators/grid_builder.py", line, "1  ->  2"): BEFORE_THE_FIRST
        for line in (
            "table = np.array([*(lookup.get(name, -1) for name in names), -1], dtype=np.int32)",
            "edges = np.flatnonzero(np.diff(series[order], prepend=-1))",
            "series = np.where(known, items * len(self._measures) + measures, -1)",
            "canvas = _Canvas(np.full(len(self._units), -1, dtype=np.int32), self._low, blank)",
        )
    },
    (
        "indicators/grid_builder.py",
        "return (months // 100 * 12 + months % 100 - 1).astype(np.int32, copy=False)",
        "False  ->  True",
    ): "a copy of what nobody else has",
}
IN_STORES: dict[Named, str] = {
    ("indicators/safe_issue.py", "TAIL = 12.0", "12.0  ->  13.0"): BEYOND,
    (
        "indicators/safe_issue.py",
        "counts = np.arange(int(np.ceil((mean + TAIL * np.sqrt(spread)).max())) + 2)",
        "2  ->  3",
    ): BEYOND,
    (
        "indicators/safe_issue.py",
        "found[item][some] = (below < share).sum(axis=-1)",
        "below < share  ->  below <= share",
    ): "no sum of chances is the share to its last place",
    **{
        ("indicators/safe_issue.py", line, "-1  ->  +1"): LAST_OF_TWO
        for line in (
            "found[item][some] = (below < share).sum(axis=-1)",
            "logs = np.concatenate([start, start + np.cumsum(steps, axis=-1)], axis=-1)",
            "return np.asarray(np.cumsum(np.exp(logs), axis=-1))",
        )
    },
    ("indicators/safe_issue.py", "share = there / np.where(whole > 0, whole, 1)", "1  ->  2"): (
        "where nothing is expected the share is not asked for, and any times nothing is nothing"
    ),
    ("indicators/demand.py", "found[:, weekday] = np.where(usual > 0, even, 1.0)", "1.0  ->  2.0"): (
        "all weekdays are then alike, and are set over their mean"
    ),
    (
        "indicators/demand.py",
        "return np.asarray(np.asarray(above, dtype=np.float64) / np.where(bottom > 0, bottom, 1))",
        "1  ->  2",
    ): "nothing over anything is nothing",
}
REASONS: dict[Named, str] = {
    **IN_MEMORY,
    **IN_GRIDS,
    **IN_STORES,
    ("indicators/grid_builder.py", "used: int = 0", "0  ->  1"): "a blank row that no unit points to",
    (
        "indicators/grid_builder.py",
        "if height <= len(self.values) and before == 0 and width <= self.values.shape[1]:",
        "before == 0  ->  before != 0",
    ): "room is then made where there is enough: slower, and the same",
    (
        "indicators/coverage.py",
        "high = (hierarchy.levels[positions] < self.level) & (hierarchy.branch_of[positions] >= 0)",
        "hierarchy.levels[positions] < self.level  ->  hierarchy.levels[positions] <= self.level",
    ): "of a place's own level its subtree holds the place alone",
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
