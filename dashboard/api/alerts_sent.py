"""What somebody sends about an alert, read strictly: what cannot be read is refused by name."""

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from accounts.guard import sent_json
from dashboard.alerts_steps import LONGEST_COMMENT, bad, far, unknown
from dashboard.i18n import t
from dashboard.questions import BadQuestionError
from ledger.alerts import STATUSES, Alert, Step

STEP = ("status", "assignee", "due", "comment", "version")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""No page shows these, and not every database keeps them; tabs and ends of lines are none of them."""

LONGEST = 500
"""Letters of a reason or of a name."""

AHEAD = timedelta(days=3660)
LEAST, MOST = -5, 25
"""Between which a threshold lies."""


def body(known: Collection[str]) -> Mapping[str, Any]:
    """The object that was sent.

    Args:
        known: the names it may hold.

    Raises:
        BadQuestionError: it is no object, or holds another name.
    """
    found = sent_json()
    if not isinstance(found, dict):
        raise bad("body")
    for name in found:
        if name not in known:
            raise bad(name)
    return found


def text(sent: Mapping[str, Any], name: str, most: int = LONGEST) -> str | None:
    """A text that was sent; None where it was left out.

    Raises:
        BadQuestionError: it is no text, is too long or holds what cannot be written.
    """
    found = sent.get(name)
    if found is None:
        return None
    if not isinstance(found, str):
        raise bad(name)
    if len(found) > most:
        remedy = t("alerts.too_long_remedy", most=most)
        raise BadQuestionError(name, t("alerts.too_long", name=name, n=len(found)), remedy)
    if CONTROL.search(found):
        raise BadQuestionError(name, t("alerts.control", name=name), t("alerts.control_remedy"))
    return found


def day(sent: Mapping[str, Any], name: str) -> date | None:
    """A day that was sent as 2026-03-31; None where none was, or an empty one.

    Raises:
        BadQuestionError: it is no day.
    """
    found = text(sent, name)
    if not found:
        return None
    try:
        if DAY.fullmatch(found):
            return date.fromisoformat(found)
    except ValueError:
        pass
    raise BadQuestionError(name, t("alerts.no_day", name=name, day=found), t("alerts.no_day_remedy"))


def step(alert: Alert, today: date) -> tuple[int, Step]:
    """The version of an alert that was looked at, and the step that was sent.

    Raises:
        BadQuestionError: something cannot be read, or `due` lies before the alert's month or years ahead.
    """
    sent = body(STEP)
    version = sent.get("version")
    if type(version) is not int:
        raise bad("version")
    status, due = text(sent, "status"), day(sent, "due")
    if status is not None and status not in STATUSES:
        raise unknown("status", status, STATUSES)
    first, last = date(alert.month // 100, alert.month % 100, 1), today + AHEAD
    if due and not first <= due <= last:
        raise far("due", due, (first, last))
    comment = text(sent, "comment", LONGEST_COMMENT) or ""
    return version, Step(status, text(sent, "assignee"), text(sent, "due"), comment)


def threshold(sent: Mapping[str, Any]) -> float:
    """The score that was sent.

    Raises:
        BadQuestionError: it is no number from `LEAST` to `MOST`.
    """
    value = sent.get("threshold")
    # Compared before it is made a float: a whole number of 400 digits fits none.
    if not isinstance(value, int | float) or isinstance(value, bool) or not LEAST <= value <= MOST:
        remedy = t("alerts.no_threshold_remedy", least=LEAST, most=MOST)
        raise BadQuestionError("threshold", t("alerts.no_threshold"), remedy)
    return float(value)
