import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow.dataset as ds
import pytest
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError

from loaders import snapshot_keeping
from loaders.frames import KEYS, canonical, empty
from loaders.snapshot import Snapshot, SnapshotError, Snapshots
from loaders.snapshot_keeping import prune, to_keep
from loaders.snapshot_writer import Busy, Writer

ABOUT = {"synced_at": "2019-10-01T00:00:00+00:00"}


def values(*rows: tuple[str, int, float]) -> pd.DataFrame:
    """Values of one item and measure: (unit, month, number)."""
    frame = pd.DataFrame(rows, columns=["org_unit", "month", "value"])
    about = {"item": "pill", "measure": "consumed", "months": 1, "state": "reported", "source": "LMIS"}
    moment = pd.Timestamp("2019-09-05", tz="UTC")
    return canonical("values", frame.assign(**about, updated_at=moment, stored_by="awa"))


def numbers(snapshot) -> dict[tuple[str, int], float]:
    frame = snapshot.read("values")
    return dict(zip(zip(frame["org_unit"], frame["month"], strict=True), frame["value"], strict=True))


@pytest.fixture
def snapshots(tmp_path) -> Snapshots:
    return Snapshots(tmp_path / "snapshot")


def write(snapshots: Snapshots, frame: pd.DataFrame) -> int:
    with Writer(snapshots) as writer:
        writer.replace("values", frame)
        return writer.publish(ABOUT).version


def test_there_is_no_version_before_the_first_one(snapshots):
    assert snapshots.current() is None
    assert snapshots.versions() == []


def test_what_was_written_is_read_back_with_its_types(snapshots):
    frame = values(("a", 201901, 3.0), ("b", 201812, 0.5))
    write(snapshots, frame)
    read = snapshots.current().read("values")
    assert read.dtypes.astype(str).tolist() == frame.dtypes.astype(str).tolist()
    assert numbers(snapshots.current()) == {("a", 201901): 3.0, ("b", 201812): 0.5}
    assert snapshots.current().rows("values") == 2


def test_an_empty_table_has_its_columns_and_types(snapshots):
    write(snapshots, values())
    read = snapshots.current().read("values", ["org_unit", "value"])
    assert read.columns.tolist() == ["org_unit", "value"]
    assert str(read["value"].dtype) == "float64"


def test_changes_by_key_replace_add_and_take_away(snapshots):
    write(snapshots, values(("a", 201901, 1), ("b", 201901, 2), ("c", 201812, 3)))
    with Writer(snapshots) as writer:
        gone = values(("b", 201901, 0))[list(KEYS["values"])]
        writer.merge("values", values(("a", 201901, 9), ("d", 202001, 4)), gone)
        writer.publish(ABOUT)
    assert numbers(snapshots.current()) == {("a", 201901): 9, ("c", 201812): 3, ("d", 202001): 4}


def pour(writer: Writer, *frames: pd.DataFrame) -> None:
    for frame in frames:
        writer.behind(partial(writer.pour, "values", frame))
    writer.behind(partial(writer.fill, "values"))


def test_what_changes_have_stored_can_be_chosen_by_a_column_that_is_not_read(snapshots):
    write(snapshots, values(("a", 201901, 1), ("b", 201901, 2)))
    with Writer(snapshots) as writer:
        writer.merge("values", values(("b", 201901, 5), ("c", 201901, 3)), values()[list(KEYS["values"])])
        writer.publish(ABOUT)
    found = snapshots.current().read("values", ["month", "value"], where=ds.field("org_unit") == "b")
    assert found["value"].tolist() == [5]


def test_a_table_that_is_poured_becomes_exactly_what_was_poured(snapshots):
    with Writer(snapshots) as writer:
        pour(writer, values(("a", 201901, 1), ("b", 201802, 2)), values(("c", 201903, 4)))
        writer.publish(ABOUT)
    assert numbers(snapshots.current()) == {("a", 201901): 1, ("b", 201802): 2, ("c", 201903): 4}
    with Writer(snapshots) as writer:
        pour(writer, values(("d", 202001, 9)))
        writer.publish(ABOUT)
    assert numbers(snapshots.current()) == {("d", 202001): 9}
    assert numbers(snapshots.at(1)) == {("a", 201901): 1, ("b", 201802): 2, ("c", 201903): 4}


def test_a_poured_table_has_the_types_and_the_nulls_of_one_that_was_replaced(snapshots):
    frame = canonical(
        "values", values(("a", 201901, 3.0), ("b", 201812, 0.5)).assign(stored_by=["awa", None])
    )
    with Writer(snapshots) as writer:
        pour(writer, frame)
        writer.publish(ABOUT)
    poured = snapshots.current().read("values")
    assert poured.dtypes.astype(str).tolist() == frame.dtypes.astype(str).tolist()
    write(snapshots, frame)
    replaced = snapshots.current().read("values")
    pd.testing.assert_frame_equal(
        poured.sort_values("month", ignore_index=True),
        replaced.sort_values("month", ignore_index=True),
        check_categorical=False,
    )


def test_a_table_of_an_earlier_program_takes_the_columns_that_are_poured(snapshots):
    write(snapshots, values(("a", 201901, 1)))
    path = snapshots.folder / "tables" / "values"
    before = DeltaTable(path).to_pyarrow_table().drop_columns(["stored_by"])
    write_deltalake(path, before, mode="overwrite", schema_mode="overwrite", partition_by=["year"])
    manifest = json.loads((snapshots.folder / "manifest.json").read_text())
    manifest["tables"]["values"]["version"] = DeltaTable(path).version()
    snapshots.publish(manifest)
    with Writer(snapshots) as writer:
        pour(writer, values(("b", 201901, 2)))
        writer.publish(ABOUT)
    assert snapshots.current().read("values")["stored_by"].tolist() == ["awa"]


def test_nothing_poured_shows_before_it_is_filled_and_published(snapshots):
    write(snapshots, values(("a", 201901, 1)))
    with Writer(snapshots) as writer:
        writer.pour("values", values(("b", 201901, 2)))
    with Writer(snapshots) as writer:
        pour(writer, values(("c", 201901, 3)))
        assert writer.preview().rows("values") == 1
    assert numbers(snapshots.current()) == {("a", 201901): 1}


def test_a_poured_table_without_rows_is_there(snapshots):
    with Writer(snapshots) as writer:
        pour(writer, values())
        writer.publish(ABOUT)
    assert numbers(snapshots.current()) == {}
    with Writer(snapshots) as writer:
        writer.merge("values", values(("a", 201901, 1)), values())
        writer.publish(ABOUT)
    assert numbers(snapshots.current()) == {("a", 201901): 1}


def test_nothing_shows_before_it_is_published(snapshots):
    write(snapshots, values(("a", 201901, 1)))
    with Writer(snapshots) as writer:
        writer.replace("values", values(("a", 201901, 2)))
        assert numbers(snapshots.current()) == {("a", 201901): 1}
    assert numbers(snapshots.current()) == {("a", 201901): 1}


def test_what_is_written_behind_is_there_once_it_is_previewed_or_published(snapshots):
    with Writer(snapshots) as writer:
        pour(writer, values(("a", 201901, 3.0)), values(("b", 201812, 0.5)), values(("c", 201812, 1.5)))
        assert writer.preview().rows("values") == 3
        writer.publish(ABOUT)
    expected = {("a", 201901): 3.0, ("b", 201812): 0.5, ("c", 201812): 1.5}
    assert numbers(snapshots.current()) == expected
    assert snapshots.current().rows("values") == 3


def test_what_could_not_be_written_behind_is_raised_and_nothing_is_published(snapshots):
    write(snapshots, values(("a", 201901, 3.0)))
    with Writer(snapshots) as writer:
        (snapshots.folder / "tables" / "parts").write_text("a file where a folder should be")
        writer.behind(partial(writer.replace, "parts", empty("parts")))
        with pytest.raises((OSError, DeltaError)):
            writer.publish(ABOUT)
    assert snapshots.current().version == 1


@pytest.mark.parametrize("way", ["replace", "pour", "merge"])
def test_the_manifest_counts_the_rows_that_the_table_has(snapshots, way):
    write(snapshots, values(("a", 201901, 3.0), ("b", 201812, 0.5)))
    with Writer(snapshots) as writer:
        if way == "merge":
            writer.merge("values", values(("c", 201901, 1.0)), values(("a", 201901, 0.0)))
        elif way == "pour":
            pour(writer, values(("c", 201901, 1.0)), values(("d", 201702, 2.0)))
        else:
            writer.replace("values", values(("c", 201901, 1.0)))
        writer.publish(ABOUT)
    assert snapshots.current().rows("values") == len(snapshots.current().read("values"))


def test_what_an_abandoned_writer_left_is_not_built_upon(snapshots):
    write(snapshots, values(("a", 201901, 1)))
    with Writer(snapshots) as writer:
        writer.replace("values", values(("a", 201901, 2), ("b", 201901, 2)))
    with Writer(snapshots) as writer:
        writer.merge("values", values(("c", 201901, 3)), values()[list(KEYS["values"])])
        writer.publish(ABOUT)
    assert numbers(snapshots.current()) == {("a", 201901): 1, ("c", 201901): 3}


def test_an_earlier_version_is_read_as_it_was(snapshots):
    first = write(snapshots, values(("a", 201901, 1)))
    second = write(snapshots, values(("a", 201901, 2)))
    assert numbers(snapshots.at(first)) == {("a", 201901): 1}
    assert numbers(snapshots.at(second)) == {("a", 201901): 2}
    assert snapshots.known_on(datetime.now(UTC)).version == second
    assert snapshots.known_on(datetime(2000, 1, 1, tzinfo=UTC)) is None


def test_a_version_that_is_not_kept_is_named_with_those_that_are(snapshots):
    write(snapshots, values(("a", 201901, 1)))
    with pytest.raises(SnapshotError, match=r"version 7 is not kept .* there are: 1"):
        snapshots.at(7)


def test_publishing_without_a_change_confirms_the_version(snapshots):
    version = write(snapshots, values(("a", 201901, 1)))
    with Writer(snapshots) as writer:
        again = writer.publish({"synced_at": "2019-11-01T00:00:00+00:00"})
    assert again.version == version
    assert snapshots.current().synced_at.month == 11


def test_a_second_writer_is_told_who_is_at_work(snapshots):
    with (
        Writer(snapshots),
        pytest.raises(Busy, match=r"another sync .*process \d+, since"),
        Writer(snapshots),
    ):
        pass


def damage(path: Path) -> None:
    path.write_text("{", encoding="utf-8")


def test_the_newest_whole_manifest_stands_in_for_a_damaged_one_until_the_next_sync(snapshots):
    write(snapshots, values(("a", 201901, 1)))
    write(snapshots, values(("a", 201901, 2)))
    damage(snapshots.folder / "manifest.json")
    assert numbers(snapshots.current()) == {("a", 201901): 2.0}
    damage(snapshots.folder / "manifests" / "000002.json")
    assert numbers(snapshots.current()) == {("a", 201901): 1.0}
    write(snapshots, values(("a", 201901, 3)))
    assert prune(snapshots) == []
    assert numbers(snapshots.current()) == {("a", 201901): 3.0}


def test_a_snapshot_without_a_whole_manifest_says_what_to_do(snapshots):
    write(snapshots, values(("a", 201901, 1)))
    damage(snapshots.folder / "manifest.json")
    damage(snapshots.folder / "manifests" / "000001.json")
    with pytest.raises(SnapshotError, match=r"damaged .*Remove it and run `python app.py sync`"):
        snapshots.current()
    (snapshots.folder / "manifest.json").unlink()
    write(snapshots, values(("a", 201901, 2)))
    assert numbers(snapshots.current()) == {("a", 201901): 2.0}


def test_a_snapshot_of_another_format_is_refused(snapshots):
    write(snapshots, values(("a", 201901, 1)))
    path = snapshots.folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}), encoding="utf-8")
    with pytest.raises(SnapshotError, match="format 99"):
        snapshots.current()


def test_a_lost_file_of_a_table_says_how_to_get_it_back(snapshots):
    write(snapshots, values(("a", 201901, 1)))
    for file in (snapshots.folder / "tables" / "values").rglob("*.parquet"):
        file.unlink()
    with pytest.raises(SnapshotError, match=r"(?s)'values' .* sync --full"):
        snapshots.current().read("values")


def test_recent_versions_the_current_one_and_the_last_of_each_month_are_kept():
    now = datetime(2019, 9, 20, tzinfo=UTC)
    days = {1: (3, 5), 2: (3, 30), 3: (9, 1), 4: (9, 10), 5: (9, 19), 6: (9, 20)}
    made = [(number, datetime(2019, *day, tzinfo=UTC)) for number, day in days.items()]
    assert to_keep(made, now) == {2, 5, 6}


def test_files_of_forgotten_versions_go_and_kept_ones_stay_readable(snapshots, monkeypatch):
    monkeypatch.setattr(snapshot_keeping, "READERS_HAVE", timedelta(0))
    for number in range(4):
        write(snapshots, values(("a", 201901, number)))
    for number, day in ((1, "01"), (2, "02")):
        path = snapshots.folder / "manifests" / f"{number:06d}.json"
        made = f"2019-03-{day}T00:00:00+00:00"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"created_at": made}), encoding="utf-8")
    files = len(list(snapshots.folder.rglob("*.parquet")))
    assert prune(snapshots) == [1]
    assert len(list(snapshots.folder.rglob("*.parquet"))) == files - 1
    assert [numbers(snapshots.at(number)) for number in (2, 3, 4)] == [{("a", 201901): n} for n in (1, 2, 3)]


def test_a_column_that_an_earlier_program_did_not_write_is_empty(snapshots):
    write(snapshots, values(("a", 201901, 5.0)))
    table = snapshots.folder / "tables" / "values"
    older = DeltaTable(table).to_pyarrow_table().drop_columns(["stored_by"])
    how = {"mode": "overwrite", "schema_mode": "overwrite", "partition_by": ["year"]}
    write_deltalake(table, older, **how)
    manifest = {"version": 2, "tables": {"values": {"version": DeltaTable(table).version(), "rows": 1}}}
    read = Snapshot(snapshots.folder, manifest).read("values")
    assert read["stored_by"].isna().all()
    assert read["value"].tolist() == [5.0]
