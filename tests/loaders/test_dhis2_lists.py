"""Lists that the client reads from a DHIS2: whole, in a fixed order, and not twice when unchanged."""

import itertools
import json
import zlib
from dataclasses import replace

import pytest

from loaders.dhis2 import Basic, Client
from loaders.errors import BadAnswer
from tests.loaders.scripted_server import HASTY, Reply, as_json


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
