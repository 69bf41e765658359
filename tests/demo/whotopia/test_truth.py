"""Everything that is reported otherwise than it was is on record, or a habit."""

import json

import numpy as np

from demo.whotopia import habits, rows, truth


def test_every_difference_is_on_record_or_a_habit(country):
    who = habits.habits(country.world)
    recorded = {(r["unit"], r["element"], r["option"], r["period"]) for r in country.reports.truth}
    for filled in country.reports.forms:
        shown = rows.visible(filled, country.world.timeline)
        differs = filled.written & shown & (filled.values != filled.form.true)
        unexplained = 0
        for cell, facility, column in np.argwhere(differs):
            place = cell, facility, column
            what, month = filled.form.cells[cell], filled.form.start + int(column)
            key = country.world.places.facilities[facility].code, what.element, what.option
            period = country.world.timeline.months[month]
            reported, true = int(filled.values[place]), int(filled.form.true[place])
            rounded = not what.measure and reported % 5 == 0 and abs(reported - true) <= 5 and true >= 20
            uncounted = what.measure == "stockout_days" and not reported and not who.counts_days[facility]
            unexplained += (*key, period) not in recorded and not rounded and not uncounted
        assert unexplained == 0
        assert differs.sum() > 500


def test_blanks_are_zeros_by_habit_or_forgotten_or_on_record(country):
    recorded = {(r["unit"], r["element"], r["option"], r["period"]) for r in country.reports.truth}
    for filled in country.reports.forms:
        shown = rows.visible(filled, country.world.timeline)
        blank = ~filled.written & shown & filled.form.kept & (filled.form.true != 0)
        keys = {
            (
                country.world.places.facilities[facility].code,
                filled.form.cells[cell].element,
                filled.form.cells[cell].option,
                country.world.timeline.months[filled.form.start + int(column)],
            )
            for cell, facility, column in np.argwhere(blank)
        }
        there = (filled.form.kept & shown & (filled.form.true != 0)).sum()
        assert 0.002 < len(keys - recorded) / there < 0.006


def test_the_truth_is_written_the_same_each_time_and_can_be_read(country, tmp_path):
    happenings = [*country.demand.happenings, *country.logistics.happenings, *country.stores.truth]
    for name in ("one.json", "two.json"):
        truth.write(tmp_path / name, country.reports, happenings)
    content = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert content["errors"] == country.reports.truth
    assert len(content["happenings"]) == len(happenings)
    assert content["today"] == country.world.timeline.today.isoformat()
