"""The first look at data quality: heading, reports and scorecard as plain HTML, before any script has come.

It is dressed as the page that assets/quality draws in its place, so that little moves when that comes.
"""

from html import escape
from typing import Any

View = dict[str, Any]
SIGNS = {"g": "●", "w": "▲", "p": "■", "u": "?"}


def html(view: View) -> str:
    """Of the view of an address, what can be read at once."""
    notes = "".join(f'<p class="notice">{escape(each)}</p>' for each in view["notes"])
    cards = view["cards"]
    told = "".join(_card(each, cards["words"], cards["labels"]) for each in cards["each"])
    return (
        f'<div class="quality"><div class="title"><h1>{escape(view["title"])}</h1></div>'
        f'<p class="notice">{escape(view["lead"])}</p>{notes}'
        f'<p class="muted small">{escape(cards["legend"])}</p><div class="quality-cards">{told}</div></div>'
    )


def _card(each: View, words: dict[str, str], labels: list[str]) -> str:
    ends = "".join(f"<span>{escape(label)}</span>" for label in labels)
    letter = each["c"]
    return (
        f'<section class="panel trend"><h2><a>{escape(each["name"])}</a></h2>'
        f'<p class="kpi"><b>{escape(each["value"])}</b><span>{escape(each["note"])}</span></p>'
        f'<p class="share-class {letter}"><i>{SIGNS[letter]}</i> {escape(words[letter])}</p>'
        f'<svg class="share-line"></svg><p class="ends muted small">{ends}</p></section>'
    )
