"""Every page in every country: what is expected is read from the configuration and from the figures."""

import random
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from accounts.scope import Scope, Unit
from countries import Country
from dashboard import i18n
from dashboard.queries import Figures
from dashboard.questions import Question
from tests.browser.axe import violations
from tests.browser.compare_page import clearest, click_point, curve_of, overflow, ready
from tests.browser.conftest import Visit
from tests.conftest import COUNTRIES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SEED = 5
PAGES = {"/": "#compare:not(.waiting)", "/data": "#data-report .panel", "/profile": "#profile-name"}


@dataclass(frozen=True)
class Seen:
    """A country on the screen: its configuration, its figures, and how an address of its is opened."""

    country: Country
    figures: Figures
    visit: Visit

    @property
    def everything(self) -> Scope:
        top = self.figures.holding().units.iloc[0]
        return Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)

    def title(self, pair: str, unit: str) -> str:
        return f"{self.country.pairs[pair].name['en']}: {self.figures.holding().names[unit]}"

    def branch(self, pair: str) -> list[str]:
        """From the nation to a facility, at each step the child with the most consumed."""
        found = [self.everything.units[0].id]
        while len(self.figures.holding().rollup.children(found[-1])):
            line = self.figures.compare(Question(found[-1], pair), self.everything).comparison
            consumed = line.line("commodity", "consumed").value[1:]
            largest = [float(row[row == row].sum()) for row in consumed]
            found.append(line.units[1 + largest.index(max(largest))])
        return found

    def total(self, pair: str, unit: str) -> str:
        """The services of the newest month with any, as the page writes them."""
        line = self.figures.compare(Question(unit, pair), self.everything).comparison.line("service", "count")
        return i18n.number(float(line.value[0][line.value[0] == line.value[0]][-1]))


@pytest.fixture(params=COUNTRIES)
def seen(request) -> Seen:
    name = request.param
    country, data = request.getfixturevalue(name), request.getfixturevalue(f"{name}_data")
    visit = request.getfixturevalue("visit" if name == "civ" else f"{name}_visit")
    return Seen(country, Figures(data, country), visit)


@pytest.fixture
def pair(seen) -> str:
    """The first pair with both sides."""
    return next(p.id for p in seen.country.pairs.values() if p.services and p.commodities)


def test_rows_lead_from_the_nation_to_a_facility_and_the_breadcrumb_back(seen, pair):
    page = seen.visit(f"/?pair={pair}&lang=en")
    branch = seen.branch(pair)
    assert len(branch) == len(seen.country.levels)
    ready(page, seen.title(pair, branch[0]))
    for unit in branch[1:]:
        page.locator(f"#compare-table a[href*='unit={unit}']").first.click()
        ready(page, seen.title(pair, unit))
    expect(page.locator("#compare-crumbs li")).to_have_count(len(branch))
    page.locator("#compare-crumbs a").first.click()
    ready(page, seen.title(pair, branch[0]))


def test_a_point_of_a_childs_line_leads_there(seen, pair):
    page = seen.visit(f"/?pair={pair}&lang=en")
    nation, child, *_ = seen.branch(pair)
    ready(page, seen.title(pair, nation))
    line = curve_of(page, "commodity", child)
    click_point(page, "commodity", line, clearest(page, "commodity", line))
    ready(page, seen.title(pair, child))


def test_the_figure_on_the_page_is_the_one_of_the_data(seen, pair):
    page = seen.visit(f"/?pair={pair}&lang=en")
    nation = seen.everything.units[0].id
    ready(page, seen.title(pair, nation))
    with i18n.use("en"):
        expected = seen.total(pair, nation)
    expect(page.locator("#compare-service-kpis .kpi b").first).to_have_text(expected)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_pair_is_drawn_without_a_complaint(seen, language, pytestconfig):
    """Chosen one after the other in one page: to load it for each takes three times as long.

    Each pair in one of the languages; `./test --exhaustive` takes it in both.
    """
    pairs = list(seen.country.pairs.values())
    if not pytestconfig.getoption("--exhaustive"):
        pairs = random.Random(SEED).sample(pairs, len(pairs))[language == "en" :: 2]
    page = seen.visit(f"/?pair={pairs[0].id}&lang={language}")
    for each in pairs:
        page.locator("#compare-pair").select_option(each.id)
        expect(page.locator("#compare-title")).to_contain_text(each.name[language])
        expect(page.locator("#compare.busy, #compare.waiting, #compare[aria-busy]")).to_have_count(0)
        page.wait_for_selector("#compare-commodity-chart .xaxislayer-above text")
        expect(page.locator("#compare-problem")).to_be_hidden()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_a_small_country_fits_a_telephone_and_hinders_nobody(tiny_visit, path):
    page = tiny_visit(f"{path}?lang=en", width=360)  # the other countries: test_compare_axe
    page.wait_for_selector(PAGES[path])
    assert overflow(page) == 0
    assert violations(page) == []


def test_the_data_page_names_each_forms_newest_month(seen):
    page = seen.visit("/data?lang=en")
    holding = seen.figures.holding()
    for form, month in holding.snapshot.manifest["newest_month"].items():
        with i18n.use("en"):
            words = i18n.month(month)
        told = page.locator(
            "#data-report .kpi", has_text=f"newest month of {holding.forms.loc[form, 'name']}"
        )
        expect(told).to_contain_text(words)


def test_the_stock_of_a_pair_that_must_not_be_compared_is_drawn(tiny_visit, tiny):
    page = tiny_visit("/?pair=amoxicillin&unit=D_NORD&lang=en")
    ready(page, "Amoxicillin: Nord")
    expect(page.locator("#compare-caution")).to_contain_text(tiny.pairs["amoxicillin"].why["en"])
    drawn = page.evaluate("document.querySelector('#compare-commodity-chart .js-plotly-plot').data[0].y")
    assert [value is None for value in drawn[:6]] == [True, True, False] * 2
    expect(page.locator("#compare-table")).not_to_contain_text("tablets")
