"""Data quality in words and numbers, as one dictionary that assets/quality draws."""

from typing import Any

from accounts.scope import Scope
from dashboard import i18n
from dashboard.address import month_name
from dashboard.i18n import month, number, t
from dashboard.pages.quality_cells import cells
from dashboard.pages.quality_findings import findings
from dashboard.pages.quality_tables import cards, forms, places
from dashboard.pages.quality_worst import worst
from dashboard.place_parts import crumbs, deeper, unseen
from dashboard.quality import Quality
from dashboard.quality_address import EVERY, WORST, YEAR
from dashboard.sources import source_said

View = dict[str, Any]


def view(quality: Quality, scope: Scope) -> View:
    """Everything that the page shows of a place and period."""
    address, figures = quality.address, quality.desk.figures
    return {
        "title": t("quality.title", place=_place(quality), period=period(quality)),
        "lead": _lead(quality),
        "notes": unseen(quality.left_out, quality.totals_only),
        "crumbs": crumbs(figures, quality.unit, scope, lambda unit: address.href(unit=unit)),
        "deeper": deeper(figures, quality.unit, quality.children),
        "controls": _controls(quality),
        "about": {
            "unit": quality.unit["id"],
            "month": month_name(quality.month),
            "over": address.over,
            "form": address.form or "",
            "order": address.order or "",
        },
        "cards": cards(quality),
        "places": places(quality),
        "forms": forms(quality),
        "findings": findings(quality),
        "worst": worst(quality),
        "cells": cells(quality),
        "source": _source(quality),
        "credit": quality.country.credit[i18n.language()],
    }


def period(quality: Quality) -> str:
    """The month, or the twelve months up to it."""
    said = month(quality.month)
    return said if quality.address.over == 1 else t("quality.year_to", month=said)


def _place(quality: Quality) -> str:
    return quality.holding.names[str(quality.unit["id"])]


def _lead(quality: Quality) -> str:
    """How many of the reports the period stands on, in one sentence."""
    [told] = quality.shares([str(quality.unit["id"])])
    reports = told["completeness"]
    if not reports.made:
        return t("quality.nothing_expected")
    return t("quality.lead", n=number(reports.held), of=number(reports.made))


def _controls(quality: Quality) -> View:
    months = [int(each) for each in quality.holding.rollup.months]
    return {
        "form": {
            "value": quality.address.form or EVERY,
            "options": [
                {"value": EVERY, "text": t("quality.all_forms")},
                *({"value": each, "text": form_name(quality, each)} for each in quality.readable),
            ],
        },
        "over": {
            "value": str(quality.address.over),
            "options": [
                {"value": "1", "text": t("quality.over_month")},
                {"value": str(YEAR), "text": t("quality.over_year")},
            ],
        },
        "month": {
            "value": month_name(quality.month),
            "options": [{"value": month_name(each), "text": month(each)} for each in reversed(months)],
        },
        "order": {
            "value": quality.address.order or "places",
            "options": [
                {"value": "places", "text": t("quality.order_places")},
                {"value": WORST, "text": t("quality.order_worst")},
            ],
        },
    }


def form_name(quality: Quality, form: str) -> str:
    """What DHIS2 calls a form."""
    return str(quality.holding.forms.loc[form, "name"])


def _source(quality: Quality) -> str:
    sources = dict.fromkeys(str(quality.holding.forms.loc[each, "source"]) for each in quality.forms)
    said = ", ".join(source_said(each) for each in sources)
    return t("quality.source", source=said, when=i18n.moment(quality.holding.as_of))
