"""Every view for everybody: axe finds nothing, targets are large enough, and nothing moves after it is drawn.

A sample of widths, themes and languages; TANDEM_EVERY_LOOK=1 takes them all.
"""

import os
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.compare_page import AGNEBY
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
DRAWN = "#compare-commodity-chart .xaxislayer-above text"
VIEWS = {
    "table": f"/?pair=injectable-3m&unit={AGNEBY}",
    "multiples": "/?pair=injectable-3m&view=multiples",
    "map": "/?pair=injectable-3m&view=map",
    "pairs": f"/?pair=pill&unit={AGNEBY}&view=pairs",
    "facility": "/?pair=injectable-3m&unit=C4001",
    "year": "/?pair=implant&grain=year&from=2016-01",
}
OTHER_PAGES = {
    "data": ("/data", "#data-report h2"),
    "profile": ("/profile", "main h1"),
    "no_unit": ("/?unit=nowhere", "#compare-problem:not([hidden])"),
    "no_page": ("/nowhere", "h1"),
}
LOOKS = list(product((360, 768, 1440), ("light", "dark"), ("fr", "en")))
SAMPLE = ((360, "dark", "fr"), (1440, "light", "en"))
CHOSEN = LOOKS if os.environ.get("TANDEM_EVERY_LOOK") else SAMPLE
EXACT = 24
MOST_SHIFT = 0.1

_SMALL = """(least) => [...document.querySelectorAll(
    "button, select, input:not([type=hidden]), [role=button], [role=tab], summary")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".modebar"))
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < least - 0.5 || box.height < least - 0.5))
  .map(([each, box]) => `${each.id || each.className || each.tagName} ${box.width}x${box.height}`)"""
_WATCH = """window.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((each) => {
  if (window.drawn) window.shifted += each.value;
})).observe({ type: "layout-shift", buffered: true });"""


def violations(page: Page) -> list[str]:
    """What axe finds, each with the first element it is found on."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['any'][:1]}" for each in found]


def drawn(visit: Visit, path: str, look: tuple[int, str, str]) -> Page:
    """A view of Compare at a width, in a theme and a language, drawn."""
    width, scheme, language = look
    page = visit(f"{path}&lang={language}", width=width, scheme=scheme)
    page.wait_for_selector(DRAWN)
    page.wait_for_function("!document.querySelector('#compare.busy, #compare.waiting, #compare[aria-busy]')")
    return page


def test_axe_finds_nothing_on_any_view(visit: Visit) -> None:
    found = {}
    for (name, path), look in product(VIEWS.items(), CHOSEN):
        found[name, *look] = violations(drawn(visit, path, look))
    assert {key: said for key, said in found.items() if said} == {}


def test_axe_finds_nothing_on_a_view_of_whotopia(whotopia_visit: Visit) -> None:
    found = {}
    for view, look in product(("table", "multiples", "map", "pairs"), CHOSEN):
        found[view, *look] = violations(drawn(whotopia_visit, f"/?pair=mal-rdt&view={view}", look))
    assert {key: said for key, said in found.items() if said} == {}


def test_axe_finds_nothing_on_the_other_pages(visit: Visit) -> None:
    found = {}
    for (name, (path, there)), (width, scheme, language) in product(OTHER_PAGES.items(), CHOSEN):
        joint = "&" if "?" in path else "?"
        page = visit(f"{path}{joint}lang={language}", width=width, scheme=scheme)
        page.wait_for_selector(there)
        found[name, width, scheme, language] = violations(page)
    visit.complaints[:] = [each for each in visit.complaints if "404" not in each]  # type: ignore[attr-defined]
    assert {key: said for key, said in found.items() if said} == {}


def test_no_target_is_too_small_to_hit(visit: Visit) -> None:
    small = {}
    for (name, path), look in product(VIEWS.items(), CHOSEN):
        page = drawn(visit, path, look)
        small[name, *look] = page.evaluate(_SMALL, EXACT)
    assert {key: said for key, said in small.items() if said} == {}


def test_the_main_controls_have_room_for_a_finger(visit: Visit) -> None:
    page = drawn(visit, VIEWS["table"], (360, "light", "fr"))
    selects = page.locator(".choice select:visible")
    heights = [box["height"] for box in (each.bounding_box() for each in selects.all()) if box]
    assert heights and min(heights) >= 44


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_moves_once_the_page_is_drawn(visit: Visit, width: int) -> None:
    for path in (VIEWS["table"], VIEWS["map"]):
        page = visit("/data?lang=en", width=width)
        page.add_init_script(_WATCH)
        page.goto(f"{page.url.split('/data')[0]}{path}&lang=en")
        page.wait_for_selector(DRAWN)
        page.evaluate("window.drawn = true")
        page.wait_for_timeout(800)
        assert page.evaluate("window.shifted") < MOST_SHIFT, path
