"""Who asks, and why a question is not answered: the frame of routes that somebody is logged in for."""

from collections.abc import Callable

from flask import Response

from accounts import Person, current
from accounts.guard import problem
from dashboard.questions import QuestionError
from dashboard.refusals import refused


def answered(answer: Callable[[Person], Response]) -> Response:
    """What a route answers to the person who asks, or the problem that says why it does not."""
    person = current()
    if person is None:  # the guard stands before this; a second look costs nothing
        return problem(401, "Nobody is logged in.")
    try:
        return answer(person)
    except QuestionError as refusal:
        return refused(refusal)
