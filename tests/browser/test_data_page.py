"""The Data page as a person uses it: a sync asked for in the page, done by the worker."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import ALL, violations
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

WORKING = 60_000  # milliseconds that a sync without changes may take on a busy machine


def test_a_sync_asked_for_in_the_page_is_done_by_the_worker_and_shown(visit: Visit):
    page = visit("/data?lang=en")
    expect(page.locator("#data-report")).to_contain_text("newest month of Contraceptive logistics")
    expect(page.locator("#data-report")).to_contain_text("Sep 2019")
    button = page.locator("#data-sync")
    expect(button).to_be_enabled(timeout=WORKING)
    button.click()
    expect(page.locator("#data-progress .notice")).to_be_visible()
    expect(button).to_be_disabled()
    expect(button).to_be_enabled(timeout=WORKING)
    expect(page.locator("#data-progress .notice")).to_have_count(0)
    expect(page.locator("#data-report")).to_contain_text(re.compile("now|second"))


def test_it_fits_a_telephone_and_speaks_french(visit: Visit):
    page = visit("/data?lang=fr", width=360)
    expect(page.locator("#data-report")).to_contain_text("sept. 2019")
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0


def test_nothing_on_it_hinders_people_who_hear_or_tab(visit: Visit):
    page = visit("/data?lang=en")
    expect(page.locator("#data-report")).to_contain_text("Sep 2019")
    assert violations(page, ALL) == []
