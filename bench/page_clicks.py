"""Every kind of click that leads deeper on Compare, with a processor four times slower.

`python -m bench.page_clicks ADDRESS` of a Tandem that runs (./run) prints, for a line of the table, a bar of
each chart, a point of a line below it, a small chart and a mark of the map: milliseconds until the browser
paints after the click (interaction to next paint), seconds until the place is shown, requests, and bytes.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median

from playwright.sync_api import Browser, Page

from bench.page import SLOWER, WATCH, Click, Site, log_in
from bench.wire import Wire, chromium, load

GOAL, MOST_REQUESTS, MOST_BYTES = 200, 2, 20_000
PRESSED = 80  # ms that a finger stays on the button; the paint after it went down counts as well
SHOWN = """before => new Promise(tell => {
  const look = () => {
    const busy = document.querySelector("#compare").ariaBusy === "true";
    if (location.search !== before && !busy) tell(performance.now() - window.pressed);
    else requestAnimationFrame(look);
  };
  look();
})"""


@dataclass(frozen=True)
class Kind:
    """A kind of click: what it is on, the view of the rows it is in, how it is done."""

    name: str
    view: str
    click: Callable[[Page], None]


def pressed(page: Page, selector: str, number: int = 0) -> None:
    """Press the middle of something, by the mouse, as it lies now."""
    page.locator(selector).nth(number).scroll_into_view_if_needed()
    box = page.locator(selector).nth(number).bounding_box()
    if box is None:
        raise SystemExit(f"{selector} is not on the page: is it of this version?")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 2, y - 2)
    page.mouse.move(x, y)
    page.wait_for_timeout(300)  # the words under the pointer are drawn: people look before they click
    page.mouse.click(x, y, delay=PRESSED)


KINDS = (
    Kind("line of the table", "table", partial(pressed, selector="#compare-table a", number=1)),
    Kind(
        "bar of services",
        "table",
        partial(pressed, selector="#compare-service-chart .barlayer .point", number=-2),
    ),
    Kind(
        "bar of commodities",
        "table",
        partial(pressed, selector="#compare-commodity-chart .barlayer .point", number=-2),
    ),
    Kind(
        "point of a line",
        "table",
        partial(pressed, selector="#compare-service-chart .scatterlayer path.point", number=-2),
    ),
    Kind("small chart", "multiples", partial(pressed, selector="#compare-multiples a", number=1)),
    # The last one lies above all others; it is an area where DHIS2 has outlines, else a mark.
    Kind("mark of the map", "map", partial(pressed, selector="#compare-map g.place", number=-1)),
)


def clicked(browser: Browser, site: Site, kind: Kind, search: str) -> Click:
    """One click of a kind, the first on a page that was loaded for it."""
    context = site.context(browser)
    page, wire = context.new_page(), Wire()
    page.add_init_script(WATCH)
    wire.watch(page, site.address)
    load(page, wire, f"{site.address}/?{search}&view={kind.view}")
    page.wait_for_timeout(500)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    before = page.evaluate("location.search")
    wire.forget()
    page.evaluate("window.longest = 0")
    kind.click(page)
    shown = page.evaluate(SHOWN, before)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # entries of events are told after the paint
    click = Click(page.evaluate("window.longest"), shown / 1000, wire.requests, wire.total)
    context.close()
    return click


def main() -> int:
    """Measure every kind and print it; whether all keep the goal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8050")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", default="district")
    parser.add_argument("--search", default="pair=pill", help="the view that is clicked in, without a `view`")
    parser.add_argument("--clicks", type=int, default=5)
    parser.add_argument("--only", default="", help="the kinds whose names hold these words")
    given = parser.parse_args()
    sign_in = partial(log_in, address=given.address, user=given.user, password=given.password)
    site = Site("Tandem", given.address, sign_in, lambda page: page.locator("#compare-table a").nth(1))
    kept = True
    print(f"processor {SLOWER} times slower, medians of {given.clicks}; the longest in brackets")
    print(f"{'':<20}{'paint ms':>16}{'shown s':>9}{'requests':>9}{'kB':>9}")
    with chromium() as browser:
        for kind in (each for each in KINDS if given.only in each.name):
            runs = [clicked(browser, site, kind, given.search) for _ in range(given.clicks)]
            paint, longest = median(each.paint for each in runs), max(each.paint for each in runs)
            requests, received = (
                median(each.requests for each in runs),
                median(each.received for each in runs),
            )
            kept &= paint <= GOAL and requests <= MOST_REQUESTS and received <= MOST_BYTES
            shown = median(each.chart for each in runs)
            print(
                f"{kind.name:<20}{paint:>8.0f} {f'({longest:.0f})':>7}{shown:>9.2f}{requests:>9.0f}"
                f"{received / 1e3:>9.1f}",
                flush=True,
            )
    print(f"goal: {GOAL} ms, {MOST_REQUESTS} requests, {MOST_BYTES // 1000} kB")
    return int(not kept)


if __name__ == "__main__":
    raise SystemExit(main())
