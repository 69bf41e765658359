"""What first clicks need is worked out ahead, and nobody is shown it."""

from accounts.scope import Scope, Unit
from dashboard import i18n
from dashboard.address import Address
from dashboard.cache import Cache
from dashboard.pages.compare import drawn
from dashboard.queries import Figures
from dashboard.warming import warm
from indicators.hierarchy import Hierarchy
from indicators.kept import Kept


def test_after_it_the_first_look_at_a_pair_sums_nothing(tiny_data, tiny, monkeypatch):
    figures = Figures(tiny_data, tiny)
    top = figures.holding().units.iloc[0]
    everything = Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)
    sums = []
    really = Hierarchy.gather
    monkeypatch.setattr(Hierarchy, "gather", lambda *given: sums.append(1) or really(*given))
    warm(figures, drawn, figures.holding())
    assert sums
    sums.clear()
    with i18n.use("en"):
        for pair in tiny.pairs:
            drawn(figures, Address(pair=pair), everything)
    assert sums == []


def test_after_it_a_place_of_each_level_needs_nothing_of_its_neighbours(tiny_data, tiny, monkeypatch):
    figures = Figures(tiny_data, tiny)
    units = figures.holding().units
    everything = Scope.of([Unit(str(units["id"].iloc[0]), str(units["path"].iloc[0]), 1)], None)
    warm(figures, drawn, figures.holding())
    made = []
    really = Kept._store
    monkeypatch.setattr(Kept, "_store", lambda kept, key, what: made.append(key) or really(kept, key, what))
    sizes = (units["last"] - units["first"]).iloc[1:].groupby(units["level"])
    for unit in sizes.idxmax():
        for pair in tiny.pairs:
            with i18n.use("en"):
                drawn(figures, Address(pair=pair, unit=unit), everything)
    assert len(sizes) > 1
    assert made == []


def test_the_comparisons_of_the_nation_stay_at_hand(tiny_data, tiny):
    figures, looked = Figures(tiny_data, tiny), []
    warm(figures, lambda there, address, scope: looked.append((address, there.holding())), figures.holding())
    nation = [holding for address, holding in looked if not address.unit]
    below = [holding for address, holding in looked if address.unit]
    assert all(holding.recent is figures.holding().recent for holding in nation)
    assert below
    assert all(holding.recent is not figures.holding().recent for holding in below)
    assert all(holding.rollup is figures.holding().rollup for holding in below)


def test_the_version_to_be_is_looked_at_and_the_cache_stays_empty(tiny_data, tiny, tmp_path):
    cache = Cache(tmp_path, "k" * 40)
    figures, seen = Figures(tiny_data, tiny, cache), []
    holding = Figures(tiny_data, tiny).holding()
    warm(
        figures,
        lambda there, address, scope: seen.append((there.holding(), there.cache, address.pair)),
        holding,
    )
    assert [pair for *_, pair in seen][: len(tiny.pairs)] == list(tiny.pairs)
    assert all(looked.rollup is holding.rollup and kept is None for looked, kept, _ in seen)
    assert figures.cache is cache
