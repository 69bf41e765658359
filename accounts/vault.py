"""Seals the DHIS2 tokens that we keep, so that a stolen database opens no DHIS2."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken

PURPOSE = b"tandem: DHIS2 credentials"


class Vault:
    """Seals and opens short texts with a key derived from the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        digest = sha256(PURPOSE + b"\0" + secret_key.encode()).digest()
        self._fernet = Fernet(urlsafe_b64encode(digest))

    def seal(self, text: str) -> str:
        """What may lie in the database; nothing stays nothing."""
        return self._fernet.encrypt(text.encode()).decode() if text else ""

    def open(self, sealed: str) -> str:
        """The text again; empty when there is none, or when the secret key changed since."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode() if sealed else ""
        except InvalidToken:
            return ""
