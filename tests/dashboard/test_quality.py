"""The page on data quality and its interface: within everybody's rights, n of N everywhere."""

import csv
import io
import json
import zlib
from collections import Counter

import numpy as np
import pytest

from accounts.scope import Scope, Unit
from dashboard import i18n
from dashboard.address import month_name
from dashboard.pages.one_answer import OneAnswer
from dashboard.pages.quality_view import view
from dashboard.quality import look
from dashboard.quality_address import QualityAddress
from dashboard.quality_desk import QualityDesk
from dashboard.quality_words import CLASSES, DIMENSIONS, RULE_NAMES, RULE_SENTENCES, named
from dashboard.questions import BadQuestionError, NotInScopeError, OutsideMonthError, UnknownFormError
from indicators.compare import View
from indicators.quality import RULES
from indicators.reporting import reporting
from installation import everything

API = "/api/v1/quality"
MOST_BYTES = 20_000  # of one click, packed


@pytest.fixture(scope="module")
def desk(figures):
    return QualityDesk(figures)


@pytest.fixture(scope="module")
def scope(figures):
    return everything(figures)


@pytest.fixture(scope="module")
def nation(desk, scope):
    return look(desk, QualityAddress(), scope)


def below(quality):
    """Every unit of the country, the nation first."""
    return list(quality.holding.rollup.hierarchy.ids)


def test_every_rule_dimension_and_class_has_words_in_both_languages():
    assert set(RULE_NAMES) == set(RULE_SENTENCES) == set(RULES)
    for language in i18n.LANGUAGES:
        with i18n.use(language):
            keys = [
                *RULE_NAMES.values(),
                *CLASSES.values(),
                *(key for each in DIMENSIONS.values() for key in each),
            ]
            assert [key for key in keys if named(key) == key] == []


def test_an_address_says_what_it_shows_and_is_read_back():
    asked = QualityAddress("AB", "lmis", 201903, 12, "worst", "arithmetic", "en")
    assert QualityAddress.read(asked.href().partition("?")[2]) == asked
    assert QualityAddress.read("?form=all&over=7&rule=none&month=2019-13") == QualityAddress()


def test_completeness_is_that_of_the_reporting_rate(nation, desk, scope):
    rollup = nation.holding.rollup
    for form in nation.readable:
        told = look(desk, QualityAddress(form=form, month=nation.month), scope).shares(
            [str(nation.unit["id"])]
        )
        view_ = View(str(nation.unit["id"]), nation.month, nation.month)
        known = reporting(rollup, form, view_)
        share = told[0]["completeness"]
        assert (share.held, share.made) == (int(known.n_received[0, 0]), int(known.n_expected[0, 0])), form


def test_a_places_checks_are_those_of_the_places_below_it(nation, desk, scope):
    rollup = nation.holding.rollup
    year = look(desk, QualityAddress(month=nation.month, over=12), scope)
    for at in rollup.hierarchy.branches[:6]:
        unit = rollup.hierarchy.ids[at]
        children = rollup.children(unit)
        [whole], parts = year.shares([unit]), year.shares(children)
        own = _own(year, at)
        for dimension in DIMENSIONS:
            for name in ("held", "made"):
                total = sum(getattr(each[dimension], name) for each in parts) + own[dimension, name]
                assert getattr(whole[dimension], name) == total, (unit, dimension)


def _own(quality, at):
    """What a place with others below it reports itself."""
    review, columns = quality.assessed.review, quality.holding.rollup.calendar
    span = columns.span(quality.first, quality.month, "month").columns
    return {
        (dimension, name): sum(
            int(kept[dimension, form][at, span].sum()) for form in quality.forms if (dimension, form) in kept
        )
        for dimension in DIMENSIONS
        for name, kept in (("held", review.held), ("made", review.made))
    }


def test_no_more_checks_hold_than_were_made(nation):
    review = nation.assessed.review
    assert all((review.held[key] <= made).all() for key, made in review.made.items())
    assert sum(int(made.sum()) for made in review.made.values()) > 0


def test_what_the_rules_found_is_about_places_below_and_months_of_the_period(desk, scope, nation):
    quality = look(desk, QualityAddress(month=nation.month, over=12), scope)
    found = quality.found
    habits = [rule.id for rule in RULES.values() if rule.about == "facility"]
    dated = found[~found["rule"].isin(habits)]
    assert (dated["month"] <= quality.month).all()
    ranks = found["severity"].map({"high": 0, "medium": 1, "low": 2})
    assert ranks.is_monotonic_increasing


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_view_says_everything_in_words_and_fits_a_slow_link(desk, scope, nation, language):
    with i18n.use(language):
        shown = view(look(desk, QualityAddress(month=nation.month, over=12), scope), scope)
    text = json.dumps(shown, ensure_ascii=False)
    assert "{" not in "".join(each["says"] + each["check"] for each in shown["findings"]["rows"])
    assert '"quality.' not in text
    assert len(zlib.compress(text.encode(), 6)) < MOST_BYTES
    assert [each["define"] for each in shown["cards"]["each"]] == [
        "reporting_rate", "timeliness", "quality_filled", "quality_consistency",
        "quality_outliers", "quality_arithmetic", "quality_related", "quality_agreement",
    ]  # fmt: skip


def test_a_facility_shows_what_it_reported_with_the_doubted_figures_marked(desk, scope, nation):
    found = look(desk, QualityAddress(month=nation.month, over=12), scope).found
    hierarchy = nation.holding.rollup.hierarchy
    told = found[
        (found["item"] != "") & (hierarchy.branch_of[found["position"]] < 0) & (found["months"] == 1)
    ]
    told = told[~told["rule"].isin(["missing_partner"])]
    if told.empty:
        pytest.skip("no facility's figure is doubted in this country")
    each = told.iloc[0]
    with i18n.use("en"):
        quality = look(desk, QualityAddress(each["org_unit"], month=int(each["month"])), scope)
        shown = view(quality, scope)["cells"]
    boxes = [cell for table in shown["tables"] for row in table["rows"] for cell in row["cells"]]
    assert any("d" in cell for cell in boxes)


def test_who_has_a_district_sees_it_alone_and_the_nation_without_findings(desk, nation):
    rollup, holding = nation.holding.rollup, nation.holding
    child = rollup.children(str(nation.unit["id"]))[0]
    path, level = str(holding.records[child]["path"]), int(holding.records[child]["level"])
    scope = Scope.of([Unit(child, path, level)], None)
    above = look(desk, QualityAddress(str(nation.unit["id"])), scope)
    assert above.totals_only and above.children == () and above.found.empty
    with i18n.use("en"):
        assert view(above, scope)["findings"]["rows"] == []
        assert view(above, scope)["cells"]["tables"] == []
    other = next((each for each in rollup.children(str(nation.unit["id"])) if each != child), None)
    if other:
        with pytest.raises(NotInScopeError):
            look(desk, QualityAddress(other), scope)
    own = look(desk, QualityAddress(child, month=nation.month, over=12), scope)
    inside = np.isin(
        own.found["org_unit"], [u for u in below(nation) if str(holding.records[u]["path"]).startswith(path)]
    )
    assert inside.all()


def test_a_form_that_one_may_not_read_is_in_no_share_and_no_finding(desk, nation, figures):
    holding = nation.holding
    kinds = {form.key: form.kind for form in figures.country.forms}
    stock = {form for form in nation.readable if kinds[form] == "commodity"}
    readable = {holding.data_sets[form] for form in nation.readable if form not in stock}
    if not stock or not readable:
        pytest.skip("the country has one kind of form")
    scope = Scope(everything(figures).units, frozenset(readable))
    quality = look(desk, QualityAddress(month=nation.month, over=12), scope)
    assert stock.isdisjoint(quality.readable)
    assert {each.form for each in quality.left_out} == stock
    [told] = quality.shares([str(nation.unit["id"])])
    assert told["arithmetic"].made == told["agreement"].made == 0
    assert not set(quality.found["form"]) & stock
    assert set(quality.found["measure"]) <= {"count", ""}
    with pytest.raises(BadQuestionError):
        look(desk, QualityAddress(form=next(iter(stock))), scope)


def test_months_without_figures_are_refused_with_the_months_there_are(desk, scope):
    with pytest.raises(BadQuestionError, match="no figures of 1999-01"):
        look(desk, QualityAddress(month=199901), scope)


@pytest.mark.parametrize(
    ("language", "title"), [("fr", "Ce formulaire n’existe pas"), ("en", "There is no such form")]
)
def test_a_form_that_there_is_not_is_named_with_those_that_there_are(desk, scope, nation, language, title):
    unit = str(nation.unit["id"])
    address = QualityAddress.read(f"?unit={unit}&form=WRONG&month=2019-01&lang={language}")
    with pytest.raises(UnknownFormError) as refusal:
        look(desk, address, scope)
    with i18n.use(language):
        told = said(desk, refusal.value, address)
    assert told["title"] == title
    assert "WRONG" in told["text"]
    for form in nation.readable:
        assert str(nation.holding.forms.loc[form, "name"]) in told["text"]
    assert told["href"] == f"/quality?unit={unit}&month=2019-01&lang={language}"


@pytest.mark.parametrize(("language", "month"), [("fr", "janv. 1999"), ("en", "Jan 1999")])
def test_a_month_without_figures_is_named_with_those_that_have_some(desk, scope, language, month):
    address = QualityAddress.read("?month=1999-01&form=lmis&over=12")
    with i18n.use(language):
        told = said(desk, OutsideMonthError(199901, (201801, 201912)), address)
    assert month in told["text"]
    assert "2018" in told["text"] and "2019" in told["text"]
    assert told["href"] == "/quality?form=lmis&over=12"


def said(desk, problem, address):
    nothing = dict.fromkeys(("layout", "controls", "read", "view", "html"))
    page = OneAnswer("quality", "quality.page", "/quality", "", desk.figures, **nothing)
    return page.said(problem, address)


def test_sources_are_called_what_they_are_called_in_the_readers_language(desk, scope, nation):
    with i18n.use("fr"):
        shown = view(nation, scope)["source"]
    assert "LMIS" not in shown and "HMIS" not in shown
    assert "SIGL" in shown and "SNIS" in shown


def test_the_interface_answers_what_the_page_shows(nation, browsers):
    unit = str(nation.unit["id"])
    answer = browsers["admin"].get(API, query_string={"unit": unit, "children": "true"})
    assert answer.status_code == 200, answer.text
    rows = {(row["unit_id"], row["form"], row["dimension"]): row for row in answer.json["rows"]}
    [told] = nation.shares([unit])
    for dimension, share in told.items():
        row = rows[unit, "", dimension]
        assert (row["held"], row["checked"]) == (share.held, share.made)
        assert (row["value"] is None) == (row["class"] == "unknown") == (share.made == 0)
    assert {row[0] for row in rows} == {unit, *nation.children}


def test_findings_are_taken_away_as_a_table_with_their_sentences(nation, desk, scope, browsers):
    month = f"{nation.month // 100}-{nation.month % 100:02}"
    asked = {"unit": str(nation.unit["id"]), "to": month, "part": "findings", "format": "csv", "lang": "fr"}
    answer = browsers["admin"].get(API, query_string=asked)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == len(nation.found)
    assert all(row["says"] and row["check"].startswith("Que vérifier") for row in rows)


def test_a_wrong_question_is_refused_with_what_is_known(nation, browsers):
    answer = browsers["admin"].get(API, query_string={"unit": str(nation.unit["id"]), "part": "all"})
    assert answer.status_code == 400
    assert "review, findings" in answer.text


def test_from_the_nation_one_finds_where_most_is_to_be_checked(nation, browsers):
    asked = {"unit": str(nation.unit["id"]), "to": month_name(nation.month), "lang": "en"}
    found = browsers["admin"].get(API, query_string=asked | {"part": "findings"}).json["rows"]
    places = browsers["admin"].get(API, query_string=asked | {"part": "places"}).json["rows"]
    assert sum(each["findings"] for each in places) == len(found)
    assert bool(places) == bool(found)
    grave = [each["high"] for each in places]
    assert grave == sorted(grave, reverse=True)
    for told in (*places[:1], *places[-1:]):
        mine = [each for each in found if each["unit_id"] == told["unit_id"]]
        counts = {each: sum(row["severity"] == each for row in mine) for each in ("high", "medium", "low")}
        assert counts == {each: told[each] for each in counts} and len(mine) == told["findings"]
        gravest = next(each for each in ("high", "medium", "low") if counts[each])
        by_rule = Counter(row["rule"] for row in mine if row["severity"] == gravest)
        assert by_rule[told["gravest_rule"]] == max(by_rule.values())


def test_the_page_names_the_worst_places_with_a_way_there_and_none_of_a_facility(nation, desk, scope):
    year = look(desk, QualityAddress(month=nation.month, over=12), scope)
    told = view(year, scope)["worst"]
    assert len(told["rows"]) == min(10, year.found["org_unit"].nunique())
    assert "part=places" in told["take"]["href"]
    for row in told["rows"][:1]:
        there = look(desk, QualityAddress.read(row["href"].partition("?")[2]), scope)
        assert nation.holding.names[str(there.unit["id"])] == row["name"]
        assert there.children or view(there, scope)["worst"]["rows"] == []
    for rule in year.found["rule"].head(1):
        one = look(desk, QualityAddress(month=nation.month, over=12, rule=rule), scope)
        assert {row["rule"] for row in view(one, scope)["worst"]["rows"]} == {named(RULE_NAMES[rule])}
