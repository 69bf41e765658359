"""Taking Compare away: the menu of files and pictures, and what they are called and say."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from dash import html
from dash.development.base_component import Component

from dashboard import i18n
from dashboard.i18n import t
from dashboard.made_progress import made_progress
from dashboard.pages.compare_charts import MOST_LINES
from dashboard.pages.compare_panels import source_line
from dashboard.pages.compare_reading import Reading, source_name
from dashboard.pages.compare_words import title
from dashboard.queries import Answer
from dashboard.takeaway import PARAMETERS, PATH, file_name

View = dict[str, Any]
FILES = {"csv": "take.csv", "notes": "take.notes", "xlsx": "take.xlsx"}
PICTURES = {
    "service-png": "take.png_service",
    "service-svg": "take.svg_service",
    "commodity-png": "take.png_commodity",
    "commodity-svg": "take.svg_commodity",
}


def take_menu() -> Component:
    """The "Export" control: closed until asked for; Escape and a click elsewhere close it again."""
    files = [html.A(_said(key), id=f"compare-take-{name}", href="#") for name, key in FILES.items()]
    pictures = [
        html.Button(_said(key), type="button", id=f"compare-take-{name}", **{"data-picture": name})
        for name, key in PICTURES.items()
    ]
    return html.Details(
        [
            html.Summary(t("take.menu"), id="compare-export", className="btn button"),
            html.Ul(
                [
                    html.Li(id="compare-take-note", className="muted small", hidden=True),
                    *(html.Li(each) for each in (*files, *pictures, _brief())),
                ],
                className="menu",
            ),
            html.P(t("take.failed"), id="compare-take-failed", hidden=True, role="alert"),
        ],
        className="picker take",
    )


def _brief() -> Component:
    return html.Button(t("brief.menu"), type="button", id="compare-take-brief")


def brief_progress() -> Component:
    """How far the brief is that was asked for."""
    said = {
        "waiting": t("brief.waiting"),
        "making": t("brief.making"),
        "ready": t("brief.ready"),
        "failed": t("brief.failed"),
        "cancelled": t("brief.cancelled"),
        "close": t("brief.close"),
        "cancel": t("brief.cancel"),
    }
    return made_progress("compare-brief", t("brief.fetch"), said)


def _said(key: str) -> str:
    return t(key)


def exports(reading: Reading, answer: Answer) -> View:
    """The addresses of the files of exactly what is shown, and what stands in the pictures."""
    name, at = file_name(answer), str(reading.comparison.periods[reading.at])
    shown = dict(parse_qsl(urlsplit(reading.address.href(language=i18n.language(), at=at)).query))
    kept = {key: value for key, value in shown.items() if key in PARAMETERS}
    query = f"{PATH}?{urlencode({**kept, 'children': 'true', 'above': 'true'})}&format="
    return {
        "note": t("take.one_pair", pair=reading.pair.name[i18n.language()])
        if reading.address.view == "pairs"
        else "",
        "page": reading.address.href(at=at, language=None),
        "csv": f"{query}csv",
        "json": f"{query}json",
        "notes": f"{query}csv&part=notes",
        "xlsx": f"{query}xlsx",
        "strip": _strip(reading),
        "pictures": {side: _picture(reading, answer, side, name) for side in ("service", "commodity")},
    }


def _strip(reading: Reading) -> dict[str, str]:
    """What the page writes above the lines of the places below, to what stands there on paper."""
    children = reading.level_name(reading.place.level + 1, plural=True)
    words = {"children": children[:1].upper() + children[1:], "count": MOST_LINES}
    return {
        t("compare.strip", **words): t("take.strip", **words),
        t("compare.strip_largest", **words): t("take.strip_largest", **words),
    }


def _picture(reading: Reading, answer: Answer, side: str, name: str) -> View:
    """A picture's own texts: it will be looked at without the page."""
    n, expected = reading.reports(side)[reading.at]
    of = t("compare.services") if side == "service" else t("compare.commodities")
    unit = reading.pair.service_unit if side == "service" else reading.pair.commodity_unit
    first, last = reading.labels[0], reading.labels[-1]
    reports = t("compare.reports_in", n=i18n.number(n), expected=i18n.number(expected), period=reading.label)
    place = reading.borrowed.name if side == "service" and reading.borrowed else ""
    foot = [source_line(reading, source_name(reading, side), answer.as_of), reports]
    return {
        "name": f"{name}-{'services' if side == 'service' else 'commodities'}",
        "title": title(reading),
        "subtitle": " · ".join(
            part for part in (of, unit[i18n.language()], place, f"{first} – {last}") if part
        ),
        "foot": " · ".join(part for part in foot if part),
    }
