"""What a query string may ask of the figures: one place for every address of the interface and for `export`.

Whatever cannot be read is refused with its name and what to write instead; nothing is silently put right.
"""

import re
from collections.abc import Mapping, Sequence

from dashboard.i18n import LANGUAGES, language
from dashboard.questions import BadQuestionError, Question

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
NEEDED = ("unit", "pair")
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters but tabs and ends of lines: no page shows them, and PostgreSQL keeps no NUL."""


def checked(parameters: Mapping[str, str], known: Sequence[str], needed: Sequence[str] = NEEDED) -> None:
    """See that a query string names what is needed (a unit and a pair), and nothing that is not known.

    Raises:
        BadQuestionError: a parameter is unknown, missing or given twice, or there is no such language.
    """
    for name in parameters:
        if name not in known:
            raise BadQuestionError(name, f"There is no parameter {name!r}.", f"Known: {', '.join(known)}.")
        if len(set(getattr(parameters, "getlist", lambda _: ())(name))) > 1:
            raise BadQuestionError(name, f"The parameter {name!r} is given twice.", "Give it once.")
    for name in needed:
        if not parameters.get(name):
            remedy = f"Needed: {', '.join(needed)}."
            raise BadQuestionError(name, f"The parameter {name!r} is missing.", remedy)
    one_of(parameters, "lang", LANGUAGES)


def question(parameters: Mapping[str, str], last: str = "to") -> Question:
    """The question in a query string that was checked.

    Args:
        parameters: the query string.
        last: the parameter that names the last month.

    Raises:
        BadQuestionError: a parameter cannot be read.
    """
    return Question(
        unit=parameters["unit"],
        pair=parameters["pair"],
        first=month_in(parameters, "from"),
        last=month_in(parameters, last),
        grain=parameters.get("grain") or "month",
        children=yes(parameters, "children"),
        group=parameters.get("group") or None,
    )


def month_in(parameters: Mapping[str, str], name: str) -> int | None:
    """A month, YYYYMM, out of a parameter written 2019-01; None where it is left out.

    Raises:
        BadQuestionError: it is no month.
    """
    text = parameters.get(name)
    if not text:
        return None
    found = MONTH.fullmatch(text)
    if found is None:
        raise BadQuestionError(name, f"{text!r} is no month.", "Write it as 2019-01.")
    return int(found[1]) * 100 + int(found[2])


def yes(parameters: Mapping[str, str], name: str) -> bool:
    """Whether a parameter says true; what is left out says false.

    Raises:
        BadQuestionError: it says neither.
    """
    text = (parameters.get(name) or "false").lower()
    if text not in ("true", "false"):
        raise BadQuestionError(name, f"{text!r} is neither true nor false.", "Write true or false.")
    return text == "true"


def one_of(parameters: Mapping[str, str], name: str, known: Sequence[str]) -> str:
    """What a parameter chooses; the first of what is known where it is left out.

    Raises:
        BadQuestionError: it is none of them.
    """
    chosen = parameters.get(name) or known[0]
    if chosen not in known:
        what = f"There is no {name} {chosen!r}."
        raise BadQuestionError(name, what, f"One of: {', '.join(known)}.")
    return chosen


def language_in(body: Mapping[str, str]) -> str:
    """The language that something is asked for in; the reader's own where it is left out.

    Raises:
        BadQuestionError: it is not spoken here.
    """
    return one_of(body, "language", LANGUAGES) if body.get("language") else language()


def writable(name: str, text: str) -> str:
    """A text that somebody wrote, as it was sent.

    Raises:
        BadQuestionError: it holds a control character.
    """
    if UNWRITABLE.search(text):
        raise BadQuestionError(name, f"{name!r} holds a control character.", "Write it without.")
    return text
