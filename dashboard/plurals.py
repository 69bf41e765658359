"""What products are counted in, as it follows a number: countries name their units in the singular."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from dashboard.i18n import is_plural, language

IRREGULAR: Mapping[str, str] = MappingProxyType({"woman": "women", "man": "men", "child": "children"})


def counted_in(unit: str, count: float) -> str:
    """A unit in the number that a count takes in the reader's language.

    >>> from dashboard.i18n import use
    >>> with use("fr"):
    ...     [counted_in("unité de dispensation", each) for each in (1.5, 2)], counted_in("cas", 387)
    (['unité de dispensation', 'unités de dispensation'], 'cas')
    >>> with use("en"):
    ...     [counted_in(each, 0) for each in ("dispensing unit", "woman", "IUD", "delivery", "dose")]
    ['dispensing units', 'women', 'IUDs', 'deliveries', 'doses']
    """
    if not unit or not is_plural(abs(count)):
        return unit
    return _FORMS[language()](unit)


def _french(unit: str) -> str:
    """The first word takes the plural; abbreviations and what ends in s, x or z keep their form."""
    first, space, rest = unit.partition(" ")
    if first.isupper() or first[-1] in "sxz":
        return unit
    if first.endswith("al"):
        return f"{first[:-2]}aux{space}{rest}"
    return f"{first}{'x' if first.endswith(('eau', 'eu')) else 's'}{space}{rest}"


def _english(unit: str) -> str:
    """The last word takes the plural."""
    before, space, last = unit.rpartition(" ")
    if last in IRREGULAR:
        return f"{before}{space}{IRREGULAR[last]}"
    if last.endswith(("s", "x", "ch", "sh")):
        return f"{unit}es"
    if last.endswith("y") and last[-2:-1] not in tuple("aeiou"):
        return f"{unit[:-1]}ies"
    return f"{unit}s"


_FORMS: Mapping[str, Callable[[str], str]] = MappingProxyType({"fr": _french, "en": _english})
