import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.gtin import check_digit, stored_gtin

BODIES = st.sampled_from([7, 11, 12, 13]).flatmap(
    lambda length: st.text("0123456789", min_size=length, max_size=length)
)


@given(body=BODIES)
def test_a_number_with_its_check_digit_is_kept_in_14_digits(body):
    code = f"{body}{check_digit(body)}"
    assert stored_gtin(code) == stored_gtin(code.zfill(14)) == code.zfill(14)


@given(body=BODIES, place=st.integers(0, 6), by=st.integers(1, 9))
def test_one_wrong_digit_is_always_found(body, place, by):
    code = f"{body}{check_digit(body)}"
    wrong = f"{code[:place]}{(int(code[place]) + by) % 10}{code[place + 1 :]}"
    with pytest.raises(ValueError, match="check digit"):
        stored_gtin(wrong)


@pytest.mark.parametrize("code", ["", "123", "400638133393１", "40063813339a1", "123456789012345"])
def test_what_is_no_number_of_a_trade_item_is_named(code):
    with pytest.raises(ValueError, match="8, 12, 13 or 14 digits"):
        stored_gtin(code)
