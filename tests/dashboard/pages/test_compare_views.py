"""The table, the small charts and the map show the same rows; all pairs of a programme are rows too."""

import gzip
import json
from typing import Any

import numpy as np
import pytest

from accounts.scope import Scope, Unit
from countries import Country
from dashboard import i18n
from dashboard.pages.compare_charts import both_charts
from dashboard.pages.compare_table import STEPS, row
from dashboard.pages.compare_together import together
from dashboard.queries import Figures
from tests.dashboard.pages.test_compare import MOST_BYTES, Ask, asking, seen

VIEWS = ("table", "multiples", "map")


@pytest.fixture(scope="module")
def civ_ask(civ_data: Any, civ: Country) -> Ask:
    return asking(Figures(civ_data, civ), civ)


@pytest.fixture(scope="module")
def whotopia_ask(whotopia_data: Any, whotopia: Country) -> Ask:
    return asking(Figures(whotopia_data, whotopia), whotopia)


def same_but_links(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "href"} for row in rows]


def test_three_views_show_the_same_rows(civ_ask: Ask) -> None:
    first, *others = (
        same_but_links(seen(civ_ask(f"pair=pill&view={view}"))["table"]["rows"]) for view in VIEWS
    )
    assert len(first) == 21
    assert all(other == first for other in others)


def test_every_link_keeps_how_the_rows_are_shown(civ_ask: Ask) -> None:
    shown = seen(civ_ask("pair=pill&view=multiples&sort=-disagreement&scale=same"))
    links = [
        *(row["href"] for row in shown["table"]["rows"]),
        *(c["href"] for c in shown["crumbs"]),
        shown["link"],
    ]
    assert all("view=multiples&sort=-disagreement&scale=same" in link for link in links)
    kept = {"view": "multiples", "sort": "-disagreement", "by": "disagreement", "scale": "same"}
    assert kept.items() <= shown["shape"].items()


def test_all_pairs_of_the_programme_are_rows_that_keep_place_and_period(civ: Country, civ_ask: Ask) -> None:
    shown = seen(civ_ask("unit=R_AGNEBY_TIASSA_ME&pair=pill&view=pairs&at=2019-03"))
    rows = shown["table"]["rows"]
    assert [row["id"] for row in rows] == list(civ.pairs)
    assert [row["id"] for row in rows if row["here"]] == ["pill"]
    unit = shown["about"]["unit"]
    assert all(f"unit={unit}&pair={row['id']}&" in row["href"] for row in rows)
    assert all("at=2019-03" in row["href"] and "view=pairs" in row["href"] for row in rows)
    injectable = next(row for row in rows if row["id"] == "injectable-3m")
    assert injectable["service"] == "2,773"


def test_pairs_whose_figures_one_may_not_read_are_left_out(civ: Country, civ_data: Any, civ_ask: Ask) -> None:
    figures = Figures(civ_data, civ)
    holding = figures.holding()
    readable = frozenset(
        str(holding.forms.loc[form, "data_set"])
        for code in civ.pairs["pill"].services
        for form in holding.forms_of[code]
    )
    top = holding.units.iloc[0]
    scope = Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], readable)
    shown = seen(asking(figures, civ)("pair=pill&view=pairs", scope))
    assert {row["id"] for row in shown["table"]["rows"]} == {
        pair.id for pair in civ.pairs.values() if pair.services
    }


def test_pairs_of_another_programme_are_not_among_them(whotopia: Country, whotopia_ask: Ask) -> None:
    pair = next(iter(whotopia.pairs.values()))
    rows = seen(whotopia_ask(f"pair={pair.id}&view=pairs"))["table"]["rows"]
    assert {whotopia.pairs[row["id"]].programme for row in rows} == {pair.programme}
    assert len(rows) == sum(each.programme == pair.programme for each in whotopia.pairs.values())


def of_their_own(row: dict[str, Any], number: int) -> dict[str, Any]:
    """The row as another place would have it: another name, other months, so that none compresses another."""
    chance = np.random.default_rng(number)
    name = "".join(chance.choice(list("abcdefghijklmnopqrstuvwxyz"), 9))
    changed = {"name": name.title(), "href": row["href"].replace("unit=", f"unit={name}")}
    for series in ("service_spark", "commodity_spark"):
        if row[series]:
            months = chance.permutation(list(row[series]["steps"]))
            changed[series] = {"top": int(chance.integers(9000)), "steps": "".join(months)}
    return row | changed


@pytest.mark.parametrize("children", [119])
def test_many_places_are_sent_in_steps_that_a_slow_link_bears(civ_ask: Ask, children: int) -> None:
    asked = civ_ask("pair=injectable-3m&view=multiples")
    reading = asked.reading
    units = 1 + np.arange(children) % len(reading.children)
    two = together(reading.comparison, reading.at)
    with i18n.use("en"):
        rows = [row(reading, int(unit), two, exact=False) for unit in units]
        for each in rows:
            each["two"] |= {"more": "apart in 3 of 21 months", "marks": "4▼ 9▲ 17■"}
        both = both_charts(reading)
    shown = seen(asked)
    shown["table"]["parted"] = seen(civ_ask("unit=R_AGNEBY_TIASSA_ME&pair=injectable-3m"))["table"]["parted"]
    shown["table"]["rows"] = [of_their_own(each, number) for number, each in enumerate(rows)]
    answer = json.dumps([*both, shown], separators=(",", ":"))
    assert len(gzip.compress(answer.encode(), 8)) < MOST_BYTES


def test_steps_say_every_figure_to_a_thirtieth_of_the_highest(civ_ask: Ask) -> None:
    reading = civ_ask("pair=pill").reading
    two = together(reading.comparison, reading.at)
    with i18n.use("en"):
        units = range(1, len(reading.places))
        exact = [row(reading, unit, two) for unit in units]
        coarse = [row(reading, unit, two, exact=False) for unit in units]
    for one, other in zip(exact, coarse, strict=True):
        if not one["commodity_spark"]:
            assert other["commodity_spark"] == []
            continue
        top, steps = other["commodity_spark"]["top"], other["commodity_spark"]["steps"]
        assert len(steps) == len(one["commodity_spark"])
        for value, step in zip(one["commodity_spark"], steps, strict=True):
            assert (value is None) == (step == ".")
            assert value is None or abs(STEPS.index(step) / 31 * top - value) <= top / 31
