"""Indicators and a slow oracle agree on random countries; `python -m bench.oracle` asks of ten thousand."""

import os

import pytest

from tests.indicators.agreement import COUNTED, difference, figures

FIRST, COUNT = (
    int(os.environ.get(f"TANDEM_ORACLE_{name}", usual)) for name, usual in (("FIRST", 0), ("COUNT", 200))
)
AT_ONCE = 20


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, AT_ONCE))
def test_indicators_and_oracle_agree_on_random_countries(first):
    seeds = range(first, min(first + AT_ONCE, FIRST + COUNT))
    assert [found for seed in seeds if (found := difference(seed))] == []


@pytest.mark.parametrize("indicator", COUNTED)
def test_the_oracle_is_asked_of_countries_that_have_the_figure(indicator):
    assert sum((figures(seed, indicator).numerator > 0).sum() for seed in range(6)) > 5
