"""What stands in for what ran out."""

import numpy as np

from demo.whotopia.catalogue import catalogue
from demo.whotopia.substitution import Families


def covering(missing: dict[str, int], left: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """What is given instead and what remains missing, by commodity, at one facility."""
    codes = [c.code for c in catalogue().commodities]
    column = np.array([[missing.get(code, 0)] for code in codes])
    there = np.array([[left.get(code, 0)] for code in codes])
    cover = Families(catalogue()).cover(column, there)
    found = tuple(
        {c: int(n) for c, n in zip(codes, part[:, 0], strict=True) if n}
        for part in (cover.given, cover.unmet)
    )
    return found[0], found[1]


def test_the_other_of_a_family_stands_in():
    given, unmet = covering({"DMPA_IM": 100}, {"DMPA_SC": 60})
    assert (given, unmet) == ({"DMPA_SC": 60}, {"DMPA_IM": 40})


def test_not_everybody_takes_the_other_of_a_family():
    given, unmet = covering({"DMPA_IM": 100}, {"DMPA_SC": 500})
    assert (given, unmet) == ({"DMPA_SC": 85}, {"DMPA_IM": 15})


def test_two_smaller_blisters_stand_in_for_one_of_twice_the_dose():
    given, unmet = covering({"ACT_6X4": 20}, {"ACT_6X2": 500})
    assert (given, unmet) == ({"ACT_6X2": 34}, {"ACT_6X4": 3})


def test_nothing_stands_in_for_what_has_no_family():
    assert covering({"MAL_RDT": 10}, {"ACT_6X4": 500}) == ({}, {"MAL_RDT": 10})
