"""A country's own indicators are read from its configuration, and what is wrong in one is named."""

import shutil
from pathlib import Path

import pytest

from countries import CountryError, load_country
from countries.configuration import FOLDER

GOOD = """
[[indicators]]
id = "pills_per_woman"
name = { fr = "Plaquettes par femme", en = "Cycles a woman" }
description = { fr = "Combien de plaquettes une femme reçoit.", en = "How many cycles a woman is given." }
unit = { fr = "plaquettes", en = "cycles" }
numerator = [
    { items = ["AS27000"], measure = "consumed" },
    { items = ["AS27132"], measure = "lost", weight = -0.5 },
]
denominator = [{ items = ["PILL_WOMEN_NEW", "PILL_WOMEN_OLD"], measure = "count" }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER / "civ", tmp_path / "civ"))


def add(folder: Path, text: str) -> None:
    with (folder / "country.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def test_an_indicator_is_read_with_its_parts(folder: Path) -> None:
    add(folder, GOOD)
    found = load_country(folder).indicators["pills_per_woman"]
    assert [(part.items, part.measure, part.weight) for part in found.numerator] == [
        (("AS27000",), "consumed", 1),
        (("AS27132",), "lost", -0.5),
    ]
    assert (found.factor, found.unit["en"], found.is_not["fr"]) == (1, "cycles", "")


@pytest.mark.parametrize("name", ["civ", "whotopia"])
def test_the_countries_have_one_of_their_own_in_percent(name: str) -> None:
    found = list(load_country(name).indicators.values())
    assert found
    assert all(each.factor == 100 and each.unit["fr"] == "%" for each in found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "pills_per_woman"', 'id = "Pills"', ["'Pills'", "small letters"]),
        ('id = "pills_per_woman"', 'id = "self_injectable_share"', ["stands here twice", "another id"]),
        ("AS27000", "AS99999", ["number 1, items", "'AS99999'", "[[items]]"]),
        ('"lost"', '"stolen"', ["number 2, measure", "'stolen'", "consumed"]),
        ("weight = -0.5", "weight = 0", ["number 2, weight", "adds nothing"]),
        ('"PILL_WOMEN_OLD"]', '"PILL_WOMEN_NEW"]', ["denominator", "twice"]),
        ("unit = {", "units = {", ["units", "no such entry"]),
        ('en = "cycles"', 'de = "Packungen"', ["unit", "en is lacking"]),
        ("numerator = [", "factor = 0.5\nnumerator = [", ["factor", "whole number", "100"]),
        ('items = ["AS27000"], ', "", ["number 1, items", "required"]),
    ],
)
def test_what_is_wrong_is_named_with_its_file_its_entry_and_the_remedy(
    folder: Path, old: str, new: str, said: list[str]
) -> None:
    assert old in GOOD
    add(folder, GOOD.replace(old, new, 1))
    with pytest.raises(CountryError) as problem:
        load_country(folder)
    assert "country.toml, indicators '" in str(problem.value)
    assert [each for each in said if each not in str(problem.value)] == []
