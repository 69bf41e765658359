"""A country's configuration is read whole, and what is wrong in it is named."""

import shutil
from pathlib import Path

import pytest

from countries import CountryError, load_country
from countries.configuration import FOLDER


@pytest.fixture
def civ_copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER / "civ", tmp_path / "civ"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_ivorian_pairs_have_the_classes_that_their_doses_allow():
    pairs = load_country("civ").pairs
    assert {p.id: p.kind for p in pairs.values()} == {
        "pill": "banded",
        "injectable-3m": "fixed_dose",
        "injectable-2m": "fixed_dose",
        "implant": "fixed_dose",
        "iud": "fixed_dose",
        "condom-male": "alone",
        "condom-female": "alone",
        "emergency": "alone",
    }


@pytest.mark.parametrize("name", ["civ", "whotopia"])
def test_every_item_of_a_pair_has_words_of_its_own(name: str):
    country = load_country(name)
    for pair in country.pairs.values():
        for code in (*pair.services, *pair.commodities, *(c for cs in pair.reported.values() for c in cs)):
            assert country.items[code].name["fr"]
            assert country.items[code].name["en"]


def test_the_injectables_are_one_family_of_substitutes():
    country = load_country("civ")
    members = {c for p in ("injectable-3m", "injectable-2m") for c in country.pairs[p].commodities}
    assert set(country.families["injectables"].commodities) == members


@pytest.mark.parametrize("name", ["civ", "whotopia"])
def test_every_tip_exists_in_both_languages_and_differs(name: str):
    for pair in load_country(name).pairs.values():
        assert len(pair.tip["fr"]) > 80
        assert len(pair.tip["en"]) > 80
        assert pair.tip["fr"] != pair.tip["en"]


def test_an_unknown_country_is_refused_with_the_ones_there_are():
    with pytest.raises(CountryError, match=r"no country 'atlantis'.*civ"):
        load_country("atlantis")


def test_a_file_that_is_no_text_is_named(civ_copy: Path):
    (civ_copy / "country.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CountryError, match=r"country\.toml is not TOML"):
        load_country(civ_copy)


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("pairs.toml", 'class = "banded"', 'class = "guess"', "'guess' is not one of fixed_dose"),
        ("pairs.toml", 'family = "injectables"', 'family = "tablets"', "'tablets' is not among"),
        ("pairs.toml", "expected = 1.0", 'expected = "one"', "expected: a number is required"),
        ("country.toml", '"Consumption" = "consumed"', '"Consumption" = "eaten"', "'eaten' is no measure"),
        (
            "country.toml",
            'key = "lmis"',
            'key = "lmis"\nwindow = { months = 4, named_by = "last" }',
            "window, months: 4 is no whole number among 3, 6, 12",
        ),
        (
            "country.toml",
            'key = "lmis"',
            'key = "lmis"\nwindow = { months = 3, begins = 13, named_by = "last" }',
            "window, begins: 13 is no whole number among 1 to 12",
        ),
        (
            "country.toml",
            'key = "lmis"',
            'key = "lmis"\nwindow = { months = 3, named_by = "middle" }',
            "'middle' is not one of first, last",
        ),
        ("country.toml", 'name = { fr = "pays", en = "country" }', 'name = { fr = "pays" }', "in en is lack"),
        ("country.toml", 'id = "civ"', "id = ", "is not TOML"),
        ("country.toml", 'synchronise = "ALL"', 'synchronize = "ALL"', "synchronize: there is no such entry"),
        (
            "country.toml",
            'id = "civ"',
            'id = "civ"\ndelivery_day = 31',
            "31 is no whole number among 1 to 28",
        ),
        (
            "country.toml",
            "[roles]",
            "[thresholds]\nwatch = 5.0\n[roles]",
            "unusual: 4 lies below watch, 5",
        ),
        (
            "country.toml",
            "[roles]",
            "[thresholds]\nprovisional = 75\n[roles]",
            "provisional: 75 is no share between 0 and 1",
        ),
        (
            "country.toml",
            "[[levels]]",
            "[[stock_levels]]\nleast = 3\nmost = 2\n[[levels]]",
            "2 months at most are not more than 3 at least",
        ),
        (
            "country.toml",
            '[[programmes]]\nid = "family-planning"',
            '[[programmes]]\nid = "hiv"',
            "programme 'family-planning' is not among",
        ),
    ],
)
def test_a_wrong_entry_is_named_with_its_file(civ_copy: Path, file: str, old: str, new: str, named: str):
    change(civ_copy, file, old, new)
    with pytest.raises(CountryError, match=named) as problem:
        load_country(civ_copy)
    assert file in str(problem.value)


def test_a_pair_without_a_tip_is_named(civ_copy: Path):
    (civ_copy / "tips" / "iud.fr.md").unlink()
    with pytest.raises(CountryError, match=r"iud\.fr\.md is absent"):
        load_country(civ_copy)


def test_a_fixed_dose_names_its_guideline_and_who_approved_it():
    fixed = [p for p in load_country("whotopia").pairs.values() if p.kind == "fixed_dose"]
    assert len(fixed) >= 9
    for pair in fixed:
        assert pair.expected
        assert pair.guideline["fr"] and pair.guideline["en"]
        assert pair.approved_by["fr"] and pair.approved_by["en"]


def test_what_many_illnesses_use_is_not_compared():
    pairs = load_country("whotopia").pairs
    assert {p.id for p in pairs.values() if p.kind == "do_not_compare"} == {
        "amoxicillin",
        "gentamicin",
        "cotrim",
    }


def test_the_staggered_groups_quarters_begin_in_three_different_months():
    windows = {f.key: f.window for f in load_country("whotopia").forms if f.window}
    assert {key: (w.months, w.begins, w.named_by) for key, w in windows.items()} == {
        "lmis-a": (3, 1, "last"),
        "lmis-b": (3, 2, "last"),
        "lmis-c": (3, 3, "last"),
    }


def test_whotopia_says_that_its_figures_are_invented():
    credit = load_country("whotopia").credit
    assert "synthétiques" in credit["fr"]
    assert "synthetic" in credit["en"]


def test_a_country_that_says_nothing_has_the_usual_thresholds():
    civ = load_country("civ")
    assert civ.thresholds.provisional == 0.75
    assert civ.delivery_day is None
    assert civ.stock_levels == ()


def test_whotopia_groups_its_pairs_by_programme_and_supplies_stores_on_the_fourteenth():
    country = load_country("whotopia")
    assert {p.programme for p in country.pairs.values()} == set(country.programmes)
    assert country.delivery_day == 14
    assert [levels.group for levels in country.stock_levels][-1] == ""


def test_a_pair_that_would_add_up_ampoules_and_tablets_is_refused_with_the_remedy(tmp_path: Path):
    folder = Path(shutil.copytree(FOLDER / "whotopia", tmp_path / "whotopia"))
    change(folder, "pairs.toml", 'commodities = ["OXYTOCIN"]', 'commodities = ["OXYTOCIN", "MISOPROSTOL"]')
    with pytest.raises(CountryError, match=r"'oxytocin'.*different units.*share a family.*per_dose"):
        load_country(folder)


def test_vials_and_prefilled_syringes_add_up_where_each_is_one_dose(civ_copy: Path):
    assert load_country(civ_copy).adds_up(["AS27133", "AS21126"])
    change(civ_copy, "country.toml", "per_dose = 1\n", "")
    with pytest.raises(CountryError, match="injectable-3m"):
        load_country(civ_copy)
