"""What indicators for DHIS2 are called: in the language asked for, in the other as a translation."""

import pytest

from dashboard import i18n
from dashboard.dhis2_indicators import metadata, short_name
from installation import everything


@pytest.fixture(scope="module", params=i18n.LANGUAGES)
def told(request, figures):
    with i18n.use(request.param):
        return request.param, metadata(figures, everything(figures))


def said(each, language, name):
    found = [one for one in each["translations"] if (one["locale"], one["property"]) == (language, name)]
    return found[0]["value"]


def test_the_main_name_is_in_the_language_asked_for_and_the_other_is_a_translation(told):
    language, found = told
    assert found["indicators"]
    for each in found["indicators"]:
        assert each["name"] == said(each, language, "NAME")
        assert each["shortName"] == said(each, language, "SHORT_NAME")
    other = next(one for one in i18n.LANGUAGES if one != language)
    assert any(each["name"] != said(each, other, "NAME") for each in found["indicators"])


def test_french_sets_a_space_before_its_colon_and_english_none(told):
    for each in told[1]["indicators"]:
        assert ("\u00a0: " in said(each, "fr", "NAME")) == (": " in said(each, "en", "NAME"))
        assert " :" not in said(each, "en", "NAME")


def test_short_names_are_the_names_or_their_beginnings_and_no_two_are_the_same(told):
    short = [each["shortName"] for each in told[1]["indicators"]]
    assert len(set(short)) == len(short)
    assert max(map(len, short)) <= 50
    for each in told[1]["indicators"]:
        assert each["name"].startswith(each["shortName"].split("… ")[0])


def test_numerator_and_denominator_say_what_they_are(told):
    for each in told[1]["indicators"]:
        assert len({each["name"], each["numeratorDescription"], each["denominatorDescription"]}) == 3
        assert each["denominatorDescription"] != "–"


def test_a_long_name_keeps_its_beginning_and_ends_in_signs_of_the_id():
    found = short_name("Injectable of three months: average monthly consumption", "a1b2c3d4e5f")
    assert found == "Injectable of three months: average monthl… 3d4e5f"
