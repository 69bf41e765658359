"""The first look at Programmes: heading, reports, four trends as plain HTML, before any script has come.

It is dressed as the page that assets/programmes draws in its place, so that little moves when that comes.
"""

from html import escape
from typing import Any

View = dict[str, Any]


def html(view: View) -> str:
    """Of the view of an address, what can be read at once."""
    notes = "".join(f'<p class="notice">{escape(each)}</p>' for each in view["notes"])
    trends = "".join(_trend(each, view["trends"]["labels"]) for each in view["trends"]["lines"])
    title = f'<div class="title"><h1>{escape(view["title"])}</h1><div class="acts"></div></div>'
    lead = f'<p class="notice">{escape(view["lead"])}</p>'
    worst = f"<p>{escape(view['worst'])}</p>" if view["worst"] else ""
    words = f"{title}{lead}{worst}{notes}"
    return f'<div class="programmes">{words}<div class="programme-trends">{trends}</div></div>'


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
