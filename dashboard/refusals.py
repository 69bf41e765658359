"""Why a question is not answered, as a problem to whoever asked it."""

from flask import Response

from accounts.guard import problem
from dashboard.questions import (
    BadQuestionError,
    NothingSyncedError,
    NotInScopeError,
    QuestionError,
    UnknownFileError,
    UnknownIndicatorError,
    UnknownPairError,
    UnknownUnitError,
)

STATUSES: tuple[tuple[type[QuestionError], int], ...] = (
    (NotInScopeError, 403),
    (UnknownUnitError, 404),
    (UnknownPairError, 404),
    (UnknownIndicatorError, 404),
    (UnknownFileError, 404),
    (NothingSyncedError, 503),
    (BadQuestionError, 400),
)


def refused(refusal: QuestionError) -> Response:
    """Why a question is not answered, as a problem."""
    status = next((status for kind, status in STATUSES if isinstance(refusal, kind)), 400)
    error = {"where": refusal.where, "what": refusal.what, "remedy": refusal.remedy}
    return problem(status, refusal.what, error)
