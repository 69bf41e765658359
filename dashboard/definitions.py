"""What each figure means, in the reader's language: formula, parts, unit, source, and what it is not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dashboard import i18n
from dashboard.definition_keys import LIMITS, SHADES, SUBJECT_NAMES, TEXTS, UNSAID
from dashboard.i18n import t
from indicators.definitions import DEFINITIONS, Definition, Shade
from indicators.definitions.sources import SOURCES

PAGE = "/definitions"
FIELDS = {
    "formula": "definition_field.formula",
    "numerator": "definition_field.numerator",
    "denominator": "definition_field.denominator",
    "unit": "definition_field.unit",
    "source": "definition_field.source",
    "is_not": "definition_field.is_not",
}


@dataclass(frozen=True)
class Meaning:
    """A definition in words; a denominator is "–" where a figure is a plain count.

    In the catalogues it is one text of eight lines, in the order of these attributes.
    """

    name: str
    formula: str
    numerator: str
    denominator: str
    unit: str
    source: str
    is_not: str
    description: str

    def fields(self) -> list[tuple[str, str, str]]:
        """(field's name, what it is called, what it says), without the name and the description."""
        return [(field, called(key), getattr(self, field)) for field, key in FIELDS.items()]


def called(key: str) -> str:
    """The text of a key that stands in a table."""
    return t(key)


def meaning(definition: Definition) -> Meaning:
    """A definition in the reader's language."""
    return Meaning(*called(TEXTS[definition.id]).split("\n"))


def in_dhis2(definition: Definition) -> dict[str, Any]:
    """Whether DHIS2's indicators can say it, in what they differ, or why they cannot; one sentence of it."""
    formula = definition.formula
    if formula is None:
        why = called(UNSAID[definition.unsaid])
        return {"says": False, "text": t("definitions.dhis2_no", why=why), "limits": []}
    limits = [called(LIMITS[each]) for each in formula.limits]
    if not limits:
        return {"says": True, "text": t("definitions.dhis2_yes"), "limits": []}
    return {"says": True, "text": t("definitions.dhis2_limits", limits=" · ".join(limits)), "limits": limits}


def described(definitions: Iterable[Definition] = DEFINITIONS) -> list[dict[str, Any]]:
    """Definitions as JSON, as people read them; of all that there are, unless some are given."""
    return [_described(each) for each in definitions]


def _described(definition: Definition) -> dict[str, Any]:
    said = meaning(definition)
    fields = [{"id": name, "name": heading, "text": text} for name, heading, text in said.fields()]
    return {
        "id": definition.id,
        "name": said.name,
        "side": definition.side,
        "measure": definition.measure,
        "module": f"indicators.{definition.module}",
        "function": definition.function,
        "description": said.description,
        "subject": {"id": definition.subject, "name": called(SUBJECT_NAMES[definition.subject])},
        "unit": definition.unit,
        "fields": fields,
        "references": [SOURCES[each] for each in definition.sources],
        "classes": [_class(each) for each in definition.shades],
        "dhis2": in_dhis2(definition),
        "href": f"{PAGE}?lang={i18n.language()}#{definition.id}",
    }


def _class(shade: Shade) -> dict[str, str]:
    return {"id": shade.id, "name": called(SHADES[shade.id]), "colour": shade.colour, "mark": shade.mark}
