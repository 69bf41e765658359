"""Which values an element takes, and which zeros DHIS2 does not keep."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from demo.ids import is_uid
from demo.store import Object

LONGEST_VALUE = 50_000
LONGEST_NUMBER, LARGEST_INTEGER = 250, 2**31 - 1
NUMBER = re.compile(r"(-?0|-?[1-9]\d*)(\.\d+)?")
ZERO = re.compile(r"0(\.0*)?")
TRUE_WORDS, FALSE_WORDS = {"true", "True", "TRUE", "t", "T", "1"}, {"false", "False", "FALSE", "f", "F", "0"}
NUMERIC = {
    "NUMBER",
    "INTEGER",
    "INTEGER_POSITIVE",
    "INTEGER_NEGATIVE",
    "INTEGER_ZERO_OR_POSITIVE",
    "UNIT_INTERVAL",
    "PERCENTAGE",
}
KEEPS_ZERO = {"AVERAGE", "AVERAGE_SUM_ORG_UNIT"}


def _whole(pattern: str) -> Callable[[str], bool]:
    """Whole numbers are kept to 32 bits by DHIS2, whatever their sign."""
    compiled = re.compile(pattern)

    def fits(text: str) -> bool:
        return compiled.fullmatch(text) is not None and -LARGEST_INTEGER - 1 <= int(text) <= LARGEST_INTEGER

    return fits


def _is_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None and len(text) < LONGEST_NUMBER


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _between(low: float, high: float) -> Callable[[str], bool]:
    return lambda text: NUMBER.fullmatch(text) is not None and low <= float(text) <= high


def _parses(read: Callable[[str], object]) -> Callable[[str], bool]:
    def parses(text: str) -> bool:
        try:
            read(text)
        except ValueError:
            return False
        return True

    return parses


RULES: dict[str, tuple[Callable[[str], bool], str]] = {
    "NUMBER": (_is_number, "value_not_numeric"),
    "INTEGER": (_whole(r"0|-?[1-9]\d*"), "value_not_integer"),
    "INTEGER_POSITIVE": (_whole(r"[1-9]\d*"), "value_not_positive_integer"),
    "INTEGER_NEGATIVE": (_whole(r"-[1-9]\d*"), "value_not_negative_integer"),
    "INTEGER_ZERO_OR_POSITIVE": (_whole(r"0|[1-9]\d*"), "value_not_zero_or_positive_integer"),
    "UNIT_INTERVAL": (_between(0, 1), "value_not_unit_interval"),
    "PERCENTAGE": (_between(0, 100), "value_not_percentage"),
    "BOOLEAN": (lambda text: text.lower() in ("true", "false"), "value_not_bool"),
    "TRUE_ONLY": (lambda text: text.lower() == "true", "value_not_true_only"),
    "DATE": (_parses(date.fromisoformat), "value_not_valid_date"),
    "AGE": (_parses(date.fromisoformat), "value_not_valid_age"),
    "DATETIME": (_parses(datetime.fromisoformat), "value_not_valid_datetime"),
    "TIME": (_matches(r"([01]\d|2[0-3]):[0-5]\d"), "value_not_valid_time"),
    "COORDINATE": (_matches(r"\[\s*-?\d+(\.\d+)?\s*,\s*-?\d+(\.\d+)?\s*\]"), "value_not_coordinate"),
    "URL": (_matches(r"(https?|ftp)://\S+"), "value_not_url"),
    "EMAIL": (_matches(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "value_not_valid_email"),
    "LETTER": (_matches(r"[^\W\d_]"), "value_not_valid_letter"),
    "USERNAME": (_matches(r"[\w.@-]{2,255}"), "value_not_valid_username"),
    "FILE_RESOURCE": (is_uid, "value_not_valid_file_resource_uid"),
    "IMAGE": (is_uid, "value_not_valid_file_resource_uid"),
    "ORGANISATION_UNIT": (is_uid, "value_not_valid_org_unit_uid"),
}

KNOWN = {
    *RULES,
    "TEXT",
    "LONG_TEXT",
    "MULTI_TEXT",
    "PHONE_NUMBER",
    "TRACKER_ASSOCIATE",
    "REFERENCE",
    "GEOJSON",
}


def fault(element: Object, value: str) -> str | None:
    """Returns DHIS2's key of what is wrong with VALUE for an element, or None.

    >>> fault({"valueType": "INTEGER_ZERO_OR_POSITIVE"}, "-4")
    'value_not_zero_or_positive_integer'
    >>> fault({"valueType": "NUMBER"}, "4.50") is None
    True
    """
    if len(value) > LONGEST_VALUE:
        return "value_length_greater_than_max_length"
    rule = RULES.get(element.get("valueType", "TEXT"))
    return None if rule is None or rule[0](value) else rule[1]


def normal(element: Object, value: str) -> str:
    """Returns VALUE as it is kept: the words of a boolean become `true` and `false`."""
    if element.get("valueType") in ("BOOLEAN", "TRUE_ONLY"):
        return "true" if value in TRUE_WORDS else "false" if value in FALSE_WORDS else value
    return value


def is_insignificant_zero(element: Object, value: str) -> bool:
    """Says whether VALUE is a zero that DHIS2 drops: the element neither keeps zeros nor averages them."""
    kept = element.get("zeroIsSignificant") or element.get("aggregationType") in KEEPS_ZERO
    return not kept and element.get("valueType") in NUMERIC and ZERO.fullmatch(value) is not None
