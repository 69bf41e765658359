"""Who the client is to a server: passwords, tokens, sessions that end, and what never shows."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from loaders.dhis2 import SIGN_IN, Basic, Client, Token, sign_in
from loaders.errors import BadAnswer, NotReachable, NotSignedIn
from tests.loaders.scripted_server import HASTY, ME, Reply, ScriptedServer, as_json, refusal


def test_a_token_is_sent_as_dhis2_wants_it(server):
    server.on("/api/me", as_json(ME))
    with Client(server.url, Token("d2p_abc"), HASTY) as client:
        client.me()
    assert server.asked("/api/me")[0].headers["Authorization"] == "ApiToken d2p_abc"


def test_the_environment_decides_neither_proxy_nor_password(server, client, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login thief password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.on("/api/me", as_json(ME))
    assert client.me().username == "awa"
    assert server.asked("/api/me")[0].headers["Authorization"] == Basic("awa", "s3cret").header()


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_login_redirect_is_a_failed_sign_in_and_is_not_followed(server, client, status):
    server.on("/api/me", Reply(b"", status, {"Location": server.url + "/dhis-web-login/"}))
    with pytest.raises(NotSignedIn, match="token"):
        client.me()
    assert not server.asked("/dhis-web-login/")


def test_credentials_do_not_follow_to_another_host(server, client):
    thief = ScriptedServer()
    thief.on("/api/me", as_json(ME))
    server.on("/api/me", Reply(b"", 302, {"Location": thief.url + "/api/me"}))
    with pytest.raises(BadAnswer, match=thief.url):
        client.me()
    thief.close()
    assert thief.seen == []


def test_an_ended_session_is_opened_again_once(server, client):
    cookie = {"Set-Cookie": "JSESSIONID=abc; Path=/"}
    server.on("/api/me", as_json(ME | {"username": "first"}), refusal(401), as_json(ME))
    server.on(
        "/api/system/info",
        Reply(b'{"version": "2.42", "serverDate": "2026-01-01T00:00:00.000"}', headers=cookie),
    )
    client.system()
    assert client.me().username == "first"
    assert client.me().username == "awa"
    assert "Cookie" not in server.seen[-1].headers


def test_an_ended_session_is_opened_again_for_all_who_used_it(server):
    cookie = {"Set-Cookie": "JSESSIONID=old; Path=/"}
    together = threading.Barrier(4)

    def answer(seen):
        if "old" not in seen.headers.get("Cookie", ""):
            return as_json(ME)
        together.wait(5)
        return Reply(b"", 302, {"Location": "/dhis-web-login/"})

    server.on("/api/first", Reply(b"{}", headers=cookie))
    server.on("/api/me", answer)
    with Client(server.url, Basic("awa", "x"), HASTY) as client, ThreadPoolExecutor(4) as pool:
        client.get("/api/first")
        people = list(pool.map(lambda _: client.me().username, range(4)))
    assert people == ["awa"] * 4


def test_a_refused_password_is_never_tried_a_third_time(server, client):
    server.on("/api/me", Reply(refusal(401).body, 401, {"Set-Cookie": "JSESSIONID=new; Path=/"}))
    with pytest.raises(NotSignedIn):
        client.me()
    with pytest.raises(NotSignedIn):
        client.me()
    assert len(server.asked("/api/me")) == 3  # the second time by the cookie first, then once without


def test_neither_password_nor_token_shows_in_errors_reports_or_reprs(server, client):
    server.on("/api/me", refusal(401))
    with pytest.raises(NotSignedIn) as caught:
        client.me()
    told = f"{caught.value!r} {caught.value} {client.report!r} {Basic('awa', 's3cret')!r} {Token('d2p_x')!r}"
    assert "s3cret" not in told
    assert "d2p_x" not in told


def test_signing_in_returns_the_person_and_a_token_of_their_own(server):
    server.on("/api/me", as_json(ME))
    server.on("/api/apiToken", as_json({"response": {"key": "d2p_new"}}, status=201))
    signed = sign_in(server.url, "awa", "s3cret")
    assert (signed.me.username, signed.token) == ("awa", "d2p_new")
    assert "d2p_new" not in repr(signed)


def test_signing_in_works_where_dhis2_makes_no_tokens(server):
    server.on("/api/me", as_json(ME))
    server.on("/api/apiToken", refusal(404))
    assert sign_in(server.url, "awa", "s3cret").token == ""


def test_a_wrong_password_is_told_at_once(server):
    server.on("/api/me", refusal(401, message="Account locked"))
    with pytest.raises(NotSignedIn, match="Account locked"):
        sign_in(server.url, "awa", "no")
    assert len(server.asked("/api/me")) == 1


def test_nobody_gets_in_while_dhis2_is_down(server):
    server.close()
    with pytest.raises(NotReachable):
        sign_in(server.url, "awa", "s3cret")
    assert SIGN_IN.attempts == 2
