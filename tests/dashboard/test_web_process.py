"""Addresses past what the web server reads, asked of gunicorn itself."""

import http.client
import json
import subprocess
import sys
import time

import pytest

from dashboard.serving import Listening, gunicorn
from tests.servers import ROOT, free_port


@pytest.fixture
def port(tmp_path):
    """Where gunicorn answers with our own web processes, over an application of one line."""
    (tmp_path / "plain.py").write_text(
        "def app(environ, start):\n    start('200 OK', [])\n    return [environ['PATH_INFO'].encode()]\n"
    )
    port = free_port()
    command = gunicorn(Listening("127.0.0.1", port, 1, 2))
    command[command.index("app:create_prepared_app()")] = "plain:app"
    process = subprocess.Popen([sys.executable, *command, "--pythonpath", f"{tmp_path},{ROOT}"], cwd=ROOT)
    try:
        for _ in range(300):
            try:
                if asked(port, "/x")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def asked(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.headers.get_content_type(), answer.read()


def test_an_address_past_all_limits_is_a_problem_too_and_others_are_answered(port):
    status, kind, body = asked(port, "/api/v1/compare?unit=" + "x" * 9_000)
    assert (status, kind) == (414, "application/problem+json")
    told = json.loads(body)
    assert told["status"] == 414 and told["errors"][0]["remedy"]
    assert asked(port, "/short") == (200, "text/plain", b"/short")
