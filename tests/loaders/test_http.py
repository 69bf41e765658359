"""What the client does with a server that misbehaves, byte by byte."""

import gzip
import json
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from loaders.dhis2 import Basic, Client, Limits
from loaders.errors import BadAnswer, NotPermitted, NotReachable, NotSignedIn, Refused, TooMuch
from tests.loaders.scripted_server import HASTY, ME, Reply, as_json, refusal


def kinds(client):
    return [fault.kind for fault in client.report.faults]


def test_every_request_says_who_asks_and_that_it_is_a_script(server, client):
    server.on("/api/me", as_json(ME))
    assert client.me().username == "awa"
    headers = server.asked("/api/me")[0].headers
    assert headers["X-Requested-With"] == "XMLHttpRequest"
    assert headers["Authorization"].startswith("Basic ")
    assert headers["Accept-Encoding"] == "gzip"


def test_a_redirect_within_the_server_is_followed(server, client):
    server.on("/api/me", Reply(b"", 301, {"Location": "/api/42/me"}))
    server.on("/api/42/me", as_json(ME))
    assert client.me().username == "awa"


def test_a_write_follows_no_redirect_at_all(server, client):
    server.on("/api/x", Reply(b"", 307, {"Location": "/api/y"}))
    with pytest.raises(BadAnswer):
        client.send("POST", "/api/x", {})
    assert not server.asked("/api/y")


FAULTS = {
    "status 429": Reply(b"", 429, {"Retry-After": "0"}),
    "status 500": refusal(500),
    "status 502": Reply(b"<html>Bad gateway</html>", 502, {"Content-Type": "text/html"}),
    "status 503": Reply(b"", 503),
    "time-out (gateway)": Reply(b"<html>", 504),
    "time-out (silence)": Reply(wait=0.6),
    "time-out (drip)": Reply(b" " * 4000, pause=0.01),
    "reset": Reply(reset=True),
    "cut off (length)": as_json(ME, sent=9),
    "cut off (chunked)": as_json(ME, framing="chunked", sent=9),
    "cut off (JSON)": as_json(ME, framing="close", sent=9),
    "cut off (gzip)": Reply(
        gzip.compress(json.dumps(ME).encode())[:-6], headers={"Content-Encoding": "gzip"}
    ),
    "cut off (bits)": Reply(gzip.compress(json.dumps(ME).encode())[:20] + b"\0" * 20),
    "web page": Reply(b"<!DOCTYPE html><html>Welcome to the hotel", headers={"Content-Type": "text/html"}),
    "swelling gzip": Reply(gzip.compress(b" " * (40 << 20), 9)),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_passing_fault_is_overcome_and_told(server, client, name):
    server.on("/api/me", FAULTS[name], as_json(ME))
    assert client.me().username == "awa"
    fault = client.report.faults[0]
    assert fault.kind == name.partition(" (")[0]
    assert fault.outcome.startswith("asked again after")
    assert "GET /api/me" in fault.asked


@pytest.mark.parametrize("name", FAULTS)
def test_a_lasting_fault_becomes_an_error_that_names_thing_and_remedy(server, client, name):
    server.on("/api/me", FAULTS[name])
    with pytest.raises((NotReachable, BadAnswer)) as caught:
        client.me()
    assert caught.value.remedy
    assert "/api/me" in caught.value.what
    assert client.report.faults[-1].outcome == "given up"
    assert len(server.asked("/api/me")) == HASTY.attempts


def test_the_servers_wish_for_a_pause_is_honoured(server):
    server.on("/api/me", Reply(b"", 429, {"Retry-After": "1"}), as_json(ME))
    with Client(server.url, Basic("awa", "x"), HASTY) as client:
        client.me()
        assert client.report.faults[0].outcome == "asked again after 1.0 s"


def test_a_pause_longer_than_our_patience_ends_the_matter(server, client):
    server.on("/api/me", Reply(b"", 503, {"Retry-After": "86400"}))
    with pytest.raises(NotReachable, match="later"):
        client.me()
    assert len(server.asked("/api/me")) == 1


def test_a_server_that_is_down_is_not_reachable(server):
    server.close()
    with Client(server.url, Basic("awa", "x"), HASTY) as client, pytest.raises(NotReachable, match="network"):
        client.me()


@pytest.mark.parametrize(
    "url", ["ftp://dhis2.example.org", "dhis2.example.org", "https://u:p@example.org", ""]
)
def test_what_is_no_address_is_refused_without_showing_a_password(url):
    with pytest.raises(NotReachable, match="https://host") as caught:
        Client(url, None)
    assert "u:p" not in str(caught.value)


def test_the_address_may_end_in_api_or_a_slash(server):
    server.on("/dhis/api/me", as_json(ME))
    for tail in ("/dhis", "/dhis/", "/dhis/api", "/dhis/api/"):
        with Client(server.url + tail, None, HASTY) as client:
            assert client.me().username == "awa"


def test_an_empty_answer_means_not_permitted_and_is_not_repeated(server, client):
    server.on("/api/me", Reply(b""))
    with pytest.raises(NotPermitted, match="right"):
        client.me()
    assert len(server.asked("/api/me")) == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refusal(401), NotSignedIn),
        (Reply(b"{}", 400, {"WWW-Authenticate": "ApiToken"}), NotSignedIn),
        (refusal(403), NotPermitted),
        (refusal(409, "E2012"), NotPermitted),
        (refusal(409, "E7120"), NotPermitted),
        (refusal(409, "E7128"), TooMuch),
        (refusal(409, "E7131"), TooMuch),
        (Reply(b"", 413), TooMuch),
        (Reply(b"", 414), TooMuch),
        (refusal(409, "E2001"), Refused),
        (refusal(404, "E1005"), Refused),
        (refusal(400), Refused),
    ],
)
def test_each_refusal_is_of_its_kind_and_not_repeated(server, client, reply, error):
    server.on("/api/me", reply)
    with pytest.raises(error):
        client.me()
    assert len(server.asked("/api/me")) == 1


def test_a_refusal_carries_dhis2s_own_words_and_code(server, client):
    server.on("/api/x", refusal(409, "E2006", "At least one organisation unit must be specified"))
    with pytest.raises(Refused, match="At least one organisation unit") as caught:
        client.get("/api/x")
    assert (caught.value.status, caught.value.code) == (409, "E2006")


def test_a_write_is_repeated_only_where_that_is_harmless(server, client):
    server.on("/api/apiToken", Reply(b"", 502), as_json({"n": 2}))
    with pytest.raises(NotReachable):
        client.send("POST", "/api/apiToken", {})
    assert len(server.asked("/api/apiToken")) == 1
    server.on("/api/dataStore/a/b", Reply(reset=True), as_json({"status": "OK"}))
    assert client.send("PUT", "/api/dataStore/a/b", {"n": 1}, repeatable=True) == {"status": "OK"}
    assert len(server.asked("/api/dataStore/a/b")) == 2


def test_a_body_too_large_to_hold_is_too_much(server):
    server.on("/api/x", Reply(zlib.compress(bytes(range(256)) * 40, wbits=31)))
    with Client(server.url, None, Limits(body=10_000, backoff=0)) as client, pytest.raises(TooMuch):
        client.get("/api/x")


def test_no_more_requests_are_under_way_than_allowed(server):
    server.on("/api/x", lambda _: as_json({}, wait=0.05))
    with Client(server.url, None, Limits(parallel=3)) as client, ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: client.get("/api/x"), range(24)))
    assert server.most_at_once == 3


def test_more_than_eight_at_a_time_are_refused():
    with pytest.raises(ValueError, match="1 to 8"):
        Client("http://127.0.0.1:1", None, Limits(parallel=9))


def test_no_more_connections_are_opened_than_requests_go_at_a_time_and_all_share_one_session(server):
    cookie = {"Set-Cookie": "JSESSIONID=abc; Path=/"}
    ready = threading.Barrier(8)

    def work(_):
        ready.wait(5)
        return [client.get("/api/x") for _ in range(5)]

    server.on("/api/x", lambda _: as_json({}))
    server.on("/api/first", Reply(b"{}", headers=cookie))
    with Client(server.url, None, Limits(parallel=3)) as client, ThreadPoolExecutor(8) as pool:
        client.get("/api/first")
        list(pool.map(work, range(8)))
    assert len(server.asked("/api/x")) == 40
    assert len({seen.client for seen in server.seen}) <= 3
    assert {seen.headers["Cookie"] for seen in server.asked("/api/x")} == {"JSESSIONID=abc"}


def test_one_connection_is_enough_for_requests_one_after_the_other(server, client):
    server.on("/api/x", lambda _: as_json({}))
    with ThreadPoolExecutor(4) as pool:
        for _ in range(8):
            pool.submit(client.get, "/api/x").result()
    assert len({seen.client for seen in server.asked("/api/x")}) == 1


def test_bytes_are_counted_as_they_came(server, client):
    body = gzip.compress(b'{"a": "' + b"x" * 50_000 + b'"}')
    server.on("/api/x", Reply(body, headers={"Content-Encoding": "gzip"}))
    client.get("/api/x")
    assert len(body) < client.report.wire_bytes < len(body) + 500


def test_a_listener_hears_of_each_fault_as_it_strikes(server):
    heard = []
    server.on("/api/me", Reply(b"", 502), Reply(b"", 503), as_json(ME))
    with Client(server.url, None, HASTY, listener=heard.append) as client:
        client.me()
    assert [fault.kind for fault in heard] == ["status 502", "status 503"]
    assert [fault.attempt for fault in heard] == [1, 2]


def test_closing_ends_the_wait_for_another_try(server):
    server.on("/api/me", Reply(b"", 503, {"Retry-After": "60"}))
    struck = threading.Event()
    client = Client(server.url, None, Limits(), listener=lambda _: struck.set())
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.me)
        assert struck.wait(5)
        client.close()
        with pytest.raises(NotReachable, match="abandoned"):
            asked.result(5)
