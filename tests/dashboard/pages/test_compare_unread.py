"""Whoever may read one side alone is told so; what others may read is never called unreported."""

from typing import Any

import pytest

from accounts.scope import Scope, Unit
from countries import Country
from dashboard import i18n
from dashboard.i18n import t
from dashboard.queries import Figures
from tests.dashboard.pages.test_compare import asking, seen

HIDDEN = {"service": "commodity", "commodity": "service"}


@pytest.mark.parametrize("kept", HIDDEN)
def test_the_side_that_one_may_not_read_says_so_and_whom_to_ask(
    civ: Country, civ_data: Any, kept: str
) -> None:
    figures = Figures(civ_data, civ)
    holding, pair = figures.holding(), civ.pairs["injectable-3m"]
    codes = {"service": pair.services, "commodity": pair.commodities}
    forms = {side: {form for code in codes[side] for form in holding.forms_of[code]} for side in codes}
    top = holding.units.iloc[0]
    readable = frozenset(str(holding.forms.loc[form, "data_set"]) for form in forms[kept])
    scope = Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], readable)
    with i18n.use("en"):
        shown = seen(asking(figures, civ)("pair=injectable-3m", scope))
        (name,) = (holding.forms.loc[form, "name"] for form in forms[HIDDEN[kept]])
        hidden, there = shown["panels"][HIDDEN[kept]], shown["panels"][kept]
        assert hidden["empty"] and t("compare.left_out", form=name) in hidden["message"]
        assert hidden["message"].endswith(t("compare.left_out_ask"))
        assert not there["empty"] and name not in there["message"]
        assert shown["caution"] == {"strong": t("compare.one_side"), "text": t("compare.one_side_text")}


def test_whoever_may_read_both_sides_hears_nothing_of_it(civ: Country, civ_data: Any) -> None:
    figures = Figures(civ_data, civ)
    top = figures.holding().units.iloc[0]
    scope = Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)
    with i18n.use("en"):
        shown = seen(asking(figures, civ)("pair=injectable-3m", scope))
        assert shown["caution"]["strong"] == t("compare.movements")
        assert not any(
            "DHIS2 account" in each for each in (*shown["notes"], shown["panels"]["service"]["message"])
        )
