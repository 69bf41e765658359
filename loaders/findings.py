"""What an examination of a source found: what, where, how bad, and what to do."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note", "ok"]


@dataclass(frozen=True)
class Finding:
    """One finding.

    Attributes:
        severity: `error` (figures will be absent or wrong), `warning` (some may be), `note` (good to know), `ok`.
        where: the thing: a form, an element, a setting, a right.
        what: what was found, as a sentence.
        remedy: who should do what; empty when nothing needs doing.
    """

    severity: Severity
    where: str
    what: str
    remedy: str = ""
