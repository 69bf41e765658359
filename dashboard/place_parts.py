"""What pages say of a place: the way down to it, what is a level deeper, what the asker may not see of it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from accounts.scope import Scope
from dashboard import i18n
from dashboard.i18n import t
from dashboard.queries import Figures
from dashboard.readable import LeftOut


def crumbs(
    figures: Figures, unit: Mapping[str, Any], scope: Scope, href: Callable[[str], str]
) -> list[dict[str, str]]:
    """The way to a unit from the top of the asker's own, each with its link."""
    names = figures.holding().names
    return [
        {"name": names[each["id"]], "href": href(each["id"])} for each in figures.way(str(unit["id"]), scope)
    ]


def around(figures: Figures, unit: str, scope: Scope) -> list[dict[str, Any]]:
    """The places that one can go to from a unit, for a choice: the way to it, itself, those directly below.

    Returns:
        `value` (id), `text` (name) and `depth` (0 at the top) of each, as far as the asker may know of it.
    """
    names, way = figures.holding().names, [str(each["id"]) for each in figures.way(unit, scope)]
    below = sorted(figures.children(unit, scope)["id"], key=lambda each: names[each])
    rows = [*enumerate(way), *((len(way), str(each)) for each in below)]
    return [{"value": each, "text": names[each], "depth": depth} for depth, each in rows]


def deeper(figures: Figures, unit: Mapping[str, Any], children: Iterable[str]) -> dict[str, Any]:
    """The choice of a unit one level deeper, beside the breadcrumb."""
    names = figures.holding().names
    level = figures.country.level_name(int(unit["level"]) + 1, i18n.language())
    options = sorted((names[each], each) for each in children)
    return {
        "label": t("compare.deeper", level=level),
        "short": t("compare.deeper_short"),
        "options": [{"value": value, "text": text} for text, value in options],
    }


def unseen(left_out: Iterable[LeftOut], totals_only: bool) -> list[str]:
    """Forms that the asker may not read, and that only totals are shown above their own places."""
    notes = [t("compare.left_out", form=each.name) for each in left_out]
    return notes + ([t("compare.totals_only")] if totals_only else [])
