"""Values that the client reads from a DHIS2, whatever its answers look like."""

import gzip
import itertools
from datetime import UTC, datetime

import pytest

from loaders.chunks import Chunk
from loaders.dhis2 import ValueQuery
from loaders.errors import NotPermitted, TooMuch
from loaders.spans import Span
from tests.loaders.answered_values import HEAD, SHAPE, VALUES, YEAR, a_row, all_values, as_csv, keys
from tests.loaders.scripted_server import SYSTEM, Reply, as_json, refusal


def test_values_come_compressed_as_a_frame(server, client):
    all_values(server)
    frame = client.all_values(YEAR, SHAPE)
    assert len(frame) == 2 * 12 * 2
    assert frame["value"].dtype == "str"
    assert {str(frame[name].dtype) for name in ("dataelement", "period", "orgunit", "lastupdated")} == {
        "category"
    }
    assert frame["deleted"].dtype == frame["followup"].dtype == "bool"
    assert not frame["deleted"].any()
    assert server.asked(VALUES)[0].all("compression") == ["gzip"]
    assert server.asked(VALUES)[0].all("attachment")[0].endswith(".csv.gz")


def test_values_come_plain_where_the_server_compresses_nothing(server, client):
    server.on(VALUES, as_csv(a_row()))
    assert list(client.all_values(YEAR, SHAPE)["value"]) == ["12"]


def test_values_come_plain_where_the_compressed_answer_is_broken_each_time(server, client):
    def answer(seen):
        reply = as_csv(a_row(), packed=bool(seen.all("compression")))
        return Reply(reply.body[:-5]) if seen.all("compression") else reply

    server.on(VALUES, answer)
    assert list(client.all_values(YEAR, SHAPE)["value"]) == ["12"]


@pytest.mark.parametrize("packed", [False, True])
def test_no_values_are_an_empty_frame_of_the_same_columns(server, client, packed):
    server.on(VALUES, as_csv(packed=packed))
    empty = client.all_values(YEAR, SHAPE)
    server.on(VALUES, as_csv(a_row(), packed=packed))
    full = client.all_values(YEAR, SHAPE)
    assert len(empty) == 0
    assert list(empty.columns) == list(full.columns)
    assert [str(kind) for kind in empty.dtypes] == [str(kind) for kind in full.dtypes]


@pytest.mark.parametrize("body", [b"", b"\n", gzip.compress(b"")], ids=["none", "a line", "packed"])
def test_an_empty_answer_is_not_permitted_and_never_no_values(server, client, body):
    server.on(VALUES, Reply(body))
    with pytest.raises(NotPermitted, match="unit"):
        client.all_values(YEAR, SHAPE)


@pytest.mark.parametrize(
    "body",
    [
        (HEAD + a_row() + a_row()[:-1]).encode(),
        (HEAD + a_row() + "one,201902,nor\n").encode(),
        HEAD[:30].encode(),
        b'{"dataValues":[]}\n',
        gzip.compress((HEAD + a_row()).encode())[:-4],
    ],
    ids=["in the last line", "in a row", "in the head", "another format", "packed"],
)
def test_a_csv_that_lacks_its_end_is_asked_for_again(server, client, body):
    server.on(VALUES, Reply(body, framing="close"), as_csv(a_row(), a_row("two"), packed=True))
    assert len(client.all_values(YEAR, SHAPE)) == 2
    assert client.report.kinds() == {"cut off": 1}


def test_comments_keep_their_commas_quotes_and_line_breaks(server, client):
    server.on(VALUES, as_csv(a_row(comment='"counted ""twice"",\nthen again"'), a_row("two", value="")))
    frame = client.all_values(YEAR, SHAPE)
    assert frame["comment"][0] == 'counted "twice",\nthen again'
    assert frame["comment"].isna().tolist() == [False, True]
    assert frame["value"].isna().tolist() == [False, True]


def test_what_is_too_much_for_the_server_is_asked_for_in_parts_and_comes_whole(server, client):
    answer = all_values(server)
    whole = keys(client.all_values(YEAR, SHAPE))

    def stingy(seen):
        reply = answer(seen)
        much = len(gzip.decompress(reply.body).splitlines()) > 4
        return next(refusals) if much else reply

    refusals = itertools.cycle([refusal(409, "E7131"), Reply(b"", 414), Reply(b"", 504), Reply(wait=0.5)])
    server.on(VALUES, stingy)
    assert keys(client.all_values(YEAR, SHAPE)) == whole
    assert "asked in smaller parts" in {fault.outcome for fault in client.report.faults}


def test_a_value_that_not_even_a_single_cell_brings_is_an_error(server, client):
    server.on(VALUES, Reply(b"", 414))
    with pytest.raises(TooMuch):
        client.all_values(YEAR, SHAPE)


def test_each_part_says_which_forms_days_and_units_it_covers(server, client):
    all_values(server)
    plan = client.plan_values(YEAR, SHAPE)
    pulled = list(client.values(plan))
    assert {chunk.data_sets for chunk, _ in pulled} == {("form",)}
    assert (min(chunk.start for chunk, _ in pulled), max(chunk.end for chunk, _ in pulled)) == (
        YEAR.start,
        YEAR.end,
    )


def test_without_units_the_accounts_own_view_is_asked_for(server, client):
    places = [{"id": "unit", "path": "/unit", "level": 1}]
    server.on("/api/me", as_json({"id": "x", "username": "awa", "organisationUnits": places}))
    all_values(server)
    client.all_values(ValueQuery(("form",), YEAR.start, YEAR.end), SHAPE)
    assert server.asked(VALUES)[0].all("orgUnit") == ["unit"]


def test_changes_are_asked_by_the_servers_clock_with_overlap_deletions_and_a_date_range(server, client):
    server.on("/api/system/info", as_json(SYSTEM | {"serverTimeZoneId": "Africa/Nairobi"}))
    server.on(VALUES, as_csv(a_row(), a_row("two", deleted="true"), packed=True))
    since = datetime(2019, 6, 1, 12, 0, tzinfo=UTC)
    frame = client.values_changed_since(since, YEAR, SHAPE)
    assert frame.set_index("dataelement")["deleted"].to_dict() == {"one": False, "two": True}
    asked = server.asked(VALUES)[0]
    assert asked.all("lastUpdated") == [
        "2019-06-01T14:00:00.000"
    ]  # 12:00 UTC is 15:00 in Nairobi, less an hour
    assert asked.all("includeDeleted") == ["true"]
    assert (asked.all("startDate"), asked.all("endDate")) == (["2019-01-01"], ["2019-12-31"])
    assert asked.all("children") == ["true"]


def test_changes_too_many_for_one_answer_come_in_parts(server, client):
    def stingy(seen):
        if len(seen.all("orgUnit")) > 1 or (seen.all("children") and seen.all("orgUnit") == ["unit"]):
            return Reply(b"", 504)
        return as_csv(*[a_row(unit=unit) for unit in seen.all("orgUnit") if unit != "unit"])

    server.on(VALUES, stingy)
    changed = client.values_changed_since(datetime(2019, 6, 1, tzinfo=UTC), YEAR, SHAPE)
    assert sorted(changed["orgunit"]) == ["north", "south"]


def test_a_chunk_tells_in_words_what_it_asks_for():
    chunk = Chunk(
        ("form",), (Span(YEAR.start, YEAR.end),), ("a", "b", "c"), changed_since="2019-06-01T00:00:00.000"
    )
    assert chunk.about == (
        "(form; 2019-01-01 to 2019-12-31; a, b and 1 more and below, changed since 2019-06-01T00:00:00.000)"
    )
