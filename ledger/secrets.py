"""Secrets that we hand out: made here, shown once, kept as a hash only."""

import secrets
from hashlib import sha256


def fresh_secret() -> str:
    """A secret of 256 bits, safe in a cookie and in a header."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What is kept of a secret. A plain hash does for 256 random bits: nothing to guess, nothing to salt."""
    return sha256(secret.encode()).hexdigest()
