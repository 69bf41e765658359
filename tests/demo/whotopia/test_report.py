"""Whotopia beside what was measured: the whole country, as its page shows it."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from demo.report.page import CAPTIONS, page, write
from demo.report.report import content

KEPT = Path(__file__).resolve().parents[3] / "docs" / "whotopia.md"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(whole_country):
    return content(whole_country)


@pytest.fixture(scope="module")
def figure(found):
    return {figure.name: figure for figure in found.figures}


def test_every_figure_lies_in_its_range_or_where_its_explanation_says(found):
    assert [(f.name, f.generated, f.low, f.high) for f in found.figures if not f.sound] == []


def test_few_figures_need_an_explanation(found):
    outside = [f.name for f in found.figures if not f.within]
    assert len(found.figures) >= 35
    assert len(outside) <= 8, outside


@pytest.mark.parametrize(
    "name",
    [
        "Overdispersion alpha of consumption, median contraceptive",
        "Overdispersion alpha of consumption, male condom",
        "Multiples of ten among consumptions of 10 to 49",
        "Multiples of ten among consumptions of 50 to 199",
        "Multiples of ten among consumptions of 200 and more",
        "Last digit 0 among consumptions from 20",
        "Stocked lines that are empty at the month's end",
        "Empty month-ends reported with no day without stock",
        "Rows with an adjustment",
        "Openings that differ from the end before",
        "Log-SD of consumption given services, three-month injectable",
        "Log-SD of consumption given services, pill",
        "Logistics reports received, from a site's first to its last",
        "Reports received by the 15th among those received",
        "Overdispersion alpha of services, median of five",
        "Malaria of the north in its four highest months",
    ],
)
def test_what_a_detector_is_judged_by_lies_in_the_range_itself(figure, name):
    assert figure[name].low <= figure[name].generated <= figure[name].high


def test_errors_are_planted_at_documented_rates(found):
    """0.3 to 1 % of the boxes, whole forms that are copied or misplaced included."""
    assert 0.003 <= len(found.simulated.reports.truth) / found.values <= 0.01


def test_the_page_names_every_figure_commodity_and_kind_of_error(found):
    text = page(found)
    for name in (
        *(figure.name for figure in found.figures),
        *(commodity.name for commodity in found.simulated.world.catalogue.commodities),
        *(str(record["kind"]) for record in found.simulated.reports.truth),
    ):
        assert f"| {name} |" in text
    assert "$" not in text


def test_the_page_and_its_pictures_are_written(found, tmp_path):
    write(found, tmp_path)
    text = (tmp_path / "whotopia.md").read_text(encoding="utf-8")
    pictures = re.findall(r"\((whotopia/\w+\.svg)\)", text)
    assert len(pictures) == len(CAPTIONS)
    for picture in pictures:
        assert ElementTree.parse(tmp_path / picture).getroot().get("role") == "img"


def test_the_page_that_is_kept_sets_the_same_figures_side_by_side(found):
    text = KEPT.read_text(encoding="utf-8")
    assert [figure.name for figure in found.figures if f"| {figure.name} |" not in text] == []
    pictures = {KEPT.parent / link for link in re.findall(r"\((whotopia/\w+\.svg)\)", text)}
    assert pictures == {*(KEPT.parent / "whotopia").glob("*.svg")}
