"""Why somebody was not let in."""


class LogInRefusedError(Exception):
    """A log-in that did not succeed."""


class TooManyFailuresError(LogInRefusedError):
    """This user failed too often from this address; `seconds` until the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many failed log-ins. Wait {seconds} seconds, then try again.")
        self.seconds = seconds


class WrongPasswordError(LogInRefusedError):
    """DHIS2 does not know this user with this password."""


class NobodyToAskError(LogInRefusedError):
    """DHIS2 could not be asked; the message says why and what to do."""
