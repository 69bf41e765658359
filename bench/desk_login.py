"""Signing in to a running Tandem over HTTP, as a browser does, for benches that act as devices."""

import re
from dataclasses import dataclass
from typing import Any

import requests

PROOF = "_csrf_token"
PATIENCE = 300


@dataclass(frozen=True)
class Login:
    """Somebody who is signed in: the cookies of the session, and the proof that pages send back."""

    address: str
    username: str
    cookies: dict[str, str]

    def browser(self) -> requests.Session:
        """A connection of its own in this session."""
        found = requests.Session()
        found.trust_env = False
        found.cookies.update(self.cookies)
        found.headers.update({"X-CSRFToken": self._proof(), "X-Desk-User": self.username})
        return found

    def _proof(self) -> str:
        """The readable cookie; its name bears the port, and a prefix where it came by https."""
        return next(value for name, value in self.cookies.items() if PROOF in name)

    def get(self, browser: requests.Session, path: str) -> Any:
        """The JSON at a path."""
        answer = browser.get(self.address + path, timeout=PATIENCE)
        answer.raise_for_status()
        return answer.json()


def log_in(address: str, username: str, password: str) -> Login:
    """Fill in the log-in form and send it.

    Raises:
        RuntimeError: it does not open.
    """
    web = requests.Session()
    web.trust_env = False
    form = re.search(r'name="csrf_token" value="([^"]+)"', web.get(f"{address}/login", timeout=PATIENCE).text)
    told = {"username": username, "password": password, "csrf_token": form[1] if form else ""}
    answer = web.post(f"{address}/login", data=told, timeout=PATIENCE, allow_redirects=False)
    if answer.status_code != 303:
        raise RuntimeError(f"{address} does not let {username} in. Give --user NAME:PASSWORD.")
    web.get(f"{address}/", timeout=PATIENCE)
    cookies = {each.name: str(each.value) for each in web.cookies}
    if not any(PROOF in name for name in cookies):
        raise RuntimeError(f"{address} gave no {PROOF}: it has {sorted(cookies)}.")
    return Login(address, username, cookies)
