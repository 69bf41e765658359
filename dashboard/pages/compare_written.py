"""An answer of Compare, written down once: as it is kept, so it is sent, with the words of others put in.

Remarks and tips are not kept with an answer: others write while it is kept. Only what they change is read
again.
"""

import json
from collections.abc import Callable
from typing import Any

from dashboard.figures.chart import Figure

View = dict[str, Any]
SIDES = ("service", "commodity")
Reader = Callable[[tuple[Figure, Figure, View]], View]


def write(service: Figure, commodity: Figure, shown: View) -> str:
    """Both charts and the view, a line each for what is sent as it is and what the words of others change."""
    layouts = {side: each["layout"] for side, each in zip(SIDES, (service, commodity), strict=True)}
    changed = layouts | {"about": shown["about"]}
    return "\n".join(dumped(each) for each in (service["data"], commodity["data"], changed, shown))


def read(written: str, words: Reader) -> str:
    """The whole answer as JSON: the view, both charts in `figures`, and the words in `words`.

    Args:
        written: what `write` gave.
        words: draws the remarks into both charts, and gives what is to be said of them.
    """
    *data, kept, shown = written.split("\n")
    changed = json.loads(kept)
    charts = {side: {"layout": changed[side]} for side in SIDES}
    said = dumped(words((charts["service"], charts["commodity"], {"about": changed["about"]})))
    figures = ",".join(
        f'"{side}":{{"data":{traces},"layout":{dumped(charts[side]["layout"])}}}'
        for side, traces in zip(SIDES, data, strict=True)
    )
    return f'{{"figures":{{{figures}}},"words":{said},{shown[1:]}'


def dumped(value: object) -> str:
    """JSON in one line, as short as can be; a figure that is no number is refused: a gap is null.

    Raises:
        ValueError: there is such a figure in it.
    """
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
