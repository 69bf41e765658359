"""Alerts out of the data: what is found, ranked, grouped, capped, said, learned, and looked at again."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from dashboard import i18n
from dashboard.alerts_found import Wanted
from dashboard.alerts_learning import keep_within_budget, learn
from dashboard.alerts_look import AlertLook
from dashboard.alerts_ranked import A_MONTH, MANY, capped, grouped, rank
from dashboard.alerts_reasons import with_reasons
from dashboard.alerts_rules import RIGHT, UNUSUAL, rules_found
from dashboard.alerts_series import SeriesDesk
from dashboard.alerts_words import AlertWords
from dashboard.logistics import LogisticsDesk
from dashboard.queries import Figures
from indicators.aberration import ALERT
from indicators.quality import RULES
from installation import everything
from ledger.alert_intake import Candidate, Intake, Judged
from ledger.alert_thresholds import BUDGETED, Thresholds
from ledger.alerts import Alert, Alerts, Step
from ledger.database import Database

LOW = Candidate("quality", "low", "a", "pill", 201909, 1.0, {"value": 1.0, "score": 5.0})


@pytest.fixture(scope="module")
def desk(civ_data, civ) -> LogisticsDesk:
    return LogisticsDesk(Figures(civ_data, civ))


@pytest.fixture(scope="module")
def looked(desk, tmp_path_factory) -> Database:
    """A database after a first look at the Ivorian figures."""
    database = Database.open(tmp_path_factory.mktemp("looked") / "tandem.sqlite3")
    database.migrate()
    found = look(database, desk)
    assert found and found.figures["new"] > 20 and found.supply["new"] > 100
    return database


def look(database, desk):
    return AlertLook(database, desk, everything(desk.figures)).look()


def test_a_second_look_at_the_same_data_looks_at_nothing(looked, desk):
    assert look(looked, desk) is None


def test_every_alert_of_the_country_is_said_in_both_languages_without_a_hole(looked, desk):
    words = AlertWords(desk.figures.holding(), desk.figures.country)
    for language in i18n.LANGUAGES:
        with i18n.use(language):
            for alert in Alerts(looked).of():
                said = words.said(alert, "Depot")
                whole = " ".join((said.sentence, *said.beside, *said.checks))
                assert said.checks and not re.search(r"[{}]|\bnan\b|None|alerts\.", whole), whole


def test_what_is_reported_is_what_an_alert_says(looked, desk):
    """Out of the snapshot's rows, without the roll-up: of one item at one place."""
    snapshot = desk.figures.holding().snapshot
    values, items = snapshot.read("values"), snapshot.read("items").set_index("code")["id"]
    key = values.set_index(["org_unit", "item", "measure", "month"])["value"]
    told = 0
    for alert in Alerts(looked).of():
        facts = alert.facts
        month = facts.get("as_of") or alert.month
        at = (alert.unit, items.get(alert.subject), facts["measure"], month)
        if (
            ":" in alert.subject
            or facts["measure"] == "lots"
            or facts["value"] is None
            or at not in key.index
        ):
            continue
        if alert.kind == "supply" or alert.code in ("low", "high", "zero"):
            assert key[at] == facts["value"], (alert.code, at)
            told += 1
    assert told > 100


def test_an_out_of_stock_says_since_when(looked, desk):
    snapshot = desk.figures.holding().snapshot
    values, items = snapshot.read("values"), snapshot.read("items").set_index("code")["id"]
    closing = values[values["measure"] == "closing"].set_index(["org_unit", "item"]).sort_index()
    outs = [each for each in Alerts(looked).of() if each.code == "out"][:40]
    assert outs
    for alert in outs:
        rows = closing.loc[[(alert.unit, items[alert.subject])]].sort_values("month")
        rows = rows[rows["month"] <= alert.facts["as_of"]]
        before = rows[rows["value"] > 0]["month"]
        first = rows[rows["month"] > (before.max() if len(before) else 0)]["month"].min()
        assert alert.month >= first


def test_a_product_that_nobody_could_use_for_long_is_told_with_what_a_month_needed_before(looked, desk):
    outs = [each for each in Alerts(looked).of() if each.code == "out"]
    assert all(each.facts["average"] is None or each.facts["average"] > 0 for each in outs)
    long = [each for each in outs if each.facts.get("before")]
    assert long and max(each.rank for each in long) > 1
    with i18n.use("en"):
        said = AlertWords(desk.figures.holding(), desk.figures.country).said(long[0]).sentence
    assert "before, a month needed" in said


def test_a_rise_while_a_substitute_was_out_says_so_and_is_looked_at_later(desk):
    """Of the first consumption of a product in a month at whose end another of its family was out."""
    holding, country = desk.figures.holding(), desk.figures.country
    snapshot = holding.snapshot
    codes = snapshot.read("items").set_index("id")["code"]
    rows = snapshot.read("values").assign(code=lambda each: each["item"].map(codes))
    family = next(each for each in country.families.values() if len(each.commodities) > 1)
    risen, other = family.commodities[:2]
    used = rows[(rows["code"] == risen) & (rows["measure"] == "consumed") & (rows["value"] > 0)]
    out = rows[(rows["code"] == other) & (rows["measure"] == "closing") & (rows["value"] == 0)]
    both = used.merge(out[["org_unit", "month"]], on=["org_unit", "month"])
    row = both[both["months"] == 1].iloc[0]
    facts = {"measure": "consumed", "value": row["value"], "expected": row["value"] / 1.2,
             "low": 0.0, "high": 1.0}  # fmt: skip
    found = Candidate("quality", "high", row["org_unit"], risen, int(row["month"]), 8.0, facts)
    [told] = with_reasons(SeriesDesk(holding, country), [found])
    reasons = {each["because"]: each["other"] for each in told.facts["because"]}
    assert reasons["substitute_out"] == other and told.rank == 4.0
    words, where = AlertWords(holding, country), (told.unit, told.subject, told.month)
    facts = {**told.facts, "because": [{"because": "substitute_out", "other": other}]}
    alert = Alert(told.id, told.kind, told.code, *where, told.rank, facts, None, None, 1, "new", "", "", "")
    for language in i18n.LANGUAGES:
        with i18n.use(language):
            assert words.item(other) in words.said(alert).sentence


def test_every_rule_of_which_alerts_are_made_ranks_by_how_often_it_is_right():
    of_alerts = {rule.id for rule in RULES.values() if rule.severity in UNUSUAL}
    planted_nowhere = {"negative", "opening_ledger"}
    assert of_alerts - planted_nowhere == set(RIGHT)
    assert all(0 < share <= 1 for share in RIGHT.values())
    assert RIGHT["cascade"] < RIGHT["times_ten"] < RIGHT["arithmetic"]


def test_an_opening_that_is_not_what_the_store_s_book_had_is_told(desk):
    series = SeriesDesk(desk.figures.holding(), desk.figures.country)
    last = int(series.months[-1])
    values = series.holding.snapshot.read("values")
    said = values[(values["measure"] == "opening") & (values["month"] == last)].iloc[[0]]
    book = said[["org_unit", "item", "month"]].assign(opening=said["value"] + 5)
    wanted = Wanted(last, (), None, lambda subject, position: ALERT)
    [told] = [each for each in rules_found(series, wanted, (), book) if each.code == "rule.opening_ledger"]
    assert (told.unit, told.month, told.facts["second"]) == (str(said["org_unit"].iloc[0]), last, -5)


def test_another_threshold_is_another_look_at_everything_and_doubles_nothing(desk, tmp_path):
    database = Database.open(tmp_path / "tandem.sqlite3")
    database.migrate()
    first = look(database, desk)
    Thresholds(database).write(("", ""), ALERT - 0.5, 0, author="admin", reason="more")
    second = look(database, desk)
    # A pair's alert gives way where one of its items now speaks for itself.
    assert second.figures["again"] >= 0.9 * first.figures["new"] > 0
    assert second.supply["new"] == 0 and second.figures["found"] >= first.figures["found"]
    Thresholds(database).write(("", ""), 99.0, 1, author="admin", reason="nothing by score")
    third = look(database, desk)
    assert third.figures["found"] < first.figures["found"] and third.figures["closed"] > 0
    closed = [each for each in Alerts(database).of(["closed"]) if each.kind != "supply"]
    assert {each.outcome for each in closed} == {""}  # no figure changed, only what is asked of it


def test_a_country_begins_with_a_threshold_that_few_of_its_figures_reach_and_can_set_another(desk, tmp_path):
    database = Database.open(tmp_path / "tandem.sqlite3")
    database.migrate()
    thresholds, series = Thresholds(database), SeriesDesk(desk.figures.holding(), desk.figures.country)
    assert not keep_within_budget(series, thresholds)  # one in a thousand is an alert: the usual one stays
    series_of = [found for code in series.codes() for found in (series.item(code), *series.windows(code))]
    scores = np.concatenate([np.ravel(found.scores.score) for found in series_of if found])
    figures = int((~np.isnan(scores)).sum())
    assert (scores >= ALERT).sum() > figures / 5000
    assert keep_within_budget(series, thresholds, 1 / 5000)
    assert not keep_within_budget(series, thresholds, 1 / 5000)
    chosen = thresholds.current()["", ""]
    assert (chosen.origin, chosen.author) == (BUDGETED, "") and chosen.threshold > ALERT
    reached = int((scores >= chosen.threshold).sum())
    assert 0 < reached <= figures / 5000
    assert chosen.evidence == {"figures": figures, "alerts": reached}
    thresholds.write(("", ""), 0.5, chosen.revision, author="admin", reason="We have people for more")
    assert not keep_within_budget(series, thresholds, 1 / 5000)


def test_rank_grows_with_each_of_its_three_parts():
    assert rank(4, 100, 2) < rank(8, 100, 2) == rank(80, 100, 2)
    assert rank(4, 100, 2) < rank(4, 200, 2) and rank(4, 100, 2) < rank(4, 100, 3)


def test_many_findings_of_one_form_are_one_alert_that_names_them():
    many = [replace(LOW, subject=f"item{n}", rank=float(n)) for n in range(MANY + 1)]
    forms = {each.subject: "lmis" for each in many}
    [whole] = grouped(many, forms)
    assert (whole.code, whole.subject, whole.facts["value"]) == ("whole_form", "form:lmis", MANY + 1)
    assert whole.facts["named"][0]["subject"] == f"item{MANY}"
    assert len(grouped(many[:MANY], forms)) == MANY


def test_a_district_gets_no_more_new_alerts_of_a_month_than_it_can_look_at():
    many = [replace(LOW, unit=f"u{n}", rank=float(n)) for n in range(A_MONTH + 10)]
    known = {many[0].id, many[1].id}
    kept, out = capped(many, known, {each.unit: "district" for each in many})
    assert (len(kept), out) == (A_MONTH, 10)
    assert known <= {each.id for each in kept} and many[-1] in kept and many[5] not in kept
    apart, out = capped(many, known, {each.unit: each.unit for each in many})
    assert (len(apart), out) == (len(many), 0)


def test_thresholds_are_learned_from_outcomes_and_leave_what_a_person_set(tmp_path):
    database = Database.open(tmp_path / "tandem.sqlite3")
    database.migrate()
    months = [201900 + n for n in range(1, 9)]
    found = [replace(LOW, month=month) for month in months]
    Intake(database).take_in(Judged(found, {}), (1, "", datetime.now(UTC)))
    alerts, thresholds = Alerts(database), Thresholds(database)
    for each in found[:4]:
        alerts.take(each.id, 1, Step("confirmed"), "anna")
    assert learn(alerts.of(), thresholds, {"a": "north"}) == 0
    for each in found[4:]:
        alerts.take(each.id, 1, Step("confirmed"), "anna")
    assert learn(alerts.of(), thresholds, {"a": "north"}) == 1
    of = "pill", "north"
    assert thresholds.current()[of].threshold > ALERT and thresholds.current()[of].evidence["others"] == 8
    assert learn(alerts.of(), thresholds, {"a": "north"}) == 0
    thresholds.write(of, 0.5, 1, author="ben", reason="We want more.")
    assert learn(alerts.of(), thresholds, {"a": "north"}) == 0
    assert thresholds.current()[of].threshold == 0.5
