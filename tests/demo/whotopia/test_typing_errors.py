"""Errors of single boxes: as many as in routine data, and each what it is called."""

from collections import Counter

import pytest

from demo.whotopia import forms, rows, typing_errors


def test_errors_are_in_less_than_one_figure_of_a_hundred(country):
    for filled, measures in ((country.reports.services, False), (country.reports.logistics, True)):
        options = set(forms.MEASURES.values())
        planted = [r for r in country.reports.truth if (r["option"] in options) == measures]
        cells = (filled.written & rows.visible(filled, country.world.timeline)).sum()
        assert 0.003 <= sum(r["kind"] != "provisional" for r in planted) / cells <= 0.0115


def test_each_of_the_nine_kinds_is_planted(country):
    kinds = Counter(record["kind"] for record in country.reports.truth)
    assert min(kinds[kind] for kind in typing_errors.NINE) >= 30
    assert kinds["form copied"] and kinds["opening recounted"]


def simple(kind: str, record: dict[str, object]) -> bool:
    """Whether a figure is wrong in the way of its kind, seen from what is true."""
    true, reported = record["true"], record["reported"]
    if kind == typing_errors.TRANSPOSED:
        return sorted(str(true)) == sorted(str(reported).zfill(len(str(true)))) and abs(reported - true) >= (
            0.25 * abs(true)
        )
    if kind == typing_errors.TIMES_TEN:
        return reported == 10 * true
    return reported == {typing_errors.ZERO: 0, typing_errors.DIVIDED: abs(true) // 10}.get(kind)


@pytest.mark.parametrize(
    "kind",
    [typing_errors.TIMES_TEN, typing_errors.DIVIDED, typing_errors.TRANSPOSED, typing_errors.ZERO],
)
def test_a_simple_error_is_what_it_is_called(country, kind):
    """In the logistics form, where no figure was rounded before."""
    options = set(forms.MEASURES.values()) - {"Stockout days"}
    found = [r for r in country.reports.truth if r["kind"] == kind and r["option"] in options]
    positive = [r for r in found if r["true"] > 0]
    assert len(positive) > 30
    assert [r for r in positive if not simple(kind, r)] == []


def test_a_drop_of_consumption_lasts_three_reports_while_services_go_on(country):
    drops = [r for r in country.reports.truth if r["kind"] == typing_errors.DROP]
    assert {r["option"] for r in drops} == {"Consumption"}
    assert all(abs(r["reported"] - 0.4 * r["true"]) <= 0.5 for r in drops)
    runs = Counter((r["unit"], r["element"]) for r in drops)
    assert Counter(runs.values()).most_common(1)[0][0] == 3


def test_what_is_missed_is_added_to_the_next_report(country):
    missed = [r for r in country.reports.truth if r["kind"] == typing_errors.MISSED]
    at = {(r["unit"], r["element"], r["option"], r["period"]): r for r in missed}
    doubled = 0
    for (unit, element, option, period), record in at.items():
        later = (unit, element, option, next_month(period))
        if not record["reported"] and later in at and option == "Consumption" and at[later]["reported"]:
            assert at[later]["reported"] == at[later]["true"] + record["true"]
            doubled += 1
    assert doubled > 20


def next_month(period: int) -> int:
    return period + 1 if period % 100 < 12 else period + 89
