"""Whom to call at a place: the telephone and the contact person that DHIS2 keeps of a unit."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

CONTACT_FIELDS = {"telephone": "phoneNumber", "contact": "contactPerson"}
"""Our columns and DHIS2's properties of an organisation unit."""

DIGITS_LEAST = 3
"""Fewer digits are no number that anybody could call."""


def contact(unit: Mapping[str, Any], column: str) -> str | None:
    """What a unit says of its telephone or contact person; None for nothing that could be used.

    Args:
        unit: a unit as DHIS2 tells it.
        column: one of `CONTACT_FIELDS`.

    Example:
        >>> contact({"phoneNumber": " +999  07 12 "}, "telephone")
        '+999 07 12'
        >>> contact({"phoneNumber": "n/a"}, "telephone") is None
        True
    """
    text = " ".join(str(unit.get(CONTACT_FIELDS[column]) or "").split())
    if column == "telephone" and sum(sign.isdigit() for sign in text) < DIGITS_LEAST:
        return None
    return text or None


def contacts_of(units: pd.DataFrame) -> pd.DataFrame:
    """The units that can be called: ``org_unit, telephone, contact``.

    Args:
        units: ``id, telephone, contact`` of every unit. A person without a telephone is nobody to call.
    """
    known = units.loc[units["telephone"].notna(), ["id", "telephone", "contact"]]
    return known.rename(columns={"id": "org_unit"}).reset_index(drop=True)
