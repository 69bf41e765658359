"""The comparisons that were looked at last: whoever looks at another month of a place asks for the same one.

A comparison works its lines out when they are asked for and keeps what follows from them, so the second look
costs a fraction of the first. Nothing of it depends on who asks but the items and units in the key.
"""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from indicators.compare import Comparison, PairItems, View, compare
from indicators.rollup import Rollup

# A comparison of a hundred places over two years takes about a megabyte. The nation's are worked out ahead
# and have room beside those that people look at.
MOST = 64


class Recent:
    """Comparisons of one version of the data, the least used dropped beyond `most`."""

    def __init__(self, rollup: Rollup, most: int = MOST) -> None:
        self.rollup, self._most, self._lock = rollup, most, Lock()
        self._known: OrderedDict[Any, Comparison] = OrderedDict()

    def compare(self, items: PairItems, view: View) -> Comparison:
        """The comparison of the items of a pair in a view.

        Raises:
            KeyError: the unit or group is unknown.
        """
        key = (items.services, items.commodities, _frozen(items.reported), _frozen(items.families), view)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        made = compare(self.rollup, items, view)
        self._keep(key, made)
        return made

    def _keep(self, key: Any, made: Comparison) -> None:
        with self._lock:
            self._known[key] = made
            while len(self._known) > self._most:
                self._known.popitem(last=False)


def _frozen(codes: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(each)) for name, each in codes.items())
