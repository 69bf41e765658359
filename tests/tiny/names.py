"""Ids of the tiny country: eleven letters and digits that are the same in every run."""

import hashlib
import string

LETTERS, ALL = string.ascii_letters, string.ascii_letters + string.digits


def uid(*key: str) -> str:
    """A DHIS2 id made from a key."""
    digest = hashlib.sha256("/".join(("tiny", *key)).encode()).digest()
    return LETTERS[digest[0] % 52] + "".join(ALL[byte % 62] for byte in digest[1:11])
