"""A comparison that was looked at lately is looked at again, and never one of other items, places or data."""

from dataclasses import replace

from dashboard.queries import Figures
from dashboard.recent import Recent
from indicators.compare import PairItems, View


def asked(figures):
    holding = figures.holding()
    months = holding.rollup.months
    view = View(str(holding.units["id"].iloc[0]), int(months[0]), int(months[-1]))
    pair = next(each for each in figures.pairs() if each.services and each.commodities)
    return holding.rollup, PairItems(pair.services, pair.commodities), view


def test_the_same_question_is_answered_by_the_same_comparison(tiny_data, tiny):
    rollup, items, view = asked(Figures(tiny_data, tiny))
    recent = Recent(rollup)
    first = recent.compare(items, view)
    assert recent.compare(replace(items), replace(view)) is first


def test_other_items_months_or_named_places_are_another_comparison(tiny_data, tiny):
    rollup, items, view = asked(Figures(tiny_data, tiny))
    recent = Recent(rollup)
    first = recent.compare(items, view)
    unreadable = replace(items, services=())
    told = {"consumed": items.services}
    for other, looked in [
        (unreadable, view),
        (replace(items, reported=told), view),
        (items, replace(view, last=view.first)),
        (items, replace(view, only=frozenset())),
        (items, replace(view, children=False)),
    ]:
        assert recent.compare(other, looked) is not first


def test_the_least_looked_at_is_dropped(tiny_data, tiny):
    rollup, items, view = asked(Figures(tiny_data, tiny))
    recent = Recent(rollup, most=2)
    first = recent.compare(items, view)
    second = recent.compare(items, replace(view, children=False))
    assert recent.compare(items, view) is first
    recent.compare(items, replace(view, last=view.first))
    assert recent.compare(items, view) is first
    assert recent.compare(items, replace(view, children=False)) is not second


def test_what_follows_from_a_comparison_is_worked_out_once(tiny_data, tiny):
    rollup, items, view = asked(Figures(tiny_data, tiny))
    comparison = Recent(rollup).compare(items, view)
    made = []
    for _ in range(2):
        comparison.once("what", lambda: made.append(1) or len(made))
    assert made == [1]
    assert comparison.once("what", lambda: 2) == 1
