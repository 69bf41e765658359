import pytest

from dashboard.address import Address


def test_an_address_that_was_written_is_read_as_it_was() -> None:
    address = Address("abc", "pill", 201901, 201909, "quarter", "2019-Q3", "fr")
    assert Address.read(address.href()[1:]) == address


def test_how_the_rows_are_shown_is_part_of_the_address() -> None:
    address = Address(view="map", sort="-disagreement", by="service", scale="same")
    assert address.href() == "/?view=map&sort=-disagreement&by=service&scale=same"
    assert Address.read(address.href()[1:]) == address


@pytest.mark.parametrize("search", ["?view=globe&sort=--size&by=luck&scale=", "?view=-map&by=-service"])
def test_a_way_to_show_rows_that_is_not_there_is_the_usual_one(search: str) -> None:
    assert Address.read(search) == Address()


def test_a_change_keeps_the_rest() -> None:
    address = Address.read("?unit=a&pair=pill&from=2019-01&at=2019-03&lang=en")
    assert address.href(unit="b") == "/?unit=b&pair=pill&from=2019-01&at=2019-03&lang=en"


def test_names_that_look_like_markup_stay_one_parameter() -> None:
    hostile = '"><img src=x>&pair=evil'
    assert Address.read(Address(unit=hostile).href()[1:]) == Address(unit=hostile)


@pytest.mark.parametrize(
    "search",
    [
        None,
        "",
        "?",
        "?from=2019-13&to=x&grain=week&lang=de",
        "?from=19-1",
        "?from=0000-01&to=0000-12",
        "?from=²019-01&to=2019-²",
        "?to=2019-" + "1" * 5000,
    ],
)
def test_what_cannot_be_read_counts_as_not_asked_for(search: str | None) -> None:
    assert Address.read(search) == Address()


@pytest.mark.parametrize("forged", [5, True, ["?unit=a"], {"unit": "a"}])
def test_what_is_no_text_asks_for_nothing(forged: object) -> None:
    assert Address.read(forged) == Address()


def test_half_a_letter_becomes_a_question_mark() -> None:
    assert Address.read("?unit=\ud800x") == Address(unit="?x")
