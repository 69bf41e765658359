"""Completeness registrations: which form was declared complete, where, for when, and when."""

from __future__ import annotations

from typing import Any

import pandas as pd

from loaders.bodies import Answer, cut_off

KEYS = {
    "dataSet": "data_set",
    "period": "period",
    "organisationUnit": "org_unit",
    "attributeOptionCombo": "attribute_option_combo",
    "date": "date",
    "storedBy": "stored_by",
}


def read_registrations(answer: Answer) -> pd.DataFrame:
    """The registrations of an answer; ``{}`` is DHIS2's way of saying none.

    Returns:
        ``data_set, period, org_unit, attribute_option_combo, stored_by`` (text), ``date`` (the day it was
        declared; DHIS2 gives no time), ``completed`` (bool; False when it was withdrawn).

    Raises:
        NotPermitted: The body is empty.
        BadAnswer: It is no such list, or cut off.
    """
    body = answer.json()
    if not isinstance(body, dict):
        raise cut_off(answer.asked, "it holds no registrations")
    rows: list[dict[str, Any]] = body.get("completeDataSetRegistrations", [])
    frame = pd.DataFrame(
        {new: pd.Series([row.get(old) for row in rows], dtype="str") for old, new in KEYS.items()}
    )
    frame["date"] = pd.to_datetime(frame["date"].str[:10], errors="coerce").astype("datetime64[s]")
    frame["completed"] = pd.Series([bool(row.get("completed", True)) for row in rows], dtype="bool")
    return frame
