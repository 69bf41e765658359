"""The first look at Programmes: heading, reports, four trends as plain HTML, before any script has come.

It is dressed as the page that assets/programmes draws in its place, so that little moves when that comes.
"""

from collections.abc import Callable
from html import escape
from typing import Any

from flask import request

from dashboard import i18n
from dashboard.i18n import t
from dashboard.page import First
from dashboard.programme import ProgrammeAddress
from dashboard.questions import QuestionError

View = dict[str, Any]


def first_look(answered: Callable[[ProgrammeAddress], View]) -> First:
    """The first look at the address that is asked for.

    Args:
        answered: gives the view of an address, as the page's callback does.
    """
    search = f"?{request.query_string.decode('utf-8', 'replace')}"
    try:
        with i18n.use(i18n.language()):
            view = answered(ProgrammeAddress.read(search))
            return First(_page(view), _crumbs(view["crumbs"]), _choices(view))
    except QuestionError:
        return First()  # the page says why, with its own words and ways on


def _page(view: View) -> str:
    notes = "".join(f'<p class="notice">{escape(each)}</p>' for each in view["notes"])
    trends = "".join(_trend(each, view["trends"]["labels"]) for each in view["trends"]["lines"])
    title = f'<div class="title"><h1>{escape(view["title"])}</h1><div class="acts"></div></div>'
    lead = f'<p class="notice">{escape(view["lead"])}</p>'
    return f'<div class="programmes">{title}{lead}{notes}<div class="programme-trends">{trends}</div></div>'


def _trend(each: View, labels: list[str]) -> str:
    change = (
        f'<span class="change">{escape(each["change"])} ({escape(labels[0])})</span>'
        if each["change"]
        else ""
    )
    ends = "".join(f"<span>{escape(label)}</span>" for label in (labels[0], labels[-1]))
    return (
        f'<section class="panel trend"><h2><a>{escape(each["name"])}</a></h2><p class="kpi">'
        f"<b>{escape(each['value'])}</b><span>{escape(each['note'])}</span>{change}</p>"
        f'<svg class="share-line"></svg><p class="ends muted small">{ends}</p></section>'
    )


def _crumbs(crumbs: list[dict[str, str]]) -> str:
    *above, here = crumbs
    links = "".join(f'<li><a href="{escape(each["href"])}">{escape(each["name"])}</a></li>' for each in above)
    own = f'<li><b aria-current="location">{escape(here["name"])}</b></li>'
    return f'<nav class="crumbs" aria-label="{escape(t("compare.place"))}"><ol>{links}{own}</ol></nav>'


def _choices(view: View) -> str:
    """The place and the month, as they are said where there is no room for the choices."""
    month = view["controls"]["month"]
    [named] = [each["text"] for each in month["options"] if each["value"] == month["value"]]
    return f"<b>{escape(view['crumbs'][-1]['name'])}</b><span>{escape(named)}</span>"
