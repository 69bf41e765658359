"""Whether two sides move together is said of each place, by a word and a shape."""

from typing import Any

import numpy as np
import pytest

from countries import Country
from dashboard import i18n
from dashboard.pages.compare_together import (
    LESS,
    MISSING,
    MORE,
    ONE_SIDE,
    SHAPES,
    STOCK_OUT,
    UNCLEAR,
    WORDS,
    together,
)
from dashboard.queries import Figures
from indicators.relation import consumption_series, disagreement, service_series
from tests.dashboard.pages.test_compare import Ask, asking, seen

APART = {MORE, LESS, STOCK_OUT}


@pytest.fixture(scope="module")
def civ_ask(civ_data: Any, civ: Country) -> Ask:
    return asking(Figures(civ_data, civ), civ)


@pytest.fixture(scope="module")
def nation(civ_ask: Ask) -> Any:
    return civ_ask("pair=injectable-2m").reading.comparison


def scores(comparison: Any) -> Any:
    pair, rollup = comparison.pair, comparison.rollup
    return disagreement(
        rollup, (service_series(rollup, pair), consumption_series(rollup, pair)), comparison.view
    )


def test_a_month_is_said_to_part_exactly_where_its_score_says_so(nation: Any) -> None:
    found = scores(nation)
    parted = 0
    for at in range(len(nation.periods)):
        for unit, kind in enumerate(together(nation, at).kinds):
            told = kind not in (ONE_SIDE, MISSING, UNCLEAR)
            assert (kind in APART) == (told and bool(found.found.apart[unit, at]))
            if kind in (STOCK_OUT, LESS):
                assert found.found.strength[unit, at] < 0
                assert (kind == STOCK_OUT) == bool(found.out[unit, at])
            parted += kind in APART
    assert parted


def test_a_place_with_one_side_has_no_strength(nation: Any) -> None:
    found = together(nation, len(nation.periods) - 1)
    for unit, kind in enumerate(found.kinds):
        used = nation.line("commodity", "consumed").value[unit]
        served = nation.line("service", "count").value[unit]
        if np.isnan(used).all() or np.isnan(served).all():
            assert kind == ONE_SIDE
        assert (found.strength(unit) is None) >= (kind in (ONE_SIDE, MISSING))
    assert ONE_SIDE in found.kinds


def test_a_commodity_without_a_service_parts_from_nothing(civ_ask: Ask) -> None:
    comparison = civ_ask("pair=condom-male").reading.comparison
    assert set(together(comparison, 0).kinds) == {ONE_SIDE}


def test_the_column_stands_last_and_only_where_two_sides_are_compared(civ_ask: Ask) -> None:
    columns = [each["key"] for each in seen(civ_ask("pair=pill"))["table"]["columns"]]
    alone = [each["key"] for each in seen(civ_ask("pair=condom-male"))["table"]["columns"]]
    assert columns[-1] == "disagreement"
    assert "disagreement" not in alone


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_kind_has_words_and_a_shape_of_its_own(language: str) -> None:
    with i18n.use(language):
        said = {i18n.t(key) for key in WORDS.values()}
    assert len(said) == len(WORDS) == len(set(SHAPES.values()))
