import pandas as pd
import pyarrow as pa
import pytest

from loaders.batch import COLUMNS
from loaders.intake import Judge
from loaders.loading import Loading
from loaders.mapping import resolve
from loaders.puller import Piece
from loaders.snapshot import Snapshots
from loaders.snapshot_writer import Writer
from loaders.values import TYPES
from tests.loaders.metadata_of_forms import UNITS, a_care_form, a_country, a_stock_form, metadata, raw_value


@pytest.fixture
def writer(tmp_path):
    with Writer(Snapshots(tmp_path / "snapshot")) as writer:
        yield writer


@pytest.fixture
def loading(writer) -> Loading:
    known = metadata()
    mapping = resolve(a_country(a_stock_form(), a_care_form()), known)
    return Loading(writer, Judge(mapping, UNITS, known.elements), mapping)


def a_piece(data_set: str, *rows: dict) -> Piece:
    columns = {name: pa.array([row[name] for row in rows], TYPES[name]) for name in COLUMNS}
    return Piece((data_set,), pa.table(columns), 1, 1, None)


def written(writer: Writer, table: str = "values") -> pd.DataFrame:
    return writer.preview().read(table)


def test_an_element_of_two_forms_is_loaded_once_with_its_own_form(loading, writer):
    loading.take([a_piece("dsC", raw_value(), raw_value(period="2019Q1")), a_piece("dsS", raw_value())])
    loading.end()
    assert written(writer)["month"].tolist() == [201901]
    assert loading.rejected.empty


def test_batches_that_are_written_one_after_the_other_are_one_table(loading, writer, monkeypatch):
    monkeypatch.setattr("loaders.loading.WORTH_JUDGING", 1)
    monkeypatch.setattr("loaders.loading.ENOUGH", 1)
    for period in ("201901", "201902", "201903"):
        loading.take([a_piece("dsS", raw_value(period=period), raw_value(period=period, value="many"))])
    loading.end()
    assert sorted(written(writer)["month"]) == [201901, 201902, 201903]
    assert loading.rows == 3
    assert sorted(loading.rejected["month"]) == [201901, 201902, 201903]
    assert sorted(loading.told["month"]) == [201901, 201902, 201903]


def test_a_pull_without_values_leaves_empty_tables(loading, writer):
    loading.end()
    assert written(writer).empty
    assert written(writer, "parts").empty
    assert loading.told.empty


def test_parts_of_one_cell_are_summed_when_they_come(loading, writer):
    ages = [
        raw_value(dataelement="seen", categoryoptioncombo=age, value=v)
        for age, v in (("young", "2"), ("old", "5"))
    ]
    loading.take([a_piece("dsC", *ages)])
    loading.end()
    assert written(writer)["value"].tolist() == [7]
    assert sorted(written(writer, "parts")["value"]) == [2, 5]
