"""Raw data values as DHIS2 sends them in CSV, read into frames."""

from __future__ import annotations

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
CONVERSION = csv.ConvertOptions(
    column_types=TYPES,
    include_columns=COLUMNS,
    include_missing_columns=True,
    null_values=["", "null"],
    strings_can_be_null=True,
    quoted_strings_can_be_null=True,
)
BLOCK = 16 << 20


def read_values(answer: Answer) -> pd.DataFrame:
    """The data values in a CSV answer of ``/api/dataValueSets``.

    Returns:
        One row a value: ``dataelement, period, orgunit, categoryoptioncombo, attributeoptioncombo, storedby,
        lastupdated, comment`` (categories of text), ``value`` (text), ``followup``, ``deleted`` (bool).

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
    return to_frame(_parse(answer))


def to_frame(table: pa.Table) -> pd.DataFrame:
    """TABLE of values as a frame; flags that are not set are False."""
    for name in FLAGS:
        column = table.schema.get_field_index(name)
        table = table.set_column(column, name, pc.fill_null(table.column(name), False))
    frame: pd.DataFrame = table.unify_dictionaries().to_pandas()
    return frame


def no_values() -> pd.DataFrame:
    """A frame of values without rows."""
    return to_frame(pa.table({name: pa.array([], TYPES[name]) for name in COLUMNS}))


def _parse(answer: Answer) -> pa.Table:
    # Comments may hold line breaks, inside quotes; without any quote the parser may go faster.
    layout = csv.ParseOptions(newlines_in_values=b'"' in answer.body)
    try:
        return csv.read_csv(
            pa.BufferReader(answer.body),
            read_options=csv.ReadOptions(block_size=BLOCK, use_threads=False),
            parse_options=layout,
            convert_options=CONVERSION,
        )
    except pa.ArrowInvalid as error:
        raise cut_off(answer.asked, f"its CSV cannot be read ({error})") from error
