"""What the client reads from a DHIS2, and what it makes of answers that are not what they seem."""

import gzip
import itertools
import json
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from loaders.chunks import Chunk, Shape
from loaders.dhis2 import Basic, Client, Limits, ValueQuery
from loaders.errors import BadAnswer, NotPermitted, Refused, TooMuch, UnsupportedServer
from loaders.spans import Span, spans_between
from tests.loaders.scripted_server import SYSTEM, Reply, ScriptedServer, as_json, refusal

HASTY = Limits(backoff=0.001, read=0.3, total=0.8, attempts=3)
HEAD = (
    "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,"
    "value,storedby,lastupdated,comment,followup,deleted\n"
)
VALUES = "/api/dataValueSets.csv"
YEAR = ValueQuery(("form",), date(2019, 1, 1), date(2019, 12, 31), ("unit",))
SHAPE = Shape(
    children={"unit": ("north", "south")},
    elements={"form": ("one", "two")},
    fields={"form": 2},
    assigned={"form": {"unit": 2, "north": 1, "south": 1}},
    period_types={"form": "Monthly"},
)


@pytest.fixture
def server():
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def client(server):
    with Client(server.url, Basic("awa", "s3cret"), HASTY) as client:
        yield client


def a_row(element="one", period="201901", unit="north", value="12", comment="", deleted="null"):
    keys = f"{element},{period},{unit},combo,HllvX50cXC0"
    return f"{keys},{value},awa,2019-02-03T09:00:00.000+0000,{comment},false,{deleted}\n"


def as_csv(*rows, packed=False, **more):
    body = (HEAD + "".join(rows)).encode()
    return Reply(gzip.compress(body) if packed else body, headers={"Content-Type": "application/csv"}, **more)


def all_values(server):
    """A DHIS2 with one value for each element, month and unit, that answers what it is asked, and no more."""

    def answer(seen):
        start, end = (date.fromisoformat(seen.all(name)[0]) for name in ("startDate", "endDate"))
        units = set(seen.all("orgUnit"))
        below = {"north", "south"} if "unit" in units and seen.all("children") else set()
        rows = [
            a_row(element, f"{span.start:%Y%m}", unit, str(span.start.month))
            for element in seen.all("dataElement") or ["one", "two"]
            for span in spans_between("Monthly", start, end)
            for unit in sorted(units | below)
            if unit != "unit"
        ]
        return as_csv(*rows, packed="gzip" in seen.all("compression"))

    server.on(VALUES, answer)
    return answer


def keys(frame):
    return sorted(zip(frame["dataelement"], frame["period"], frame["orgunit"], strict=True))


# -- values


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


# -- changes


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


def test_the_servers_clock_is_read_with_its_zone(server, client):
    server.on("/api/system/info", as_json(SYSTEM | {"serverTimeZoneId": "GMT-03:30"}))
    assert client.system().time.utcoffset() == timedelta(hours=-3, minutes=-30)
    assert client.system().time.astimezone(UTC) == datetime(2026, 11, 22, 5, 5, 13, 146000, tzinfo=UTC)


def test_analytics_that_were_never_computed_have_no_age(server, client):
    never = {"lastAnalyticsTableSuccess": "1970-01-01T00:00:00.000"}
    server.on("/api/system/info", as_json(SYSTEM | never))
    assert client.system().analytics_at is None
    newer = {"lastAnalyticsTablePartitionSuccess": "2026-11-21T23:00:00.000", "serverTimeZoneId": "GMT+1"}
    server.on("/api/system/info", as_json(SYSTEM | never | newer))
    assert client.system().analytics_at == datetime(2026, 11, 21, 22, tzinfo=UTC)


# -- completeness


def test_an_empty_object_means_no_registrations_and_an_empty_body_not_permitted(server, client):
    path = "/api/completeDataSetRegistrations"
    server.on(path, as_json({}), Reply(b""))
    assert len(client.completeness(YEAR)) == 0
    with pytest.raises(NotPermitted):
        client.completeness(YEAR)


def test_registrations_come_as_a_frame(server, client):
    row = {
        "period": "201908",
        "dataSet": "form",
        "organisationUnit": "north",
        "attributeOptionCombo": "HllvX50cXC0",
        "date": "2019-09-03",
        "storedBy": "awa",
    }
    rows = [row | {"completed": True}, row | {"period": "201909", "completed": False}]
    server.on("/api/completeDataSetRegistrations", as_json({"completeDataSetRegistrations": rows}))
    frame = client.completeness(YEAR)
    assert frame["org_unit"].tolist() == ["north", "north"]
    assert frame["completed"].tolist() == [True, False]
    assert frame["date"].dt.day.tolist() == [3, 3]


# -- lists


def a_list(names):
    """A DHIS2's list of option combos, in pages."""

    def answer(seen):
        page, size = int(seen.all("page")[0]), int(seen.all("pageSize")[0])
        rows = [{"id": name, "name": name} for name in names[(page - 1) * size : page * size]]
        return as_json({"pager": {"page": page, "total": len(names)}, "categoryOptionCombos": rows})

    return answer


COMBOS = "/api/categoryOptionCombos"


def test_a_long_list_comes_whole_and_in_a_fixed_order(server, client):
    names = [f"c{n:05}" for n in range(2_345)]
    server.on(COMBOS, a_list(names))
    assert client.option_combos()["id"].tolist() == names
    assert {tuple(seen.all("order")) for seen in server.asked(COMBOS)} == {("id:asc",)}
    assert len(server.asked(COMBOS)) == 3


def test_a_list_that_grows_while_it_is_read_is_read_again(server, client):
    names = [f"c{n:05}" for n in range(2_345)]
    growing = itertools.chain([names[:1500], names[:1500]], itertools.repeat(names))
    server.on(COMBOS, lambda seen: a_list(next(growing) if seen.all("page") == ["1"] else names)(seen))
    assert client.option_combos()["id"].tolist() == names


def test_a_list_that_never_stands_still_is_an_error(server, client):
    server.on(COMBOS, as_json({"pager": {"total": 5}, "categoryOptionCombos": [{"id": "a"}, {"id": "a"}]}))
    with pytest.raises(BadAnswer, match="categoryOptionCombos"):
        client.option_combos()


def test_a_list_without_a_total_is_read_until_a_short_page(server, client):
    names = [f"c{n:05}" for n in range(2_000)]

    def untold(seen):
        body = json.loads(a_list(names)(seen).body)
        return as_json({"categoryOptionCombos": body["categoryOptionCombos"]})

    server.on(COMBOS, untold)
    assert len(client.option_combos()) == 2_000


def test_a_page_beyond_the_last_may_repeat_it(server, client):
    unit = {"id": "u", "name": "U", "level": 1, "path": "/u"}
    server.on("/api/organisationUnits", as_json({"pager": {"total": 1}, "organisationUnits": [unit]}))
    assert client.org_units()["id"].tolist() == ["u"]


def test_units_without_place_dates_or_code_are_read_all_the_same(server, client):
    outline = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    rows = [
        {"id": "r", "name": "R", "level": 1, "path": "/r", "geometry": outline},
        {
            "id": "a",
            "code": "A1",
            "name": "Santé",
            "level": 2,
            "path": "/r/a",
            "parent": {"id": "r"},
            "geometry": {"type": "Point", "coordinates": [-3.48, 6.73]},
            "openingDate": "2010-01-01T00:00:00.000",
            "closedDate": "2019-06-30T00:00:00.000",
        },
    ]
    server.on("/api/organisationUnits", as_json({"pager": {"total": 2}, "organisationUnits": rows}))
    units = client.org_units().set_index("id")
    assert units.loc["a", ["code", "parent", "longitude", "latitude"]].tolist() == ["A1", "r", -3.48, 6.73]
    assert f"{units.loc['a', 'closed']:%Y-%m-%d}" == "2019-06-30"
    assert units.loc["r", ["code", "parent", "longitude", "opened", "closed"]].isna().all()


def test_what_did_not_change_is_confirmed_instead_of_sent_again(server, tmp_path):
    names = [f"c{n:05}" for n in range(900)]

    def tagged(seen):
        reply = a_list(names)(seen)
        if seen.headers.get("If-None-Match") == f'"{len(names)}"':
            return Reply(b"", 304)
        return Reply(reply.body, headers={"ETag": f'"{len(names)}"'})

    server.on(COMBOS, tagged)
    with Client(server.url, Basic("awa", "x"), HASTY, memory=tmp_path / "m") as client:
        first = client.option_combos()
    with Client(server.url, Basic("awa", "x"), HASTY, memory=tmp_path / "m") as client:
        again = client.option_combos()
        assert (client.report.unchanged, client.report.wire_bytes < 500) == (1, True)
        names.append("new")
        assert len(client.option_combos()) == 901
    assert first.equals(again)


def test_a_broken_answer_is_not_remembered(server, tmp_path):
    whole = {"pager": {"total": 1}, "organisationUnitLevels": [{"id": "a", "level": 1, "name": "Nation"}]}

    def broken_once(seen):
        if "If-None-Match" in seen.headers:
            return Reply(b"", 304)
        broken = len(server.asked(seen.path)) == 1
        return as_json(whole, framing="close", sent=20 if broken else None)

    def tagged(seen):
        reply = broken_once(seen)
        return replace(reply, headers=reply.headers | {"ETag": '"1"'})

    server.on("/api/organisationUnitLevels", tagged)
    for unchanged in (0, 1):
        with Client(server.url, None, HASTY, memory=tmp_path / "m") as client:
            assert client.levels()["name"].tolist() == ["Nation"]
            assert client.report.unchanged == unchanged


def test_a_damaged_memory_is_asked_for_again(server, tmp_path):
    whole = {"pager": {"total": 1}, "organisationUnitLevels": [{"id": "a", "level": 1, "name": "Nation"}]}

    def tagged(seen):
        if "If-None-Match" in seen.headers:
            return Reply(b"", 304)
        return Reply(json.dumps(whole).encode(), headers={"ETag": '"1"'})

    server.on("/api/organisationUnitLevels", tagged)
    for damage in (b"", b'{"etag": "1"}\n' + zlib.compress(b'{"pa'), b"rubbish"):
        with Client(server.url, None, HASTY, memory=tmp_path / "m") as client:
            assert len(client.levels()) == 1
        for file in (tmp_path / "m").iterdir():
            file.write_bytes(damage)
    with Client(server.url, None, HASTY, memory=tmp_path / "m") as client:
        assert len(client.levels()) == 1


def test_one_accounts_memory_is_not_anothers(server, tmp_path):
    server.on("/api/organisationUnitLevels", lambda seen: Reply(levels(seen), headers={"ETag": '"1"'}))

    def levels(seen):
        assert "If-None-Match" not in seen.headers
        return b'{"pager": {"total": 0}, "organisationUnitLevels": []}'

    for user in ("awa", "ben"):
        with Client(server.url, Basic(user, "x"), HASTY, memory=tmp_path / "m") as client:
            assert len(client.levels()) == 0
    assert (tmp_path / "m").stat().st_mode & 0o077 == 0


# -- analytics


def analytics_answer(seen):
    """DHIS2's analytics over its limit of 100 cells, in columns of its own order."""
    sides = dict(item.split(":", 1) for item in seen.all("dimension"))
    items = {name: items.split(";") for name, items in sides.items()}
    rows = [
        [ou, dx, "1.5", pe] for dx in items["dx"] for pe in items["pe"] for ou in items["ou"] if dx != "none"
    ]
    if len(rows) > 100:
        return refusal(409, "E7128", "Query result set exceeded max limit: `100`")
    headers = [{"name": name} for name in ("ou", "dx", "value", "pe")]
    return as_json({"headers": headers, "rows": rows, "metaData": {}})


def test_analytics_come_whole_although_the_server_limits_the_cells(server, client):
    server.on("/api/analytics", analytics_answer)
    dx, pe, ou = (
        [f"d{n}" for n in range(9)],
        [f"2019{m:02}" for m in range(1, 13)],
        [f"u{n}" for n in range(5)],
    )
    frame = client.analytics(dx, pe, ou)
    assert len(frame) == len(frame.drop_duplicates(["dx", "pe", "ou"])) == 9 * 12 * 5
    assert frame["value"].tolist() == [1.5] * len(frame)
    assert set(frame["dx"]) == set(dx)


def test_analytics_without_figures_are_an_empty_frame(server, client):
    server.on("/api/analytics", analytics_answer)
    frame = client.analytics(["none"], ["2019"], ["u"])
    assert (len(frame), list(frame.columns), frame["value"].dtype) == (
        0,
        ["dx", "pe", "ou", "value"],
        "float64",
    )


def test_analytics_without_the_columns_are_not_taken_for_figures(server, client):
    server.on("/api/analytics", as_json({"headers": [], "rows": []}))
    with pytest.raises(BadAnswer):
        client.analytics(["a"], ["2019"], ["u"])


# -- versions


@pytest.mark.parametrize(
    ("version", "path"), [("2.40.12", VALUES), ("2.42.5.2", VALUES), ("2.43.1", "/api/dataValueSets")]
)
def test_values_are_asked_for_where_each_version_has_them(server, client, version, path):
    server.on("/api/system/info", as_json(SYSTEM | {"version": version}))
    server.on(path, as_csv(a_row(), packed=True))
    assert len(client.all_values(YEAR, SHAPE)) == 1
    assert server.asked(path)[0].headers["Accept"] == "application/csv"


def test_the_date_range_goes_with_the_changes_in_every_version(server, client):
    for version in ("2.40", "2.41", "2.42", "2.43.0"):
        server.on("/api/system/info", as_json(SYSTEM | {"version": version}))
        with Client(server.url, None, HASTY) as asker:
            path = asker.server.dialect.values_path
            server.on(path, as_csv(packed=True))
            asker.values_changed_since(datetime(2019, 6, 1, tzinfo=UTC), YEAR)
        assert server.asked(path)[-1].all("startDate") == ["2019-01-01"]


@pytest.mark.parametrize(
    ("info", "words"),
    [
        ({"version": "2.39.5"}, "2.40"),
        ({"version": "rubbish"}, "rubbish"),
        ({"calendar": "ethiopian"}, "ethiopian"),
        ({"calendar": "nepali"}, "ISO 8601"),
        ({"serverTimeZoneId": "Mars/Olympus"}, "Mars/Olympus"),
    ],
)
def test_a_server_that_we_cannot_read_rightly_is_refused_by_name(server, client, info, words):
    server.on("/api/system/info", as_json(SYSTEM | info))
    with pytest.raises(UnsupportedServer, match=words):
        client.system()


# -- writes


SUMMARY = {
    "importCount": {"imported": 1, "updated": 0, "ignored": 1, "deleted": 0},
    "conflicts": [{"errorCode": "E7610", "value": "Data element not found", "indexes": [1]}],
}


def test_a_conflict_tells_what_was_stored_and_what_was_refused(server, client):
    server.on("/api/dataValueSets", as_json({"status": "WARNING", "response": SUMMARY}, status=409))
    stored = client.store_values("form", [{"dataElement": "one"}, {"dataElement": "none"}])
    assert (stored.stored, stored.ignored, stored.refused) == (1, 1, {1})
    assert stored.conflicts[0].code == "E7610"
    sent = json.loads(server.asked("/api/dataValueSets")[0].body)
    assert sent["dataSet"] == "form"


def test_values_are_sent_again_after_a_broken_line_because_that_is_harmless(server, client):
    server.on("/api/dataValueSets", Reply(reset=True), as_json({"response": SUMMARY | {"conflicts": []}}))
    assert client.store_values("form", [{}]).refused == frozenset()
    assert len(server.asked("/api/dataValueSets")) == 2


def test_new_and_changed_values_count_alike_in_every_version(server, client):
    counts = {"imported": 0, "updated": 3, "ignored": 0, "deleted": 0}
    server.on("/api/dataValueSets", as_json({"response": {"importCount": counts}}))
    assert client.store_values("form", [{}] * 3).stored == 3


def test_a_write_that_stored_nothing_at_all_is_an_error(server, client):
    server.on("/api/dataValueSets", refusal(409, "E7600", "Data set not found"), refusal(403))
    with pytest.raises(Refused, match="Data set not found"):
        client.store_values("form", [{}])
    with pytest.raises(NotPermitted):
        client.store_values("form", [{}])


def test_a_chunk_tells_in_words_what_it_asks_for():
    chunk = Chunk(
        ("form",), (Span(YEAR.start, YEAR.end),), ("a", "b", "c"), changed_since="2019-06-01T00:00:00.000"
    )
    assert chunk.about == (
        "(form; 2019-01-01 to 2019-12-31; a, b and 1 more and below, changed since 2019-06-01T00:00:00.000)"
    )
