"""What Compare costs on the wire: the budget of a district's mobile link."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bench.wire import Load, Wire, load

pytestmark = pytest.mark.browser

COLD_CODE = 700_000  # bytes of scripts and styles, empty cache
WARM_CODE = 2_000  # of the same, when the browser has them: only "not changed"
WARM_TOTAL = 15_000  # of everything, figures included
BASIC_TRACES = {"scatter", "bar", "pie"}  # what the basic bundle of plotly.js can draw


@pytest.fixture
def loads(browser: Browser, served: str, signed_in: Path) -> Iterator[tuple[Page, Wire, list[Load]]]:
    """Compare, loaded by a browser that has nothing, and again by the same."""
    context = browser.new_context(storage_state=signed_in)
    page, wire = context.new_page(), Wire()
    wire.watch(page, served)
    yield page, wire, [load(page, wire, f"{served}/"), load(page, wire, f"{served}/")]
    context.close()


def test_compare_keeps_within_the_budget_of_a_slow_link(loads):
    _, wire, (cold, warm) = loads
    assert 100_000 < cold.code <= COLD_CODE
    assert warm.code <= WARM_CODE
    assert warm.total <= WARM_TOTAL
    assert wire.foreign == []


def test_every_chart_can_be_drawn_by_the_bundle_that_is_delivered(loads):
    page, _, _ = loads
    drawn = page.evaluate(
        "[...document.querySelectorAll('.js-plotly-plot')].flatMap(p => p._fullData.map(t => t.type))"
    )
    assert drawn
    assert set(drawn) <= BASIC_TRACES


def test_no_script_is_loaded_that_no_page_needs(loads):
    page, _, _ = loads
    scripts = page.evaluate("[...document.scripts].map(s => s.src)")
    assert [each for each in scripts if "ag_grid" in each or "mathjax" in each] == []


def test_every_answer_of_some_length_is_compressed(browser: Browser, served: str, signed_in: Path):
    context = browser.new_context(storage_state=signed_in)
    plain: list[str] = []
    page = context.new_page()
    page.on(
        "response",
        lambda answer: (
            plain.append(answer.url)
            if "content-encoding" not in answer.headers
            and int(answer.headers.get("content-length", "0")) > 500
            and answer.headers.get("content-type", "").split(";")[0].split("/")[0] in ("text", "application")
            else None
        ),
    )
    page.goto(served)
    page.wait_for_load_state("networkidle")
    context.close()
    assert plain == []
