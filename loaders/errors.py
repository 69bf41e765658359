"""What can go wrong between us and a source, as a few types that name the thing and the remedy."""

from __future__ import annotations


class SourceError(Exception):
    """A source could not give or take what was asked.

    Args:
        what: What happened, naming the thing, as one sentence.
        remedy: What the reader can do about it, as one sentence.
        kind: A short name for reports, such as ``time-out`` or ``status 502``.
        transient: Whether asking again may succeed.
        retry_after: Seconds that the server asked us to wait, when it did.
    """

    def __init__(
        self,
        what: str,
        remedy: str,
        *,
        kind: str = "",
        transient: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{what} {remedy}".strip())
        self.what = what
        self.remedy = remedy
        self.kind = kind or type(self).__name__
        self.transient = transient
        self.retry_after = retry_after


class NotReachable(SourceError):
    """The server is down, unknown, too slow, overloaded, or cut the line."""


class NotSignedIn(SourceError):
    """The server does not know us: wrong password, unknown or expired token, ended session.

    Attributes:
        session_ended: Whether the request went by a session of the server's, so that a new one may do.
    """

    session_ended = False


class NotPermitted(SourceError):
    """The server knows us and does not let us see or do this."""


class Refused(SourceError):
    """The server understood and said no.

    Args:
        what: As for `SourceError`.
        remedy: As for `SourceError`.
        status: The HTTP status.
        code: DHIS2's error code (``E2006``), empty when it gave none.
    """

    def __init__(self, what: str, remedy: str, *, status: int, code: str = "") -> None:
        super().__init__(what, remedy, kind=f"status {status} {code}".strip())
        self.status = status
        self.code = code


class TooMuch(SourceError):
    """More than the server gives, or than we take, in one answer: ask for less at a time."""


class BadAnswer(SourceError):
    """The answer is not what it should be: cut off, an HTML page, another format."""


class UnsupportedServer(SourceError):
    """A server of a version or with a calendar that we do not support."""
