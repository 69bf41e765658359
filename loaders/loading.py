"""Raw values on their way into the snapshot's tables: judged as they come, written when there are enough.

Tables are written behind, while the next rows are judged: what is in memory is a few batches of at most
a million rows, however large the country.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from loaders.changes import summed, together
from loaders.frames import empty
from loaders.intake import Judge
from loaders.mapping import Mapping
from loaders.puller import Piece
from loaders.reports import told
from loaders.snapshot_writer import Writer
from loaders.values import to_frame

ENOUGH = 1_000_000
# The first few files are smaller, so that a small country's are written while the rest is on its way.
EARLY, FIRST = 2, 100_000
WORTH_JUDGING = 100_000  # fewer at a time cost more each


class Loading:
    """Writes a full pull's values.

    The parts of a sum are of one element, unit and period, so they come in one chunk.

    Args:
        writer: of the version that is being made.
        judge: tells good rows from bad ones.
        mapping: which item is of which form, and which element of which data set.

    Attributes:
        rows: canonical rows of `values` so far.
    """

    def __init__(self, writer: Writer, judge: Judge, mapping: Mapping) -> None:
        self._writer, self._judge, self._homes = writer, judge, mapping.homes
        elements, owners = mapping.cells["element"], mapping.cells["data_set"]
        self._owner: dict[str, str] = dict(zip(elements, owners, strict=True))
        self._waiting: dict[str, list[pd.DataFrame]] = {"values": [], "parts": []}
        self._begun: Counter[str] = Counter()
        self._raw: list[pa.Table] = []
        self._rejected: list[pd.DataFrame] = []
        self._told: list[pd.DataFrame] = []
        self.rows = 0

    def take(self, pieces: Sequence[Piece]) -> None:
        """Judge the raw rows of some chunks, and write when there are enough."""
        self._raw += [self._own(piece) for piece in pieces]
        if sum(map(len, self._raw)) >= WORTH_JUDGING:
            self._settle()

    def _own(self, piece: Piece) -> pa.Table:
        """A piece's rows without those of other forms: an element of two forms comes with either of them."""
        column = piece.raw["dataelement"].unify_dictionaries()
        there = column.chunk(0).dictionary.to_pylist() if column.num_chunks else []
        foreign = [name for name in there if self._owner.get(name, piece.data_sets[0]) not in piece.data_sets]
        if not foreign:
            return piece.raw
        return piece.raw.filter(pc.invert(pc.is_in(column.cast(pa.string()), pa.array(foreign))))

    def _settle(self) -> None:
        intake = self._judge.judge(to_frame(self._raw))
        self._raw = []
        values = together("values", [intake.values, summed(intake.parts)])
        self.rows += len(values)
        self._told.append(told(values, self._homes))
        self._rejected.append(intake.rejected)
        for table, frame in (("values", values), ("parts", intake.parts)):
            self._waiting[table].append(frame)
            if sum(map(len, self._waiting[table])) >= (FIRST if self._begun[table] < EARLY else ENOUGH):
                self._write(table)

    def end(self) -> None:
        """Write the rest; the tables are exactly what was taken once the writer has settled."""
        if self._raw:
            self._settle()
        for table, waiting in self._waiting.items():
            if waiting or table not in self._begun:
                self._write(table)
            self._writer.behind(partial(self._writer.fill, table))

    @property
    def rejected(self) -> pd.DataFrame:
        """What was kept aside."""
        return together("rejected", self._rejected)

    @property
    def told(self) -> pd.DataFrame:
        """Every report that has a value, once; columns as `loaders.reports.told`."""
        known = self._told or [told(empty("values"), self._homes)]
        return pd.concat(known).drop_duplicates(ignore_index=True)

    def _write(self, table: str) -> None:
        frame = together(table, self._waiting[table])
        self._waiting[table] = []
        self._writer.behind(partial(self._writer.pour, table, frame))
        self._begun[table] += 1
