"""What first clicks need is worked out ahead, and nobody is shown it."""

from accounts.scope import Scope, Unit
from dashboard import i18n
from dashboard.address import Address
from dashboard.cache import Cache
from dashboard.pages.compare import drawn
from dashboard.queries import Figures
from dashboard.warming import warm
from indicators.hierarchy import Hierarchy


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


def test_the_version_to_be_is_looked_at_and_the_cache_stays_empty(tiny_data, tiny, tmp_path):
    cache = Cache(tmp_path, "k" * 40)
    figures, seen = Figures(tiny_data, tiny, cache), []
    holding = Figures(tiny_data, tiny).holding()
    warm(
        figures,
        lambda there, address, scope: seen.append((there.holding(), there.cache, address.pair)),
        holding,
    )
    assert [pair for *_, pair in seen] == list(tiny.pairs)
    assert all(looked is holding and kept is None for looked, kept, _ in seen)
    assert figures.cache is cache
