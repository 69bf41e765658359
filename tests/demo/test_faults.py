"""The faults that the embedded server plays on demand, met over a real connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from demo.app import create_app
from demo.server import serve
from demo.store import Store


@pytest.fixture
def base(tmp_path: Path) -> Iterator[str]:
    app = create_app(Store(tmp_path / "demo.sqlite"))
    server = serve(app, 0)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def ask_for(base: str, **fault: object) -> None:
    assert requests.post(f"{base}/demo/faults", json=fault, timeout=5).status_code == 201


def ping(base: str) -> requests.Response:
    return requests.get(f"{base}/api/ping", timeout=5, allow_redirects=False)


def test_a_busy_server_says_when_to_come_back_and_only_as_often_as_asked(base: str) -> None:
    ask_for(base, kind="status", match="/api/ping", status=429, retry_after=2, count=2)
    answers = [ping(base) for _ in range(3)]
    assert [a.status_code for a in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "2"


def test_a_gateway_answers_in_html(base: str) -> None:
    ask_for(base, kind="status", status=502)
    answer = ping(base)
    assert (
        answer.status_code == 502
        and answer.headers["Content-Type"] == "text/html"
        and "<html>" in answer.text
    )


def test_a_reset_breaks_the_connection(base: str) -> None:
    ask_for(base, kind="reset", match="/api/ping", count=1)
    with pytest.raises(requests.ConnectionError):
        ping(base)
    assert ping(base).status_code == 200


def test_a_reset_afterwards_loses_the_answer_but_not_the_deed(base: str) -> None:
    ask_for(base, kind="reset", match="/api/ping", count=1, after=True)
    with pytest.raises(requests.ConnectionError):
        ping(base)


def test_a_truncated_answer_looks_whole_to_http(base: str) -> None:
    headers = {"X-Requested-With": "XMLHttpRequest"}
    whole = requests.get(f"{base}/api/me", headers=headers, timeout=5).content
    ask_for(base, kind="truncate", match="/api/me", count=1)
    cut = requests.get(f"{base}/api/me", headers=headers, timeout=5).content
    assert 0 < len(cut) < len(whole) and whole.startswith(cut)


def test_a_drip_delivers_everything_piece_by_piece(base: str) -> None:
    headers = {"X-Requested-With": "XMLHttpRequest"}
    whole = requests.get(f"{base}/api/me", headers=headers, timeout=5).content
    ask_for(base, kind="drip", match="/api/me", ms=1)
    assert requests.get(f"{base}/api/me", headers=headers, timeout=5).content == whole


def test_a_lost_session_redirects_to_the_log_in_page(base: str) -> None:
    ask_for(base, kind="login")
    answer = ping(base)
    assert answer.status_code == 302 and answer.headers["Location"].endswith("/dhis-web-login/")


def test_an_expired_token_is_refused(base: str) -> None:
    ask_for(base, kind="expired")
    answer = ping(base)
    assert answer.status_code == 401 and "expired" in answer.json()["message"]


def test_the_same_seed_strikes_the_same_requests(base: str) -> None:
    ask_for(base, kind="status", match="/api/ping", rate=0.5, seed=7)
    first = [ping(base).status_code for _ in range(12)]
    told = requests.delete(f"{base}/demo/faults", timeout=5).json()["faults"]
    ask_for(base, kind="status", match="/api/ping", rate=0.5, seed=7)
    assert [ping(base).status_code for _ in range(12)] == first
    assert told[0]["struck"] == first.count(502) and 0 < first.count(502) < 12


def test_what_is_ended_strikes_no_more(base: str) -> None:
    ask_for(base, kind="status")
    requests.delete(f"{base}/demo/faults", timeout=5)
    assert ping(base).status_code == 200
    assert requests.get(f"{base}/demo/faults", timeout=5).json() == {"faults": []}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "fire"},
        {"kind": "status", "rate": 2},
        {"kind": "reset", "often": 1},
        {"kind": "latency", "ms": "long"},
        {"kind": "status", "status": 7},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(base: str, wrong: dict[str, object]) -> None:
    assert requests.post(f"{base}/demo/faults", json=wrong, timeout=5).status_code == 400
