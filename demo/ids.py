"""Identifiers as DHIS2 makes them: a letter, then ten letters or digits."""

from __future__ import annotations

import re
import secrets
from string import ascii_letters, digits

UID = re.compile(r"[a-zA-Z][a-zA-Z0-9]{10}")


def new_uid() -> str:
    """Returns a fresh random identifier."""
    return secrets.choice(ascii_letters) + "".join(secrets.choice(ascii_letters + digits) for _ in range(10))


def is_uid(text: object) -> bool:
    """Says whether TEXT has the form of an identifier.

    >>> is_uid("fGNkMBsOo0R"), is_uid("too short")
    (True, False)
    """
    return isinstance(text, str) and UID.fullmatch(text) is not None
