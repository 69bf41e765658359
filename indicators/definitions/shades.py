"""Classes with their colours and marks: what a stock is, and other figures that fall into classes."""

from __future__ import annotations

from indicators.definitions.shape import Shade

# The colours of the design; each has a mark as well, for those who do not see them or print in black.
STOCK = (
    Shade("out", "#cc3311", "✕"),
    Shade("low", "#eecc66", "▼"),
    Shade("enough", "#44aa99", "✓"),
    Shade("over", "#aa99dd", "▲"),
    Shade("unknown", "#d6dce1", "?"),
    Shade("not_carried", "", "–"),
)
STEADINESS = (Shade("steady", mark="X"), Shade("varying", mark="Y"), Shade("erratic", mark="Z"))
VALUE = (Shade("most_value", mark="A"), Shade("some_value", mark="B"), Shade("little_value", mark="C"))
DEMAND = (Shade("smooth"), Shade("erratic_sizes"), Shade("intermittent"), Shade("lumpy"))
CAUSE = (Shade("receipt"), Shade("closing_empty"), Shade("packs"), Shade("other"))
SCORE = (Shade("within"), Shade("watch"), Shade("unusual"))
