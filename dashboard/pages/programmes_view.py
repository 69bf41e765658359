"""The whole of Programmes in words and numbers, as one dictionary that assets/programmes draws."""

from typing import Any

from countries.configuration import Country
from dashboard import i18n
from dashboard.address import month_name
from dashboard.i18n import month, number, t, tn
from dashboard.logistics import source_of
from dashboard.pages.programmes_coverage import coverage
from dashboard.pages.programmes_expiry import expiry
from dashboard.pages.programmes_figures import products, trends
from dashboard.pages.programmes_heat import heat
from dashboard.pages.programmes_worst import worst
from dashboard.place_parts import crumbs, deeper, unseen
from dashboard.programme import WORST, Programme, programmes
from dashboard.sources import source_said
from indicators.question import Question

View = dict[str, Any]


def view(programme: Programme, scope: Any) -> View:
    """Everything that the page shows of a programme, a place and a month."""
    address, figures = programme.address, programme.desk.figures
    return {
        "title": t(
            "programmes.title", programme=name_of(programme), place=_place(programme), month=_month(programme)
        ),
        "lead": _lead(programme),
        "worst": " ".join(worst(programme)),
        "notes": unseen(programme.left_out, programme.totals_only),
        "crumbs": crumbs(figures, programme.unit, scope, lambda unit: address.href(unit=unit)),
        "deeper": deeper(figures, programme.unit, programme.children),
        "controls": _controls(programme),
        "about": {
            "unit": programme.unit["id"],
            "programme": programme.address.programme,
            "month": month_name(programme.month),
            "order": programme.address.order or "",
        },
        "trends": trends(programme),
        "heat": heat(programme),
        "products": products(programme),
        "coverage": coverage(programme),
        "expiry": expiry(programme, scope),
        "bundle": int(programme.unit["level"]) < len(programme.desk.figures.country.levels) - 1,
        "transfers": bool(programme.children) and not programme.totals_only,
        "source": _source(programme),
        "credit": programme.desk.figures.country.credit[i18n.language()],
    }


def name_of(programme: Programme) -> str:
    """What the programme is called."""
    known = programme.desk.figures.country.programmes.get(str(programme.address.programme))
    return known.name[i18n.language()] if known else t("programmes.all")


def _place(programme: Programme) -> str:
    return programme.desk.figures.holding().names[str(programme.unit["id"])]


def _month(programme: Programme) -> str:
    return month(programme.month)


def _lead(programme: Programme) -> str:
    """How many of the reports the month stands on, in one sentence."""
    question = Question(programme.now.units[:1], (programme.tracers,), programme.month, programme.month)
    answer = programme.ask("reporting_rate", question)
    received, expected = float(answer.numerator[0, 0, 0]), float(answer.denominator[0, 0, 0])
    if not expected:
        return t("programmes.nothing_expected")
    provisional = received < programme.desk.figures.country.thresholds.provisional * expected
    key = "programmes.lead_provisional" if provisional else "programmes.lead"
    said = tn(key, expected, n=number(received), month=month(programme.month))
    return said[:1].upper() + said[1:]  # French months are written small, sentences are not


def _controls(programme: Programme) -> View:
    country: Country = programme.desk.figures.country
    named = [(each, country.programmes.get(each)) for each in programmes(country)]
    first, last = programme.desk.figures.months()
    months = _between(first, last)
    return {
        "programme": {
            "value": programme.address.programme,
            "options": [
                {"value": each, "text": known.name[i18n.language()] if known else t("programmes.all")}
                for each, known in named
            ],
        },
        "month": {
            "value": month_name(programme.month),
            "options": [{"value": month_name(each), "text": month(each)} for each in reversed(months)],
        },
        "order": {
            "value": programme.address.order or "places",
            "options": [
                {"value": "places", "text": t("programmes.order_places")},
                {"value": WORST, "text": t("programmes.order_worst")},
            ],
        },
    }


def _between(first: int, last: int) -> list[int]:
    start, end = first // 100 * 12 + first % 100 - 1, last // 100 * 12 + last % 100 - 1
    return [each // 12 * 100 + each % 12 + 1 for each in range(start, end + 1)]


def _source(programme: Programme) -> str:
    holding = programme.desk.figures.holding()
    each = [source_of(holding, subject) for subject in (*programme.subjects, *programme.services)]
    named = ", ".join(dict.fromkeys(name for sources in each for name in sources.split(", ")))
    return t("programmes.source", source=source_said(named), when=i18n.moment(holding.as_of))
