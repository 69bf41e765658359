"""The review of data quality beside a recount in plain loops, on random reports of four facilities."""

import random
from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest

from indicators.discordance import discordance
from indicators.quality import RULES, Cascade, Known, Partners, findings, laid_out
from indicators.quality_review import DIMENSIONS, Review, review
from indicators.rollup import Frames, Rollup
from tests.indicators.builders import FACILITIES, units

MONTHS = [year * 100 + month for year in (2017, 2018, 2019) for month in range(1, 13)]
FORMS = {"s": "hmis", "p": "hmis", "x": "lmis"}
BOXES = {"s": ("count",), "p": ("count",), "x": ("opening", "received", "consumed", "closing")}
ITEMS = pd.DataFrame(
    {"id": list(FORMS), "kind": ["service", "service", "commodity"], "form": list(FORMS.values())}
).assign(pack_size=1.0)
KNOWN = Known(ITEMS, (Partners("pair", ("s",), ("x",)),), (Cascade(("s",), ("p",)),))
SURE = [
    each.id
    for each in RULES.values()
    if each.part == "arithmetic" and each.about == "figure" and each.severity != "low"
]
SEEDS = (1, 2, 3)
of_each = pytest.mark.parametrize("seed", SEEDS)


@dataclass(frozen=True)
class Told:
    """What was reported, and what the review makes of it.

    Attributes:
        values: {(facility, item, measure, month): value}.
        reports: {(facility, form, month): whether it came by its day, None where nobody noted it}.
    """

    values: dict
    reports: dict
    rollup: Rollup
    found: pd.DataFrame
    review: Review

    def of(self, place, item, measure, month):
        return self.values.get((place, item, measure, month))


@cache
def told(seed):
    values, reports = _reported(random.Random(seed))
    rows = [(*key, 1, value) for key, value in values.items()]
    frame = pd.DataFrame(rows, columns=["org_unit", "item", "measure", "month", "months", "value"])
    frame = frame.astype({"month": "int32", "months": "int16"}).assign(state="reported")
    came = [(place, form, month, 1, True, timely) for (place, form, month), timely in reports.items()]
    registered = pd.DataFrame(
        came, columns=["org_unit", "form", "month", "months", "registered", "on_time"]
    ).astype({"month": "int32", "months": "int16", "on_time": "boolean"})
    asked = [(form, place) for form in ("hmis", "lmis") for place in FACILITIES]
    items = ITEMS.assign(code=ITEMS["id"], name=ITEMS["id"], source=ITEMS["form"])
    rollup = Rollup.build(
        Frames(units(), items, frame, pd.DataFrame(asked, columns=["form", "org_unit"]), registered)
    )
    found = findings(frame, KNOWN)
    return Told(values, reports, rollup, found, review(rollup, laid_out(frame, KNOWN), found, KNOWN))


def _reported(chance):
    """Three years in which some reports do not come, boxes are empty, and sums do not always add up."""
    values, reports = {}, {}
    for place in FACILITIES:
        for month in MONTHS:
            first = month == MONTHS[0]
            for form in ("hmis", "lmis"):
                if first or chance.random() < 0.9:
                    reports[place, form, month] = chance.choice([True, True, False, None])
                    drawn = _figures(chance, form, month)
                    values |= {
                        (place, *box, month): float(value)
                        for box, value in drawn.items()
                        if first or chance.random() < 0.93
                    }
    return values, reports


def _figures(chance, form, month):
    size = 60 if month < 201901 else 90
    if form == "hmis":
        return {("s", "count"): chance.randint(size - 9, size + 9), ("p", "count"): chance.randint(9, 70)}
    opening, received = chance.randint(110, 160), chance.randint(0, 60)
    consumed = chance.choice([*[chance.randint(size - 9, size + 9)] * 12, 3, 0])
    wrong = chance.choice([0, 0, 0, 0, 7])
    return {
        ("x", "opening"): opening,
        ("x", "received"): received,
        ("x", "consumed"): consumed,
        ("x", "closing"): opening + received - consumed + wrong,
    }


def counted(checks):
    """Checks of (dimension, form, facility, month, whether it held) added up: held and made."""
    made, held = Counter(), Counter()
    for *where, good in checks:
        made[tuple(where)] += 1
        held[tuple(where)] += bool(good)
    return made, held


def of_reports(known):
    for place in FACILITIES:
        for form in ("hmis", "lmis"):
            for month in MONTHS:
                came = (place, form, month) in known.reports
                timely = known.reports.get((place, form, month))
                yield "completeness", form, place, month, came
                if not came or timely is not None:
                    yield "timeliness", form, place, month, bool(timely)


def of_boxes(known):
    ever = {key[:3] for key in known.values}
    for place, item, measure in sorted(ever):
        for month in MONTHS:
            if (place, FORMS[item], month) in known.reports:
                filled = known.of(place, item, measure, month) is not None
                yield "filled", FORMS[item], place, month, filled


def of_years(known):
    """A year's mean within a third of the year's before; ten months of each, and ten units before."""
    for item, measure in (("s", "count"), ("p", "count"), ("x", "consumed")):
        for place in FACILITIES:
            series = [known.of(place, item, measure, month) for month in MONTHS]
            for at in range(23, len(MONTHS)):
                now, before = (
                    [each for each in series[at - back - 11 : at - back + 1] if each is not None]
                    for back in (0, 12)
                )
                if min(len(now), len(before)) >= 10 and np.mean(before) >= 10:
                    near = abs(np.mean(now) / np.mean(before) - 1) <= 0.33
                    yield "consistency", FORMS[item], place, MONTHS[at], near


def of_lines(known):
    wrong = known.found[known.found["rule"].isin(SURE)]
    wrong = set(zip(wrong["org_unit"], wrong["item"], wrong["month"], strict=True))
    for place in FACILITIES:
        for month in MONTHS:
            if all(known.of(place, "x", measure, month) is not None for measure in BOXES["x"]):
                yield "arithmetic", "lmis", place, month, (place, "x", month) not in wrong


def of_steps(known):
    for place in FACILITIES:
        for month in MONTHS:
            whole, part = (known.of(place, item, "count", month) for item in ("s", "p"))
            if whole is not None and part is not None:
                yield "related", "hmis", place, month, part <= whole


def of_both(known):
    sides = [
        np.array([[known.values.get((p, *box, m), np.nan) for m in MONTHS] for p in FACILITIES])
        for box in (("s", "count"), ("x", "consumed"), ("x", "closing"))
    ]
    apart = discordance(sides[0], sides[1]).apart & ~(sides[2] == 0)
    wrong = known.found[(known.found["other"] == "pair") & (known.found["rule"] != "missing_partner")]
    wrong = set(zip(wrong["org_unit"], wrong["month"], strict=True))
    for row, place in enumerate(FACILITIES):
        for at, month in enumerate(MONTHS):
            if not np.isnan(sides[0][row, at]) and not np.isnan(sides[1][row, at]):
                yield "agreement", "lmis", place, month, not apart[row, at] and (place, month) not in wrong


RECOUNTS = {
    "completeness": of_reports,
    "timeliness": of_reports,
    "filled": of_boxes,
    "consistency": of_years,
    "arithmetic": of_lines,
    "related": of_steps,
    "agreement": of_both,
}


@of_each
@pytest.mark.parametrize("dimension", RECOUNTS)
def test_the_checks_of_a_dimension_are_those_that_plain_loops_count(dimension, seed):
    known = told(seed)
    made, held = counted(each for each in RECOUNTS[dimension](known) if each[0] == dimension)
    for kept, expected in ((known.review.made, made), (known.review.held, held)):
        for form in ("hmis", "lmis"):
            if (dimension, form) not in kept:
                assert not any(key[1] == form for key in expected)
                continue
            for place in FACILITIES:
                row = kept[dimension, form][known.rollup.position(place)]
                assert row.tolist() == [expected[dimension, form, place, month] for month in MONTHS]
    assert 0 < held.total() < made.total()


@of_each
def test_what_the_rules_call_a_slip_does_not_hold_as_no_outlier(seed):
    known = told(seed)
    slips = [each.id for each in RULES.values() if each.part == "time" and each.about == "figure"]
    wrong = known.found[known.found["rule"].isin(slips) & known.found["measure"].isin(["count", "consumed"])]
    for place, month, form in zip(wrong["org_unit"], wrong["month"], wrong["form"], strict=True):
        at = known.rollup.position(place), MONTHS.index(month)
        made, held = (kept["outliers", form][at] for kept in (known.review.made, known.review.held))
        assert held < made or not made
    assert known.review.made["outliers", "lmis"].any()


def test_a_district_has_the_checks_of_its_facilities_in_the_forms_that_are_asked_for():
    known = told(1)
    last = known.rollup.hierarchy.last
    for dimension in DIMENSIONS:
        held, made = known.review.below(dimension, ("hmis", "lmis"), last)
        one = known.review.below(dimension, ("lmis",), last)[1]
        for district in ("A", "B"):
            inside = [known.rollup.position(f"{district}{at}") for at in (1, 2)]
            here = known.rollup.position(district)
            assert held[here].tolist() == held[inside].sum(axis=0).tolist()
            assert made[here].tolist() == made[inside].sum(axis=0).tolist()
        assert one.sum() < made.sum() or dimension in ("arithmetic", "related", "agreement")
    none = known.review.below("completeness", ("another",), last)
    assert not none[0].any() and not none[1].any()


def test_what_a_place_that_is_unknown_reported_is_in_no_share():
    known = told(1)
    rows = [(*key, 1, value) for key, value in known.values.items()]
    frame = pd.DataFrame(rows, columns=["org_unit", "item", "measure", "month", "months", "value"])
    strange = frame[frame["org_unit"] == "A1"].assign(org_unit="elsewhere")
    beside = pd.concat([frame, strange], ignore_index=True).astype({"month": "int32", "months": "int16"})
    again = review(known.rollup, laid_out(beside, KNOWN), known.found, KNOWN)
    for dimension in ("filled", "consistency", "arithmetic", "related"):
        for key in (each for each in known.review.made if each[0] == dimension):
            assert (again.made[key] == known.review.made[key]).all()
            assert (again.held[key] == known.review.held[key]).all()


def test_a_review_is_read_back_as_it_was_kept():
    known = told(1)
    shape = known.rollup.hierarchy.size, known.rollup.calendar.size
    rows = known.review.rows()
    assert rows.index.tolist() == list(range(len(rows)))
    again = Review.of_rows(rows, known.review.forms, shape)
    for key, made in known.review.made.items():
        if made.any():
            assert (again.made[key] == made).all()
            assert (again.held[key] == known.review.held[key]).all()
