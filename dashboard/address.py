"""The state of Compare as its address has it: every view can be sent to a colleague as a link."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode

from dashboard.i18n import LANGUAGES

GRAINS = ("month", "quarter", "half", "year")


@dataclass(frozen=True)
class Address:
    """What an address asks for; None where it leaves the choice to the page.

    Attributes:
        unit: id or code of a unit.
        pair: id of a pair.
        first: first month, YYYYMM.
        last: last month, YYYYMM.
        grain: month, quarter, half or year.
        at: the period that is looked at closely (its name: 2019-03, 2019-Q1, ...).
        language: fr or en.
    """

    unit: str | None = None
    pair: str | None = None
    first: int | None = None
    last: int | None = None
    grain: str = "month"
    at: str | None = None
    language: str | None = None

    @classmethod
    def read(cls, search: str | None) -> "Address":
        """Read ``?unit=…&from=2019-01&…``; what cannot be read counts as not asked for."""
        given = {name: values[0].strip() for name, values in parse_qs((search or "").lstrip("?")).items()}
        language, grain = given.get("lang"), given.get("grain", "month")
        return cls(
            unit=given.get("unit") or None,
            pair=given.get("pair") or None,
            first=_month(given.get("from")),
            last=_month(given.get("to")),
            grain=grain if grain in GRAINS else "month",
            at=given.get("at") or None,
            language=language if language in LANGUAGES else None,
        )

    def href(self, **changes: object) -> str:
        """The link to this view, some of it changed (``href(unit="…")``)."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        parts = {
            "unit": changed.unit,
            "pair": changed.pair,
            "from": month_name(changed.first),
            "to": month_name(changed.last),
            "grain": changed.grain if changed.grain != "month" else None,
            "at": changed.at,
            "lang": changed.language,
        }
        return "/?" + urlencode({name: value for name, value in parts.items() if value})


def month_name(month: int | None) -> str | None:
    """201903 as ``2019-03``, as addresses and the API write it."""
    return f"{month // 100}-{month % 100:02d}" if month else None


def _month(text: str | None) -> int | None:
    year, _, month = (text or "").partition("-")
    if not (year.isdigit() and month.isdigit() and len(year) == 4 and 1 <= int(month) <= 12):
        return None
    return int(year) * 100 + int(month)
