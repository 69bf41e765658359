"""What is to be checked of an alert: registers for services, stock cards for products, one zero at a time."""

from datetime import UTC, datetime

from dashboard import i18n
from dashboard.alerts_checks import checks_of
from dashboard.alerts_figures import ten
from dashboard.alerts_within import LOOKS_LIKE, why_within
from indicators.aberration_mistakes import MISTAKES
from ledger.alerts import Alert


def alert(code: str, **facts: object) -> Alert:
    """An alert of a figure."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Alert(
        id="a", kind="quality", code=code, unit="u", subject="AS27000", month=201909, rank=1.0, facts=facts,
        version=1, status="new", outcome="", assignee="", due="", found_at=now, changed_at=now,
    )  # fmt: skip


def checks(measure: str, value: float, expected: float) -> list[str]:
    facts = {"measure": measure, "value": value, "expected": expected, "remedy": "retype"}
    with i18n.use("en"):
        return checks_of(alert("rule.times_ten", **facts))


def test_services_are_checked_against_the_register_and_products_against_the_card():
    services, products = checks("count", 251, 2436), checks("consumed", 251, 2436)
    assert not any("stock card" in each for each in services)
    assert any("register" in each for each in services)
    assert any("stock card" in each for each in products)


def test_a_lost_zero_and_an_added_one_are_told_apart():
    assert "2,510" in checks("count", 251, 2436)[0] and "lost" in checks("count", 251, 2436)[0]
    assert "251" in checks("count", 2510, 243)[0] and "added" in checks("count", 2510, 243)[0]
    assert ten({"value": 251, "expected": 2436}) == "alerts.rule_a_tenth"
    assert ten({"value": 2510, "expected": 243}) == "alerts.rule_ten_times"


def test_whether_a_report_holds_two_months_is_asked_of_a_month_and_not_of_a_quarter():
    facts = {"measure": "consumed", "value": 900, "expected": 300, "mistake": "doubled"}
    with i18n.use("en"):
        month, quarter = checks_of(alert("high", **facts)), checks_of(alert("high", months=3, **facts))
    asked = [each for each in month if "more than one month" in each]
    assert asked == month[:1] and quarter == month[1:]


def test_a_neighbour_is_to_be_asked_only_where_one_is_known_who_could_give():
    donor = {"unit": "d", "quantity": 40, "kilometres": 12}
    with i18n.use("en"):
        known, nobody = checks_of(alert("out", donor=donor)), checks_of(alert("runs_out", donor=None))
    assert known[:-1] == nobody and "nearest" in known[-1]


def test_a_figure_within_what_is_usual_says_what_it_looks_like_and_one_outside_need_not():
    assert set(LOOKS_LIKE) == set(MISTAKES.values())
    facts = {"value": 96.0, "expected": 100.0, "low": 24.0, "high": 383.0}
    for language, word in (("en", "copied"), ("fr", "recopié")):
        with i18n.use(language):
            [said] = why_within(facts | {"mistake": "copied"})
            assert word in said and "{" not in said
            for mistake in MISTAKES.values():
                [said] = why_within(facts | {"mistake": mistake})
                assert "alerts." not in said
    assert why_within(facts | {"value": 384.0, "mistake": "times_ten"}) == []
    assert why_within({"value": 3.0, "low": None, "high": None}) == []
