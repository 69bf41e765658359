"""The years of which a DHIS2 holds values, so that a pull need not ask for the others."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from loaders.dhis2 import Client, ValueQuery


def years_with_values(client: Client, query: ValueQuery, today: date) -> tuple[int, int] | None:
    """The first and the last year that hold a value; None when there is no value.

    Any one value tells a year that holds some; then one question each way often is enough.

    Args:
        client: the DHIS2.
        query: forms and units.
        today: the server's day; forms may be open for the year after it.
    """

    def any_in(first: int, last: int) -> int | None:
        """The year of some value between two years."""
        params = [("dataSet", form) for form in query.data_sets]
        params += [("orgUnit", unit) for unit in query.org_units]
        params += [("startDate", f"{first}-01-01"), ("endDate", f"{last}-12-31")]
        values = client.get("/api/dataValueSets", [*params, ("children", "true"), ("limit", "1")])
        periods = [str(value["period"]) for value in values.get("dataValues", [])]
        return min(max(int(periods[0][:4]), first), last) if periods else None

    low, high = query.start.year, today.year + 1
    some = any_in(low, high)
    if some is None:
        return None
    with ThreadPoolExecutor(2, thread_name_prefix="years") as pool:
        first, last = pool.submit(_first, any_in, low, some), pool.submit(_last, any_in, some, high)
        return first.result(), last.result()


def _first(any_in: Callable[[int, int], int | None], low: int, known: int) -> int:
    """The first year with a value from `low` on; `known` has one."""
    until = known - 1
    while low < known:
        found = any_in(low, until)
        if found is None:
            low = until + 1
        else:
            known = found
        until = min((low + known) // 2, known - 1)
    return known


def _last(any_in: Callable[[int, int], int | None], known: int, high: int) -> int:
    """The last year with a value up to `high`; `known` has one."""
    since = known + 1
    while known < high:
        found = any_in(since, high)
        if found is None:
            high = since - 1
        else:
            known = found
        since = max((known + high + 1) // 2, known + 1)
    return known
