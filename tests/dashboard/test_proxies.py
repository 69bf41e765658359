"""Who is believed about where a request comes from."""

from pathlib import Path

import pytest
from flask import Flask, request

from app import flask_server
from tests.web import settings_for


@pytest.mark.parametrize(("proxies", "seen"), [("0", "10.0.0.9"), ("1", "203.0.113.7")])
def test_a_forwarded_address_is_believed_of_our_own_proxies_alone(
    tmp_path: Path, proxies: str, seen: str
) -> None:
    server: Flask = flask_server(settings_for(tmp_path, "http://127.0.0.1:9", TANDEM_PROXIES=proxies))
    server.add_url_rule("/where", view_func=lambda: str(request.remote_addr))
    forwarded = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    answer = server.test_client().get(
        "/where", headers=forwarded, environ_overrides={"REMOTE_ADDR": "10.0.0.9"}
    )
    assert answer.text == seen
