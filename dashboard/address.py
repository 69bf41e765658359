"""The state of Compare as its address has it: every view can be sent to a colleague as a link."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from urllib.parse import parse_qs, quote_plus, urlencode

from dashboard.i18n import LANGUAGES
from indicators.periods import GRAINS

# What stands below the charts, how its rows are ordered, what colours its map, on which scale it is drawn.
VIEWS = ("table", "multiples", "map", "pairs")
SORTS = ("size", "name", "service", "commodity", "stock", "months", "disagreement")
COLOURS = ("disagreement", "service", "commodity")
SCALES = ("own", "same")
# Whether both sides are shown on one scale; the page chooses by the pair where the address does not.
SHOWN = ("", "index", "apart")
SHAPE = {"view": VIEWS, "sort": SORTS, "by": COLOURS, "scale": SCALES, "show": SHOWN}
# Every parameter of which there are a few; what else it holds is said to be misread.
CHOICES: Mapping[str, Sequence[str]] = {"grain": GRAINS, "lang": LANGUAGES, **SHAPE}
MOST_SHOWN = 40
# What the choice of a group says for all units.
EVERYBODY = "all"
MONTH = re.compile(r"(?!0000)([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Address:
    """What an address asks for; None where it leaves the choice to the page.

    Attributes:
        unit: id or code of a unit.
        pair: id of a pair.
        first: first month, YYYYMM.
        last: last month, YYYYMM.
        grain: month, quarter, half, year, last3, last6 or last12.
        group: id or name of a group of units that the figures are restricted to.
        at: the period that is looked at closely (its name: 2019-03, 2019-Q1, 2019-06/2019-08, ...).
        language: fr or en.
        view: how the places below are shown: table, multiples or map; or all pairs of the programme.
        sort: what they are ordered by; a minus before it turns the order round.
        by: what the map is coloured by.
        scale: whether small charts have each its own scale or all the same.
        show: whether both sides are shown on one scale too; "" leaves it to the pair.
        misread: what it says that cannot be read, as (parameter, what stands there); counts as not asked for.
    """

    unit: str | None = None
    pair: str | None = None
    first: int | None = None
    last: int | None = None
    grain: str = "month"
    group: str | None = None
    at: str | None = None
    language: str | None = None
    view: str = "table"
    sort: str = "size"
    by: str = "disagreement"
    scale: str = "own"
    show: str = ""
    misread: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, search: object) -> "Address":
        """Read ``?unit=…&from=2019-01&…``; what cannot be read counts as not asked for, and is `misread`."""
        given = {name: values[0].strip() for name, values in parse_qs(_text(search)).items()}
        language, grain = given.get("lang"), given.get("grain", "month")
        return cls(
            unit=given.get("unit") or None,
            pair=given.get("pair") or None,
            first=_month(given.get("from")),
            last=_month(given.get("to")),
            grain=grain if grain in GRAINS else "month",
            group=None if given.get("group") == EVERYBODY else given.get("group") or None,
            at=given.get("at") or None,
            language=language if language in LANGUAGES else None,
            misread=tuple(_misread(given)),
            **_shape(given),
        )

    def href(self, **changes: object) -> str:
        """The link to this view, some of it changed (``href(unit="…")``)."""
        unit = changes.pop("unit", self.unit)
        key = tuple(changes.items())
        if key not in self._rests:
            self._rests[key] = _elsewhere(replace(self, unit=None, **changes))  # type: ignore[arg-type]
        rest = self._rests[key]
        here = f"unit={quote_plus(str(unit))}" if unit else ""
        return "/?" + "&".join(part for part in (here, rest) if part)

    @cached_property
    def _rests(self) -> dict[tuple[tuple[str, object], ...], str]:
        """What stands beside the unit in links of this view, by what is changed in them."""
        return {}


@lru_cache(maxsize=256)
def _elsewhere(address: Address) -> str:
    """What every link of a view says alike: all of an address but its unit."""
    parts = {
        "pair": address.pair,
        "from": month_name(address.first),
        "to": month_name(address.last),
        "grain": address.grain if address.grain != "month" else None,
        "group": address.group,
        "at": address.at,
        "lang": address.language,
        **{name: getattr(address, name) for name in SHAPE if getattr(address, name) != SHAPE[name][0]},
    }
    return urlencode({name: value for name, value in parts.items() if value})


def _shape(given: Mapping[str, str]) -> dict[str, str]:
    """What of the address says how the rows are shown; the usual way where it says nothing known."""
    asked = {name: given.get(name, "") for name in SHAPE}
    return {
        name: asked[name] if asked[name].removeprefix("-" if name == "sort" else "") in known else known[0]
        for name, known in SHAPE.items()
    }


def _misread(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The parameters that hold what cannot be read, each with a little of what stands there."""
    for name, text in given.items():
        bare = text.removeprefix("-" if name == "sort" else "")
        if (name in ("from", "to") and not _month(text)) or (name in CHOICES and bare not in CHOICES[name]):
            yield name, text[:MOST_SHOWN]


def month_name(month: int | None) -> str | None:
    """201903 as ``2019-03``, as addresses and the API write it."""
    return f"{month // 100}-{month % 100:02d}" if month else None


def _text(search: object) -> str:
    """What was sent as text that every library takes: forged callbacks send numbers and half letters."""
    return search.lstrip("?").encode("utf-8", "replace").decode() if isinstance(search, str) else ""


def _month(text: str | None) -> int | None:
    found = MONTH.fullmatch(text or "")
    return int(found[1]) * 100 + int(found[2]) if found else None
