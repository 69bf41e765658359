"""Why a movement is not taken, in the reader's language."""

from typing import Any

from dashboard.i18n import t
from ledger.movement_form import Problem

SENTENCES = {
    "no_object": ("movements.no_object.what", "movements.no_object.remedy"),
    "id": ("movements.id.what", "movements.id.remedy"),
    "kind": ("movements.kind.what", "movements.kind.remedy"),
    "unit": ("movements.unit.what", "movements.unit.remedy"),
    "not_yours": ("movements.not_yours.what", "movements.not_yours.remedy"),
    "item": ("movements.item.what", "movements.item.remedy"),
    "whole": ("movements.whole.what", "movements.whole.remedy"),
    "moment": ("movements.moment.what", "movements.moment.remedy"),
    "day": ("movements.day.what", "movements.day.remedy"),
    "text": ("movements.text.what", "movements.text.remedy"),
    "long": ("movements.long.what", "movements.long.remedy"),
    "recipient": ("movements.recipient.what", "movements.recipient.remedy"),
    "reason": ("movements.reason.what", "movements.reason.remedy"),
    "reference": ("movements.reference.what", "movements.reference.remedy"),
    "partner": ("movements.partner.what", "movements.partner.remedy"),
    "transfer": ("movements.transfer.what", "movements.transfer.remedy"),
    "other_transfer": ("movements.other_transfer.what", "movements.other_transfer.remedy"),
    "reverses_unknown": ("movements.reverses_unknown.what", "movements.reverses_unknown.remedy"),
    "reverses_elsewhere": ("movements.reverses_elsewhere.what", "movements.reverses_elsewhere.remedy"),
    "reverses_reversal": ("movements.reverses_reversal.what", "movements.reverses_reversal.remedy"),
    "reversed_already": ("movements.reversed_already.what", "movements.reversed_already.remedy"),
    "received_already": ("movements.received_already.what", "movements.received_already.remedy"),
    "conflict": ("movements.conflict.what", "movements.conflict.remedy"),
}
"""What is wrong and what to do, by the code of the problem."""


def explained(problem: Problem) -> dict[str, Any]:
    """A problem as it is told: where, what, what to do, and whether the same may be taken later."""
    what, remedy = SENTENCES[problem.code]
    named = {"where": problem.where, **problem.values}
    return {
        "code": problem.code,
        "where": problem.where,
        "what": t(what, **named),
        "remedy": t(remedy, **named),
        "retry": problem.retry,
    }
