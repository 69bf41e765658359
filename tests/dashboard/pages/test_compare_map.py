"""The map shows the rows' places where DHIS2 has them, and says so where it has none."""

import gzip
import json
from typing import Any

import numpy as np
import pytest

from accounts.scope import Scope, Unit
from countries import Country
from dashboard import i18n
from dashboard.pages.compare_charts import both_charts
from dashboard.pages.compare_map import breaks, class_texts
from dashboard.queries import Figures
from tests.dashboard.pages.test_compare import MOST_BYTES, Ask, asking, seen


@pytest.fixture(scope="module")
def figures(whotopia_data: Any, whotopia: Country) -> Figures:
    return Figures(whotopia_data, whotopia)


@pytest.fixture(scope="module")
def whotopia_ask(figures: Figures, whotopia: Country) -> Ask:
    return asking(figures, whotopia)


def branch(figures: Figures) -> list[str]:
    """From the nation down to a district."""
    found = [str(figures.holding().units.index[0])]
    while figures.holding().rollup.children(below := figures.holding().rollup.children(found[-1])[0]):
        found.append(below)
    return found


def test_every_row_has_its_place_and_areas_their_outline(figures: Figures, whotopia_ask: Ask) -> None:
    nation, *_, district = branch(figures)
    for unit, areas in ((nation, True), (district, False)):
        shown = seen(whotopia_ask(f"unit={unit}&view=map"))
        rows = {row["id"] for row in shown["table"]["rows"]}
        assert set(shown["map"]["points"]) == rows
        assert set(shown["map"]["areas"]) == (rows if areas else set())
        assert shown["map"]["ground"]
        assert bool(shown["map"]["sites"]) == areas


def test_dots_are_as_many_as_facilities_below(figures: Figures, whotopia_ask: Ask) -> None:
    nation = branch(figures)[0]
    units = figures.holding().units
    facilities = int((units["level"] == units["level"].max()).sum())
    assert len(seen(whotopia_ask(f"unit={nation}&view=map"))["map"]["sites"]) == 2 * facilities


def test_who_looks_from_below_sees_their_own_way_down_and_no_other_place(
    figures: Figures, whotopia: Country, whotopia_ask: Ask
) -> None:
    nation, *_, district = branch(figures)
    units = figures.holding().units
    facility = units.loc[figures.holding().rollup.children(district)[0]]
    own = Scope.of([Unit(str(facility["id"]), str(facility["path"]), 4)], None)
    for unit in (nation, district):
        shown = seen(asking(figures, whotopia)(f"unit={unit}&view=map", own))["map"]
        assert len(shown["points"]) == 1
        assert set(shown["areas"]) <= set(shown["points"])
        assert shown["sites"] == []


def test_the_map_is_made_for_nobody_who_does_not_look_at_it(whotopia_ask: Ask) -> None:
    assert seen(whotopia_ask("view=table"))["map"] is None


def test_a_country_without_coordinates_says_so(tiny_data: Any, tiny: Country) -> None:
    shown = seen(asking(Figures(tiny_data, tiny), tiny)("view=map"))
    assert "holds no coordinates" in shown["map"]["missing"]
    assert shown["map"]["to_table"] == "Show the table"
    assert shown["table"]["rows"]


def test_regions_without_an_outline_stand_amid_their_facilities(civ_data: Any, civ: Country) -> None:
    figures = Figures(civ_data, civ)
    asked = asking(figures, civ)("pair=pill&view=map")
    shown = seen(asked)["map"]
    holding = figures.holding()
    assert shown["areas"] == {}
    assert len(shown["points"]) == len(asked.reading.children) - 1
    assert any("no outlines of these regions" in note for note in shown["notes"])
    assert any("1 place has no coordinates" in note for note in shown["notes"])
    sites = np.array(shown["sites"]).reshape(-1, 2)
    for region, place in shown["points"].items():
        first = holding.rollup.hierarchy.position(region)
        below = holding.points[first : int(holding.rollup.hierarchy.last[first])]
        assert (~np.isnan(below).any(axis=1)).any()
        assert (sites.min(axis=0) <= place).all()
        assert (place <= sites.max(axis=0)).all()


def test_a_click_on_the_map_costs_less_than_20_kilobytes(figures: Figures, whotopia_ask: Ask) -> None:
    for unit in branch(figures):
        asked = whotopia_ask(f"unit={unit}&view=map")
        answer = json.dumps([*both_charts(asked.reading), seen(asked)], separators=(",", ":"))
        assert len(gzip.compress(answer.encode(), 6)) < MOST_BYTES


def test_each_class_holds_about_as_many_places() -> None:
    values = np.random.default_rng(3).lognormal(5, 1, 200)
    cuts = breaks(values)
    sizes = np.histogram(values, [0, *cuts, np.inf])[0]
    assert len(sizes) == 5
    assert sizes.min() > 200 / 5 * 0.7


@pytest.mark.parametrize("values", [[], [7.0], [5.0, 5, 5], [float("nan")] * 3])
def test_places_that_are_all_alike_are_one_class(values: list[float]) -> None:
    assert breaks(np.array(values)) == []


def test_every_figure_falls_into_the_class_whose_words_name_it() -> None:
    with i18n.use("en"):
        assert class_texts(breaks(np.array([0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))) == [
            "under 2", "2 to 3", "4", "5 to 6", "7 and more",
        ]  # fmt: skip
