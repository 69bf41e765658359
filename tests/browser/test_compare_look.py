"""How Compare looks and reads: languages, themes, widths, accessibility, what it says when things fail."""

import pytest
from playwright.sync_api import expect

from tests.browser.compare_page import AGNEBY, PAIR, ready, state
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
REGION = "Three-month injectable: Agneby-Tiassa-Me"


def test_a_commodity_without_a_service_says_so(visit: Visit) -> None:
    page = visit("/?pair=condom-male&lang=fr", width=360)
    expect(page.locator("#compare-service-message")).to_contain_text("Aucun service")


def test_the_language_changes_with_everything_else_kept(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}&at=2019-03")
    ready(page, REGION)
    page.get_by_role("link", name="FR").click()
    ready(page, "Injectable de trois mois\u00a0: Agneby-Tiassa-Me")
    assert page.locator("html").get_attribute("lang") == "fr"
    assert state(page) == {"pair": "injectable-3m", "lang": "fr", "unit": AGNEBY, "at": "2019-03"}
    expect(page.locator("#compare-service-kpis")).to_contain_text("mars 2019")
    expect(page.locator("#compare-service-kpis .kpi b").first).to_have_text("2\u202f773")
    expect(page.locator("#compare-service-chart")).to_contain_text("juil.")


def test_the_theme_is_kept_on_the_device(visit: Visit) -> None:
    page = visit(f"/?{PAIR}")
    page.wait_for_selector("#theme-toggle")
    page.locator("#theme-toggle").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_gaps_are_drawn_as_gaps_and_said_in_words(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}")
    ready(page, REGION)
    bars = page.evaluate("document.querySelector('#compare-service-chart .js-plotly-plot').data[0].y")
    assert bars[:12] == [None] * 12
    assert all(bars[12:])
    expect(page.locator("#compare-service-key")).to_contain_text("missing")
    expect(page.locator("#compare-months")).to_contain_text("missing")


def test_the_two_charts_stand_on_one_time_axis(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}")
    ready(page, REGION)
    axes = page.evaluate(
        """["service", "commodity"].map((side) => {
          const axis = document.querySelector(`#compare-${side}-chart .js-plotly-plot`)._fullLayout.xaxis;
          return [axis.range, axis._length, axis.categoryarray];
        })"""
    )
    assert axes[0] == axes[1]
    tops = [page.locator(f"#compare-{side}-figure").bounding_box()["y"] for side in ("service", "commodity")]
    assert tops[0] == tops[1]


def test_a_click_without_a_connection_says_so_and_works_again_afterwards(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}")
    ready(page, REGION)
    page.context.set_offline(True)
    page.locator("#compare-table").get_by_role("link", name="Tiassale").click()
    expect(page.locator("#notice-offline")).to_be_visible()
    page.context.set_offline(False)
    ready(page, "Three-month injectable: Tiassale")  # what was clicked is asked for again by itself
    page.locator("#compare-crumbs").get_by_role("link", name="Côte d'Ivoire").click()
    ready(page, "Three-month injectable: Côte d'Ivoire")
    expect(page.locator("#notice-offline")).to_be_hidden()
    visit.complaints.clear()  # type: ignore[attr-defined]  # the browser itself complains of the lost link


def test_back_after_the_log_out_leads_to_the_log_in_and_to_no_figures(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}")
    ready(page, REGION)
    page.context.clear_cookies()
    page.goto(page.url.split("/?")[0] + "/login")
    page.go_back()
    expect(page.locator("input[name=password]")).to_be_visible()
    visit.complaints.clear()  # type: ignore[attr-defined]  # loading anew breaks off what was being loaded


def test_an_ended_session_leads_to_the_log_in_and_back(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}")
    ready(page, REGION)
    page.context.clear_cookies()
    page.locator("#compare-table").get_by_role("link", name="Tiassale").click()
    expect(page.locator("#notice-ended")).to_be_visible()
    assert "/login?next=" in str(page.locator("#log-in-again").get_attribute("href"))
    page.close()  # the console goes on about the refused request for a while
    visit.complaints.clear()  # type: ignore[attr-defined]


def test_a_place_that_does_not_exist_is_said_in_words_with_a_way_on(visit: Visit) -> None:
    page = visit("/?unit=NOWHERE&lang=en")
    expect(page.locator("#compare-problem")).to_contain_text("There is no such place")
    page.get_by_role("link", name="Go to your own place").click()
    ready(page, "Pill: Côte d'Ivoire")


def test_hostile_names_in_the_address_stay_text(visit: Visit) -> None:
    page = visit("/?unit=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&pair=%22%3E%3Cscript%3E&lang=en")
    expect(page.locator("#compare-problem")).to_be_visible()
    assert page.locator("#compare-problem img, #compare-problem script").count() == 0


def test_other_pages_open_without_loading_anew_and_back_returns(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}")
    ready(page, REGION)
    page.evaluate("window.sameDocument = true")
    page.locator(".rail a").nth(1).click()
    expect(page.locator("#compare")).to_have_count(0)
    page.go_back()
    ready(page, REGION)
    assert page.evaluate("window.sameDocument") is True
