"""How heavy and how fast Compare is, beside plain Dash and Streamlit: `python -m bench.page ADDRESS`.

ADDRESS is a Tandem that runs (./run); `--user` and `--password` log in. The peers draw the same two series
with their own defaults and lead to the same places below (`bench.page_peers`); all three are loaded in
Chromium in the same run.

For each link: seconds until a heading can be read and until the first chart is drawn, with an empty cache;
bytes then, and again with what the browser kept. For a click on a place below: how long until the
browser paints after it (interaction to next paint) and until the new chart is drawn, with a processor four
times slower, and what it asks and receives. Who needs longer than `--limit` seconds is shown as "> limit".
"""

import argparse
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from math import isinf
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from bench import page_peers
from bench.environments import version as installed
from bench.wire import CHART, REGULAR_3G, SLOW_3G, SLOW_4G, Link, Load, Wire, attempt, chromium, load

LINKS = {link.name: link for link in (SLOW_3G, REGULAR_3G, SLOW_4G)}
SLOWER = 4  # times, of the processor while somebody clicks
WATCH = """
window.longest = 0;
new PerformanceObserver(list => {
  for (const each of list.getEntries())
    if (each.interactionId) window.longest = Math.max(window.longest, each.duration);
}).observe({type: "event", durationThreshold: 16, buffered: true});
addEventListener("pointerdown", event => { window.pressed = event.timeStamp; }, true);
"""
PATHS = f"[...document.querySelectorAll({CHART!r})].map(path => path.getAttribute('d')).join()"
DRAWN = f"() => {PATHS}"
REDRAWN = f"""before => new Promise(tell => {{
  const look = () => {{
    const drawn = {PATHS};
    if (drawn && drawn !== before) tell(performance.now() - window.pressed);
    else requestAnimationFrame(look);
  }};
  look();
}})"""


@dataclass(frozen=True)
class Site:
    """A page that is measured: its address, how one signs in, and what leads to the second place below."""

    name: str
    address: str
    sign_in: Callable[[Page], None]
    below: Callable[[Page], Locator]

    def context(self, browser: Browser) -> BrowserContext:
        """Signed in, with an empty cache: what the log-in page loads stays in a browser of its own."""
        before = browser.new_context()
        self.sign_in(before.new_page())
        context = browser.new_context(storage_state=before.storage_state())
        before.close()
        return context


@dataclass(frozen=True)
class Click:
    """One click: milliseconds to the next paint, seconds to the new chart, requests and bytes received."""

    paint: float
    chart: float
    requests: int
    received: int


def log_in(page: Page, address: str, user: str, password: str) -> None:
    """Logs in by the page that people use."""
    page.goto(f"{address}/login")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)


def loaded(browser: Browser, site: Site, link: Link, limit: float) -> tuple[Load, Load | None]:
    """Loads a page with an empty cache, and again with a full one if it came at all."""
    context = site.context(browser)
    page, wire = context.new_page(), Wire()
    wire.watch(page, site.address, link)
    cold = attempt(page, wire, site.address, limit)
    warm = None if isinf(cold.chart) else attempt(page, wire, site.address, limit)
    context.close()
    if wire.foreign:
        raise SystemExit(f"{site.name} asked another host: {wire.foreign[0]}")
    return cold, warm


def clicked(browser: Browser, site: Site) -> Click:
    """A click on a place below, on a fast link with a slow processor.

    It is the second one: the first may stand for reports without a place.
    """
    context = site.context(browser)
    page, wire = context.new_page(), Wire()
    page.add_init_script(WATCH)
    wire.watch(page, site.address)
    load(page, wire, site.address)
    link = site.below(page)
    link.wait_for()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    before = page.evaluate(DRAWN)
    wire.forget()
    link.click()
    drawn = page.evaluate(REDRAWN, before)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # entries of events are told after the paint
    click = Click(page.evaluate("window.longest"), drawn / 1000, wire.requests, wire.total)
    context.close()
    return click


def seconds(value: float, limit: float) -> str:
    """A time as it is printed."""
    return f"{'> ' + format(limit, '.0f'):>9}" if isinf(value) else f"{value:>9.1f}"


def print_loads(link: Link, loads: dict[str, list[tuple[Load, Load | None]]], limit: float) -> None:
    """One link: a line for each site, of medians."""
    print(f"\n{link.name}: {link.bits / 1e3:.0f} kbit/s, {link.latency} ms; empty cache, then again")
    print(f"{'':<12}{'code kB':>9}{'all kB':>9}{'text s':>9}{'chart s':>9}{'again kB':>10}{'again s':>9}")
    for name, runs in loads.items():
        cold, again = [cold for cold, _ in runs], [warm for _, warm in runs if warm]
        sizes = [median(each.code for each in cold), median(each.total for each in cold)]
        came = not isinf(median(each.chart for each in cold))
        shown = "".join(f"{size / 1e3:>9,.0f}" if came else f"{'-':>9}" for size in sizes)
        times = [median(each.first_text for each in cold), median(each.chart for each in cold)]
        shown += "".join(seconds(each, limit) for each in times)
        if again:
            shown += f"{median(each.total for each in again) / 1e3:>10,.1f}"
            shown += seconds(median(each.chart for each in again), limit)
        print(f"{name:<12}{shown}")


def print_clicks(clicks: dict[str, list[Click]]) -> None:
    """A line for each site, of medians."""
    print(f"\na click on a place below, processor {SLOWER} times slower (medians of {len(clicks['Tandem'])})")
    print(f"{'':<12}{'paint ms':>9}{'chart s':>9}{'requests':>9}{'kB':>9}")
    for name, runs in clicks.items():
        paint, chart, requests, received = (
            median(getattr(each, field) for each in runs)
            for field in ("paint", "chart", "requests", "received")
        )
        print(f"{name:<12}{paint:>9.0f}{chart:>9.2f}{requests:>9.0f}{received / 1e3:>9.1f}")


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8050")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", default="district")
    parser.add_argument("--top", default="CIV", help="code of the place that the page begins with")
    parser.add_argument("--pair", default="pill", help="what is compared")
    parser.add_argument("--links", nargs="+", choices=LINKS, default=list(LINKS))
    parser.add_argument("--times", type=int, default=1, help="loads of each page on each link")
    parser.add_argument("--clicks", type=int, default=5)
    parser.add_argument("--limit", type=float, default=150, help="seconds that a load may take")
    parser.add_argument("--port", type=int, default=8190, help="for plain Dash; the next one for Streamlit")
    return parser.parse_args()


def tandem(given: argparse.Namespace) -> Site:
    """The Tandem that runs."""
    sign_in = partial(log_in, address=given.address, user=given.user, password=given.password)
    return Site("Tandem", given.address, sign_in, lambda page: page.locator("#compare-table a").nth(1))


def peers(browser: Browser, ours: Site, given: argparse.Namespace, running: ExitStack) -> list[Site]:
    """The others, started with the figures that ours shows."""
    context = ours.context(browser)
    places = page_peers.figures(context.request, given.address, given.top, given.pair)
    context.close()
    path = page_peers.written(places, Path(running.enter_context(TemporaryDirectory())))
    dash = running.enter_context(page_peers.plain_dash(path, given.port))
    streamlit = running.enter_context(page_peers.streamlit(path, given.port + 1))
    return [
        Site("plain Dash", dash, lambda _: None, lambda page: page.locator("button.below").nth(1)),
        Site("Streamlit", streamlit, lambda _: None, lambda page: page.locator(".stButton button").nth(1)),
    ]


def main() -> None:
    """Measures all and prints them."""
    given = read_arguments()
    with ExitStack() as running:
        browser = running.enter_context(chromium())
        ours = tandem(given)
        sites = [ours, *peers(browser, ours, given, running)]
        versions = f"dash {version('dash')}, streamlit {installed(page_peers.STREAMLIT)}"
        print(f"Chromium {browser.version}, {versions}; {given.times} loads, medians")
        clicks = {site.name: [clicked(browser, site) for _ in range(given.clicks)] for site in sites}
        print_clicks(clicks)
        for link in (LINKS[name] for name in given.links):
            runs = {
                site.name: [loaded(browser, site, link, given.limit) for _ in range(given.times)]
                for site in sites
            }
            print_loads(link, runs, given.limit)


if __name__ == "__main__":
    main()
