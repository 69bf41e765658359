"""What the systems that figures are from are called in the reader's language."""

from dashboard.i18n import t

SAID = {
    "HMIS": "source.services",
    "LMIS": "source.supplies",
    "Population estimates": "source.population",
    "(synthetic)": "source.synthetic",
}


def source_said(name: str) -> str:
    """A source's name as the country gives it, with the field's abbreviations in the reader's language.

    >>> from dashboard.i18n import use
    >>> with use("fr"):
    ...     source_said("LMIS"), source_said("HMIS (synthetic)"), source_said("Registre national")
    ('SIGL', 'SNIS (synthétique)', 'Registre national')
    """
    for word, key in SAID.items():
        name = name.replace(word, t(key))
    return name
