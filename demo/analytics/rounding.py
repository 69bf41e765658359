"""Figures as DHIS2 writes them: two decimals, halves away from zero, and Java's way of printing a double."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

DECIMALS = 2
UNROUNDED = 10


def halves_up(value: float, decimals: int) -> float:
    """Rounds the shortest decimal form of VALUE; halves go away from zero.

    >>> halves_up(0.125, 2), halves_up(2.675, 2)
    (0.13, 2.68)
    """
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def as_text(value: float) -> str:
    """Writes a double as Java does.

    >>> as_text(150.0), as_text(12345678.0), as_text(0.0001)
    ('150.0', '1.2345678E7', '1.0E-4')
    """
    size = abs(value)
    if value == 0 or 1e-3 <= size < 1e7:
        return repr(float(value)) if "e" not in repr(float(value)) else f"{value:f}"
    digits, exponent = f"{Decimal(repr(float(value))):E}".split("E")
    sign = "" if int(exponent) >= 0 else "-"
    mantissa = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{sign}{abs(int(exponent))}"


def as_total(value: float, skip_rounding: bool) -> str:
    """Writes the total of an element, an operand or a reporting rate: whole numbers without a point.

    >>> as_total(222.0, False), as_total(33.3333, False), as_total(222.0, True)
    ('222', '33.33', '222.0')
    """
    if skip_rounding:
        return as_text(halves_up(value, UNROUNDED))
    short = value if value == int(value) else halves_up(value, DECIMALS)
    return str(int(short)) if short == int(short) else as_text(short)


def rounded(value: float, decimals: int | None, skip_rounding: bool) -> str:
    """Writes a part of an indicator: with its own decimals if it has any.

    >>> rounded(58.1176, None, False), rounded(58.1176, 0, False), rounded(150, None, False)
    ('58.12', '58', '150.0')
    """
    if skip_rounding:
        return as_text(halves_up(value, UNROUNDED))
    if decimals == 0:
        return str(int(halves_up(value, 0)))
    return as_text(halves_up(value, decimals or DECIMALS))
