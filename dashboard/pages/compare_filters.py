"""The choice of a facility type, an ownership or any other group that the figures are restricted to."""

from dashboard.address import EVERYBODY
from dashboard.i18n import t
from dashboard.queries import Answer, Figures
from dashboard.questions import BadQuestionError


def group_of(figures: Figures, asked: str | None, totals_only: bool) -> str | None:
    """The id of the group asked for by id or name; None where none is, or where only totals are the asker's.

    A group may hold one facility of somebody else's, whose figures a total of the group would give away.

    Raises:
        BadQuestionError: there is no such group.
    """
    if not asked or totals_only:
        return None
    known = figures.holding().groups
    found = asked if asked in known else next((group for group, name in known.items() if name == asked), None)
    if found is None:
        what = f"There is no group of units {asked!r}."
        raise BadQuestionError("group", what, "Name one of DHIS2's organisation unit groups.")
    return found


def choice(answer: Answer) -> dict[str, object]:
    """The groups to choose from, and the chosen one; none where only totals are shown."""
    known = {} if answer.totals_only else answer.holding.groups
    named = sorted(known.items(), key=lambda each: each[1].casefold())
    everybody = {"value": EVERYBODY, "text": t("filter.everybody")}
    options = [everybody, *({"value": group, "text": name} for group, name in named)]
    return {"value": answer.question.group or EVERYBODY, "options": options}


def titled(title: str, answer: Answer) -> str:
    """A title that says what the figures are restricted to."""
    group = answer.question.group
    return t("filter.titled", title=title, group=answer.holding.groups.get(group, group)) if group else title
