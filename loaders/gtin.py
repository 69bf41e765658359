"""Trade item numbers (GTIN) as a product list may hold them: checked, and of one length.

Source: GS1 General Specifications, check digit calculation; OpenLMIS reference data service, which keeps 14
digits.
"""

from __future__ import annotations

LENGTHS = (8, 12, 13, 14)


def stored_gtin(code: str) -> str:
    """A trade item number in 14 digits.

    Args:
        code: 8, 12, 13 or 14 digits, the last of them the check digit.

    Raises:
        ValueError: it is none, or was mistyped.

    >>> stored_gtin("4006381333931")
    '04006381333931'
    """
    digits = code.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) in LENGTHS):
        raise ValueError(f"{code!r} is no trade item number: it must have 8, 12, 13 or 14 digits.")
    if check_digit(digits[:-1]) != int(digits[-1]):
        raise ValueError(
            f"The check digit of trade item number {code!r} is wrong: read it from the pack again."
        )
    return digits.zfill(14)


def check_digit(digits: str) -> int:
    """The digit that makes a number whole: weights 3 and 1 from the right, up to the next ten.

    >>> check_digit("400638133393")
    1
    """
    return -sum(int(digit) * (3 - 2 * (at % 2)) for at, digit in enumerate(reversed(digits))) % 10
