"""What may be asked of the figures, and why a question is not answered."""

from dataclasses import dataclass

GRAINS = ("month", "quarter", "half", "year")


@dataclass(frozen=True)
class Question:
    """One comparison.

    Attributes:
        unit: the id or code of a unit.
        pair: the id of a pair in the country's `pairs.toml`.
        first: the first month, YYYYMM; the first of the data when None.
        last: the last month, YYYYMM; the last of the data when None.
        grain: month, quarter, half or year.
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


class BadQuestionError(QuestionError):
    """A month, grain or group that makes no sense."""


class NothingSyncedError(QuestionError):
    """There are no figures yet."""
