"""The whole application for tests, and a browser without a screen: it logs in and sends callbacks."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from settings import Settings

PASSWORDS = {
    "admin": "district",
    "store": "Store-1234",
    "district": "District-1234",
    "viewer": "Viewer-1234",
}
CALLBACKS = "/_dash-update-component"


def settings_for(folder: Path, dhis2: str, snapshot: Path | None = None, **more: str) -> Settings:
    """Settings of an installation in FOLDER; SNAPSHOT is read where it lies."""
    account = {"TANDEM_DHIS2_USER": "admin", "TANDEM_DHIS2_PASSWORD": PASSWORDS["admin"]}
    environment = {"TANDEM_DATA": str(folder), "TANDEM_DHIS2_URL": dhis2, **account, **more}
    settings = Settings.from_environment(environment)
    settings.data.mkdir(parents=True, exist_ok=True)
    if snapshot:
        (settings.data / "snapshot").symlink_to(snapshot)
    return settings


def application(folder: Path, dhis2: str, snapshot: Path | None = None, **more: str) -> Flask:
    """The whole application over an installation in FOLDER."""
    return create_app(settings_for(folder, dhis2, snapshot, **more))


class Browser:
    """Somebody's browser: cookies, forms, and what Dash's renderer sends."""

    _numbers = itertools.count()

    def __init__(self, server: Flask, address: str = "") -> None:
        """Each has an address of its own, so that failures of one test are not counted against the next."""
        number = next(self._numbers)
        self.server = server
        self.client = server.test_client()
        self.address = {"REMOTE_ADDR": address or f"10.1.{number // 250}.{number % 250 + 1}"}

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, environ_overrides=self.address, **more)

    def post(self, path: str, **more: Any) -> TestResponse:
        return self.client.post(path, environ_overrides=self.address, **more)

    def form_token(self) -> str:
        """The CSRF token of the log-in form."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/login").text)
        assert found, "the log-in page has no CSRF token"
        return found[1]

    def log_in(self, username: str, password: str | None = None, **more: str) -> TestResponse:
        """Fill in the log-in form and send it."""
        password = PASSWORDS.get(username, "?") if password is None else password
        form = {"username": username, "password": password, "csrf_token": self.form_token(), **more}
        return self.post("/login", data=form)

    def cookie(self, name: str = "tandem") -> str:
        found = self.client.get_cookie(name)
        return found.value if found else ""

    def callback_token(self) -> str:
        """The token that the renderer sends: a page's readable cookie."""
        if not self.cookie("_csrf_token"):
            self.get("/")
        return self.cookie("_csrf_token")

    def call(self, body: Any, token: str | None = None, page: str = "/") -> TestResponse:
        """Send a callback as Dash's renderer does."""
        headers = {"Content-Type": "application/json", "Referer": f"http://localhost{page}"}
        headers["X-CSRFToken"] = self.callback_token() if token is None else token
        sent = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.post(CALLBACKS, data=sent, headers=headers)


def signed_in(server: Flask, username: str) -> Browser:
    """A browser in which somebody is logged in."""
    browser = Browser(server)
    answer = browser.log_in(username)
    assert answer.status_code == 303, answer.text
    browser.get("/")
    return browser
