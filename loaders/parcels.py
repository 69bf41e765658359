"""Rows of a large table on their way into it: Parquet files as they come, joined in one Delta transaction.

A commit for every few rows would cost more than the rows. What was written and never joined is in no version
of the table; `loaders.snapshot_keeping` removes it.
"""

import json
import time
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable, Schema
from deltalake.transaction import AddAction, create_table_with_add_actions

SIFTED_BY = ["month"]  # by whose least and greatest value a reader leaves parts of a file out
LEVEL = 1


class Parcels:
    """Files that will be a table.

    Args:
        folder: the table's.
        split_by: a column of whole numbers; each of its values has files of its own. Empty for none.
        settings: of the Delta table, should it not exist yet.
    """

    def __init__(self, folder: Path, split_by: str, settings: dict[str, str]) -> None:
        self._folder, self._split_by, self._settings = folder, split_by, settings
        self._files: list[AddAction] = []
        self._schema: pa.Schema | None = None
        self.rows = 0

    def add(self, data: pa.Table) -> None:
        """Write rows; nobody sees them yet.

        Args:
            data: columns of the table; repeated texts may be dictionaries.
        """
        self._schema, self.rows = data.schema, self.rows + len(data)
        if not self._split_by:
            self._write(data, {})
            return
        of_each = data.column(self._split_by)
        for value in sorted(pc.unique(of_each).to_pylist()):
            rows = data.filter(pc.equal(of_each, value)).drop_columns([self._split_by])
            self._write(rows, {self._split_by: str(value)})

    def join(self, stored: DeltaTable | None) -> None:
        """Make these rows, and no others, the table's next version.

        Args:
            stored: the table as it is; None when there is none yet.
        """
        if self._schema is None:
            raise ValueError(f"nothing was added to {self._folder}")
        schema, parts = _plain(self._schema), [self._split_by] if self._split_by else []
        if stored is None:
            create_table_with_add_actions(
                str(self._folder), schema, self._files, "overwrite", parts, configuration=self._settings
            )
        else:
            stored.create_write_transaction([*self._files], "overwrite", schema, parts)

    def _write(self, data: pa.Table, where: dict[str, str | None]) -> None:
        folders = [f"{column}={value}" for column, value in where.items()]
        name = "/".join([*folders, f"part-{uuid4()}.parquet"])
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            data, path, compression="zstd", compression_level=LEVEL, write_statistics=SIFTED_BY,
            store_schema=False,
        )  # fmt: skip
        size, now = path.stat().st_size, int(time.time() * 1000)
        self._files.append(AddAction(name, size, where, now, True, json.dumps({"numRecords": len(data)})))


def _plain(schema: pa.Schema) -> Schema:
    """The same without dictionaries, which are a matter of storage."""
    fields = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in schema
    ]
    return Schema.from_arrow(pa.schema(fields))
