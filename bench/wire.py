"""What a page costs on the wire, as Chromium counts it, on a link as slow as asked for."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf, isinf
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

CODE = ("Script", "Stylesheet")


@dataclass(frozen=True)
class Link:
    """A network link: bits a second each way, and milliseconds there and back."""

    name: str
    bits: int
    latency: int


# Lighthouse's mobileSlow4G and mobileRegular3G; "Slow 3G" of Chromium's developer tools.
SLOW_4G = Link("slow 4G", 1_600_000, 150)
REGULAR_3G = Link("regular 3G", 700_000, 300)
SLOW_3G = Link("slow 3G", 400_000, 400)
CHART = ".js-plotly-plot g.trace path, .js-plotly-plot g.points path"


@dataclass
class Wire:
    """Counts the bytes that a page receives, heads included, by kind of resource.

    Attributes:
        received: bytes by kind: Document, Script, Stylesheet, Fetch, WebSocket, …
        requests: answers that came, a message to a web socket counted as one.
        foreign: the addresses of other hosts that were asked.
    """

    received: Counter[str] = field(default_factory=Counter)
    requests: int = 0
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
        self.requests = 0

    def watch(self, page: Page, host: str, link: Link | None = None) -> None:
        """Begins to count what `page` receives, which `link` slows down."""
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", lambda event: self._asked(event, host))
        session.on("Network.loadingFinished", self._received)
        session.on("Network.webSocketFrameReceived", self._told)
        session.on("Network.webSocketFrameSent", self._said)
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
        self.requests += 1
        self.received[self._kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])

    def _told(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        length = len(frame["payloadData"])  # a binary frame is told in base64
        self.received["WebSocket"] += length * 3 // 4 if frame["opcode"] == 2 else length

    def _said(self, _: dict[str, Any]) -> None:
        self.requests += 1


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
        first_text: seconds until a heading could be read; infinite when it took longer than one would wait.
        chart: seconds until the first chart was drawn; infinite likewise.
    """

    code: int
    total: int
    first_text: float
    chart: float


def load(page: Page, wire: Wire, address: str, patience: float = 180) -> Load:
    """Loads an address and waits for its first chart.

    Raises:
        TimeoutError: there was none in time.
    """
    found = attempt(page, wire, address, patience)
    if isinf(found.chart):
        raise TimeoutError(f"{address} drew no chart within {patience} s")
    return found


def attempt(page: Page, wire: Wire, address: str, patience: float) -> Load:
    """As `load`, of a page that may take longer than one waits."""
    wire.forget()
    begun = time.perf_counter()
    page.goto(address, wait_until="commit", timeout=patience * 1000)
    text = _until(page, "h1", begun, patience)
    chart = _until(page, CHART, begun, patience)
    if not isinf(chart):
        page.wait_for_load_state("networkidle", timeout=patience * 1000)
    return Load(wire.code, wire.total, text, chart)


def _until(page: Page, selector: str, begun: float, patience: float) -> float:
    left = begun + patience - time.perf_counter()
    try:
        page.wait_for_selector(selector, timeout=max(1, left * 1000), state="attached")
    except PlaywrightTimeoutError:
        return inf
    return time.perf_counter() - begun
