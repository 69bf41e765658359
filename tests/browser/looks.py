"""Every page as it can be looked at: three widths, two themes, two languages, and what is wrong with it.

A page is sound when axe finds nothing, whatever can be hit is large enough, and nothing is wider than the
window.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from playwright.sync_api import Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.compare_page import AGNEBY, overflow
from tests.browser.conftest import Visit

CHART = "#compare-commodity-chart .xaxislayer-above text"
PROGRAMMES = "#programmes:not(.waiting) #programmes-heat td"
ALERTS = "#alerts:not(.waiting) #alerts-list li"
QUALITY = "#quality:not(.waiting) #quality-places tbody tr"
EXACT, FINGER = 24, 44  # px
NARROW = 900  # px; up to here a page is for fingers


@dataclass(frozen=True)
class Scene:
    """A page in one of its states: its address, and what is there once it is drawn."""

    name: str
    path: str
    drawn: str = CHART


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    width: int
    theme: str
    language: str


SCENES = {
    "civ": (
        Scene("table", f"/?pair=injectable-3m&unit={AGNEBY}"),
        Scene("multiples", "/?pair=injectable-3m&view=multiples"),
        Scene("map", "/?pair=injectable-3m&view=map"),
        Scene("pairs", f"/?pair=pill&unit={AGNEBY}&view=pairs"),
        Scene("facility", "/?pair=injectable-3m&unit=C4001"),
        Scene("year", "/?pair=implant&grain=year&from=2016-01&show=index"),
        Scene("alone", "/?pair=condom-male"),
        Scene("nothing", "/?pair=condom-female&unit=C1034", "#compare:not(.waiting)"),
        Scene("nowhere", "/?unit=nowhere", "#compare-problem:not([hidden])"),
        Scene("programmes", "/programmes?", PROGRAMMES),
        Scene("programmes of a facility", "/programmes?unit=C4001", PROGRAMMES),
        Scene("alerts", "/alerts?", ALERTS),
        Scene("data quality", "/quality?", QUALITY),
        Scene("definitions", "/definitions?", "#definitions-list summary"),
        Scene("data", "/data?", "#data-report h2"),
        Scene("profile", "/profile?", "#profile-person dd"),
        Scene("no page", "/nowhere?", "main h1"),
        Scene("log-in", "/login?", "#username"),
    ),
    "whotopia": (
        Scene("table", "/?pair=mal-rdt"),
        Scene("multiples", "/?pair=mal-rdt&view=multiples"),
        Scene("map", "/?pair=mal-rdt&view=map"),
        Scene("pairs", "/?pair=act&view=pairs"),
        Scene("quarters", "/?pair=act&grain=quarter"),
        Scene("stock alone", "/?pair=amoxicillin"),
        Scene("programmes", "/programmes?", PROGRAMMES),
        Scene("alerts", "/alerts?", ALERTS),
        Scene("data quality", "/quality?", QUALITY),
    ),
}
LOOKS = tuple(Look(*each) for each in product((360, 768, 1440), ("light", "dark"), ("fr", "en")))

_SMALL = """([least, which]) => [...document.querySelectorAll(which)]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".modebar"))
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < least - 0.5 || box.height < least - 0.5))
  .map(([each, box]) => `smaller than ${least} px: ${each.id || each.className || each.tagName}`
    + ` ${Math.round(box.width)}x${Math.round(box.height)} ${each.textContent.slice(0, 30)}`)"""
ANYTHING = "button, select, input:not([type=hidden]), [role=button], [role=tab], summary"
MAIN = (
    ".brand, .languages a, .rail a, .crumbs a, .button, select,"
    " input:not([type=hidden]):not([type=checkbox]), .tab, .multiple, .map-list a,"
    " .define, summary, .take .menu a, .take .menu button"
)


def sample(scenes: tuple[Scene, ...], seed: int) -> Iterator[tuple[Scene, Look]]:
    """Each scene in one look, so that the looks come up as evenly as they can."""
    dealt = random.Random(seed)
    looks: list[Look] = []
    for scene in scenes:
        looks = looks or dealt.sample(LOOKS, len(LOOKS))
        yield scene, looks.pop()


def opened(visit: Visit, scene: Scene, look: Look) -> Page:
    """The scene in a look, drawn."""
    path = f"{scene.path}{'' if scene.path.endswith('?') else '&'}lang={look.language}"
    page = visit(path, width=look.width, scheme=look.theme)
    page.wait_for_selector(scene.drawn)
    expect(page.locator("#compare.busy, #compare.waiting, #compare[aria-busy]")).to_have_count(0)
    return page


def look_at(page: Page, look: Look) -> None:
    """Turn the page that is open to another width and theme."""
    page.set_viewport_size({"width": look.width, "height": 900})
    # Without motion, so that every colour has followed at once.
    scheme = "dark" if look.theme == "dark" else "light"
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    expect(page.locator("html")).to_have_attribute("data-theme", look.theme)


def faults(page: Page, look: Look) -> list[str]:
    """What is wrong with the page as it stands."""
    found = violations(page, ALL) + page.evaluate(_SMALL, [EXACT, ANYTHING])
    if look.width <= NARROW:
        found += page.evaluate(_SMALL, [FINGER, MAIN])
    wider = overflow(page)
    return found + ([f"{wider} px wider than the window"] if wider else [])
