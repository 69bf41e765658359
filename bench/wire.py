"""What a page costs on the wire, as Chromium counts it, on a link as slow as asked for."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

CODE = ("Script", "Stylesheet")


@dataclass(frozen=True)
class Link:
    """A network link: bits a second each way, and milliseconds there and back."""

    name: str
    bits: int
    latency: int


# Lighthouse's mobileSlow4G and mobileRegular3G.
SLOW_4G = Link("slow 4G", 1_600_000, 150)
REGULAR_3G = Link("regular 3G", 700_000, 300)


@dataclass
class Wire:
    """Counts the bytes that a page receives, heads included, by kind of resource.

    Attributes:
        received: bytes by kind: Document, Script, Stylesheet, Fetch, …
        foreign: the addresses of other hosts that were asked.
    """

    received: Counter[str] = field(default_factory=Counter)
    foreign: list[str] = field(default_factory=list)
    _kinds: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All bytes."""
        return sum(self.received.values())

    @property
    def code(self) -> int:
        """Bytes of scripts and styles."""
        return sum(self.received[kind] for kind in CODE)

    def forget(self) -> None:
        """Counts from zero again."""
        self.received.clear()

    def watch(self, page: Page, host: str, link: Link | None = None) -> None:
        """Begins to count what `page` receives, which `link` slows down."""
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", lambda event: self._asked(event, host))
        session.on("Network.loadingFinished", self._received)
        session.send("Network.enable")
        if link:
            session.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": link.latency,
                    "downloadThroughput": link.bits / 8,
                    "uploadThroughput": link.bits / 8,
                },
            )

    def _asked(self, event: dict[str, Any], host: str) -> None:
        address = event["request"]["url"]
        self._kinds[event["requestId"]] = event.get("type", "Other")
        if address.startswith("http") and not address.startswith(host):
            self.foreign.append(address)

    def _received(self, event: dict[str, Any]) -> None:
        self.received[self._kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, asking nobody for updates."""
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", *quiet]
        )
        yield browser
        browser.close()


@dataclass(frozen=True)
class Load:
    """One loading of a page.

    Attributes:
        code: bytes of scripts and styles.
        total: all bytes.
        first_text: seconds until a heading could be read.
        chart: seconds until the first chart was drawn.
    """

    code: int
    total: int
    first_text: float
    chart: float


def load(page: Page, wire: Wire, address: str, patience: float = 180) -> Load:
    """Loads an address and waits for its first chart."""
    wire.forget()
    begun = time.perf_counter()
    page.goto(address, wait_until="commit", timeout=patience * 1000)
    page.wait_for_selector("h1", timeout=patience * 1000)
    first_text = time.perf_counter() - begun
    page.wait_for_selector(
        ".js-plotly-plot g.trace path, .js-plotly-plot g.points path",
        timeout=patience * 1000,
        state="attached",
    )
    chart = time.perf_counter() - begun
    page.wait_for_load_state("networkidle", timeout=patience * 1000)
    return Load(wire.code, wire.total, first_text, chart)
