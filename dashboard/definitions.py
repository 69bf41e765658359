"""What each figure means, in the reader's language: formula, parts, unit, source, and what it is not."""

from dataclasses import dataclass

from dashboard.i18n import t
from indicators.definitions import DEFINITIONS, Definition

TEXTS = {
    "services": "definition.services",
    "dispensed": "definition.dispensed",
    "services_received": "definition.services_received",
    "services_stock": "definition.services_stock",
    "consumed": "definition.consumed",
    "opening": "definition.opening",
    "received": "definition.received",
    "adjusted": "definition.adjusted",
    "lost": "definition.lost",
    "closing": "definition.closing",
    "ordered": "definition.ordered",
    "average": "definition.average",
    "stockout_days": "definition.stockout_days",
    "facilities_out": "definition.facilities_out",
    "months_of_stock": "definition.months_of_stock",
    "year_before": "definition.year_before",
    "reports": "definition.reports",
    "imputed": "definition.imputed",
    "overlap": "definition.overlap",
    "ratio": "definition.ratio",
    "expected_band": "definition.expected_band",
    "indexed": "definition.indexed",
    "usual": "definition.usual",
    "share_of_change": "definition.share_of_change",
    "disagreement": "definition.disagreement",
}
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

    In the catalogues it is one text of seven lines, in the order of these attributes.
    """

    name: str
    formula: str
    numerator: str
    denominator: str
    unit: str
    source: str
    is_not: str

    def fields(self) -> list[tuple[str, str, str]]:
        """(field's name, what it is called, what it says), without the name."""
        return [(field, _called(key), getattr(self, field)) for field, key in FIELDS.items()]


def _called(key: str) -> str:
    return t(key)


def meaning(definition: Definition) -> Meaning:
    """A definition in the reader's language."""
    return Meaning(*_called(TEXTS[definition.id]).split("\n"))


def described() -> list[dict[str, object]]:
    """Every definition as JSON: id, name, side, measure, and its fields as people read them."""
    found: list[dict[str, object]] = []
    for each in DEFINITIONS:
        said = meaning(each)
        fields = [{"id": name, "name": called, "text": text} for name, called, text in said.fields()]
        about = {"id": each.id, "name": said.name, "side": each.side, "measure": each.measure}
        found.append({**about, "module": f"indicators.{each.module}", "fields": fields})
    return found
