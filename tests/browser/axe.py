"""What axe finds on a page: by the rules of WCAG 2.2, levels A and AA, and by all its own where asked for."""

import json

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

NOT_DRAWN = "#first-look, .freshness:empty"

WCAG = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
ALL = (*WCAG, "best-practice")


def violations(page: Page, rules: tuple[str, ...] = WCAG, context: str | None = None) -> list[str]:
    """What axe finds, each with the first element it is found on, once the page itself is drawn.

    Before that the words stand there that the server wrote ahead; they may go while axe looks at them.

    Args:
        page: what to look at.
        rules: the tags of the rules.
        context: a CSS selector of the parts to look at; the whole page by default.
    """
    expect(page.locator(NOT_DRAWN)).to_have_count(0)  # to wait for a script would be eval: the CSP forbids it
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(Axe().axe_script)
    options = {
        "runOnly": [*rules],
        "resultTypes": ["violations"],  # to describe what is well takes half the time
        "iframes": False,
        "preload": False,  # every style is the page's own and is read as it is
    }
    about = json.dumps(context) if context else "document"
    found = page.evaluate(f"axe.run({about}, {json.dumps(options)})")["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['any'][:1]}" for each in found]
