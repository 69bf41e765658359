"""Compare as a person sees it: its title, its charts' points, its rows."""

from typing import Any

from playwright.sync_api import Page, expect

AGNEBY = "aL2mLwb3h6G"
TIASSALE = "aCP8NbgELRN"
PAIR = "pair=injectable-3m&lang=en"

_POINT = """([side, curve, index]) => {
  const plot = document.querySelector(`#compare-${side}-chart .js-plotly-plot`);
  const point = plot.calcdata[curve][index], layout = plot._fullLayout;
  const y = layout[(plot._fullData[curve].yaxis || "y").replace("y", "yaxis")];
  const box = plot.getBoundingClientRect();
  const value = point.s1 === undefined ? point.y : (point.s0 + point.s1) / 2;
  const x = layout.xaxis.l2p(point.x ?? point.p);
  return [box.x + layout.xaxis._offset + x, box.y + y._offset + y.l2p(value)];
}"""


def ready(page: Page, title: str) -> None:
    """Wait until the page is about what ``title`` says, its charts drawn."""
    expect(page.locator("#compare-title")).to_have_text(title)
    expect(page.locator("#compare.busy, #compare.waiting, #compare[aria-busy]")).to_have_count(0)
    page.wait_for_selector("#compare-commodity-chart .xaxislayer-above text")


def curve_of(page: Page, side: str, unit: str) -> int:
    """The number of the line that stands for a unit."""
    find = """([side, unit]) => document.querySelector(`#compare-${side}-chart .js-plotly-plot`)
        .data.findIndex((trace) => trace.meta === unit)"""
    return int(page.evaluate(find, [side, unit]))


def clearest(page: Page, side: str, curve: int) -> int:
    """The point of a line that lies farthest from every other line, so that a click can mean no other."""
    find = """([side, curve]) => {
      const plot = document.querySelector(`#compare-${side}-chart .js-plotly-plot`);
      const axis = (trace) => plot._fullLayout[(trace.yaxis || "y").replace("y", "yaxis")];
      const height = (number, index) => {
        const trace = plot._fullData[number], point = plot.calcdata[number][index];
        const value = point && (point.s1 === undefined ? point.y : (point.s0 + point.s1) / 2);
        return value == null ? null : axis(trace)._offset + axis(trace).l2p(value);
      };
      const numbers = plot._fullData.map((_, number) => number);
      const others = numbers.filter((each) => each !== curve && plot._fullData[each].hoverinfo !== "skip");
      const room = plot.calcdata[curve].map((_, index) => {
        const own = height(curve, index);
        if (own === null) return -1;
        const gaps = others.map((number) => height(number, index)).filter((y) => y !== null);
        return Math.min(1e6, ...gaps.map((y) => Math.abs(y - own)));
      });
      return room.indexOf(Math.max(...room));
    }"""
    return int(page.evaluate(find, [side, curve]))


def click_point(page: Page, side: str, curve: int, index: int) -> None:
    """Click a point or bar of a chart with the mouse."""
    page.locator(f"#compare-{side}-figure").scroll_into_view_if_needed()
    x, y = page.evaluate(_POINT, [side, curve, index])
    page.mouse.move(x - 2, y - 2)
    page.mouse.move(x, y)
    page.mouse.click(x, y)


def state(page: Page) -> dict[str, Any]:
    """The address's parameters."""
    return dict(page.evaluate("Object.fromEntries(new URLSearchParams(location.search))"))


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
