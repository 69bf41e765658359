"""The first look at Compare: its heading and latest figures as plain HTML, there before any script has come.

It is dressed as the page that assets/compare draws in its place, so that nothing moves when that comes.
"""

from html import escape
from typing import Any

from dashboard.address import Address
from dashboard.i18n import t
from dashboard.page import First
from dashboard.pages.compare_view import View
from dashboard.pages.first_html import chosen, first_of

NAMES = {"service": "compare.services", "commodity": "compare.commodities"}


def first_look(answered: Any) -> First:
    """The first look at the address that is asked for.

    Args:
        answered: gives both figures and the view of an address, as `dashboard.pages.compare.answer` does.
    """
    return first_of(lambda search: answered(Address.read(search))[2], _page, _below)


def _page(view: View) -> str:
    chips = "".join(f'<span class="chip">{escape(each)}</span>' for each in view["chips"])
    title = f'<div><h1>{escape(view["title"])}</h1><div class="chips">{chips}</div></div>'
    caution = f"<b>{escape(view['caution']['strong'])}</b> {escape(view['caution']['text'])}"
    notes = [*view["notes"], view["table"].get("apart")]
    said = "".join(f'<p class="notice">{escape(each)}</p>' for each in notes if each)
    said += "".join(_finding(each) for each in view.get("findings", ()))
    panels = "".join(_panel(side, panel) for side, panel in view["panels"].items())
    return (
        f'<div class="compare"><div class="title">{title}<div class="acts"></div></div>'
        f'<div class="said-first"><p class="notice warning"><span>{caution}</span></p>'
        f'<div class="notes">{said}</div></div><div class="panels">{panels}</div></div>'
    )


def _finding(each: View) -> str:
    link = f' <span class="link">{escape(each["see"])}</span>' if each.get("see") else ""
    return f'<p class="notice finding">{escape(each["text"])}{link}</p>'


def _panel(side: str, panel: View) -> str:
    name, subtitle = escape(t(NAMES[side])), escape(panel["subtitle"])
    message = f'<p class="message">{escape(panel["message"])}</p>' if panel["message"] else ""
    figures = "" if panel["empty"] else "".join(_figure(each) for each in panel["kpis"])
    legend = "" if panel["empty"] else "".join(_mark(each) for each in panel["legend"])
    hidden = "" if figures else " hidden"
    chart = f'<ul class="legend">{legend}</ul><div class="chart"{hidden}></div>'
    reports = f'<p class="reports">{escape(panel["reports"])}</p>' if figures else ""
    title = f'<h2 class="panel-title {side}">{name}<small>{subtitle}</small></h2>'
    return (
        f'<section class="panel {side}-panel">{title}{message}'
        f'<div class="kpis">{figures}</div>{chart}{reports}</section>'
    )


def _mark(each: View) -> str:
    return f'<li><i class="{escape(each["mark"])}"></i>{escape(each["text"])}</li>'


def _figure(each: View) -> str:
    note = f"<em>{escape(each['note'])}</em>" if each["note"] else ""
    return f'<div class="kpi"><b>{escape(each["value"])}</b><span>{escape(each["words"])}</span>{note}</div>'


def _below(view: View) -> str:
    """Pair and months, as assets/behaviour says them where there is no room for the choices."""
    pair, first, last = (chosen(view, name) for name in ("pair", "from", "to"))
    return f"{pair} · {first} – {last}"
