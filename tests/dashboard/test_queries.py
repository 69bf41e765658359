import threading

import pytest

from accounts.scope import Scope, Unit
from dashboard.holdings import Holdings
from dashboard.queries import Figures
from dashboard.questions import (
    BadQuestionError,
    NothingSyncedError,
    NotInScopeError,
    Question,
    UnknownPairError,
    UnknownUnitError,
)
from loaders.snapshot import Snapshots


def scope_of(figures, *codes, data_sets=None):
    units = [figures.holding().units.loc[figures.holding().rollup.find(code)] for code in codes]
    return Scope.of([Unit(unit["id"], unit["path"], unit["level"]) for unit in units], data_sets)


@pytest.fixture(scope="module")
def lowest(units):
    """The level of the facilities."""
    return units["level"].max()


@pytest.fixture(scope="module")
def district(units, lowest):
    """A unit with several sites."""
    sites = units[units["level"] == lowest].groupby("parent").size()
    return units.loc[sites[sites > 2].index[0]]


@pytest.fixture(scope="module")
def way(district):
    """The ids from the nation to the district, both included."""
    return district["path"].strip("/").split("/")


@pytest.fixture(scope="module")
def everything(figures, nation):
    return Scope.of([Unit(nation["id"], nation["path"], 1)], None)


@pytest.fixture(scope="module")
def of_district(district):
    return Scope.of([Unit(district["id"], district["path"], int(district["level"]))], None)


def ask(figures, unit, scope, **more):
    pair = more.pop("pair", figures.pairs()[0].id)
    return figures.compare(Question(unit=unit, pair=pair, **more), scope)


def test_a_unit_is_found_by_id_and_by_code(figures, district, everything):
    assert figures.unit(district["id"], everything)["name"] == district["name"]
    assert figures.unit(district["code"], everything)["id"] == district["id"]


def test_an_unknown_unit_is_named(figures, everything):
    with pytest.raises(UnknownUnitError, match="Zunknown"):
        ask(figures, "Zunknown", everything)


def test_an_unknown_pair_is_named_with_those_there_are(figures, nation, everything):
    with pytest.raises(UnknownPairError, match=rf"aspirin.*{figures.pairs()[0].id}"):
        ask(figures, nation["id"], everything, pair="aspirin")


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": 201913},
        {"last": 201900},
        {"first": 201909, "last": 201901},
        {"grain": "week"},
        {"group": "x"},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(figures, nation, everything, wrong):
    with pytest.raises(BadQuestionError) as refusal:
        ask(figures, nation["id"], everything, **wrong)
    assert refusal.value.remedy


def test_ones_own_unit_comes_with_all_its_children(figures, district, of_district, units):
    answer = ask(figures, district["id"], of_district)
    assert not answer.totals_only
    assert list(answer.units.index) == [district["id"], *units.index[units["parent"] == district["id"]]]


def test_another_unit_is_refused(figures, district, of_district, units):
    other = units[(units["level"] == district["level"]) & (units["id"] != district["id"])]
    with pytest.raises(NotInScopeError, match="may see"):
        ask(figures, other.iloc[0]["id"], of_district)


def test_above_ones_own_only_totals_and_the_way_home_are_shown(
    figures, nation, way, district, of_district, everything
):
    answer = ask(figures, nation["id"], of_district)
    assert answer.totals_only
    assert list(answer.units.index) == [nation["id"], way[1]]
    whole = ask(figures, nation["id"], everything).comparison.line("commodity", "consumed").value[0]
    assert answer.comparison.line("commodity", "consumed").value[0].tolist() == whole.tolist()
    named = [each.unit_id for each in answer.comparison.one_sided]
    assert set(named) <= {district["id"], *figures.holding().rollup.children(district["id"])}


def test_a_group_above_ones_own_is_refused_for_it_may_hold_one_facility_of_somebody_elses(civ_data, civ):
    figures = Figures(civ_data, civ)
    own = scope_of(figures, "C4001")
    above = figures.unit(own.units[0].path.split("/")[-2], own)["id"]
    whole = scope_of(figures, above)
    assert ask(figures, own.home, own, group="Health Center")
    assert ask(figures, above, whole, group="Health Center")
    assert ask(figures, above, own).totals_only
    with pytest.raises(NotInScopeError, match="that of a group"):
        ask(figures, above, own, group="Health Center")


def test_the_rows_hold_no_unit_that_one_may_not_name(figures, nation, way, of_district):
    rows = ask(figures, nation["id"], of_district).rows()
    assert set(rows["unit_id"]) == {nation["id"], way[1]}


def test_who_has_no_unit_sees_nothing(figures, nation):
    with pytest.raises(NotInScopeError):
        ask(figures, nation["id"], Scope.of([], None))
    with pytest.raises(NotInScopeError, match="no unit"):
        figures.home(Scope.of([], None))


def test_a_data_set_that_one_may_not_read_is_left_out_and_said(site, figures, nation):
    hmis, forms = site.form("service"), figures.holding().forms
    lmis = forms.loc[site.form("commodity")]
    scope = Scope.of([Unit(nation["id"], nation["path"], 1)], [lmis["data_set"]])
    answer = ask(figures, nation["id"], scope)
    assert [(each.form, each.name) for each in answer.left_out] == [(hmis, forms.loc[hmis, "name"])]
    rows = answer.rows()
    assert set(rows.loc[rows["value"].notna(), "source"]) == {lmis["source"]}


def test_a_pair_of_which_nothing_may_be_read_is_refused(figures, nation):
    with pytest.raises(NotInScopeError, match=figures.pairs()[0].id):
        ask(figures, nation["id"], Scope.of([Unit(nation["id"], nation["path"], 1)], []))


def test_the_way_down_names_only_what_one_may_see(figures, nation, way, district, of_district):
    assert figures.children(nation["id"], of_district)["id"].tolist() == [way[1]]
    above = figures.ancestors(district["id"], of_district)["id"].tolist()
    assert above == way


def test_without_a_month_the_whole_time_is_answered(figures, nation, everything):
    answer = ask(figures, nation["id"], everything)
    assert (answer.question.first, answer.question.last) == figures.months()


def test_without_a_sync_it_says_so(tmp_path, civ):
    with pytest.raises(NothingSyncedError, match="sync"):
        Figures(Snapshots(tmp_path), civ).holding()


def test_many_who_ask_first_wait_for_one_roll_up(civ_data, monkeypatch):
    built = []
    import dashboard.holdings as module

    really = module.build
    monkeypatch.setattr(module, "build", lambda snapshot: built.append(snapshot.version) or really(snapshot))
    holdings, found = Holdings(civ_data), []
    asking = [threading.Thread(target=lambda: found.append(holdings.current())) for _ in range(6)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(built) == 1
    assert len({id(each) for each in found}) == 1


def test_what_is_kept_is_given_to_nobody_of_other_rights(figures, everything, of_district):
    assert figures.kept(everything, ["page"], lambda: "all") == "all"
    assert figures.kept(of_district, ["page"], lambda: "own") == "own"
    assert figures.kept(everything, ["page"], lambda: pytest.fail("made twice")) == "all"
    assert figures.kept(everything, ["page", "en"], lambda: "in English") == "in English"


def test_a_refusal_is_not_kept(figures, everything):
    def refuse():
        raise BadQuestionError("from", "No.", "Ask otherwise.")

    with pytest.raises(BadQuestionError):
        figures.kept(everything, ["refused"], refuse)
    assert figures.kept(everything, ["refused"], lambda: "now") == "now"
