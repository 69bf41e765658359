"""A country's own indicators: as formulas, and in words like every other definition."""

from typing import Any

from countries.configuration import Country
from countries.indicators import OwnIndicator, Part
from dashboard import i18n
from dashboard.definition_keys import LIMITS
from dashboard.definitions import FIELDS, PAGE, called
from dashboard.i18n import t
from dashboard.questions import QuestionError
from indicators.definitions import ALIASES, BY_ID
from indicators.definitions.formulas import Formula, Term

SUBJECT = "own"
NONE = "–"


class TakenNameError(QuestionError):
    """A country's own indicator bears the name of a published one."""


def formula_of(own: OwnIndicator) -> Formula:
    """An own indicator as a sum over a sum."""
    above, below = (tuple(map(_term, parts)) for parts in (own.numerator, own.denominator))
    return Formula(above, below, own.factor, ("own",) if below else (), "country")


def _term(part: Part) -> Term:
    return Term(part.measure, part.weight, items=part.items)


def check(country: Country) -> None:
    """See that no indicator of the country's own bears the name of a published one.

    Raises:
        TakenNameError: one does; two figures would answer to one link.
    """
    for name in country.indicators:
        if name in BY_ID or name in ALIASES:
            what = f"The indicator {name!r} of countries/{country.id}/country.toml is published already."
            raise TakenNameError("indicators", what, "Give it another id under [[indicators]].")


def described(country: Country) -> list[dict[str, Any]]:
    """The country's own indicators as JSON, with the entries of `dashboard.definitions.described`."""
    return [_described(country, each) for each in country.indicators.values()]


def _described(country: Country, own: OwnIndicator) -> dict[str, Any]:
    language = i18n.language()
    above, below = sums(country, own)
    factor = f" × {own.factor}" if own.factor != 1 else ""
    texts = {
        "formula": f"({above}) ÷ ({below}){factor}" if own.denominator else f"{above}{factor}",
        "numerator": above,
        "denominator": below,
        "unit": own.unit[language],
        "source": t("definitions.own_source", file=f"countries/{country.id}/country.toml"),
        "is_not": own.is_not[language] or t("definitions.own_is_not"),
    }
    limits = [called(LIMITS[each]) for each in formula_of(own).limits]
    text = t("definitions.dhis2_limits", limits=" · ".join(limits)) if limits else t("definitions.dhis2_yes")
    return {
        "id": own.id,
        "name": own.name[language],
        "side": "",
        "measure": "",
        "module": "indicators.own",
        "function": "own",
        "description": own.description[language],
        "subject": {"id": SUBJECT, "name": t("definitions.own", country=country.name[language])},
        "unit": "share" if own.factor == 100 else "quantity",
        "fields": [{"id": name, "name": called(FIELDS[name]), "text": said} for name, said in texts.items()],
        "references": [],
        "classes": [],
        "settings": [],
        "example": None,
        "dhis2": {"says": True, "text": text, "limits": limits},
        "href": f"{PAGE}?lang={language}#{own.id}",
    }


def sums(country: Country, own: OwnIndicator) -> tuple[str, str]:
    """What an own indicator's numerator and denominator are, in words; `NONE` below a plain sum."""
    above, below = (_said(country, parts) for parts in (own.numerator, own.denominator))
    return above, below or NONE


def _said(country: Country, parts: tuple[Part, ...]) -> str:
    """Sums in words: measure and items, with the weight where there is one."""
    return " + ".join(_part(country, part) for part in parts)


def _part(country: Country, part: Part) -> str:
    language = i18n.language()
    items = ", ".join(country.items[code].name[language] for code in part.items)
    weight = "" if part.weight == 1 else f"{i18n.number(part.weight, 4).rstrip('0')} × "
    return f"{weight}{called(MEASURES[part.measure])} ({items})"


MEASURES = {
    "count": "own_measure.count",
    "opening": "definition_input.opening",
    "received": "definition_input.received",
    "consumed": "definition_input.consumed",
    "adjusted": "definition_input.adjusted",
    "lost": "definition_input.lost",
    "closing": "definition_input.closing",
    "stockout_days": "definition_input.days_out",
    "ordered": "definition_input.ordered",
    "amc_reported": "definition_input.average",
}
"""What a measure is called in a sum."""
