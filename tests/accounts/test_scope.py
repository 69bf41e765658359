from hypothesis import given
from hypothesis import strategies as st

from accounts.scope import Scope, Unit

NATION = Unit("n", "/n", 1)
DISTRICT = Unit("d", "/n/r/d", 3)
SITE = Unit("s", "/n/r/d/s", 4)

paths = st.lists(st.sampled_from("abc"), min_size=1, max_size=5).map(lambda parts: "/" + "/".join(parts))


def unit(path):
    return Unit(path.rsplit("/", 1)[-1], path, path.count("/"))


def test_one_sees_ones_own_unit_and_all_below():
    scope = Scope.of([DISTRICT], None)
    assert scope.sees("/n/r/d")
    assert scope.sees("/n/r/d/s")
    assert not scope.sees("/n/r/other")
    assert not scope.sees("/n/r")


def test_a_path_that_only_begins_alike_is_another_unit():
    scope = Scope.of([DISTRICT], None)
    assert not scope.sees("/n/r/d2")
    assert not scope.sees("/n/r/d2/s")
    assert not scope.leads_home("/n/r2")


def test_of_the_units_above_one_sees_the_total():
    scope = Scope.of([SITE], None)
    assert [scope.sees_total(path) for path in ("/n", "/n/r", "/n/r/d")] == [True] * 3
    assert not scope.sees_total("/n/r/d/s")
    assert not scope.sees_total("/n/r/other")


def test_who_has_no_unit_sees_nothing():
    scope = Scope.of([], None)
    assert not scope.sees("/n")
    assert not scope.sees_total("/n")
    assert scope.home is None


def test_a_unit_below_another_of_ones_own_adds_nothing():
    assert Scope.of([SITE, DISTRICT], None).units == (DISTRICT,)
    assert Scope.of([SITE, NATION], None).home == "n"


def test_data_sets_are_read_as_dhis2_grants_them():
    assert Scope.of([NATION], None).reads("anything")
    limited = Scope.of([NATION], ["lmis"])
    assert limited.reads("lmis")
    assert not limited.reads("hmis")


def test_scopes_that_differ_have_different_keys():
    scopes = [Scope.of([u], sets) for u in (NATION, DISTRICT) for sets in (None, [], ["lmis"], ["hmis"])]
    assert len({scope.key() for scope in scopes}) == len(scopes)


@given(st.lists(paths, max_size=4), paths)
def test_leaving_out_what_lies_below_changes_nothing_that_is_seen(own, asked):
    scope = Scope.of([unit(path) for path in own], None)
    sees = any(asked == path or asked.startswith(path + "/") for path in own)
    assert scope.sees(asked) == sees
    above = any(path.startswith(asked + "/") for path in own)
    assert scope.sees_total(asked) == (above and not sees)
