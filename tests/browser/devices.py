"""What a browser knows of an application: who signed in, and devices that have nothing but its scripts."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

STORE, DISTRICT, NATION = ("store", "Store-1234"), ("district", "District-1234"), ("admin", "district")
"""Who signs in: the keeper of one store, a district's officer, and who may do everything everywhere."""
LOOK = {"width": 1440, "height": 900}


def signed_in_as(browser: Browser, served: str, folder: Path, who: tuple[str, str]) -> Path:
    """The cookies of somebody who signed in, as a file; by the form, without the time that a page takes."""
    context = browser.new_context()
    form = context.request.get(f"{served}/login?lang=en").text()
    found = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert found, "the log-in page has no CSRF token"
    filled = {"username": who[0], "password": who[1], "csrf_token": found[1]}
    answer = context.request.post(f"{served}/login", form=filled, max_redirects=0)
    assert answer.status == 303, answer.text()
    context.request.get(f"{served}/healthz")
    context.storage_state(path=folder / f"{who[0]}.json")
    context.close()
    return folder / f"{who[0]}.json"


class Device:
    """A context of the browser whose process has an application's scripts; `empty` takes all else off it."""

    def __init__(self, browser: Browser, served: str) -> None:
        self.served, self.context = served, browser.new_context(viewport=LOOK)  # type: ignore[arg-type]
        self._open = self.context.new_page()  # keeps the process alive that has the scripts
        self._open.goto(f"{served}/healthz")
        self._tools = self.context.new_cdp_session(self._open)

    def sign_in(self, state: Path) -> None:
        """Have somebody be signed in, by the cookies that `signed_in_as` wrote."""
        self.context.add_cookies(json.loads(state.read_text())["cookies"])

    def empty(self) -> None:
        """Close what is open, forget who was signed in and everything that was stored, workers included."""
        for page in self.context.pages:
            if page is not self._open:
                page.close()
        self.context.unroute_all()
        self.context.set_offline(False)
        self.context.clear_permissions()
        self.context.clear_cookies()
        everything = {"origin": self.served, "storageTypes": "all"}
        self._tools.send("Storage.clearDataForOrigin", everything)


class Devices:
    """Devices that are lent to one test after the other: a new one takes as long as what is tested on it."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: list[Device] = []

    @contextmanager
    def lent(self, served: str, state: Path) -> Iterator[BrowserContext]:
        """A device that knows nothing but who is signed in.

        Args:
            served: the address of the application.
            state: the cookies, as `signed_in_as` writes them.
        """
        device = next((each for each in self._free if each.served == served), None)
        if device:
            self._free.remove(device)
        else:
            device = Device(self._browser, served)
        device.sign_in(state)
        yield device.context
        device.empty()
        self._free.append(device)
