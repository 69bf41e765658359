"""Faults that change nothing anybody could see, each with the reason; they are in no score.

A fault is named by its module, the line that it is in and its words: it is found again where lines move.
"""

from __future__ import annotations

from bench.mutants import Mutant
from bench.mutants_without_effect_quality import IN_QUALITY

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
    **{
        (f"indicators/{module}.py", f"{name} = 1 << {power}", what): SLOWER
        for module, name, power in (("panel", "BLOCK", 16), ("robust", "_BLOCK", 18))
        for what in ("1  ->  2", f"{power}  ->  {power + 1}", f"1 << {power}  ->  1 >> {power}")
    },
    ("indicators/grid_builder.py", "SLICE = 1 << 21", "1  ->  2"): SLOWER,
    ("indicators/grid_builder.py", "SLICE = 1 << 21", "21  ->  22"): SLOWER,
    **{
        ("indicators/rollup.py", "KEPT_BYTES, NEAR_BYTES = 256 << 20, 512 << 20", what): SLOWER
        for what in (
            "256  ->  257",
            "512  ->  513",
            "256 << 20  ->  256 >> 20",
            "512 << 20  ->  512 >> 20",
            "20  ->  21",
        )
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
    **IN_QUALITY,
    (
        "indicators/aberration_forms.py",
        "return np.asarray(of_item[:, None] * (len(_SIZES) + 1) + size, dtype=np.intp)",
        "1  ->  2",
    ): "each item and size has a number of its own either way",
    ("indicators/aberration_mistakes.py", "_SMALL, _LARGEST = 1 << 10, 1 << 40", "10  ->  11"): SLOWER,
    ("indicators/aberration_mistakes.py", "_SMALL, _LARGEST = 1 << 10, 1 << 40", "40  ->  41"): (
        "no figure is as large as either"
    ),
    ("indicators/discordance.py", "number = int(groups.max(initial=-1)) + 1", "-1  ->  +1"): (
        "more groups, that no series is in"
    ),
    (
        "indicators/hierarchy.py",
        "if len(branch) and branch.min() >= 0:",
        "0  ->  1",
    ): "the sums of the first branch are then found the longer way: the same",
    (
        "indicators/stockout_adjustment.py",
        "if (room <= 0).all():",
        "room <= 0  ->  room < 0",
    ): "of a month that no room is left for nothing is taken",
    (
        "indicators/stockout_adjustment.py",
        "return np.where(enough, MONTH * total / np.where(left > 0, left, 1), np.nan)",
        "1  ->  2",
    ): "nothing over anything is nothing",
    (
        "indicators/disappearing.py",
        'if row["chance"] <= LEVEL:',
        "row['chance'] <= LEVEL  ->  row['chance'] < LEVEL",
    ): "a chance is a sum of powers of one half: never one in twenty",
    ("indicators/cells.py", "np.where(none, -1, laid.begins),", "-1  ->  +1"): (
        "a month of which no report is due has no figure: nobody asks where its report begins"
    ),
    **{
        ("indicators/robust.py", "size = max(1, _BLOCK // max(1, values.shape[1] * width))", what): SLOWER
        for what in (
            "1  ->  2",
            "_BLOCK // max(1, values.shape[1] * width)  ->  _BLOCK * max(1, values.shape[1] * width)",
        )
    },
    (
        "indicators/populations.py",
        "last = np.where(closed.isna(), 1 << 30, closed.dt.year * YEAR + closed.dt.month - 1)",
        "30  ->  31",
    ): "later than any month",
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
