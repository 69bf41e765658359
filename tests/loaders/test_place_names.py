import pandas as pd
import pytest

from loaders.place_names import COLUMNS, normalised, suggestions


def places(*rows):
    return pd.DataFrame(rows, columns=["id", "name", "parent"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C.S. Kadiolo", "CS Kadiolo"),
        ("SAN PEDRO", "San-Pédro"),
        ("N'Zérékoré", "NZEREKORE"),
        ("  Daoukro  2 ", "DAOUKRO 2"),
    ],
)
def test_spelling_does_not_part_a_name(one, other):
    assert normalised(one) == normalised(other)


def test_other_names_and_numbers_stay_apart():
    assert normalised("Gagnoa 1") != normalised("Gagnoa 2")
    assert normalised("Toulepleu") != normalised("Touleupleu")


def test_the_same_name_below_another_parent_is_another_place():
    assert suggestions(places(("a", "PS 1", "north")), places(("x", "PS 1", "south"))).empty


def test_two_places_of_one_name_are_never_matched_by_themselves():
    right = places(("x", "P.S. 1", "d"), ("y", "PS 1", "d"))
    found = suggestions(places(("a", "PS 1", "d")), right, automatic=True)
    assert found["right"].tolist() == ["x", "y"]
    assert not found["unambiguous"].any() and not found["automatic"].any()


def test_a_pair_is_taken_by_itself_only_where_the_country_says_so():
    left, right = places(("a", "CS Kadiolo", "d")), places(("x", "C.S. Kadiolo", "d"))
    assert not suggestions(left, right)["automatic"].any()
    assert suggestions(left, right, automatic=True)["automatic"].all()


def test_names_of_nothing_but_signs_match_nobody_and_no_place_makes_no_pair():
    assert suggestions(places(("a", "?", "d")), places(("x", "-", "d"))).empty
    assert suggestions(places(), places()).columns.tolist() == COLUMNS
