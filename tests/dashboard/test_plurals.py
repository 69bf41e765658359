"""Units of counting follow their number, in every country's own words."""

import pytest

from countries import load_country
from dashboard import i18n
from dashboard.plurals import counted_in


@pytest.mark.parametrize(
    ("language", "count", "unit", "said"),
    [
        ("fr", 142, "flacon", "flacons"),
        ("fr", 387, "femme", "femmes"),
        ("fr", 0, "femme", "femme"),
        ("fr", 2, "DIU", "DIU"),
        ("fr", -3, "appareil", "appareils"),
        ("en", 1, "woman", "woman"),
        ("en", 0, "child", "children"),
        ("en", 2, "box", "boxes"),
        ("en", 7, "", ""),
    ],
)
def test_a_unit_takes_the_number_of_what_it_counts(language, count, unit, said):
    with i18n.use(language):
        assert counted_in(unit, count) == said


@pytest.mark.parametrize("country", ["civ", "whotopia"])
def test_every_unit_of_a_country_has_a_plural_that_keeps_its_beginning(country):
    for item in load_country(country).items.values():
        for language in i18n.LANGUAGES:
            with i18n.use(language):
                one, many = (counted_in(item.unit[language], count) for count in (1, 12))
            assert one == item.unit[language]
            assert many[:2] == one[:2] and (many != one or one.isupper() or one.endswith("s")), many
