"""Raw data values as DHIS2 sends them in CSV, read into Arrow tables and frames."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from loaders.bodies import Answer, cut_off, page_instead, require_content

KEYS = ("dataelement", "period", "orgunit", "categoryoptioncombo", "attributeoptioncombo")
CATEGORIES = (*KEYS, "storedby", "lastupdated", "comment")
FLAGS = ("followup", "deleted")
COLUMNS = (*KEYS, "value", "storedby", "lastupdated", "comment", *FLAGS)
CATEGORY = pa.dictionary(pa.int32(), pa.string())
TYPES = dict.fromkeys(CATEGORIES, CATEGORY) | {"value": pa.string()} | {name: pa.bool_() for name in FLAGS}
BLOCK = 16 << 20
NO_VALUES = pa.table({name: pa.array([], TYPES[name]) for name in COLUMNS})


def read_values(answer: Answer, columns: Sequence[str] = COLUMNS) -> pa.Table:
    """The data values in a CSV answer of ``/api/dataValueSets``.

    Args:
        answer: The answer.
        columns: Those wanted; each takes its time.

    Returns:
        One row a value: ``dataelement, period, orgunit, categoryoptioncombo, attributeoptioncombo, storedby,
        lastupdated, comment`` (dictionaries of text), ``value`` (text), ``followup``, ``deleted`` (bool; not
        set is False).

    Raises:
        NotPermitted: The body is empty: one may not see these units.
        BadAnswer: It is a web page, or lacks its end.
    """
    require_content(answer)
    body = answer.body
    if answer.is_page():
        raise page_instead(answer.asked)
    if not body.lstrip(b'"').startswith(b"dataelement"):
        raise cut_off(answer.asked, "it does not begin with the head of a CSV of values")
    if not body.endswith(b"\n"):
        raise cut_off(answer.asked, f"its last line has no end, after {len(body):,} bytes")
    table = _parse(answer, columns)
    for name in set(FLAGS).intersection(columns):
        column = table.schema.get_field_index(name)
        table = table.set_column(column, name, pc.fill_null(table.column(name), False))
    return table


def to_frame(tables: Sequence[pa.Table]) -> pd.DataFrame:
    """Tables of values one after the other as a frame, dictionaries as categories."""
    whole = pa.concat_tables([NO_VALUES.select(tables[0].column_names), *tables]) if tables else NO_VALUES
    frame: pd.DataFrame = whole.unify_dictionaries().to_pandas()
    return frame


def _parse(answer: Answer, columns: Sequence[str]) -> pa.Table:
    conversion = csv.ConvertOptions(
        column_types=TYPES,
        include_columns=columns,
        include_missing_columns=True,
        null_values=["", "null"],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )
    # Comments may hold line breaks, inside quotes; without any quote the parser may go faster.
    layout = csv.ParseOptions(newlines_in_values=b'"' in answer.body)
    try:
        return csv.read_csv(
            pa.BufferReader(answer.body),
            read_options=csv.ReadOptions(block_size=BLOCK, use_threads=False),
            parse_options=layout,
            convert_options=conversion,
        )
    except pa.ArrowInvalid as error:
        raise cut_off(answer.asked, f"its CSV cannot be read ({error})") from error
