"""Programmes as a person uses it: down to a facility, over the cells by keyboard, transfers, the report."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

WORKING = 60_000  # milliseconds that the worker may take for a report on a busy machine


def opened(visit: Visit, path: str = "/programmes?lang=en", **look: object) -> Page:
    page = visit(path, **look)
    page.wait_for_selector("#programmes:not(.waiting) #programmes-heat td a")
    return page


def test_a_name_leads_one_level_down_and_a_facility_shows_its_months(visit: Visit) -> None:
    page = opened(visit)
    expect(page.locator("#programmes-title")).to_have_text("Family planning: Côte d'Ivoire, Sep 2019")
    seen = []
    for _ in range(3):
        link = page.locator("#programmes-heat tbody th a").first
        seen.append(link.inner_text())
        link.click()
        expect(page.locator("#programmes-crumbs [aria-current]")).to_have_text(seen[-1])
        expect(page.locator("#programmes-title")).to_be_focused()
    expect(page.locator("#programmes-heat tbody th").first).to_have_text("Sep 2019")
    expect(page.locator("#programmes-transfers-box")).to_be_hidden()
    page.go_back()
    expect(page.locator("#programmes-crumbs [aria-current]")).to_have_text(seen[1])


def test_arrows_go_from_cell_to_cell_and_enter_leads_to_compare(visit: Visit) -> None:
    page = opened(visit)
    cells = page.locator("#programmes-heat tbody td a[tabindex='0']")
    expect(cells).to_have_count(1)
    cells.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    words = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert re.match(r"Abidjan 1-Grands Ponts, Microlut 0\.03 mg: 3\.9, overstocked", words)
    page.keyboard.press("Enter")
    page.wait_for_selector("#compare:not(.waiting)")
    expect(page.locator("#compare-title")).to_contain_text("Abidjan 1-Grands Ponts")
    assert "at=2019-09" in page.url


def test_transfers_are_proposed_and_printed_a_sheet_for_each_giver(visit: Visit) -> None:
    page = opened(visit)
    page.locator("#programmes-propose").click()
    expect(page.locator("#programmes-transfers-said")).to_contain_text("358 transfers")
    expect(page.locator("#programmes-transfers-said")).to_contain_text("Expiry dates are not known")
    first = page.locator("#programmes-transfers tbody tr").first
    expect(first).to_contain_text("Yopougon-Ouest-Songon C1028")
    assert "format=csv" in (page.locator("#programmes-transfers-csv").get_attribute("href") or "")
    page.evaluate(
        "window.print = () => { window.printed = document.querySelectorAll('#requests .request').length; }"
    )
    page.locator("#programmes-print-requests").click()
    assert page.evaluate("window.printed") > 50


def test_requests_are_printed_as_large_as_one_reads(visit: Visit) -> None:
    page = opened(visit)
    page.locator("#programmes-propose").click()
    expect(page.locator("#programmes-transfers table").first).to_be_visible()
    page.emulate_media(media="print")
    page.evaluate(
        """() => { window.print = () => {
            window.dispatchEvent(new Event("beforeprint"));
            const cell = document.querySelector("#requests td");
            window.letters = parseFloat(getComputedStyle(cell).fontSize) * cell.currentCSSZoom;
        }; }"""
    )
    page.locator("#programmes-print-requests").dispatch_event("click")
    assert page.evaluate("window.letters") >= 12


def test_a_report_is_made_while_one_reads_and_can_be_called_off(visit: Visit) -> None:
    page = opened(visit)
    page.locator("#programmes-report").click()
    page.locator("#programmes-report-pdf").click()
    expect(page.locator("#programmes-making-file")).to_be_visible(timeout=WORKING)
    with page.expect_download() as download:
        page.locator("#programmes-making-file").click()
    assert download.value.suggested_filename.endswith("2019-09.pdf")
    page.locator("#programmes-making-end").click()
    page.locator("#programmes-report").click()
    page.locator("#programmes-report-zip").click()
    page.locator("#programmes-making-end").click()
    expect(page.locator("#programmes-making-text")).to_have_text("The report was called off.")


def test_the_place_and_the_month_stay_from_page_to_page(visit: Visit) -> None:
    page = opened(visit)
    page.locator("#programmes-heat tbody th a").first.click()
    expect(page.locator("#programmes-title")).to_contain_text("Abidjan 1-Grands Ponts")
    page.locator("#programmes-month").select_option("2019-04")
    expect(page.locator("#programmes-title")).to_contain_text("Apr 2019")
    page.locator(".rail a[data-page='/']").click()
    expect(page.locator("#compare-title")).to_contain_text("Abidjan 1-Grands Ponts")
    assert "at=2019-04" in page.url
    page.locator(".rail a[data-page='/programmes']").click()
    expect(page.locator("#programmes-title")).to_have_text(
        "Family planning: Abidjan 1-Grands Ponts, Apr 2019"
    )


def test_what_cannot_be_shown_says_why(visit: Visit) -> None:
    page = visit("/programmes?lang=en&unit=nowhere")
    expect(page.locator("#programmes-problem h1")).to_be_visible()
    expect(page.locator("#programmes-answer")).to_be_hidden()


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [
        (360, "dark", "fr"),
        pytest.param(768, "light", "en", marks=pytest.mark.exhaustive),
        pytest.param(1440, "dark", "en", marks=pytest.mark.exhaustive),
    ],
)
def test_nothing_hinders_or_overflows(visit: Visit, width: int, scheme: str, language: str) -> None:
    page = opened(visit, f"/programmes?lang={language}", width=width, scheme=scheme)
    assert violations(page, ALL) == []
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    small = page.evaluate(
        """[...document.querySelectorAll('#programmes a, #programmes button, #programmes summary')]
        .filter(each => each.offsetParent && !each.closest('p, th'))
        .map(each => [each.getBoundingClientRect().height, each.outerHTML.slice(0, 90)])
        .filter(([height]) => height < 24)"""
    )
    assert small == []
