"""The choice of a pair, under the programme that it belongs to, and the dose that it is judged by."""

from countries import Country, Pair
from dashboard import i18n
from dashboard.i18n import number, t

Option = dict[str, str | bool]
INDENT = "\u2003"
DECIMALS = 2


def pair_options(country: Country) -> list[Option]:
    """Every pair as an option; where there are several programmes, each begins with its name.

    A programme's name cannot be chosen: browsers draw it grey, and screen readers say that it is no choice.
    """
    language = i18n.language()
    by_programme: dict[str, list[Pair]] = {}
    for pair in country.pairs.values():
        by_programme.setdefault(pair.programme, []).append(pair)
    order = [name for name in country.programmes if name in by_programme]
    if len(order) <= 1:
        return [{"value": pair.id, "text": pair.name[language]} for pair in country.pairs.values()]
    options: list[Option] = []
    for name in order:
        heading = country.programmes[name].name[language]
        options.append({"value": f"programme:{name}", "text": heading, "disabled": True})
        options += [
            {"value": pair.id, "text": f"{INDENT}{pair.name[language]}"} for pair in by_programme[name]
        ]
    return options


def dose(expected: float) -> str:
    """A dose as people write it: 1, 1.5, 1.15.

    >>> with i18n.use("en"):
    ...     dose(1.0), dose(1.15)
    ('1', '1.15')
    """
    decimals = next((n for n in range(DECIMALS) if round(expected, n) == expected), DECIMALS)
    return number(expected, decimals)


def guideline(pair: Pair) -> str:
    """What the dose is from and who approved it; empty where the pair has none."""
    language = i18n.language()
    if not pair.guideline[language]:
        return ""
    text = t("compare.guideline", guideline=pair.guideline[language])
    approved = pair.approved_by[language]
    return text + (" " + t("compare.approved", by=approved) if approved else "")
