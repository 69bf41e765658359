"""A family of substitutes is told so that its sentence holds for its figures, and its parts are the whole."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from accounts.scope import Scope, Unit
from countries import Country
from dashboard import i18n
from dashboard.movement import Mover
from dashboard.pages.compare_attribution import signed
from dashboard.pages.compare_family import family, family_verdict
from dashboard.pages.compare_findings import findings
from dashboard.pages.compare_moved import last_of
from dashboard.pages.compare_view import view
from dashboard.queries import Figures
from indicators.attribution import Attribution
from tests.dashboard.pages.test_compare import Ask, asking

YEAR = "pair=injectable-3m&from=2018-01&to=2019-09&grain=year&at=2019"


@pytest.fixture(scope="module")
def civ_ask(civ_data: Any, civ: Country) -> Ask:
    return asking(Figures(civ_data, civ), civ)


@pytest.fixture(scope="module")
def mover(civ_data: Any, civ: Country) -> Any:
    figures = Figures(civ_data, civ)
    top = figures.holding().units.iloc[0]
    scope = Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)

    def of(asked: Any) -> Mover:
        return Mover.of(figures, asked.answer.question, scope)

    return of


def told(asked: Any, mover: Any) -> Any:
    with i18n.use("en"):
        return family(asked.reading, mover(asked), last_of(asked.reading))


@pytest.mark.parametrize("unit", ["", "&unit=R_AGNEBY_TIASSA_ME"])
def test_the_rise_while_the_substitute_was_out_is_told_in_parts_that_make_up_all_of_it(
    civ_ask: Ask, mover: Any, unit: str
) -> None:
    box = told(civ_ask(YEAR + unit), mover)["substitute"]
    parts = [place["text"] for place in box["places"]] + ([box["rest"]] if box["rest"] else [])
    found = [re.search(r"([+−±])([\d,]+) \((−?\d+)%\)", part) for part in parts]
    assert all(found) and len(found) >= 4
    amounts = [
        int(each[2].replace(",", "")) * (-1 if each[1] == "−" else 1) for each in found if each is not None
    ]
    assert sum(int(each[3].replace("−", "-")) for each in found if each is not None) == 100
    whole = re.match(r"\+([\d,]+)", box["text"])
    assert whole is not None
    assert sum(amounts) == int(whole[1].replace(",", ""))


def test_a_rise_from_a_period_that_was_low_itself_is_said_to_be_a_return_in_part(
    civ_ask: Ask, mover: Any
) -> None:
    low = "was itself below what is usual"
    view_of = "pair=injectable-3m&grain=month&at=2019-03&to=2019-09&from="
    assert (
        f"But Mar 2018, which it is compared with, {low}"
        in (told(civ_ask(f"{view_of}2018-01"), mover)["substitute"]["text"])
    )
    assert low not in told(civ_ask(f"{view_of}2018-06"), mover)["substitute"]["text"]  # not on the page


@pytest.mark.parametrize("unit", ["", "&unit=R_AGNEBY_TIASSA_ME"])
def test_as_many_are_said_to_have_had_none_left_as_the_substitutes_own_page_counts(
    civ_ask: Ask, mover: Any, unit: str
) -> None:
    month = "&from=2018-01&to=2019-09&grain=month"
    text = told(civ_ask(f"pair=injectable-3m{month}&at=2019-03{unit}"), mover)["substitute"]["text"]
    said = re.search(r"at the end of (\w+ \d+), (\d+) of the (\d+) facilities that carry it", text)
    assert said is not None
    asked = civ_ask(f"pair=injectable-2m{month}&at=2019-03{unit}")
    out = asked.reading.comparison.line("commodity", "facilities_out")
    february, march = (list(asked.reading.comparison.periods).index(each) for each in ("2019-02", "2019-03"))
    assert out.value[0, february] >= out.value[0, march]
    counted = "Feb 2019", str(int(out.value[0, february])), str(out.n_reported[0, february])
    assert said.groups() == counted


def test_a_rise_that_made_good_next_to_nothing_is_no_switch(civ_ask: Ask, mover: Any) -> None:
    box = told(
        civ_ask("pair=injectable-3m&from=2018-01&to=2019-09&grain=month&at=2019-03&unit=D_DABOU"), mover
    )
    assert [row["change"] for row in box["rows"]][:1] == ["+4"]
    assert box["substitute"] is None


def test_places_are_counted_once_however_many_months_they_reported(civ_ask: Ask, mover: Any) -> None:
    asked = civ_ask(YEAR)
    rows = told(asked, mover)["rows"]
    sites = int((asked.reading.comparison.rollup.units["level"] == 4).sum())
    for row in rows:
        both, either = (int(each) for each in row["both"].split(" of "))
        assert both <= either <= sites
    *members, whole = (int(row["both"].split(" of ")[1]) for row in rows)
    assert max(members) <= whole


def moved(change: float) -> Attribution:
    nobody = np.zeros(0, dtype=np.int32)
    return replace(
        Attribution("year_before", (), np.zeros(0), nobody, 0.0, change, 0.0, 0, 0, 100.0, 100.0 + change)
    )


@pytest.mark.parametrize(
    ("total", "members", "words"),
    [
        (0, (0, 0), "Nothing moved"),
        (5, (5, 0), "Only one kind of member moved"),
        (-9, (-4, -5), "moved the same way"),
        (0, (50, -50), "held steady"),
        (40, (90, -50), "The family rose"),
        (-40, (50, -90), "The family fell"),
    ],
)
def test_the_familys_sentence_is_true_of_its_members(
    total: float, members: tuple[float, ...], words: str
) -> None:
    with i18n.use("en"):
        assert words in family_verdict(moved(total), [moved(each) for each in members])


def test_a_change_has_its_sign() -> None:
    with i18n.use("en"):
        assert [signed(each) for each in (1200, -3, 0)] == ["+1,200", "−3", "±0"]


def test_a_pair_that_counts_all_products_of_another_is_no_member_beside_it(
    civ_data: Any, civ: Country
) -> None:
    both = replace(civ.pairs["injectable-3m"], id="both", commodities=civ.families["injectables"].commodities)
    country = replace(civ, pairs={"both": both, "injectable-2m": civ.pairs["injectable-2m"]})
    found = family_of(Figures(civ_data, country), country, "pair=both")
    assert found is None


def family_of(figures: Figures, country: Country, query: str) -> Any:
    """The family below a page, as the nation's people see it."""
    top = figures.holding().units.iloc[0]
    scope = Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)
    asked = asking(figures, country)(query)
    with i18n.use("en"):
        return family(asked.reading, Mover.of(figures, asked.answer.question, scope), last_of(asked.reading))


def amounts(row: dict[str, Any]) -> list[float]:
    """What a line of the family's table says: before and after."""
    return [float(row[name].replace(",", "")) for name in ("before", "after")]


def test_ampoules_and_tablets_are_added_up_as_doses_and_never_as_they_are(
    whotopia_data: Any, whotopia: Country
) -> None:
    found = family_of(Figures(whotopia_data, whotopia), whotopia, "pair=oxytocin")
    ampoules, tablets, total = found["rows"]
    assert "ampoules consumed, 1 a dose" in ampoules["name"]
    assert "tablets consumed, 3 a dose" in tablets["name"]
    assert total["name"] == "The family, in doses"
    sums = [one + three / 3 for one, three in zip(amounts(ampoules), amounts(tablets), strict=True)]
    assert amounts(total) == pytest.approx(sums, abs=1)
    assert min(amounts(tablets)) > 0


def test_without_doses_each_member_stands_for_itself_and_nothing_is_added_up(
    whotopia_data: Any, whotopia: Country
) -> None:
    items = {code: replace(item, per_dose=None) for code, item in whotopia.items.items()}
    country = replace(whotopia, items=items)
    found = family_of(Figures(whotopia_data, country), country, "pair=oxytocin")
    assert [row["name"].endswith("consumed)") for row in found["rows"]] == [True, True]
    assert "no total" in found["verdict"]


def test_no_line_of_the_figures_adds_up_a_family_of_different_units(
    whotopia_data: Any, whotopia: Country
) -> None:
    asked = asking(Figures(whotopia_data, whotopia), whotopia)
    with i18n.use("en"):
        of_oxytocin, of_injectables = (
            set(asked(f"pair={pair}").answer.rows()["item"]) for pair in ("oxytocin", "injectable")
        )
    assert "family:uterotonics" not in of_oxytocin
    assert "family:injectables" in of_injectables


@pytest.mark.parametrize("shown", ["&at=2019-09", "&at=2018", "&at=2018&pair=injectable-2m"])
def test_a_substitute_that_was_out_in_another_period_is_said_with_the_link_to_it(
    civ_ask: Ask, mover: Any, shown: str
) -> None:
    query = YEAR.removesuffix("&at=2019").replace("&grain=year", "" if "-09" in shown else "&grain=year")
    query = query if "pair=" not in shown else query.replace("pair=injectable-3m&", "")
    found = told(civ_ask(query + shown), mover)
    assert found["substitute"] is None
    there = told(civ_ask(found["elsewhen"]["href"].split("?")[1]), mover)
    assert found["elsewhen"]["text"].endswith(there["substitute"]["strong"])
    assert there["elsewhen"] is None
    with i18n.use("en"):
        first = findings({"story": {"family": found}, "table": {}})
    assert first == [found["elsewhen"]]


def test_no_other_period_is_named_where_no_substitute_was_out(civ_ask: Ask, mover: Any) -> None:
    assert (
        told(civ_ask("pair=injectable-3m&from=2018-01&to=2018-12&grain=year&at=2018"), mover)["elsewhen"]
        is None
    )


def test_what_matters_most_is_said_on_top_with_the_way_to_it(civ_ask: Ask, mover: Any) -> None:
    asked = civ_ask(YEAR)
    out = told(asked, mover)
    with i18n.use("en"):
        found = findings({"story": {"family": out}, "table": view(asked)["table"]})
        parted = {"groups": [], "title": "x"}
        none = findings({"story": {"family": None}, "table": {"parted": parted, "rows": []}})
    assert [each["target"] for each in found] == ["compare-story-family", "compare-parted-box"]
    assert found[0]["text"] == (
        "“Two-month injectable” was out of stock while “Three-month injectable” rose."
    )
    assert none == []


def page_of(asked: Any, language: str = "en") -> Any:
    with i18n.use(language):
        return view(asked)


def test_products_of_different_units_are_added_up_with_what_of_each_is_one_dose_in_words(
    civ_ask: Ask,
) -> None:
    for language, words in (
        ("en", "one dose = 1 vial (Depo-Provera) = 1 unit (Sayana Press)"),
        ("fr", "une dose = 1 flacon (Depo-Provera) = 1 unité (Sayana Press)"),
    ):
        shown = page_of(civ_ask("pair=injectable-3m", language=language), language)
        assert words in shown["panels"]["commodity"]["key"]
    assert "dose" not in page_of(civ_ask("pair=injectable-2m"))["panels"]["commodity"]["key"]


def test_a_familys_total_stands_beside_its_member_and_not_beside_a_pair_that_is_all_of_it(
    civ_ask: Ask, whotopia_data: Any, whotopia: Country
) -> None:
    def headlines(asked: Any) -> list[str]:
        return [each["words"] for each in page_of(asked)["panels"]["commodity"]["kpis"]]

    assert "the whole family (Injectables)" in headlines(civ_ask("pair=injectable-3m"))
    of_all = asking(Figures(whotopia_data, whotopia), whotopia)("pair=injectable")
    assert of_all.reading.comparison.has("commodity", "consumed", "family:injectables")
    assert not any("family" in words for words in headlines(of_all))
