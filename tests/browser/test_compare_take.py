"""What one takes away from Compare: the menu, files, pictures, the printed sheet, definitions, a brief."""

import csv
import re
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.compare_page import AGNEBY, PAIR, ready
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NATION = "Three-month injectable: Côte d'Ivoire"
FACILITY = "C4001"
LEAST_ZOOM = 0.5  # the least words are then as large as those of a timetable
_WIDTHS_OF_CHARTS = """() => [...document.querySelectorAll(".js-plotly-plot .main-svg")]
  .map((each) => each.getBoundingClientRect().width)"""


def taken(page: Page, name: str, folder: Path) -> Path:
    """The file that an entry of the menu gives."""
    page.locator("#compare-export").click()
    with page.expect_download() as download:
        page.locator(f"#compare-take-{name}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_the_menu_opens_and_closes_by_keyboard(visit: Visit) -> None:
    page = visit(f"/?{PAIR}")
    ready(page, NATION)
    page.locator("#compare-export").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#compare-take-csv")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#compare-take-csv")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#compare-take-csv")).to_be_hidden()
    expect(page.locator("#compare-export")).to_be_focused()


def test_the_csv_has_the_figures_of_the_page_and_its_companion_their_meaning(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}&from=2019-01&to=2019-09&at=2019-09")
    ready(page, "Three-month injectable: Agneby-Tiassa-Me")
    rows = list(csv.DictReader(taken(page, "csv", tmp_path).open(encoding="utf-8")))
    wanted = ("commodity", "consumed", "total", "2019-09", AGNEBY)
    keys = ("side", "measure", "item", "period", "unit_id")
    [row] = [each for each in rows if tuple(each[key] for key in keys) == wanted]
    shown = page.locator("#compare-commodity-kpis b").first.text_content() or ""
    assert float(row["value"]) == float(shown.replace(",", ""))
    notes = taken(page, "notes", tmp_path)
    assert "months_of_stock.formula" in notes.read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_is_light_and_says_what_where_when_and_from_which_reports(
    visit: Visit, tmp_path: Path, scheme: str
) -> None:
    page = visit(f"/?{PAIR}", scheme=scheme)
    ready(page, NATION)
    drawn = taken(page, "commodity-svg", tmp_path)
    assert drawn.name.endswith("-commodities.svg")
    picture = drawn.read_text(encoding="utf-8")
    said = re.sub(r"<[^>]+>", " ", picture)
    for text in (
        "Three-month injectable",
        "Commodities",
        "Jan 2018",
        "Sep 2019",
        "LMIS, as of",
        "149 of 149",
        "usual range",
        "Regions, the 12 largest",
        "Intelligent Forecasting",
    ):
        assert text in said, text
    assert "click" not in said
    assert "rgb(255, 255, 255)" in picture
    header = taken(page, "service-png", tmp_path).read_bytes()[:24]
    assert struct.unpack(">II", header[16:24]) == (2400, 1350)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "shown",
    [
        *("", f"&unit={AGNEBY}", f"&unit={FACILITY}"),
        *(f"&view={view}" for view in ("multiples", "map", "pairs")),
    ],
)
def test_what_is_shown_is_printed_on_one_sheet_that_can_be_read(
    visit: Visit, language: str, shown: str
) -> None:
    page = visit(f"/?pair=injectable-3m&lang={language}{shown}", scheme="dark")
    page.wait_for_selector("#compare-commodity-chart .xaxislayer-above text")
    page.wait_for_selector("#compare:not(.waiting)")
    before = page.evaluate(_WIDTHS_OF_CHARTS)
    page.evaluate("addEventListener('beforeprint', () => { window.printed = document.body.style.zoom; })")
    sheets = page.pdf(prefer_css_page_size=True, print_background=True)
    assert float(page.evaluate("window.printed")) >= LEAST_ZOOM
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
    assert page.evaluate("document.documentElement.className") == ""  # and the page is as it was
    assert page.evaluate("document.body.style.zoom") == ""
    assert page.evaluate(_WIDTHS_OF_CHARTS) == before


@pytest.mark.parametrize("width", [360, 1440])
def test_a_definition_is_one_click_away_and_escape_leads_back(visit: Visit, width: int) -> None:
    page = visit(f"/?{PAIR}", width=width)
    ready(page, NATION)
    button = page.locator("#compare-define-commodity")
    button.click()
    panel = page.locator("#compare-definition")
    expect(panel).to_contain_text("Months of stock")
    panel.get_by_text("Months of stock", exact=True).click()
    expect(panel).to_contain_text("stock at the end ÷ our average monthly consumption")
    expect(panel).to_contain_text("LMIS, as of")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_a_brief_is_made_while_one_looks_on(visit: Visit, tmp_path: Path) -> None:
    page = visit(f"/?{PAIR}")
    ready(page, NATION)
    page.locator("#compare-export").click()
    page.locator("#compare-take-brief").click()
    expect(page.locator("#compare-brief")).to_be_visible()
    file = page.locator("#compare-brief-file")
    expect(file).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        file.click()
    download.value.save_as(tmp_path / "brief.pdf")
    assert (tmp_path / "brief.pdf").read_bytes().startswith(b"%PDF-")
    page.locator("#compare-brief-end").click()
    expect(page.locator("#compare-brief")).to_be_hidden()


def test_a_brief_called_off_is_not_made(visit: Visit) -> None:
    page = visit(f"/?{PAIR}")
    ready(page, NATION)
    page.locator("#compare-export").click()
    with page.expect_response(lambda answer: answer.request.method == "POST" and "briefs" in answer.url):
        page.locator("#compare-take-brief").click()
    end = page.locator("#compare-brief-end")
    expect(end).to_have_text("Cancel")
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as told:
        end.click()
    assert told.value.json()["status"] == "cancelled"
    expect(page.locator("#compare-brief-text")).to_have_text("The brief was called off.")
    expect(page.locator("#compare-brief-file")).to_be_hidden()
    expect(end).to_have_text("Close")
    end.click()
    expect(page.locator("#compare-brief")).to_be_hidden()


@pytest.mark.parametrize("target", ["compare-story-family", "compare-parted-box"])
def test_what_matters_most_is_said_on_top_with_the_way_to_it(visit: Visit, target: str) -> None:
    page = visit(f"/?{PAIR}&grain=year&at=2019")
    ready(page, NATION)
    page.locator(f"#compare-notes button[data-see={target}]").click()
    expect(page.locator(f"#{target}")).to_be_in_viewport()
    if target == "compare-parted-box":
        month = page.locator("#compare-parted a").first
        expect(month).to_be_visible()
        assert "grain" not in (month.get_attribute("href") or "")
        assert "at=2019-0" in (month.get_attribute("href") or "")
