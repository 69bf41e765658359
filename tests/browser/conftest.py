"""A real Chromium on the real application, which was synced from a real embedded DHIS2.

A page costs its browser three seconds when nothing of it is known and one second when its scripts are.
Therefore the tests share what holds scripts (a context, a process) and no more: each begins with the same
cookies, nothing stored and a page of its own, in which a second address of the same look is opened as well.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from loaders.snapshot import Snapshots
from settings import Settings
from tests.browser.devices import NATION, STORE, Device, Devices, signed_in_as
from tests.conftest import TINY
from tests.filled import Filled
from tests.servers import free_port, running

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--process-per-site",
)
PATIENCE_MS = 15_000


@contextmanager
def serving(dhis2: str, snapshots: Snapshots, folder: Path, **more: str) -> Iterator[str]:
    """The address of the application, started in a folder over a copy of figures that were synced."""
    port = free_port()
    environment = {
        "TANDEM_DATA": str(folder / "data"),
        "TANDEM_DHIS2_URL": dhis2,
        "TANDEM_DHIS2_USER": NATION[0],
        "TANDEM_DHIS2_PASSWORD": NATION[1],
        "TANDEM_PORT": str(port),
        "TANDEM_WORKERS": "1",
        "TANDEM_SYNC_MINUTES": "0",  # the figures are there; a sync costs more than most tests
        **more,
    }
    shutil.copytree(snapshots.folder, Settings.from_environment(environment).data / "snapshot")
    with running(["app.py", "serve"], f"http://127.0.0.1:{port}", folder / "app.log", environment) as address:
        yield address


@pytest.fixture(scope="session")
def served(civ_demo: str, civ_data: Snapshots, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the application with the Ivorian figures."""
    with serving(civ_demo, civ_data, tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="session")
def tiny_served(
    tiny_demo: str, tiny_data: Snapshots, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the application with the tiny country's figures."""
    folder = tmp_path_factory.mktemp("tiny-served")
    with serving(tiny_demo, tiny_data, folder, TANDEM_COUNTRY=str(TINY)) as address:
        yield address


@pytest.fixture(scope="session")
def whotopia_served(
    whotopia_filled: Filled, whotopia_data: Snapshots, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The application with a small Whotopia's figures, which delivers to a DHIS2 of its own."""
    folder = tmp_path_factory.mktemp("whotopia-served")
    with (
        whotopia_filled.serving(folder / "dhis2") as dhis2,
        serving(dhis2, whotopia_data, folder, TANDEM_COUNTRY="whotopia") as address,
    ):
        yield address


expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def devices(browser: Browser) -> Devices:
    """Devices on which nothing is but an application's scripts."""
    return Devices(browser)


@pytest.fixture(scope="module")
def keeper(browser: Browser, whotopia_served: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of who works in a store of the small Whotopia."""
    return signed_in_as(browser, whotopia_served, tmp_path_factory.mktemp("keeper"), STORE)


@pytest.fixture
def tablet(devices: Devices, keeper: Path, whotopia_served: str) -> Iterator[BrowserContext]:
    """A store's device, which knows nothing yet but who works there."""
    with devices.lent(whotopia_served, keeper) as device:
        yield device


@pytest.fixture(scope="module")
def helper(browser: Browser, whotopia_served: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of who works in every store of the small Whotopia."""
    return cookies(browser, whotopia_served, tmp_path_factory.mktemp("helper"))


@pytest.fixture
def elsewhere(devices: Devices, helper: Path, whotopia_served: str) -> Iterator[BrowserContext]:
    """The device of who works in every store."""
    with devices.lent(whotopia_served, helper) as device:
        yield device


def cookies(browser: Browser, served: str, folder: Path) -> Path:
    """The cookies of a person who may see the nation."""
    return signed_in_as(browser, served, folder, NATION)


@pytest.fixture(scope="session")
def signed_in(browser: Browser, served: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of the person of the nation, with the Ivorian figures."""
    return cookies(browser, served, tmp_path_factory.mktemp("cookies"))


class Window(Device):
    """A device of one person, in which pages of many looks open; a test finds nothing else in it."""

    def __init__(self, browser: Browser, served: str, state: Path) -> None:
        super().__init__(browser, served)
        self.context.set_default_timeout(PATIENCE_MS)
        self._state = state

    def empty(self) -> None:
        """Take everything off it but who is signed in."""
        super().empty()
        self.sign_in(self._state)

    def page(self, width: int, scheme: str) -> Page:
        """A new page."""
        page = self.context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        return page


@pytest.fixture(scope="session")
def window(browser: Browser, served: str, signed_in: Path) -> Window:
    """Where pages with the Ivorian figures open."""
    return Window(browser, served, signed_in)


@pytest.fixture(scope="session")
def tiny_window(browser: Browser, tiny_served: str, tmp_path_factory: pytest.TempPathFactory) -> Window:
    """The same in the tiny country."""
    return Window(browser, tiny_served, cookies(browser, tiny_served, tmp_path_factory.mktemp("tiny")))


@pytest.fixture(scope="session")
def whotopia_window(
    browser: Browser, whotopia_served: str, tmp_path_factory: pytest.TempPathFactory
) -> Window:
    """The same in a small Whotopia."""
    state = cookies(browser, whotopia_served, tmp_path_factory.mktemp("whotopia"))
    return Window(browser, whotopia_served, state)


Visit = Callable[..., Page]


@pytest.fixture
def visit(window: Window) -> Iterator[Visit]:
    """Open an address of the application with the Ivorian figures, as `visiting` does."""
    with visiting(window) as open_page:
        yield open_page


@pytest.fixture
def tiny_visit(tiny_window: Window) -> Iterator[Visit]:
    """The same in the tiny country."""
    with visiting(tiny_window) as open_page:
        yield open_page


@pytest.fixture
def whotopia_visit(whotopia_window: Window) -> Iterator[Visit]:
    """The same in a small Whotopia."""
    with visiting(whotopia_window) as open_page:
        yield open_page


@contextmanager
def visiting(window: Window) -> Iterator[Visit]:
    """Open an address as the person of the nation; no page may complain or ask another host for anything.

    A second address of the same width and theme is opened in the same page.
    """
    pages: dict[tuple[int, str], Page] = {}
    complaints: list[str] = []
    foreign: list[str] = []

    def asked(url: str) -> None:
        host = urlsplit(url)
        if host.scheme in ("http", "https", "ws", "wss") and not url.startswith(window.served):
            foreign.append(url)

    def watched(page: Page) -> Page:
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked(request.url))
        return page

    def open_page(path: str, *, width: int = 1440, scheme: str = "light") -> Page:
        look = (width, scheme)
        if look not in pages:
            pages[look] = watched(window.page(*look))
        pages[look].goto(window.served + path)
        return pages[look]

    open_page.complaints = complaints  # type: ignore[attr-defined]
    window.empty()
    yield open_page
    for page in pages.values():
        page.close()
    assert complaints == []
    assert foreign == []
