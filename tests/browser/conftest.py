"""A real Chromium on the real application, which was synced from a real embedded DHIS2."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import TINY
from tests.servers import ROOT, free_port, running

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS = 15_000
NATION = ("admin", "district")


@contextmanager
def serving(dhis2: str, folder: Path, **more: str) -> Iterator[str]:
    """The address of the application, started in a folder and synced from a DHIS2."""
    port = free_port()
    environment = {
        "TANDEM_DATA": str(folder / "data"),
        "TANDEM_DHIS2_URL": dhis2,
        "TANDEM_DHIS2_USER": NATION[0],
        "TANDEM_DHIS2_PASSWORD": NATION[1],
        "TANDEM_PORT": str(port),
        "TANDEM_WORKERS": "1",
        **more,
    }
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
    command = [sys.executable, "app.py", "sync"]
    subprocess.run(command, cwd=ROOT, env=inherited | environment, check=True, capture_output=True)
    with running(["app.py", "serve"], f"http://127.0.0.1:{port}", folder / "app.log", environment) as address:
        yield address


@pytest.fixture(scope="session")
def served(civ_demo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the application with the Ivorian figures."""
    with serving(civ_demo, tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="session")
def tiny_served(tiny_demo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the application with the tiny country's figures."""
    folder = tmp_path_factory.mktemp("tiny-served")
    with serving(tiny_demo, folder, TANDEM_COUNTRY=str(TINY)) as address:
        yield address


@pytest.fixture(scope="session")
def whotopia_served(whotopia_demo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the application with a small Whotopia's figures."""
    with serving(
        whotopia_demo, tmp_path_factory.mktemp("whotopia-served"), TANDEM_COUNTRY="whotopia"
    ) as address:
        yield address


expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


def cookies(browser: Browser, served: str, folder: Path) -> Path:
    """The cookies of a person who may see the nation, made by the log-in form."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served}/login?lang=en")
    page.locator("#username").fill(NATION[0])
    page.locator("#password").fill(NATION[1])
    page.locator("button[type=submit]").click()
    page.wait_for_selector("#compare:not(.waiting)")
    context.storage_state(path=folder / "state.json")
    context.close()
    return folder / "state.json"


@pytest.fixture(scope="session")
def signed_in(browser: Browser, served: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of the person of the nation, with the Ivorian figures."""
    return cookies(browser, served, tmp_path_factory.mktemp("cookies"))


@pytest.fixture(scope="session")
def tiny_signed_in(browser: Browser, tiny_served: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in the tiny country."""
    return cookies(browser, tiny_served, tmp_path_factory.mktemp("tiny-cookies"))


@pytest.fixture(scope="session")
def whotopia_signed_in(
    browser: Browser, whotopia_served: str, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The same in a small Whotopia."""
    return cookies(browser, whotopia_served, tmp_path_factory.mktemp("whotopia-cookies"))


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, served: str, signed_in: Path) -> Iterator[Visit]:
    """Open an address of the application with the Ivorian figures, as `visiting` does."""
    with visiting(browser, served, signed_in) as open_page:
        yield open_page


@pytest.fixture
def tiny_visit(browser: Browser, tiny_served: str, tiny_signed_in: Path) -> Iterator[Visit]:
    """The same in the tiny country."""
    with visiting(browser, tiny_served, tiny_signed_in) as open_page:
        yield open_page


@pytest.fixture
def whotopia_visit(browser: Browser, whotopia_served: str, whotopia_signed_in: Path) -> Iterator[Visit]:
    """The same in a small Whotopia."""
    with visiting(browser, whotopia_served, whotopia_signed_in) as open_page:
        yield open_page


@contextmanager
def visiting(browser: Browser, served: str, signed_in: Path) -> Iterator[Visit]:
    """Open an address as the person of the nation; no page may complain or ask another host for anything."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    foreign: list[str] = []

    def asked(url: str) -> None:
        host = urlsplit(url)
        if host.scheme in ("http", "https", "ws", "wss") and not url.startswith(served):
            foreign.append(url)

    def open_page(path: str, *, width: int = 1440, scheme: str = "light", signed: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            storage_state=signed_in if signed else None,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked(request.url))
        page.goto(served + path)
        return page

    open_page.complaints = complaints  # type: ignore[attr-defined]
    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
    assert foreign == []
