"""What stands around the charts: what is usual, what a dose lets one expect, quarters, both on one scale."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accounts.scope import Scope, Unit
from countries import Country
from dashboard import i18n
from dashboard.address import Address
from dashboard.figures.chart import SHADES
from dashboard.figures.chart_bands import GREY
from dashboard.pages.compare_charts import both_charts
from dashboard.pages.compare_reading import Reading
from dashboard.pages.compare_view import ask, view
from dashboard.queries import Figures

Look = Callable[[str], Reading]
SIDES = ("service", "commodity")
SHEET = Path(__file__).parents[3] / "assets" / "style" / "4-compare.css"


def looking(figures: Figures) -> Look:
    top = figures.holding().units.iloc[0]
    everything = Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)
    return lambda search: ask(figures, figures.country, Address.read(search), everything).reading


def shown(figures: Figures, search: str) -> dict[str, Any]:
    top = figures.holding().units.iloc[0]
    everything = Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)
    return view(ask(figures, figures.country, Address.read(search), everything))


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with i18n.use("en"):
        yield


@pytest.fixture(scope="module")
def civ_figures(civ_data: Any, civ: Country) -> Figures:
    return Figures(civ_data, civ)


@pytest.fixture(scope="module")
def whotopia_figures(whotopia_data: Any, whotopia: Country) -> Figures:
    return Figures(whotopia_data, whotopia)


@pytest.mark.parametrize("pair", ["injectable-3m", "pill", "implant"])
def test_signs_legend_table_and_summary_agree_on_what_is_outside(civ_figures: Figures, pair: str) -> None:
    search = f"pair={pair}"
    reading, told = looking(civ_figures)(search), shown(civ_figures, search)
    found = reading.usual("commodity")
    assert found is not None and found.known
    ways = {index: "▲" if way > 0 else "▼" for index, way in enumerate(found.side.tolist()) if way}
    chart = both_charts(reading)[1]
    texts = [trace["text"] for trace in chart["data"] if trace.get("mode") == "text"]
    drawn = {i: sign[0] for text in texts for i, sign in enumerate(text) if sign[:1] in "▲▼" and sign}
    assert drawn == ways
    column = told["months"]["columns"].index(reading.unit("commodity"))
    noted = {
        i: row[column].split("(")[1][0]
        for i, row in enumerate(told["months"]["rows"])
        if "usual" in row[column]
    }
    assert noted == ways
    summary = told["panels"]["commodity"]["summary"]
    for index in ways:
        assert reading.labels[index] in summary
    assert any(shape.get("fillcolor") == GREY for shape in chart["layout"]["shapes"])


def test_a_figure_is_marked_exactly_where_it_lies_outside_its_band(civ_figures: Figures) -> None:
    for unit in ("", "unit=R_AGNEBY_TIASSA_ME&", "unit=C4001&"):
        reading = looking(civ_figures)(f"{unit}pair=pill&from=2016-01")
        found, values = reading.usual("commodity"), reading.total("commodity")
        assert found is not None
        judged = ~np.isnan(found.high) & (values > 0)
        assert (found.side[judged] > 0).tolist() == (values[judged] > found.high[judged]).tolist()
        assert (found.side[judged] < 0).tolist() == (values[judged] < found.low[judged]).tolist()


def test_the_sentence_says_where_the_month_lies_and_what_the_band_stands_on(civ_figures: Figures) -> None:
    panel = shown(civ_figures, "pair=injectable-3m&at=2019-09")["panels"]["commodity"]
    assert panel["usual"].startswith("Sep 2019: 6,452 injections consumed, as usual (")
    assert (
        "by the 146 facilities that report regularly (12 months before and after, the season included)"
        in (panel["usual"])
    )


def test_services_without_two_years_have_a_band_without_a_season(civ_figures: Figures) -> None:
    assert "without the season" in shown(civ_figures, "pair=injectable-3m")["panels"]["service"]["usual"]


def test_too_short_a_history_is_said_and_no_band_is_drawn(civ_figures: Figures) -> None:
    search = "pair=injectable-3m&grain=year"
    assert "What is usual cannot be said" in shown(civ_figures, search)["panels"]["service"]["usual"]
    chart = both_charts(looking(civ_figures)(search))[0]
    assert not any(shape.get("fillcolor") == GREY for shape in chart["layout"]["shapes"])


def test_the_ratio_is_used_over_services_where_both_report(whotopia_figures: Figures) -> None:
    reading = looking(whotopia_figures)("pair=mal-rdt")
    found = reading.dosed
    assert found is not None and found.side == "commodity"
    there = found.both > 0
    np.testing.assert_allclose(found.ratio[there], found.used[there] / found.expected[there])
    assert (found.both <= found.either).all()
    assert (found.low[there] <= found.expected[there]).all()
    assert (found.expected[there] <= found.high[there]).all()
    (kpi,) = (
        each
        for each in shown(whotopia_figures, "pair=mal-rdt")["panels"]["commodity"]["kpis"]
        if each["define"] == "ratio"
    )
    assert kpi["value"] == f"{found.ratio[reading.at]:.2f}"
    assert kpi["note"] == f"report both: {found.both[reading.at]} of {found.either[reading.at]}"


def test_what_a_dose_lets_one_expect_is_outlined_on_the_side_that_used_it(civ_figures: Figures) -> None:
    for figures, search, side in ((civ_figures, "pair=injectable-3m", "service"),):
        legends = {each: shown(figures, search)["panels"][each]["legend"] for each in SIDES}
        told = {each: any(entry["mark"].startswith("due") for entry in legends[each]) for each in SIDES}
        assert told == {each: each == side for each in SIDES}


@pytest.mark.parametrize(("pair", "opened"), [("artesunate", True), ("act", True), ("mal-rdt", False)])
def test_without_a_fixed_dose_both_stand_on_one_scale_at_once(
    whotopia_figures: Figures, pair: str, opened: bool
) -> None:
    assert shown(whotopia_figures, f"pair={pair}")["index"]["open"] is opened
    assert shown(whotopia_figures, f"pair={pair}&show=apart")["index"]["open"] is False
    assert shown(whotopia_figures, f"pair={pair}&show=index")["index"]["open"] is True


def test_one_scale_means_percent_of_the_own_median(whotopia_figures: Figures) -> None:
    reading = looking(whotopia_figures)("pair=artesunate")
    for each in shown(whotopia_figures, "pair=artesunate")["index"]["series"]:
        values = reading.total(each["side"])
        expected = np.round(100 * values / np.nanmedian(values))
        assert [v for v in each["values"] if v is not None] == expected[~np.isnan(expected)].tolist()


def test_what_must_not_be_compared_shows_stock_and_stock_outs_and_no_consumption(
    whotopia_figures: Figures,
) -> None:
    told = shown(whotopia_figures, "pair=cotrim")
    assert told["index"] is None
    assert "consumed" not in [each["define"] for each in told["panels"]["commodity"]["kpis"]]
    kinds = [row["kind"] for row in told["panels"]["commodity"]["beneath"]["rows"]]
    assert "facilities_out" in kinds and "consumed" not in kinds


def test_what_lies_beneath_is_what_was_reported(civ_figures: Figures) -> None:
    told = shown(civ_figures, "pair=pill&unit=R_AGNEBY_TIASSA_ME")
    rows = {row["kind"]: row for row in told["panels"]["commodity"]["beneath"]["rows"]}
    column = told["months"]["columns"].index("Stock at the end")
    assert rows["closing"]["texts"] == [row[column] for row in told["months"]["rows"]]
    assert max(share for share in rows["closing"]["shares"] if share is not None) == 1


@pytest.fixture(scope="module")
def quarterly(whotopia_figures: Figures) -> str:
    """A facility that reports its malaria tests by the quarter."""
    rollup = whotopia_figures.holding().rollup
    windows = rollup.grids[rollup.numbers(["MAL_RDT"])[0], "consumed"].windows
    assert windows is not None
    return f"pair=mal-rdt&unit={rollup.hierarchy.ids[int(windows.unit[0])]}"


def test_a_quarters_report_is_a_step_over_its_three_months(whotopia_figures: Figures, quarterly: str) -> None:
    reading = looking(whotopia_figures)(quarterly)
    whole = [each for each in reading.windows("commodity") if each.last - each.first == 2]
    assert whole
    values = reading.total("commodity")
    for each in whole:
        np.testing.assert_allclose(values[each.first : each.last + 1], each.mean)
    panel = shown(whotopia_figures, quarterly)["panels"]["commodity"]
    assert "average of a quarter" in panel["key"]
    chart = json.dumps(both_charts(reading)[1], ensure_ascii=False)
    assert "average of a quarter, " in chart
    assert f"M{whole[0].first - 0.46:g},{whole[0].mean:.0f}H{whole[0].last + 0.46:g}" in chart


def test_where_no_report_was_due_none_is_missed_and_nothing_of_it_is_imputed(
    whotopia_figures: Figures, quarterly: str
) -> None:
    reading = looking(whotopia_figures)(quarterly)
    without = [due for _, due in reading.reports("commodity")].index(0)
    said = shown(whotopia_figures, f"{quarterly}&at={reading.comparison.periods[without]}")
    assert said["caution"]["text"].endswith("LMIS: no report was due.")
    key = said["panels"]["commodity"]["key"]
    assert "imputed" in key and "0%" not in key


def test_above_the_facilities_no_step_is_drawn(whotopia_figures: Figures) -> None:
    assert looking(whotopia_figures)("pair=mal-rdt").windows("commodity") == []


def test_what_services_let_one_expect_of_a_quarter_is_spread_over_its_months(
    whotopia_figures: Figures, quarterly: str
) -> None:
    reading = looking(whotopia_figures)(quarterly)
    found = reading.dosed
    assert found is not None
    window = next(
        each for each in reading.windows("commodity") if each.last - each.first == 2 and found.both[each.last]
    )
    np.testing.assert_allclose(found.used[window.first : window.last + 1], window.mean)


def test_a_month_with_too_few_reports_is_provisional_and_the_key_says_so(whotopia_figures: Figures) -> None:
    reading = looking(whotopia_figures)("pair=mal-rdt")
    panel = shown(whotopia_figures, "pair=mal-rdt")["panels"]["commodity"]
    shares = [n / due if due else 1 for n, due in reading.reports("commodity")]
    marker = both_charts(reading)[1]["data"][0]["marker"]
    few = [0 < share < 0.75 for share in shares]
    assert ([each < 1 for each in marker["opacity"]] if any(few) else few) == few
    assert ("provisional" in panel["key"]) is any(few)


def test_the_stock_is_told_in_packs_too_where_they_are_of_one_size(whotopia_figures: Figures) -> None:
    reading = looking(whotopia_figures)("pair=mal-rdt")
    stock = float(reading.comparison.line("commodity", "closing").value[0, reading.at])
    kpis = shown(whotopia_figures, "pair=mal-rdt")["panels"]["commodity"]["kpis"]
    (kpi,) = (each for each in kpis if each["define"] == "closing")
    assert kpi["note"].endswith(f"{stock / 25:,.0f} packs of 25")


NATION_OVERLAP = (
    "Sep 2019 – both sides in 74 of 119 districts; "
    "reports with these figures: services 113 of 113, LMIS 149 of 149."
)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (
            "",
            NATION_OVERLAP,
        ),
        ("unit=aCP8NbgELRN&", "Sep 2019 – Services: the whole district; LMIS: 3 of 3 facilities."),
        ("unit=aCP8NbgELRN&grain=quarter&", "Q3 2019 – Services: the whole district; LMIS: 9 of 9 reports."),
    ],
)
def test_the_overlap_of_the_two_sides_is_said_in_words(civ_figures: Figures, place: str, words: str) -> None:
    assert shown(civ_figures, f"{place}pair=injectable-3m")["caution"]["text"].endswith(words)


def test_a_form_that_holds_more_than_the_pairs_figures_says_how_many_reports_have_them(
    civ_figures: Figures,
) -> None:
    said = shown(civ_figures, "pair=pill&at=2019-09")
    assert "services 107 of 113" in said["caution"]["text"]
    assert said["panels"]["service"]["reports"] == (
        "Reports in Sep 2019: 113 of 113; with figures of this pair: 107"
    )
    assert said["panels"]["commodity"]["reports"] == "Reports in Sep 2019: 147 of 147"


def test_each_colour_of_the_charts_stands_in_the_legend_too() -> None:
    marks = dict(
        re.findall(r"\.legend \.((?:service|commodity)-\d) \{ background: (#\w+)", SHEET.read_text())
    )
    assert marks == {
        f"{side}-{number}": shade.lower() for side in SIDES for number, shade in enumerate(SHADES[side])
    }
