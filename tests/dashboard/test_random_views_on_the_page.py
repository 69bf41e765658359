"""Random views again, as the page shows them: rows, charts and ratios, counted from the seed."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.callbacks import on_the_server, request_for
from tests.dashboard.test_random_views import Asked, asked, same, views
from tests.recount.change import Change, Series, change
from tests.recount.drawn import Drawn
from tests.recount.totals import Own, state, value

__all__ = ["asked"]
FIGURES = ("reported", "zero", "imputed")


def shown(asked: Asked, drawn: Drawn) -> tuple[Any, Any, Any]:
    """Both figures and the view that the page gets, in English."""
    dash = asked.browser.server.extensions["tandem"]["dash"]
    output = next(each for each in on_the_server(dash) if "compare-view.data" in each)
    values = {"address.search": f"?{drawn.asked(lang='en')}", "address.pathname": "/"}
    answer = asked.browser.call(request_for(dash, output, values))
    assert answer.status_code == 200, (drawn.asked(), answer.text)
    view = answer.json["response"]["compare-view"]["data"]
    return view["figures"]["service"], view["figures"]["commodity"], view


def figure(own: Own) -> float | None:
    """What the page shows of a figure: nothing where it is missing or not applicable."""
    return value(own) if state(own) in FIGURES else None


def codes_of(asked: Asked, drawn: Drawn, side: str) -> tuple[str, tuple[str, ...]]:
    """What a side's chart counts, and of which items."""
    pair = asked.recount.seed.pairs[drawn.pair]
    if side == "service":
        return "count", tuple(pair.get("services", ()))
    measure = "closing" if pair["class"] == "do_not_compare" else "consumed"
    return measure, tuple(pair.get("commodities", ()))


def series(asked: Asked, drawn: Drawn, side: str, unit: str, measure: str = "") -> list[float | None]:
    """A unit's figures as the page shows them."""
    usual, items = codes_of(asked, drawn, side)
    found = asked.recount.figures(unit, measure or usual, items, drawn.look)
    return [figure(found[period]) for period in asked.recount.periods(drawn.look)]


def index_of(asked: Asked, drawn: Drawn, view: Any) -> int:
    """Which of the periods the page looks at."""
    labels = [asked.recount.label(drawn.look, each) for each in asked.recount.periods(drawn.look)]
    return labels.index(view["controls"]["at"]["value"])


def unit_in(href: str) -> str:
    """The unit that a link leads to."""
    return parse_qs(urlsplit(href).query)["unit"][0]


def test_the_rows_of_the_page_hold_the_figures_counted_from_the_seed(asked: Asked) -> None:
    for drawn in views(asked):
        view = shown(asked, drawn)[2]
        at, columns = index_of(asked, drawn, view), (("service", ""), ("commodity", ""))
        units = {unit_in(row["href"]) for row in view["table"]["rows"]}
        assert units == set(asked.recount.seed.children[drawn.unit]), drawn.asked()
        for row in view["table"]["rows"]:
            unit = unit_in(row["href"])
            for side, measure in columns:
                counted = series(asked, drawn, side, unit, measure)[at]
                assert same(row[f"{side}_value"], counted), (drawn.asked(), row, side, counted)
                assert number_in(row[side]) == (None if counted is None else round(counted)), row
            stock = series(asked, drawn, "commodity", unit, "closing")[at]
            assert same(row["stock_value"], stock), (drawn.asked(), row, stock)


def number_in(text: str) -> int | None:
    """A whole number as the page writes it."""
    return None if text == "–" else int(text.replace(",", "").replace("−", "-"))


def test_the_bars_of_both_charts_are_the_figures_counted_from_the_seed(asked: Asked) -> None:
    for drawn in views(asked):
        *figures, view = shown(asked, drawn)
        for side, chart in zip(("service", "commodity"), figures, strict=True):
            if side == "service" and view["panels"]["service"]["message"]:
                continue  # another place's figures, or none
            counted = series(asked, drawn, side, drawn.unit)
            bars = [trace["y"] for trace in chart["data"] if trace["type"] == "bar"]
            drawn_sums = [
                sum(each for each in period if each is not None) for period in zip(*bars, strict=True)
            ]
            if not bars:
                assert not any(counted), drawn.asked()
                continue
            assert drawn_sums == pytest.approx([each or 0 for each in counted], abs=0.05), drawn.asked()


def test_the_ratio_of_the_page_is_pooled_over_those_that_report_both(asked: Asked) -> None:
    for drawn in views(asked):
        view = shown(asked, drawn)[2]
        pair = asked.recount.seed.pairs[drawn.pair]
        if pair["class"] != "fixed_dose" or view["panels"]["service"]["message"]:
            continue
        said = [each for panel in view["panels"].values() for each in panel["kpis"]]
        texts = [
            f"{each['value']} {each['note']}" if each["define"] == "ratio" else each["note"]
            for each in said
            if each["define"] in ("ratio", "dispensed") and each["note"]
        ]
        used = pair.get("reported", {}).get("consumed") or pair["commodities"]
        ratios = asked.recount.ratio(drawn.unit, tuple(used), tuple(pair["services"]), drawn.look)
        found = ratios.get(asked.recount.periods(drawn.look)[index_of(asked, drawn, view)])
        for text in texts:
            assert found is not None and found.value is not None, (drawn.asked(), text)
            numbers = [float(each.replace(",", "")) for each in re.findall(r"\d[\d,]*\.?\d*", text)]
            assert numbers[0] == pytest.approx(found.value, abs=0.0051), (drawn.asked(), text, found)
            assert numbers[-2:] == [found.both, found.either], (drawn.asked(), text, found)


def test_the_change_on_the_year_before_is_that_of_the_reporters_it_names(asked: Asked) -> None:
    told = 0
    for drawn in views(asked):
        view = shown(asked, drawn)[2]
        for side in ("service", "commodity"):
            panel = view["panels"][side]
            measure, items = codes_of(asked, drawn, side)
            if not items or panel["message"] or not panel["kpis"]:
                continue  # another place's figures, or none
            period = asked.recount.periods(drawn.look)[index_of(asked, drawn, view)]
            last = min(asked.recount.cut(drawn.look).months(period)[-1], asked.recount.seed.last)
            look = replace(drawn.look, first=asked.recount.seed.first, last=last)
            found = change(asked.recount, drawn.unit, Series(measure, items), look)
            told += same_change(panel["kpis"][0]["note"], found, (drawn.asked(), side))
    assert told


def same_change(note: str, found: Change, where: object) -> bool:
    """Whether a headline figure tells a change; it must be the one counted, of as many places."""
    said = re.match(r"([▲▼=]) (?:(\d[\d,]*)% on|from 0 in|as in) ", note)
    if said is None:
        assert not re.search("[▲▼]", note), (where, note)
        return False
    assert found.reference == "year_before", (where, note)
    whole = found.whole
    before, difference = whole.before, found.total
    if "both times" in note:
        before, difference = whole.before - whole.silent, whole.change
        count = re.search(r"the ([\d,]+) places", note)
        assert count is None or int(count[1].replace(",", "")) == whole.in_both, (where, note, found)
    if said[1] == "=":
        assert 100 * abs(difference) <= 0.5001 * abs(before), (where, note, found)
        return True
    assert said[1] == ("▲" if difference > 0 else "▼"), (where, note, found)
    if said[2] is None:
        assert abs(before) < 1e-9 < difference, (where, note, found)
    else:
        percents = 100 * abs(difference) / before if before else 0
        assert int(said[2].replace(",", "")) == pytest.approx(percents, abs=0.5001), (where, note, found)
    return True
