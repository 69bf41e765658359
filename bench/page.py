"""How heavy and how fast the first page is, beside plain Dash: `python -m bench.page ADDRESS`.

ADDRESS is a Tandem that runs (./run); `--user` and `--password` log in. Both pages are loaded in Chromium on
a 3G link (700 kbit/s, 300 ms), first with an empty cache, then again with what the browser kept. Plain Dash
draws two charts of the same length with Dash's own defaults and nothing else, so the comparison flatters it.
"""

import argparse
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version

from playwright.sync_api import Browser, Page

from bench.wire import REGULAR_3G, SLOW_4G, Link, Load, Wire, chromium, load

LINKS = {link.name: link for link in (REGULAR_3G, SLOW_4G)}
PLAIN_DASH = """
from dash import Dash, dcc, html
app = Dash(__name__)
months = [f"{year}-{month:02d}" for year in range(2016, 2020) for month in range(1, 13)]
def chart(name):
    values = [(each * 37) % 101 + 50 for each in range(len(months))]
    return dcc.Graph(figure={"data": [{"x": months, "y": values, "name": name}]})
app.layout = html.Div([html.H1("Compare"), chart("services"), chart("commodities")])
app.run(port=PORT)
"""
SignIn = Callable[[Page], None]


@contextmanager
def plain_dash(port: int) -> Iterator[str]:
    """A Dash page with its defaults, on a port of the loopback."""
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", PLAIN_DASH.replace("PORT", str(port))]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(address, timeout=2).close()
                break
            time.sleep(0.1)
        yield address
    finally:
        child.terminate()
        child.wait()


def log_in(page: Page, address: str, user: str, password: str) -> None:
    """Logs in by the page that people use."""
    page.goto(f"{address}/login")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)


def cold_and_warm(browser: Browser, address: str, link: Link, sign_in: SignIn) -> tuple[Load, Load]:
    """Loads a page with an empty cache, and again with a full one.

    The log-in happens in a browser of its own, so that what the log-in page loads is not there already.
    """
    before = browser.new_context()
    sign_in(before.new_page())
    context = browser.new_context(storage_state=before.storage_state())
    page, wire = context.new_page(), Wire()
    wire.watch(page, address, link)
    cold, warm = load(page, wire, address), load(page, wire, address)
    before.close()
    context.close()
    if wire.foreign:
        raise SystemExit(f"The page asked another host: {wire.foreign[0]}")
    return cold, warm


def middle(loads: list[Load]) -> Load:
    """The load of the median time to the chart, with the bytes of the first."""
    return sorted(loads, key=lambda each: each.chart)[len(loads) // 2]


def row(name: str, cold: Load, warm: Load) -> str:
    """One line of the table."""
    return (
        f"{name:<12} {cold.code / 1e3:>9,.0f} {cold.total / 1e3:>9,.0f} {cold.first_text:>8.1f} "
        f"{cold.chart:>8.1f} {warm.total / 1e3:>9,.1f} {warm.chart:>8.1f}"
    )


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8050")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", default="district")
    parser.add_argument("--link", choices=LINKS, default=REGULAR_3G.name)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--port", type=int, default=8190, help="for plain Dash")
    return parser.parse_args()


def main() -> None:
    """Measures both and prints them with their ratio."""
    given = read_arguments()
    link = LINKS[given.link]
    ours: list[tuple[Load, Load]] = []
    plain: list[tuple[Load, Load]] = []
    with chromium() as browser, plain_dash(given.port) as other:
        print(
            f"Chromium {browser.version}, dash {version('dash')}, {link.name}: {link.bits / 1e3:.0f} kbit/s"
        )
        for _ in range(given.times):
            sign_in = lambda page: log_in(page, given.address, given.user, given.password)  # noqa: E731
            ours.append(cold_and_warm(browser, given.address, link, sign_in))
            plain.append(cold_and_warm(browser, other, link, lambda _: None))
    print(
        f"{'':<12} {'code kB':>9} {'all kB':>9} {'text s':>8} {'chart s':>8} {'again kB':>9} {'again s':>8}"
    )
    for name, loads in (("Tandem", ours), ("plain Dash", plain)):
        print(row(name, middle([cold for cold, _ in loads]), middle([warm for _, warm in loads])))
    for what, of in (("bytes", lambda one: one.total), ("time to chart", lambda one: one.chart)):
        ratio = statistics.median(of(cold) for cold, _ in plain) / statistics.median(
            of(cold) for cold, _ in ours
        )
        print(f"{what}: {ratio:.1f}x less than plain Dash")


if __name__ == "__main__":
    main()
