"""Whose movement it is: the sentence says no more than the parts beneath it show."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from countries import Country
from dashboard import i18n
from dashboard.movement import Movement
from dashboard.pages.compare_attribution import parted, verdict
from dashboard.pages.compare_moved import moved
from dashboard.queries import Figures
from indicators.attribution import Attribution
from tests.dashboard.pages.test_compare import Ask, asking


@pytest.fixture(scope="module")
def civ_ask(civ_data: Any, civ: Country) -> Ask:
    return asking(Figures(civ_data, civ), civ)


def said(reading: Any, parts: list[float], before: float, reporting: float = 0.0) -> str:
    units = tuple(child.id for child in reading.children[: len(parts)])
    found = Attribution(
        "year_before",
        units,
        np.array(parts),
        np.ones(len(parts), dtype=np.int32),
        itself=0.0,
        others=0.0,
        reporting=reporting,
        began=1,
        silent=2,
        before=before,
        after=before + sum(parts) + reporting,
    )
    names = cast(Any, SimpleNamespace())
    with i18n.use("en"):
        return verdict(reading, Movement("commodity", "consumed", 201909, found, names), reading.place)


@pytest.mark.parametrize(
    ("parts", "before", "begins"),
    [
        ([40, 30, 30], 100, "Uneven: 3 of 3 regions moved the same way"),
        ([50, 45, 20, -5, -5, -5, -2], 200, "Mixed: only 3 of 7 regions moved the same way"),
        ([25, 25, 25, 25], 100, "Area-wide: 4 of 4 regions moved the same way"),
        ([-80, -10, -10], 200, "One place: "),
        ([20, 10, 10], 1000, "Hardly a change"),
        ([50, -49], 100, "Rises and falls nearly cancel each other"),
        ([0, 0], 100, "Nothing changed."),
    ],
)
def test_the_verdict_holds_for_the_parts(
    civ_ask: Ask, parts: list[float], before: float, begins: str
) -> None:
    assert said(civ_ask("").reading, parts, before).startswith(begins)


def test_who_came_and_went_is_counted_in_words_that_need_no_plural(civ_ask: Ask) -> None:
    text = said(civ_ask("").reading, [1.0, 2.0], 100, reporting=90.0)
    assert text == "Mostly a change in who reported (began: 1, fell silent: 2)."


@pytest.mark.parametrize("grain", ["month", "year"])
def test_everybody_who_reported_is_counted_once(civ_ask: Ask, grain: str) -> None:
    found = moved(civ_ask(f"pair=injectable-3m&grain={grain}").reading, "commodity")
    assert found is not None
    assert max(found.both, found.began, found.silent) <= found.reporters
    assert found.reporters <= found.both + found.began + found.silent
    if grain == "month":
        assert found.reporters == found.both + found.began + found.silent


def test_where_every_part_rises_nothing_is_called_mixed(civ_ask: Ask) -> None:
    asked = civ_ask("unit=R_ABIDJAN_2&pair=injectable-3m&from=2018-01&to=2019-09&grain=year&at=2019")
    found = moved(asked.reading, "commodity")
    assert found is not None and (found.parts[found.in_both > 0] > 0).all()
    with i18n.use("en"):
        movement = Movement("commodity", "consumed", 201909, found, cast(Any, None))
        assert not verdict(asked.reading, movement, asked.reading.place).startswith("Mixed")


def test_of_several_months_the_places_are_counted_whose_months_were_reported_once(civ_ask: Ask) -> None:
    text = said(civ_ask("grain=year").reading, [1.0, 2.0], 100, reporting=90.0)
    assert text == (
        "Mostly a change in which months were reported (places: 1 with more now, 2 with more before)."
    )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_change_of_who_reported_is_named_before_how_small_the_whole_is(civ_ask: Ask, language: str) -> None:
    asked = civ_ask("", language=language)
    with i18n.use("en"):
        text = said(asked.reading, [30.0, 40.0], 1000, reporting=-100.0)
    assert text.startswith("Mostly a change in who reported")


def test_what_one_may_not_see_is_not_called_a_place(civ_ask: Ask) -> None:
    asked = civ_ask("")
    found = Attribution(
        "year_before",
        (),
        np.zeros(0),
        np.zeros(0, dtype=np.int32),
        itself=0.0,
        others=90.0,
        reporting=10.0,
        began=1,
        silent=0,
        before=100.0,
        after=200.0,
    )
    with i18n.use("en"):
        text = verdict(
            asked.reading,
            Movement("commodity", "consumed", 201909, found, cast(Any, None)),
            asked.reading.place,
        )
    assert text == "Mostly outside your rights: 90% of the rise."


def test_the_rest_counts_those_that_reported_both_times_as_the_sentence_does(civ_ask: Ask) -> None:
    reading = civ_ask("").reading
    units = tuple(child.id for child in reading.children[:9])
    in_both = np.array([3, 3, 3, 3, 3, 3, 3, 3, 0], dtype=np.int32)  # the ninth began to report
    parts = np.array([90.0, 80, 70, 60, 50, 5, 5, 0, 0])
    found = Attribution(
        "year_before", units, parts, in_both, itself=0.0, others=0.0, reporting=40.0, began=1, silent=0,
        before=500.0, after=900.0,
    )  # fmt: skip
    movement = Movement("commodity", "consumed", 201909, found, cast(Any, SimpleNamespace()))
    with i18n.use("en"):
        bars = parted(reading, movement, reading.place)
        said = verdict(reading, movement, reading.place)
    assert "7 of 8 regions" in said
    assert [bar.name for bar in bars if bar.kind == "rest"] == ["3 other regions"]
