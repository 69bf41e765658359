"""Expressions of indicators: read, evaluated, described."""

import numpy as np
import pytest

from demo.indicators_expression import PLAIN, NotAnExpression, Wanted, described, evaluate, read
from tests.demo.conftest import PILLS, USED, Asking

ITEM = "#{fGNkMBsOo0R}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("2 ^ 3 ^ 2", 512),
        ("-2 ^ 2", -4),
        ("10 - 4 - 3", 3),
        ("7 % 4", 3),
        ("if(1 < 2, 5, 6)", 5),
        ("greatest(1, 4, 2)", 4),
        ("1 > 2 || 2 > 1", 1),
        (f"{ITEM} / 2", 3),
        ("isNull(#{unknownAAA1})", 1),
        ("firstNonNull(#{unknownAAA1}, 8)", 8),
        ("#{unknownAAA1} + 1", 1),
    ],
)
def test_operators_and_functions_mean_what_they_mean_in_dhis2(text: str, expected: float) -> None:
    assert float(evaluate(read(text), {(ITEM, PLAIN): np.array(6.0)})) == expected


def test_a_division_by_zero_has_no_result() -> None:
    assert np.isnan(evaluate(read(f"1 / {ITEM}"), {(ITEM, PLAIN): np.array(0.0)}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "#{nonsense}",
        "(1",
        "1 2",
        "shout(1)",
        "if(1, 2)",
        "$",
        "1.periodOffset(x)",
        "(1).aggregationType(SOON)",
    ],
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(NotAnExpression):
        read(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{ITEM}.periodOffset(-1)", Wanted(-1)),
        (f"({ITEM}.periodOffset(-1) + 0).periodOffset(-2)", Wanted(-3)),
        (f"{ITEM}.aggregationType(LAST_IN_PERIOD).periodOffset( 1 )", Wanted(1, "LAST_IN_PERIOD")),
        (f"({ITEM}.aggregationType(LAST)).aggregationType(SUM)", Wanted(0, "LAST")),
    ],
)
def test_an_item_may_be_wanted_of_another_period_and_summed_up_otherwise(text: str, wanted: Wanted) -> None:
    node = read(text)
    assert list(node.items()) == [(ITEM, wanted)]
    assert float(evaluate(node, {(ITEM, wanted): np.array(6.0)})) == 6
    assert float(evaluate(node, {(ITEM, PLAIN): np.array(6.0)})) == 0
    assert described(node, lambda _: "Pills") == text.replace(ITEM, "Pills").replace("( 1 )", "(1)")


def test_a_description_has_names_for_ids() -> None:
    assert described(read(f"({ITEM}+1)*2"), lambda _: "Pills") == "(Pills + 1) * 2"


def test_the_server_describes_what_it_can_read(admin: Asking) -> None:
    path, headers = "/api/indicators/expression/description", {"Content-Type": "text/plain"}
    answer = admin("POST", path, data=f"#{{{PILLS}.{USED}}} + 1", headers=headers).json()
    assert (answer["status"], answer["description"]) == ("OK", "Pills Used + 1")
    assert admin("POST", path, data="#{nonsense}", headers=headers).json()["status"] == "ERROR"
