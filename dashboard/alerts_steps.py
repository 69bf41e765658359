"""Which states of alerts can be asked for, what is said of a step that cannot be taken, or was already."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.i18n import t
from dashboard.questions import BadQuestionError
from ledger.alerts import ASSIGNED, CLOSED, NEXT, OPEN, OUTCOMES, STATUSES, Alert, Step

LONGEST_COMMENT = 2_000
LISTS: Mapping[str, tuple[str, ...]] = {
    "open": OPEN,
    "done": (*OUTCOMES, CLOSED),
    "all": STATUSES,
    **{each: (each,) for each in STATUSES},
}
MINE, ASLEEP = "mine", "asleep"
"""What one may ask for beside states: what is assigned to oneself, and what sleeps."""

STATES = {
    "new": "alerts.new",
    "acknowledged": "alerts.acknowledged",
    "assigned": "alerts.assigned",
    "corrected": "alerts.corrected",
    "confirmed": "alerts.confirmed",
    "explained": "alerts.explained",
    "cannot_verify": "alerts.cannot_verify",
    "closed": "alerts.closed",
}
"""What each state is called."""


def refusal(alert: Alert, step: Step) -> BadQuestionError:
    """Why an alert cannot take a step, and what it can, by the names that the page shows."""
    status = step.status
    if status not in (None, alert.status) and status not in NEXT[alert.status]:
        states = ", ".join(t(STATES[each]) for each in NEXT[alert.status])
        remedy = t("alerts.no_step_remedy", states=states)
        return BadQuestionError("status", t("alerts.no_step", state=t(STATES[alert.status])), remedy)
    if status == ASSIGNED and not (step.assignee or alert.assignee):
        return BadQuestionError("assignee", t("alerts.no_assignee"), t("alerts.no_assignee_remedy"))
    return BadQuestionError("comment", t("alerts.nothing_said"), t("alerts.nothing_said_remedy"))


def taken_already(alert: Alert, last: Mapping[str, Any], step: Step, author: str) -> bool:
    """Whether the last thing that was done to an alert is this very step, by the same person.

    So it is when a button was pressed twice, or when the answer to the first try never came.

    Args:
        alert: as it stands now.
        last: its last step, as `ledger.alerts.Alerts.steps` gives it.
        step: what is asked for.
        author: username of who asks.
    """
    asked = {"status": step.status, "assignee": step.assignee, "due": step.due}
    same = all(value is None or value == getattr(alert, name) for name, value in asked.items())
    return same and last["author"] == author and last["comment"] == step.comment.strip()


def bad(name: str) -> BadQuestionError:
    """A field cannot be read."""
    return BadQuestionError(name, t("alerts.bad_field", name=name), t("alerts.bad_field_remedy"))


def unknown(name: str, value: str, known: Sequence[str]) -> BadQuestionError:
    """A choice is none of those that can be made."""
    what = t("alerts.no_choice", name=name, value=value[:40])
    return BadQuestionError(name, what, t("alerts.no_choice_remedy", known=", ".join(known)))


def far(name: str, day: date, days: tuple[date, date]) -> BadQuestionError:
    """A day lies outside those that can be chosen, the first and the last of which are named."""
    first, last = days
    what = t("alerts.far_day", name=name, day=day)
    return BadQuestionError(name, what, t("alerts.far_day_remedy", first=first, last=last))
