"""Which months an address shows, and what of it could not be followed, said instead of silently put right."""

from collections.abc import Sequence

from dashboard import i18n
from dashboard.address import CHOICES, Address
from dashboard.i18n import t

Months = tuple[int, int]
MONTHS = ("from", "to")


def months_shown(address: Address, known: Months) -> Months:
    """The first and the last month to show, YYYYMM: within what is known, in their order.

    What the address leaves open is the last month that is known, and January of the year before it.

    >>> months_shown(Address(first=201909, last=201901), (201801, 201909))
    (201901, 201909)
    >>> months_shown(Address(last=203001), (201801, 201909))
    (201801, 201909)
    """
    first, last = _in_order(address)
    until = max(min(last or known[1], known[1]), known[0])
    since = max(first or (until // 100 - 1) * 100 + 1, known[0])
    return min(since, until), until


def _in_order(address: Address) -> tuple[int | None, int | None]:
    if address.first and address.last and address.first > address.last:
        return address.last, address.first
    return address.first, address.last


def put_right(address: Address, known: Months) -> list[str]:
    """What of an address could not be followed, a sentence each: what was asked, what is shown instead."""
    said = [_misread(name, given) for name, given in address.misread]
    first, last = _in_order(address)
    if (first, last) != (address.first, address.last):
        asked = {"first": i18n.month(address.first or 0), "last": i18n.month(address.last or 0)}
        said.append(t("put_right.turned", **asked))
    outside = [month for month in (first, last) if month and not known[0] <= month <= known[1]]
    if outside:
        shown = months_shown(address, known)
        words = dict(zip(("known_first", "known_last", "first", "last"), (*known, *shown), strict=True))
        months = {name: i18n.month(month) for name, month in words.items()}
        said.append(t("put_right.outside", asked=_listed(outside), **months))
    return said


def _listed(months: Sequence[int]) -> str:
    return ", ".join(i18n.month(month) for month in months)


def _misread(name: str, given: str) -> str:
    if name in MONTHS:
        return t("put_right.month", name=name, given=given)
    known = ", ".join(each for each in CHOICES[name] if each)
    return t("put_right.choice", name=name, given=given, known=known)


def not_a_period(address: Address, periods: Sequence[str], label: str) -> list[str]:
    """That the period to be looked at is not among those shown, and which one is looked at instead."""
    if not address.at or address.at in periods:
        return []
    return [t("put_right.period", given=address.at, label=label)]
