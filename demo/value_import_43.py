"""Storing data values as DHIS2 2.43 does: a data set at a time, all of its rows or none."""

from __future__ import annotations

from demo import value_import


class Import(value_import.Import):
    """One import by the rules of 2.43."""
