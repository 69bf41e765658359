"""The change of headline figures on the year before: of what it is, and that the story tells the same."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from accounts.scope import Scope, Unit
from countries import Country
from dashboard import i18n
from dashboard.address import Address
from dashboard.pages.compare_kpis import _change_on, kpis
from dashboard.pages.compare_moved import moved
from dashboard.pages.compare_provisional import provisional
from dashboard.pages.compare_reading import Reading
from dashboard.pages.compare_story import story
from dashboard.pages.compare_view import Asked, ask
from dashboard.queries import Figures

SIDES = ("service", "commodity")
BOTH = {"en": "that reported both times", "fr": "qui ont rapporté les deux fois"}
CHANGE = re.compile(r"([▲▼]) ([1-9]\d*)\s?% (?:on|par rapport à) |= (?:as in|comme en) ")


@pytest.fixture(scope="module")
def figures(whotopia_data: Any, whotopia: Country) -> Figures:
    return Figures(whotopia_data, whotopia)


@pytest.fixture(scope="module")
def look(figures: Figures) -> Callable[[str], Asked]:
    top = figures.holding().units.iloc[0]
    everything = Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)
    return lambda search: ask(figures, figures.country, Address.read(search), everything)


def note(reading: Reading, side: str, language: str = "en") -> str:
    with i18n.use(language):
        return str(kpis(reading, side)[0]["note"])


def told(said: str) -> tuple[str, int]:
    """The sign and the percent of a change in words; what rounds to none has neither."""
    found = CHANGE.match(said)
    assert found, said
    return found[1] or "=", int(found[2] or 0)


def whole_percent(now: float, before: float) -> int:
    return round(100 * abs(now / before - 1))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_month_of_the_nation_says_how_it_stands_to_the_year_before(
    look: Callable[[str], Asked], side: str, language: str
) -> None:
    kinds = set()
    for month in range(1, 11):
        reading = look(f"pair=mal-rdt&from=2024-01&at=2025-{month:02d}").reading
        at, said = reading.at, note(reading, side, language)
        reports, values = reading.reports(side), reading.total(side)
        nearly = all(n >= 0.9 * due for n, due in (reports[at], reports[at - 12]))
        nearly = nearly and not any(provisional(reading, side)[index] for index in (at, at - 12))
        assert (BOTH[language] in said) is not nearly
        story_of = moved(reading, side)
        assert story_of is not None
        now, before = values[at], values[at - 12]
        assert (story_of.after, story_of.before) == pytest.approx((now, before))
        if not nearly:
            before = story_of.before_both
            now = before + story_of.change_both
            assert f" {story_of.both} " in said
        percent = whole_percent(now, before)
        assert told(said) == ("=" if not percent else "▲" if now > before else "▼", percent)
        kinds.add(nearly)
    assert False in kinds


@pytest.mark.parametrize("grain", ["month", "quarter", "year", "last12"])
def test_the_story_says_the_same_change_of_the_same_places(
    figures: Figures, look: Callable[[str], Asked], grain: str
) -> None:
    counted = 0
    for level in (1, 2, 3):
        units = figures.holding().units
        for unit in units.index[units["level"] == level][:3]:
            asked = look(f"unit={unit}&pair=act&grain={grain}&from=2023-01")
            with i18n.use("en"):
                heads = {
                    each["side"]: each["head"]
                    for each in story(figures, asked.reading, asked.answer)["sides"]
                }
            for side in SIDES:
                said = note(asked.reading, side)
                if CHANGE.match(said) is None or "both times" not in said:
                    continue
                counted += 1
                sign, share = told(said)
                way = {"▲": "+", "▼": "−"}.get(sign, "")
                assert f"({way}{share}%)" in heads[side] or share == 0, (said, heads[side])
                whose = said.partition(" at " if " at " in said else " over ")[2]
                assert heads[side].endswith(whose) or ";" not in heads[side], (said, heads[side])
    assert counted


def test_a_period_that_is_not_over_is_set_beside_the_same_months_alone(look: Callable[[str], Asked]) -> None:
    running = look("pair=mal-rdt&grain=quarter&at=2026-Q4").reading
    assert running.comparison.partial[running.at]
    month = look("pair=mal-rdt&at=2026-10").reading
    for side in SIDES:
        quarter, alone = moved(running, side), moved(month, side)
        assert quarter is not None and alone is not None
        assert (quarter.before_both, quarter.change_both) == (alone.before_both, alone.change_both)
        assert "over the months reported both times" in note(running, side)
        assert told(note(running, side)) == told(note(month, side))


def test_the_year_before_need_not_be_in_the_view(look: Callable[[str], Asked]) -> None:
    short = look("pair=mal-rdt&from=2026-05&to=2026-10&at=2026-10").reading
    for side in SIDES:
        assert re.search("(on|as in) Oct 2025 at the ", note(short, side))


def test_where_nobody_reported_both_nothing_is_said(figures: Figures, look: Callable[[str], Asked]) -> None:
    first = int(figures.holding().rollup.months[0])
    reading = look(f"pair=mal-rdt&at={first // 100}-{first % 100:02}&from={first // 100}-01").reading
    assert [note(reading, side) for side in SIDES] == ["", ""]


def test_a_facility_is_no_number_of_places(figures: Figures, look: Callable[[str], Asked]) -> None:
    units = figures.holding().units
    said = [
        note(look(f"unit={unit}&pair=mal-rdt&from=2026-01&at=2026-08").reading, "service")
        for unit in units.index[units["level"] == 4][:12]
    ]
    assert any(said)
    assert not any("place" in each for each in said)


def test_from_nothing_there_is_a_rise_but_no_percent(look: Callable[[str], Asked], figures: Figures) -> None:
    units = figures.holding().units
    for unit in units.index[units["level"] == 4]:
        reading = look(f"unit={unit}&pair=artesunate&from=2024-01&at=2026-08").reading
        for at in range(12, len(reading.labels)):
            there = replace(reading, at=at)
            now, before = reading.total("service")[at], reading.total("service")[at - 12]
            if now > 0 and before == 0:
                found = moved(there, "service")
                assert found is not None and found.both == 1
                assert note(there, "service").startswith("▲ from 0 in ")
                return
    raise AssertionError("no facility of Whotopia admitted anybody a year after admitting nobody")


def test_the_stock_of_what_must_not_be_compared_says_its_change_too(
    figures: Figures, look: Callable[[str], Asked]
) -> None:
    pair = next(each.id for each in figures.pairs() if each.kind == "do_not_compare")
    reading = look(f"pair={pair}").reading
    found = moved(reading, "commodity")
    assert found is not None
    first = note(reading, "commodity").partition(" · ")[0]
    now, before = found.before_both + found.change_both, found.before_both
    assert told(first)[1] in (whole_percent(now, before), whole_percent(found.after, found.before))


def test_a_change_that_rounds_to_none_is_no_rise_and_no_fall(look: Callable[[str], Asked]) -> None:
    reading, found = look("pair=mal-rdt").reading, set()
    for now, before in ((1004.0, 1000.0), (996.0, 1000.0), (0.0, 0.0), (1005.1, 1000.0)):
        with i18n.use("fr"):
            found.add(_change_on(reading, now, before))
    assert found == {"= comme en oct. 2025", "▲ 1\u00a0% par rapport à oct. 2025"}
