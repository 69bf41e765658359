"""The sums that hold wherever nobody erred: of a report, from one to the next, of a quarter, of the sexes."""

from types import SimpleNamespace

import numpy as np
import pytest

from demo.whotopia import forms, rows
from demo.whotopia.timeline import EPOCH

M = {measure: number for number, measure in enumerate(forms.MEASURES)}


@pytest.fixture(scope="module")
def reported(country) -> SimpleNamespace:
    """The logistics form as it is shown, by product and measure: figures, whether there, whether wrong.

    A box left blank counts as what happened: whoever leaves it blank writes no other figure there.
    """
    filled, world = country.reports.logistics, country.world
    shape = (len(world.catalogue.commodities), len(M), *filled.form.due.shape)
    wrong = np.zeros(filled.values.shape, dtype=bool)
    units = {facility.code: number for number, facility in enumerate(world.places.facilities)}
    cells = {(cell.element, cell.option): number for number, cell in enumerate(filled.form.cells)}
    for record in country.reports.truth:
        if (record["element"], record["option"]) in cells:
            month = world.timeline.months.index(record["period"]) - filled.form.start
            wrong[cells[record["element"], record["option"]], units[record["unit"]], month] = True
    written = filled.written & rows.visible(filled, world.timeline)
    return SimpleNamespace(
        figures=np.where(written, filled.values, filled.form.true).reshape(shape).astype(np.int64),
        written=written.reshape(shape),
        wrong=wrong.reshape(shape),
        step=filled.form.step,
    )


def holds(figures: np.ndarray) -> np.ndarray:
    """opening + received - consumed + adjusted - lost = closing, `[product, facility, month]`."""
    plus = figures[:, M["opening"]] + figures[:, M["received"]] + figures[:, M["adjusted"]]
    return plus - figures[:, M["consumed"]] - figures[:, M["lost"]] == figures[:, M["closing"]]


def test_every_report_adds_up_where_nobody_erred(reported):
    there = reported.written[:, M["closing"]]
    sound = there & ~reported.wrong[:, : M["closing"] + 1].any(axis=1)
    assert holds(reported.figures)[sound].all()
    assert sound.sum() > 50_000


def test_errors_are_not_repaired(reported):
    """Errors in a box that counts break the sum in most of the reports in which they were made."""
    erred = reported.written[:, M["closing"]] & reported.wrong[:, : M["closing"] + 1].any(axis=1)
    assert 0.4 < (~holds(reported.figures)[erred]).mean() < 0.95


def test_stocks_go_on_from_one_report_to_the_next_where_nobody_erred(reported):
    compared = breaks = of_errors = 0
    for facility, step in enumerate(reported.step):
        opening = reported.figures[:, M["opening"], facility, step:]
        closing = reported.figures[:, M["closing"], facility, :-step]
        both = (
            reported.written[:, M["opening"], facility, step:]
            & reported.written[:, M["closing"], facility, :-step]
        )
        erred = (
            reported.wrong[:, M["opening"], facility, step:]
            | reported.wrong[:, M["closing"], facility, :-step]
        )
        assert (opening == closing)[both & ~erred].all()
        compared += both.sum()
        breaks += (both & (opening != closing)).sum()
        of_errors += (both & erred).sum()
    assert 0.002 < breaks / compared < 0.008, "0.38 % in Ivorian reports"
    assert breaks <= of_errors


def test_a_recount_changes_the_opening_and_not_the_sum(country, reported):
    recounts = [r for r in country.reports.truth if r["kind"] == "opening recounted"]
    openings = [r for r in recounts if r["option"] == "Opening balance"]
    by_adjustment = {
        (r["unit"], r["element"], r["period"]): r["reported"] - r["true"]
        for r in recounts
        if r["option"] == "Adjustment"
    }
    off = {(r["unit"], r["element"], r["period"]): r["true"] - r["reported"] for r in openings}
    assert off == by_adjustment
    assert len(off) > 30


def quarters(group: str, months: int) -> list[int]:
    """Numbers of the last months of a group's quarters, from the task's table of months."""
    last = {"A": (3, 6, 9, 12), "B": (1, 4, 7, 10), "C": (2, 5, 8, 11)}[group]
    return [m for m in range(2, months) if (EPOCH + m) % 12 + 1 in last]


@pytest.mark.parametrize("group", ["A", "B", "C"])
def test_a_quarter_is_the_sum_of_its_months(country, group):
    """Before anything is reported wrong: flows add up, the first opening and the last closing stand."""
    form, world = country.reports.logistics.form, country.world
    opens = world.places.open(world.timeline.size)
    of_group = [n for n, facility in enumerate(world.places.facilities) if facility.group == group]
    compared = 0
    for facility in of_group:
        for last in quarters(group, world.timeline.size):
            if last < form.start or not opens[facility, last - 2 : last + 1].all():
                continue
            months = {
                m: country.logistics.measures[m][:, facility, last - 2 : last + 1] for m in forms.MEASURES
            }
            told = form.true[:, facility, last - form.start].reshape(-1, len(M))
            assert (told[:, M["opening"]] == months["opening"][:, 0]).all()
            assert (told[:, M["closing"]] == months["closing"][:, -1]).all()
            for flow in ("received", "consumed", "adjusted", "lost", "stockout_days", "ordered"):
                assert (told[:, M[flow]] == months[flow].sum(axis=1)).all()
            compared += 1
    assert of_group and compared >= 20 * len(of_group)


def test_a_quarter_in_which_a_facility_opens_begins_with_its_first_month():
    opens = np.array([[False, True, True], [True, True, True], [False, False, True]])
    opening = np.array([[[0, 5, 7], [3, 5, 7], [0, 0, 7]]], dtype=np.int32)
    measures = {"opening": opening, "consumed": opening}
    quarterly = np.array([True, True, True])
    told = forms._reported(SimpleNamespace(measures=measures), "opening", quarterly, opens)
    assert told[0, :, 2].tolist() == [5, 3, 7]
    told = forms._reported(SimpleNamespace(measures=measures), "consumed", quarterly, opens)
    assert told[0, :, 2].tolist() == [12, 15, 7]


def test_women_and_men_are_all_and_whoever_is_positive_was_tested(country):
    form, world, start = country.reports.services.form, country.world, country.reports.services.form.start
    at = {(cell.element, cell.option): form.true[number] for number, cell in enumerate(form.cells)}
    for code in ("HIV_TESTED", "HIV_POSITIVE"):
        served = country.logistics.served[world.catalogue.service(code), :, start:]
        assert (at[code, "Female"] + at[code, "Male"] == served).all()
    for sex in ("Female", "Male"):
        assert (at["HIV_POSITIVE", sex] <= at["HIV_TESTED", sex]).all()
        assert at["HIV_POSITIVE", sex].min() == 0 and at["HIV_POSITIVE", sex].max() > 0
    share = (
        at["HIV_TESTED", "Female"].sum()
        / country.logistics.served[world.catalogue.service("HIV_TESTED")][:, start:].sum()
    )
    assert 0.55 < share < 0.70
