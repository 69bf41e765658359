"""The years of which a DHIS2 holds values, so that a pull need not ask for the others."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from loaders.dhis2 import Client, ValueQuery

CREEPING = 3  # years: where an answer brings no more than that, the next question leaps further


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
        first, last = pool.submit(_outermost, any_in, some, low), pool.submit(_outermost, any_in, some, high)
        return first.result(), last.result()


def _outermost(any_in: Callable[[int, int], int | None], known: int, bound: int) -> int:
    """The year with a value that is nearest to `bound`; `known` has one.

    All the rest is asked for at once: most often it holds nothing, or its answer leaps far. Where answers
    creep on year by year, more and more years are leapt over.
    """
    outward = 1 if bound > known else -1
    leap = 0
    while known != bound:
        near = known + outward * (1 + leap)
        near = min(near, bound) if outward > 0 else max(near, bound)
        found = any_in(min(near, bound), max(near, bound))
        if found is not None:
            known, leap = found, 2 * leap + 1 if abs(found - near) < CREEPING else 0
        elif near == known + outward:
            return known
        else:
            bound, leap = near - outward, 0
    return known
