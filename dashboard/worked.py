"""Worked examples: the numbers a figure is worked out from and what comes of them, as people read them.

One example of each definition is the same everywhere and stands in its tests. Beside it stands, where the
data hold what is needed, the same with the figures of a place that the asker may see.
"""

from collections.abc import Mapping
from math import isnan
from typing import Any

from dashboard import i18n
from dashboard.definition_keys import INPUTS, SHADES
from dashboard.definitions import called
from dashboard.i18n import t, tn
from indicators.definitions import Definition

UNITS = {
    "months": "definition_unit.months",
    "days": "definition_unit.days",
    "packs": "definition_unit.packs",
    "couple_years": "definition_unit.couple_years",
}
"""What values are counted in, where it does not depend on the product."""


def example(definition: Definition) -> dict[str, Any]:
    """The worked example of a definition: its inputs and its result in words."""
    given = definition.example
    return worked(definition, given.inputs, given.result)


def worked(definition: Definition, inputs: Mapping[str, Any], result: Any) -> dict[str, Any]:
    """Inputs and result as texts: `{"inputs": [{"name", "text"}], "result": text}`."""
    told = [{"name": called(INPUTS[name]), "text": said(value, name)} for name, value in inputs.items()]
    return {"inputs": told, "result": valued(result, definition.unit)}


def valued(value: Any, unit: str) -> str:
    r"""A result with its unit: `83.3%`, `2 months`, `low`.

    >>> from dashboard.i18n import use
    >>> with use("en"):
    ...     valued(0.3333, "share"), valued(2, "months"), valued("low", "class"), valued([30, 60], "quantity")
    ('33.3%', '2\xa0months', 'low', '30 · 60')
    >>> with use("fr"):
    ...     valued(0.3333, "share"), valued(1, "packs"), valued(2, "packs")
    ('33,3\xa0%', '1\xa0boîte', '2\xa0boîtes')
    """
    if isinstance(value, list | tuple):
        return " · ".join(valued(each, unit) for each in value)
    if isinstance(value, str | bool) or value is None or isnan(value):
        return said(value)
    if unit == "share":
        return t("definition_unit.share", value=said(value * 100))
    return f"{said(value)}\u00a0{tn(UNITS[unit], abs(value))}" if unit in UNITS else said(value)


def said(value: Any, name: str = "") -> str:
    """A number, a class, yes or no, a list of them; what is missing is said to be."""
    if isinstance(value, list | tuple):
        return " · ".join(said(each, name) for each in value)
    if isinstance(value, bool):
        return t("definitions.yes") if value else t("definitions.no")
    if value is None or (isinstance(value, float) and isnan(value)):
        return t("definitions.missing")
    if isinstance(value, str):
        return called(SHADES[value]) if value in SHADES else value
    if name == "month":
        return i18n.month(int(value))
    return _plain(float(value))


def _plain(value: float) -> str:
    """As many decimals as a reader needs: three for what is small, none for what is whole."""
    value = round(value, 9)  # 0.29 × 100 is 28.999999999999996
    if value == round(value):
        return i18n.number(value)
    most = 3 if abs(value) < 1 else 2 if abs(value) < 10 else 1
    digits = next(each for each in range(1, most + 1) if round(value, each) == round(value, most))
    return i18n.number(value, digits)
