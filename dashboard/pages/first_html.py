"""What first looks have in common: the question of the request, the way to the place, what is chosen."""

from collections.abc import Callable
from html import escape
from typing import Any

from dash.exceptions import PreventUpdate
from flask import request

from dashboard import i18n
from dashboard.i18n import t
from dashboard.page import First
from dashboard.questions import QuestionError

View = dict[str, Any]


def first_of(
    answered: Callable[[str], View], page: Callable[[View], str], below: Callable[[View], str]
) -> First:
    """The first look at the address that is asked for, before any script has come.

    Args:
        answered: gives the view of a query string, as the page's callback does.
        page: the page's part as HTML, dressed as the script that takes its place draws it.
        below: what is chosen of a view, said under the place where there is no room for the controls.
    """
    search = f"?{request.query_string.decode('utf-8', 'replace')}"
    try:
        with i18n.use(i18n.language()):
            view = answered(search)
            return First(page(view), crumbs(view["crumbs"]), _choices(view, below(view)))
    except (QuestionError, PreventUpdate):
        return First()  # the page says why, with its own words and ways on


def crumbs(way: list[dict[str, str]]) -> str:
    """The breadcrumb as HTML, from the top down to the place itself."""
    *above, here = way
    links = "".join(f'<li><a href="{escape(each["href"])}">{escape(each["name"])}</a></li>' for each in above)
    own = f'<li><b aria-current="location">{escape(here["name"])}</b></li>'
    return f'<nav class="crumbs" aria-label="{escape(t("compare.place"))}"><ol>{links}{own}</ol></nav>'


def chosen(view: View, name: str) -> str:
    """The words of what is chosen in a control of a view."""
    choice = view["controls"][name]
    return str(next(each["text"] for each in choice["options"] if each["value"] == choice["value"]))


def _choices(view: View, below: str) -> str:
    return f"<b>{escape(view['crumbs'][-1]['name'])}</b><span>{escape(below)}</span>"
