"""What may be asked of the figures, and why a question is not answered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from indicators.periods import GRAINS

DECEMBER = 12


@dataclass(frozen=True)
class Question:
    """One comparison.

    Attributes:
        unit: the id or code of a unit.
        pair: the id of a pair in the country's `pairs.toml`.
        first: the first month, YYYYMM; the first of the data when None.
        last: the last month, YYYYMM; the last of the data when None.
        grain: month, quarter, half, year, or last3, last6, last12, which end with the last month.
        children: whether the unit's children are wanted too.
        group: the id of a group of units to which everything is restricted.
    """

    unit: str
    pair: str
    first: int | None = None
    last: int | None = None
    grain: str = "month"
    children: bool = True
    group: str | None = None


class QuestionError(Exception):
    """A question that is not answered.

    Args:
        where: which part of the question.
        what: what is wrong with it, as one sentence.
        remedy: what to do, as one sentence.
    """

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.where = where
        self.what = what
        self.remedy = remedy


class NotInScopeError(QuestionError):
    """The unit, or every data set of the pair, is not one's own to see."""


class UnknownUnitError(QuestionError):
    """No unit has this id or code."""


class UnknownPairError(QuestionError):
    """The country has no such pair."""


class UnknownFileError(QuestionError):
    """Nothing was made under this number that one may know of, or it is gone."""


class UnknownIndicatorError(QuestionError):
    """No indicator has this id."""


class BadQuestionError(QuestionError):
    """A month, grain or group that makes no sense."""


class UnknownFormError(BadQuestionError):
    """No form that the asker may read has this key.

    Args:
        given: the key that is asked for.
        known: {key: what DHIS2 calls it} of the forms that may be asked for.
    """

    def __init__(self, given: str, known: Mapping[str, str]) -> None:
        what = f"There is no form {given!r} that you may read."
        super().__init__("form", what, f"Ask for one of: {', '.join(known)}.")
        self.given, self.known = given, known


class OutsideMonthError(BadQuestionError):
    """There are no figures of a month.

    Args:
        asked: the month, YYYYMM.
        known: the first and the last month of which there are figures.
    """

    def __init__(self, asked: int, known: tuple[int, int]) -> None:
        first, last = (_written(each) for each in known)
        what = f"There are no figures of {_written(asked)}."
        super().__init__("month", what, f"Ask for a month from {first} to {last}.")
        self.asked, self.known = asked, known


class NothingSyncedError(QuestionError):
    """There are no figures yet."""


def dated(question: Question, known: tuple[int, int]) -> Question:
    """A question with its months filled in from the first and last that are known, and checked.

    Raises:
        BadQuestionError: a month is none, none of them has figures, the last lies before the first, or there
            is no such grain.
    """
    asked = replace(question, first=question.first or known[0], last=question.last or known[1])
    for where, month in (("from", asked.first), ("to", asked.last)):
        if not 1 <= (month or 0) % 100 <= DECEMBER:
            raise BadQuestionError(where, f"{month} is no month.", "Write it as 2019-01.")
    first, last = asked.first or 0, asked.last or 0
    if first > last and question.first and question.last:
        what = f"The last month ({_written(last)}) lies before the first ({_written(first)})."
        raise BadQuestionError("to", what, "Exchange `from` and `to`.")
    if first > known[1] or last < known[0]:
        raise without_figures(*(("from", first) if first > known[1] else ("to", last)), known)
    if asked.grain not in GRAINS:
        what, remedy = f"There is no grain {asked.grain!r}.", f"Ask for one of: {', '.join(GRAINS)}."
        raise BadQuestionError("grain", what, remedy)
    return asked


def without_figures(where: str, month: int, known: tuple[int, int]) -> BadQuestionError:
    """That there are no figures for a month, and for which there are."""
    remedy = f"Ask for months from {_written(known[0])} to {_written(known[1])}."
    return BadQuestionError(where, f"There are no figures for {_written(month)}.", remedy)


def _written(month: int) -> str:
    return f"{month // 100:04}-{month % 100:02}"
