"""What Programmes costs on a tablet at 3G, beside Compare's budgets: `python -m bench.programmes ADDRESS`.

ADDRESS is a Tandem that runs (./run); `--user` and `--password` log in. The window is a tablet's, 820 x 1180.
Loaded with an empty cache and again with what the browser kept, on slow 3G and slow 4G; then a click on the
first place below. Each line is what was measured, the budget, and the one over the other: 1.00 and less is
kept. Bytes do not depend on how busy the machine is; seconds do.
"""

import argparse
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, BrowserContext, Page, expect

from bench.page import log_in
from bench.wire import SLOW_3G, SLOW_4G, Link, Wire, chromium

TABLET = {"width": 820, "height": 1180}
WORDS = "h1:not(:empty)"
DRAWN = "#programmes:not(.waiting) #programmes-trends .share-line path.line"
BELOW = "#programmes-heat th a[data-go]"
PATIENCE_MS = 180_000


@dataclass(frozen=True)
class Loading:
    """Bytes until the page is quiet, seconds until words can be read and until the first chart is drawn."""

    received: int
    words: float
    chart: float


def loading(page: Page, wire: Wire, address: str) -> Loading:
    """Loads an address."""
    wire.forget()
    begun = perf_counter()
    page.goto(address, wait_until="commit", timeout=PATIENCE_MS)
    page.wait_for_selector(WORDS, timeout=PATIENCE_MS)
    words = perf_counter() - begun
    page.wait_for_selector(DRAWN, timeout=PATIENCE_MS, state="attached")
    chart = perf_counter() - begun
    page.wait_for_load_state("networkidle", timeout=PATIENCE_MS)
    return Loading(wire.total, words, chart)


def signed_in(browser: Browser, asked: argparse.Namespace) -> BrowserContext:
    """A tablet with an empty cache that is signed in."""
    before = browser.new_context()
    log_in(before.new_page(), asked.address, asked.user, asked.password)
    context = browser.new_context(storage_state=before.storage_state(), viewport=TABLET)
    before.close()
    return context


def cold_and_warm(browser: Browser, asked: argparse.Namespace, link: Link) -> tuple[Loading, Loading]:
    """Once with an empty cache and once with a full one."""
    context = signed_in(browser, asked)
    page, wire = context.new_page(), Wire()
    wire.watch(page, asked.address, link)
    address = f"{asked.address}/programmes"
    found = loading(page, wire, address), loading(page, wire, address)
    context.close()
    if wire.foreign:
        raise SystemExit(f"Programmes asked another host: {wire.foreign[0]}")
    return found


def clicked(browser: Browser, asked: argparse.Namespace) -> tuple[int, int]:
    """Requests and bytes of a click on the first place below."""
    context = signed_in(browser, asked)
    page, wire = context.new_page(), Wire()
    wire.watch(page, asked.address)
    loading(page, wire, f"{asked.address}/programmes")
    title = page.inner_text("#programmes-title")
    wire.forget()
    page.locator(BELOW).first.click()
    expect(page.locator("#programmes-title")).not_to_have_text(title, timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle")
    context.close()
    return wire.requests, wire.total


def told(what: str, found: float, budget: float, unit: str) -> None:
    """One line: measured, budget, ratio."""
    print(f"{what:<44}{found:>9.1f} {unit:<4}{budget:>9.1f} {unit:<4}{found / budget:>8.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", default="district")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with chromium() as browser:
        runs = {
            link: [cold_and_warm(browser, asked, link) for _ in range(asked.runs)]
            for link in (SLOW_3G, SLOW_4G)
        }
        clicks = [clicked(browser, asked) for _ in range(asked.runs)]
    cold, warm = ([run[at] for run in runs[SLOW_3G]] for at in (0, 1))
    print(f"{'Programmes on a tablet':<44}{'measured':>13}{'budget':>14}{'ratio':>8}")
    told("empty cache", median(each.received for each in cold) / 1e3, 700, "kB")
    told("full cache", median(each.received for each in warm) / 1e3, 15, "kB")
    told("first words, slow 3G, full cache", median(each.words for each in warm), 1, "s")
    told("first chart, slow 4G, empty cache", median(run[0].chart for run in runs[SLOW_4G]), 6.5, "s")
    told("a click on a place below, requests", median(each[0] for each in clicks), 2, "")
    told("a click on a place below", median(each[1] for each in clicks) / 1e3, 20, "kB")


if __name__ == "__main__":
    main()
