"""Relative periods."""

from datetime import date

import pytest

from demo.relative_periods import relative


@pytest.mark.parametrize(
    ("keyword", "expected"),
    [
        ("LAST_3_MONTHS", ["201811", "201812", "201901"]),
        ("THIS_MONTH", ["201902"]),
        ("LAST_QUARTER", ["2018Q4"]),
        ("LAST_2_SIXMONTHS", ["2018S1", "2018S2"]),
        ("QUARTERS_THIS_YEAR", ["2019Q1", "2019Q2", "2019Q3", "2019Q4"]),
        ("LAST_YEAR", ["2018"]),
        ("THIS_FINANCIAL_YEAR", ["2018Oct"]),
        ("TODAY", ["20190215"]),
        ("LAST_WEEK", ["2019W6"]),
    ],
)
def test_each_keyword_stands_for_its_periods(keyword: str, expected: list[str]) -> None:
    assert [period.iso for period in relative(keyword, date(2019, 2, 15)) or ()] == expected


@pytest.mark.parametrize("keyword", ["LAST_7_MONTHS", "NEXT_MONTH", "201901", "MONTHS", "LAST_"])
def test_what_is_no_keyword_stands_for_nothing(keyword: str) -> None:
    assert relative(keyword, date(2019, 2, 15)) is None
