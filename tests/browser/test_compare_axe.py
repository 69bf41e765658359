"""Every view for everybody: axe finds nothing, targets are large enough, and nothing moves after it is drawn.

A sample of widths, themes and languages; TANDEM_EVERY_LOOK=1 takes them all.
"""

import os
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.compare_page import AGNEBY
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

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


def drawn(visit: Visit, path: str, look: tuple[int, str, str]) -> Page:
    """A view of Compare at a width, in a theme and a language, drawn."""
    width, scheme, language = look
    page = visit(f"{path}&lang={language}", width=width, scheme=scheme)
    page.wait_for_selector(DRAWN)
    expect(page.locator("#compare.busy, #compare.waiting, #compare[aria-busy]")).to_have_count(0)
    return page


def test_axe_finds_nothing_on_any_view_and_no_target_is_too_small_to_hit(visit: Visit) -> None:
    found = {}
    for look, (name, path) in product(CHOSEN, VIEWS.items()):
        page = drawn(visit, path, look)
        found[name, *look] = violations(page, ALL) + page.evaluate(_SMALL, EXACT)
    assert {key: said for key, said in found.items() if said} == {}


def test_axe_finds_nothing_on_a_view_of_whotopia(whotopia_visit: Visit) -> None:
    found = {}
    for look, view in product(CHOSEN, ("table", "multiples", "map", "pairs")):
        found[view, *look] = violations(drawn(whotopia_visit, f"/?pair=mal-rdt&view={view}", look), ALL)
    assert {key: said for key, said in found.items() if said} == {}


def test_axe_finds_nothing_on_the_other_pages(visit: Visit) -> None:
    found = {}
    for (width, scheme, language), (name, (path, there)) in product(CHOSEN, OTHER_PAGES.items()):
        joint = "&" if "?" in path else "?"
        page = visit(f"{path}{joint}lang={language}", width=width, scheme=scheme)
        page.wait_for_selector(there)
        found[name, width, scheme, language] = violations(page, ALL)
    visit.complaints[:] = [each for each in visit.complaints if "404" not in each]  # type: ignore[attr-defined]
    assert {key: said for key, said in found.items() if said} == {}


def test_the_main_controls_have_room_for_a_finger(visit: Visit) -> None:
    page = drawn(visit, VIEWS["table"], (360, "light", "fr"))
    selects = page.locator(".choice select:visible")
    heights = [box["height"] for box in (each.bounding_box() for each in selects.all()) if box]
    assert heights and min(heights) >= 44


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("view", ["table", "map"])
def test_nothing_moves_once_the_page_is_drawn(visit: Visit, width: int, view: str) -> None:
    page = visit("/healthz", width=width)
    page.add_init_script(_WATCH)
    visit(f"{VIEWS[view]}&lang=en", width=width)
    page.wait_for_selector(DRAWN)
    page.evaluate("window.drawn = true")
    page.wait_for_timeout(800)
    assert page.evaluate("window.shifted") < MOST_SHIFT
