"""`python -m bench.screens civ=http://127.0.0.1:8050 …`: pictures of every view, written to docs/screens.

One picture for each view, country, width, theme and language, of running installations; `--all` takes every
combination, otherwise each view is taken in a few of them, which is what the repository keeps; `--only data`
takes the views whose names hold that word. A view's pictures are the whole page. Beside the pages there are
the faces of what goes wrong: a wait, a lost network, a place that is not there, nothing reported.
"""

import argparse
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import TimeoutError as TookTooLong

from bench.page import log_in
from bench.wire import CHART, chromium

FOLDER = Path(__file__).parent.parent / "docs" / "screens"
WIDTHS, THEMES, LANGUAGES = (360, 768, 1440), ("light", "dark"), ("fr", "en")
KEPT = ((360, "light", "en"), (768, "dark", "en"), (1440, "light", "fr"), (1440, "dark", "en"))
QUALITY, WIDEST, TALLEST = 62, 1080, 4000
PATIENCE_MS, SETTLED_MS = 30_000, 500
ANSWERS = re.compile("_dash-(update-component|layout)")
# What a page looks like when it is there: the chart of Compare, the cells of Programmes, ...
DRAWN = {
    "compare": CHART,
    "programmes": "#programmes:not(.waiting) #programmes-heat td",
    "alerts": "#alerts-list .alert-row",
    "quality": "#quality:not(.waiting) #quality-places tbody tr",
    "definitions": "#definitions-list summary",
    "data": "#data-report .panel",
    "profile": "#profile-name",
    "login": "#username",
    "store": "#store-tab .store-item",
    "face-waiting": "#first-look",
    "face-nothing": "#compare:not(.waiting)",
    "face-nowhere": "#compare-problem:not([hidden])",
}
VIEWS = {
    "civ": {
        "compare-table": "/?pair=injectable-3m&from=2018-01&at=2019-03",
        "compare-multiples": "/?pair=injectable-3m&from=2018-01&view=multiples",
        "compare-map": "/?pair=injectable-3m&from=2018-01&view=map",
        "compare-pairs": "/?pair=injectable-3m&from=2018-01&view=pairs",
        "compare-facility": "/?pair=injectable-3m&from=2018-01&unit=C4001",
        "programmes": "/programmes?",
        "programmes-facility": "/programmes?unit=C4001",
        "alerts": "/alerts?",
        "quality": "/quality?",
        "definitions": "/definitions?",
        "data": "/data?",
        "profile": "/profile?",
        "login": "/login?",
        "face-waiting": "/?pair=pill",
        "face-offline": "/?pair=injectable-3m",
        "face-nothing": "/?pair=condom-female&unit=C1034",
        "face-nowhere": "/?unit=nowhere",
    },
    "whotopia": {
        "compare-table": "/?pair=mal-rdt",
        "compare-multiples": "/?pair=mal-rdt&view=multiples",
        "compare-map": "/?pair=mal-rdt&view=map",
        "compare-pairs": "/?pair=act&view=pairs",
        "compare-quarters": "/?pair=act&grain=quarter",
        "programmes": "/programmes?",
        "alerts": "/alerts?",
        "quality": "/quality?",
        "store": "/store?",
        "login": "/login?",
    },
}


@dataclass(frozen=True)
class Picture:
    """One picture: the view and how it is looked at."""

    view: str
    country: str
    path: str
    width: int
    theme: str
    language: str

    @property
    def name(self) -> str:
        """The file: compare-table.civ.1440.dark.fr.webp."""
        return f"{self.view}.{self.country}.{self.width}.{self.theme}.{self.language}.webp"

    @property
    def drawn(self) -> str:
        """What is there once the view is drawn."""
        return DRAWN.get(self.view) or DRAWN.get(self.view.split("-")[0], CHART)


def pictures(country: str, every: bool) -> Iterator[Picture]:
    """The pictures of a country's views: in every look, or in those that are kept."""
    looks = list(product(WIDTHS, THEMES, LANGUAGES)) if every else KEPT
    for (view, path), look in product(VIEWS[country].items(), looks):
        yield Picture(view, country, path, *look)


@dataclass(frozen=True)
class Site:
    """An installation as people see it, who each keep its scripts; a stranger is not signed in."""

    country: str
    address: str
    people: Mapping[str, BrowserContext]

    @classmethod
    def of(cls, browser: Browser, said: str, accounts: Mapping[str, str]) -> "Site":
        """The installation said as country=address; accounts are said as name:password."""
        country, _, address = said.partition("=")
        people = {who: browser.new_context(reduced_motion="reduce") for who in ("stranger", *accounts)}
        for who, context in people.items():
            context.set_default_timeout(PATIENCE_MS)
            if who in accounts:
                page = context.new_page()
                log_in(page, address, *accounts[who].split(":", 1))
                page.close()
        return cls(country, address, people)

    def seen(self, view: str) -> Page:
        """A new page of whoever looks at the view."""
        return self.people[{"login": "stranger", "store": "keeper"}.get(view, "person")].new_page()


def take(site: Site, picture: Picture) -> bytes:
    """The whole page as a PNG, or the window where it is about what stays in sight."""
    page = site.seen(picture.view)
    try:
        return _taken(page, site.address, picture)
    finally:
        page.unroute_all(behavior="ignoreErrors")
        page.context.set_offline(False)
        page.close()


def _taken(page: Page, address: str, picture: Picture) -> bytes:
    page.set_viewport_size({"width": picture.width, "height": 900})
    page.emulate_media(color_scheme="dark" if picture.theme == "dark" else "light", reduced_motion="reduce")
    if picture.view == "face-waiting":
        page.route(ANSWERS, lambda _: None)
    page.goto(f"{address}{picture.path}&lang={picture.language}")
    page.wait_for_selector(picture.drawn, state="attached")
    if picture.view == "face-offline":
        _lose_the_network(page)
    elif not picture.view.startswith("face-waiting"):
        _look_through(page)
    return page.screenshot(full_page=not picture.view.startswith("face-"))


def _lose_the_network(page: Page) -> None:
    """A click that finds no network: the page says so and keeps what it shows."""
    link = page.locator("#compare-table tbody a").first
    link.scroll_into_view_if_needed()
    page.context.set_offline(True)
    link.click()
    page.wait_for_selector("#notice-offline:not([hidden])")
    page.wait_for_timeout(SETTLED_MS)


def _look_through(page: Page) -> None:
    """A window as long as the page: what is drawn only where one looks is drawn everywhere."""
    page.wait_for_selector("#compare-reported-rows p[role=status]", state="detached")  # raw values come later
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    width = int(page.evaluate("innerWidth"))
    page.set_viewport_size({"width": width, "height": min(height, TALLEST)})
    page.wait_for_timeout(SETTLED_MS)


def small(png: bytes) -> Image.Image:
    """A picture no wider than is needed and no longer than one looks."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    if image.width > WIDEST:
        image = image.resize((WIDEST, image.height * WIDEST // image.width), Image.Resampling.LANCZOS)
    return image.crop((0, 0, image.width, min(image.height, TALLEST)))


def main() -> None:
    """Take the pictures of the installations that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sites", nargs="+", help="country=address of a running installation")
    parser.add_argument("--person", default="admin:district", help="whose pages are taken, as name:password")
    parser.add_argument("--keeper", default="store:Store-1234", help="who keeps a store")
    parser.add_argument("--all", action="store_true", help="every width, theme and language of each view")
    parser.add_argument("--only", default="", help="views whose names hold this word")
    parser.add_argument("--out", type=Path, default=FOLDER)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for site in (
            Site.of(browser, each, {"person": asked.person, "keeper": asked.keeper}) for each in asked.sites
        ):
            for picture in pictures(site.country, asked.all):
                if asked.only not in picture.view:
                    continue
                try:
                    taken = small(take(site, picture))
                except TookTooLong:
                    print(f"{picture.name} was not drawn in {PATIENCE_MS // 1000} s", flush=True)
                    continue
                taken.save(asked.out / picture.name, quality=QUALITY, method=4)
                print(picture.name, flush=True)


if __name__ == "__main__":
    main()
