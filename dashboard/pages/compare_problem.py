"""A question that Compare cannot answer: what is wrong with which part of it, what to do, the rest kept."""

from contextlib import suppress
from typing import Any

from accounts.scope import Scope
from dashboard import i18n
from dashboard.address import Address, month_name
from dashboard.i18n import t
from dashboard.pages.compare_months import months_shown
from dashboard.pages.compare_pairs import pair_options
from dashboard.queries import Figures
from dashboard.questions import (
    BadQuestionError,
    NothingSyncedError,
    NotInScopeError,
    OutsideMonthError,
    QuestionError,
    UnknownFormError,
    UnknownPairError,
    UnknownUnitError,
)

View = dict[str, Any]
ANYWHERE = Address()
NO_PAIR = "?"


def refusal(figures: Figures, address: Address, problem: QuestionError, scope: Scope | None) -> View:
    """The view of a question that is not answered; place, pair and months stay in sight as far as known."""
    view: View = {"problem": words_of(problem, address)}
    if scope is None or isinstance(problem, NothingSyncedError):
        return view
    return view | {
        "crumbs": _crumbs(figures, address, scope),
        "deeper": {"label": t("compare.deeper_none"), "short": "–", "options": []},
        "controls": _controls(figures, address),
    }


def words_of(problem: QuestionError, address: Address = ANYWHERE) -> View:
    """What is wrong, and what to do about it, with a link that leaves out that part of the address alone."""
    if isinstance(problem, NothingSyncedError):
        words = t("problem.nothing_synced"), t("problem.nothing_synced_text")
        return _problem(words, "/data", t("problem.to_data"))
    if isinstance(problem, BadQuestionError) and problem.where == "group":
        words = t("problem.unknown_group"), t("problem.unknown_group_text", given=address.group or "")
        return _problem(words, address.href(group=None), t("problem.to_everybody"))
    if isinstance(problem, BadQuestionError) and problem.where == "programme":
        words = t("problem.unknown_programme"), t("problem.unknown_programme_text")
        return _problem(words, "/programmes", t("problem.to_programme"))
    if isinstance(problem, UnknownFormError | OutsideMonthError):
        return _of_reports(problem)
    if isinstance(problem, UnknownPairError):
        words = t("problem.unknown_pair"), t("problem.unknown_pair_text", given=address.pair or "")
        return _problem(words, address.href(pair=None), t("problem.to_pair"))
    if isinstance(problem, NotInScopeError) and problem.where == "pair":
        words = t("problem.pair_unread"), t("problem.pair_unread_text", given=address.pair or "")
        return _problem(words, address.href(pair=None), t("problem.to_pair"))
    if isinstance(problem, NotInScopeError):
        words = t("problem.not_in_scope"), t("problem.not_in_scope_text")
        return _problem(words, address.href(unit=None), t("problem.to_home"))
    if isinstance(problem, UnknownUnitError):
        words = t("problem.unknown_unit"), t("problem.unknown_unit_text", given=address.unit or "")
        return _problem(words, address.href(unit=None), t("problem.to_home"))
    return _problem((t("problem.bad_question"), t("problem.bad_question_text")), "/", t("problem.to_home"))


def _of_reports(problem: UnknownFormError | OutsideMonthError) -> View:
    """A form or a month that there is not, and which there are; a page says where else the link leads."""
    if isinstance(problem, UnknownFormError):
        forms = ", ".join(problem.known.values())
        text = t("problem.unknown_form_text", given=problem.given, forms=forms)
        return _problem((t("problem.unknown_form"), text), "/quality", t("problem.to_forms"))
    asked, first, last = (i18n.month(each) for each in (problem.asked, *problem.known))
    text = t("problem.outside_month_text", asked=asked, first=first, last=last)
    return _problem((t("problem.outside_month"), text), "/", t("problem.to_month"))


def _problem(words: tuple[str, str], href: str, action: str) -> View:
    return {"title": words[0], "text": words[1], "href": href, "action": action}


def _crumbs(figures: Figures, address: Address, scope: Scope) -> list[dict[str, str]]:
    """The way to the place, or to the asker's own where there is no such; empty where they have none."""
    names = figures.holding().names
    for unit in (address.unit, None):
        with suppress(QuestionError):
            way = figures.way(unit or figures.home(scope), scope)
            return [{"name": names[row["id"]], "href": address.href(unit=row["id"])} for row in way]
    return []


def _controls(figures: Figures, address: Address) -> View:
    """The choice of pair and months, so that a mistyped link is mended where one is."""
    known = figures.months()
    first, last = months_shown(address, known)
    months = [_option(str(month_name(int(each))), i18n.month(int(each))) for each in _all(figures)]
    pairs = pair_options(figures.country)
    chosen = address.pair or next(iter(figures.country.pairs))
    if chosen not in figures.country.pairs:
        pairs = [{"value": NO_PAIR, "text": t("problem.choose_pair"), "disabled": True}, *pairs]
        chosen = NO_PAIR
    return {
        "pair": {"value": chosen, "options": pairs},
        "from": {"value": month_name(first), "options": months},
        "to": {"value": month_name(last), "options": months},
    }


def _all(figures: Figures) -> list[int]:
    return figures.holding().rollup.months.tolist()


def _option(value: str, text: str) -> dict[str, str]:
    return {"value": value, "text": text}
