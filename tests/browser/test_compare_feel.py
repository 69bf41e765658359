"""How Compare feels under the hand: what moves together, what stays where it was, what can be reached."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.compare_page import AGNEBY, PAIR, ready
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NATION = "Three-month injectable: Côte d'Ivoire"
REGION = "Three-month injectable: Agneby-Tiassa-Me"
_SHIFTS = """window.moved = 0;
new PerformanceObserver((list) => list.getEntries().forEach((each) => { window.moved += each.value; }))
  .observe({ type: "layout-shift", buffered: true });"""


def hovered(page: Page) -> str:
    """Which period is marked on everything that is aligned with the charts."""
    return str(page.evaluate("document.querySelector('.panels').style.getPropertyValue('--hovered')"))


def test_the_pointer_on_one_chart_marks_the_same_month_on_the_other(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}&from=2019-01")
    ready(page, REGION)
    box = page.locator("#compare-service-chart").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 90)
    expect(page.locator(".panels.hovering")).to_have_count(1)
    month = int(hovered(page))
    expect(page.locator("#compare-commodity-chart .hoverlayer .hovertext")).not_to_have_count(0)
    strip = page.locator("#compare-commodity-strip i").nth(month).bounding_box()
    assert strip
    page.mouse.move(strip["x"] + strip["width"] / 2, strip["y"] + 4)
    assert int(hovered(page)) == month
    page.mouse.move(5, 5)
    expect(page.locator(".panels.hovering")).to_have_count(0)


def test_the_latest_figures_are_read_before_any_script_and_nothing_moves_when_the_page_comes(
    visit: Visit,
) -> None:
    page = visit("/data?lang=en")
    context = page.context
    context.route("**/*.js*", lambda route: route.abort())
    without = context.new_page()
    without.goto(f"{page.url.split('/data')[0]}/?{PAIR}&unit={AGNEBY}&at=2019-03")
    expect(without.locator("#first-look h1")).to_have_text(REGION)
    expect(without.locator("#first-look .service-panel .kpi b").first).to_have_text("2,773")
    assert without.locator("#first-look .crumbs a").first.get_attribute("href")
    context.unroute("**/*.js*")
    page.add_init_script(_SHIFTS)
    page.goto(f"{page.url.split('/data')[0]}/?{PAIR}&unit={AGNEBY}&at=2019-03")
    ready(page, REGION)
    expect(page.locator("#first-look")).to_have_count(0)
    assert page.evaluate("window.moved") < 0.02
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser tells of the scripts it did not get


def test_a_side_that_has_nothing_says_so_from_the_first_words_on_where_its_chart_would_be(
    visit: Visit,
) -> None:
    page = visit("/data?lang=en")
    page.add_init_script(_SHIFTS)
    page.goto(f"{page.url.split('/data')[0]}/?pair=condom-male&lang=en")
    ready(page, "Male condom: Côte d'Ivoire")
    assert page.evaluate("window.moved") < 0.02
    said = page.locator("#compare-service-message")
    expect(said).to_contain_text("What can still be read: the product’s consumption")
    words, chart = said.bounding_box(), page.locator("#compare-commodity-figure").bounding_box()
    assert words and chart
    assert abs(words["y"] - chart["y"]) < 2 and abs(words["height"] - chart["height"]) < 2


def test_a_click_is_answered_at_once_and_the_words_come_before_the_charts(visit: Visit) -> None:
    page = visit(f"/?{PAIR}")
    ready(page, NATION)
    page.evaluate(
        """() => {
          window.order = [];
          const seen = (name) => () => window.order.push(name);
          const watch = (id, name) => new MutationObserver(seen(name))
            .observe(document.getElementById(id), { childList: true, subtree: true, characterData: true });
          watch("compare-title", "title");
          watch("compare-commodity-chart", "chart");
        }"""
    )
    link = page.locator("#compare-table a", has_text="Agneby-Tiassa-Me")
    marked = page.evaluate(
        "(link) => { link.click(); return [link.className, document.querySelector('#compare').ariaBusy]; }",
        link.element_handle(),
    )
    assert marked == ["heard", "true"]
    ready(page, REGION)
    assert page.evaluate("window.order[0]") == "title"
    assert "chart" in page.evaluate("window.order")
    assert page.evaluate("document.activeElement.id") == "compare-title"


def test_nothing_glides_for_whoever_asked_for_less_motion(visit: Visit) -> None:
    page = visit(f"/?{PAIR}")
    page.emulate_media(reduced_motion="reduce")
    ready(page, NATION)
    page.evaluate("document.getElementById('compare').classList.add('busy')")
    gliding = page.evaluate(
        """() => [...document.querySelectorAll("*")].map((each) => getComputedStyle(each))
          .filter((style) => [style.transitionDuration, style.animationDuration]
            .some((times) => times.split(", ").some((time) => parseFloat(time) > 0.001))).length"""
    )
    assert gliding == 0


def six_times(route: Route) -> None:
    """Let an answer through with each row of its table six times, under names of their own."""
    answer = route.fetch()
    told = answer.json()
    rows = told["response"]["compare-view"]["data"]["table"]["rows"]
    told["response"]["compare-view"]["data"]["table"]["rows"] = [
        row | {"name": f"{row['name']} {again}"} for again in range(6) for row in rows
    ]
    route.fulfill(response=answer, json=told)


def test_small_charts_of_more_than_a_hundred_places_are_drawn_as_the_keyboard_reaches_them(
    visit: Visit,
) -> None:
    page = visit("/data?lang=en")
    page.route(
        "**/_dash-update-component*",
        lambda route: (
            six_times(route) if "compare-view" in str(route.request.post_data) else route.continue_()
        ),
    )
    page.goto(f"{page.url.split('/data')[0]}/?{PAIR}&view=multiples")
    ready(page, NATION)
    links = page.locator("#compare-multiples a.multiple")
    expect(links).to_have_count(126)
    assert page.locator("#compare-multiples .small-chart").count() < 2 * 126
    links.first.focus()
    for _ in range(125):
        page.keyboard.press("Tab")
    expect(links.last).to_be_focused()
    expect(links.last.locator(".small-chart")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.locator("#compare-title")).not_to_have_text(NATION)


ANSWER_AFTER = 0.6  # seconds: what moves half a second after a click is no longer excused by it
MOST_SHIFT = 0.02
_SINCE_THE_CLICK = """window.moved = 0;
new PerformanceObserver((list) => list.getEntries().forEach((each) => {
  if (!each.hadRecentInput) window.moved += each.value;
})).observe({ type: "layout-shift" });"""


def late(route: Route) -> None:
    """Let the server's answer come when the click is over."""
    time.sleep(ANSWER_AFTER)
    route.continue_()


def moved_by(page: Page, act: Any, *argument: Any) -> float:
    """By how much the page moves while it answers."""
    page.evaluate("window.moved = 0")
    act(*argument)
    page.wait_for_selector("#compare[aria-busy]")
    page.wait_for_selector("#compare:not([aria-busy])")
    page.wait_for_timeout(150)
    return float(page.evaluate("window.moved"))


ONE_COLUMN = 900  # px; a side that has nothing leaves no hole there, and what stands below it closes up


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize(
    ("country", "pairs"),
    [("civ", ("injectable-3m", "implant", "condom-male")), ("whotopia", ("mal-rdt", "act"))],
)
def test_a_click_deeper_moves_no_figure_out_of_its_place(
    visit: Visit, whotopia_visit: Visit, country: str, pairs: tuple[str, ...], width: int
) -> None:
    page = {"civ": visit, "whotopia": whotopia_visit}[country](f"/?pair={pairs[0]}&lang=fr", width=width)
    page.wait_for_selector("#compare:not(.waiting):not([aria-busy])")
    page.evaluate(_SINCE_THE_CLICK)
    page.route("**/_dash-update-component*", late)
    row = page.locator("#compare-table tbody th a").first
    moved: dict[str, float] = {}
    while row.count() and len(moved) < 3:
        moved[f"drill {len(moved) + 1}"] = moved_by(page, row.evaluate, "(link) => link.click()")
    assert len(moved) >= 2
    moved["back"] = moved_by(page, page.go_back)
    choose = (
        "(list, pair) => { list.value = pair; list.dispatchEvent(new Event('change', { bubbles: true })); }"
    )
    for pair in pairs[1:]:
        if pair == "condom-male" and width <= ONE_COLUMN:
            continue  # it has no services
        moved[pair] = moved_by(page, page.locator("#compare-pair").evaluate, choose, pair)
    page.unroute_all(behavior="wait")
    assert {step: moves for step, moves in moved.items() if moves > MOST_SHIFT} == {}


def test_what_has_no_room_above_a_telephones_figures_is_one_touch_away(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&at=2019-03", width=360)
    ready(page, NATION)
    said, more = page.locator("#compare-said"), page.locator("#compare-read-on")
    before = page.locator("#compare-service-kpis").bounding_box()
    assert before and before["y"] < 700
    more.focus()
    page.keyboard.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(more).to_be_focused()
    assert said.evaluate(
        "(box) => [box, box.children[0]].every((each) => each.scrollHeight <= each.clientHeight + 1)"
    )
    page.keyboard.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "false")
    assert page.locator("#compare-service-kpis").bounding_box() == before
    page.keyboard.press("Shift+Tab")  # to the last way out among what is said
    assert page.evaluate("document.activeElement.matches('#compare-notes [data-see]')")


def test_nothing_is_written_across_the_lines_of_both_on_one_scale(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&from=2018-01&show=index")
    ready(page, NATION)
    expect(page.locator("#compare-index-legend")).to_contain_text("own median")
    within = """(svg) => {
      const edge = svg.querySelector("rect.at").getBoundingClientRect();
      const { left } = svg.querySelector("line").getBoundingClientRect();
      return [...svg.querySelectorAll("text")].map((each) => each.getBoundingClientRect())
        .filter((box) => box.right > left + 1 && box.top < edge.bottom - 1).length;
    }"""
    assert page.locator("#compare-index svg").evaluate(within) == 0
