import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.hierarchy import Hierarchy
from tests.indicators.builders import units


@st.composite
def trees(draw):
    """A random tree as {unit: [children]}, some units without any."""
    count = draw(st.integers(1, 30))
    tree = {}
    for child in range(1, count):
        tree.setdefault(f"u{draw(st.integers(0, child - 1))}", []).append(f"u{child}")
    return tree


@given(trees(), st.data())
def test_an_ancestor_is_the_sum_of_every_unit_in_its_range(tree, data):
    hierarchy = Hierarchy(units(tree, "u0"))
    own = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=hierarchy.size, max_size=hierarchy.size)))[
        :, None
    ]
    (totals,) = hierarchy.gather(lambda positions: (own[positions],), None)
    for row, position in enumerate(hierarchy.branches):
        assert totals[row, 0] == own[position : hierarchy.last[position]].sum()


@given(trees(), st.data())
def test_only_the_members_of_a_group_are_summed(tree, data):
    hierarchy = Hierarchy(units(tree, "u0"))
    flags = data.draw(st.lists(st.booleans(), min_size=hierarchy.size, max_size=hierarchy.size))
    members = np.array(flags, dtype=bool)
    own = np.arange(hierarchy.size)[:, None]
    (totals,) = hierarchy.gather(lambda positions: (own[positions],), members)
    for row, position in enumerate(hierarchy.branches):
        within = slice(position, hierarchy.last[position])
        assert totals[row, 0] == own[within][members[within]].sum()


@given(trees())
def test_children_and_ancestors_agree(tree):
    hierarchy = Hierarchy(units(tree, "u0"))
    for position in range(hierarchy.size):
        for child in hierarchy.children(position):
            assert hierarchy.ancestors(int(child)) == [*hierarchy.ancestors(position), position]


def test_rows_in_another_order_make_the_same_hierarchy():
    frame = units()
    assert Hierarchy(frame.sample(frac=1, random_state=3)).ids == Hierarchy(frame).ids


def test_units_that_are_not_in_depth_first_order_are_refused_by_name():
    frame = units()
    frame.loc[2, "first"] = 5
    with pytest.raises(ValueError, match=r"depth-first"):
        Hierarchy(frame)


@pytest.mark.parametrize("last", [0, 99])
def test_a_unit_whose_subtree_ends_before_it_begins_or_beyond_all_units_is_refused(last):
    frame = units()
    frame.loc[3, "last"] = last
    with pytest.raises(ValueError, match=r"depth-first"):
        Hierarchy(frame)


def test_a_unit_is_found_by_its_code_and_an_unknown_one_is_named():
    hierarchy = Hierarchy(units())
    assert hierarchy.find("c-B1") == "B1"
    with pytest.raises(KeyError, match="'Z9'"):
        hierarchy.find("Z9")
    with pytest.raises(KeyError, match="'Z9'"):
        hierarchy.position("Z9")


@pytest.mark.parametrize(
    ("row", "name", "value"),
    [(2, "last", 2), (2, "last", 1), (2, "last", 8), (1, "parent", "B"), (2, "first", 3)],
)
def test_a_subtree_ends_after_its_unit_and_within_the_country_and_a_parent_stands_before(row, name, value):
    frame = units()
    assert Hierarchy(frame).ids == ("N", "A", "A1", "A2", "B", "B1", "B2")
    frame.loc[row, name] = value
    with pytest.raises(ValueError, match="depth-first"):
        Hierarchy(frame)
