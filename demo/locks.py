"""When a form is open: future periods, expiry, exceptions from it, periods opened by date, approvals."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from demo.periods import Period, containing
from demo.store import Object, Store
from demo.users import User

EDIT_EXPIRED = "F_EDIT_EXPIRED"


def data_sets_of(store: Store, element: Object) -> list[Object]:
    """Returns the data sets that hold an element."""
    return [
        d
        for d in store.all("dataSets").values()
        if any(part["dataElement"]["id"] == element["id"] for part in d.get("dataSetElements", ()))
    ]


def latest_open(data_sets: list[Object], today: date) -> Period | None:
    """Returns the last period open for entry among the data sets of an element; None when it is in none.

    Zero future periods open the last period that is over, one the running period, and so on.
    """
    if not data_sets:
        return None
    ahead = max(int(d.get("openFuturePeriods") or 0) for d in data_sets)
    period = containing(data_sets[0]["periodType"], today)
    if ahead == 0:
        return containing(period.type, period.start - timedelta(days=1))
    for _ in range(ahead - 1):
        period = period.next()
    return period


def is_future(period: Period, latest: Period | None) -> bool:
    """Says whether a period ends after the latest open one, whatever the types of the two."""
    return latest is not None and period.end > latest.end


def is_expired(store: Store, user: User, data_set: Object, period: Period, unit: str) -> bool:
    """Says whether a data set is locked: its days of grace are over and no exception was made."""
    days = float(data_set.get("expiryDays") or 0)
    if days <= 0 or user.has(EDIT_EXPIRED):
        return False
    closes = datetime.combine(period.end + timedelta(days=1), datetime.min.time()) + timedelta(days=days)
    if store.clock.now() <= closes:
        return False
    found = store.execute(
        "SELECT 1 FROM lock_exceptions WHERE ds = ? AND pe = ? AND ou = ?", (data_set["id"], period.iso, unit)
    ).fetchone()
    return found is None


def is_shut_by_date(data_set: Object, period: Period, now: datetime) -> bool:
    """Says whether the data set opens periods by date and this one is not open now."""
    opened = data_set.get("dataInputPeriods") or []
    moment = now.isoformat(timespec="milliseconds")
    return bool(opened) and not any(
        (
            p["period"].get("id") == period.iso
            and (p.get("openingDate") or "") <= moment <= (p.get("closingDate") or "9999")
        )
        for p in opened
    )


def approved_units(store: Store, data_set: Object, period: Period) -> set[str]:
    """Returns the units whose month somebody approved, each with all below it."""
    if not data_set.get("workflow"):
        return set()
    rows = store.execute("SELECT ou FROM approvals WHERE ds = ? AND pe = ?", (data_set["id"], period.iso))
    return {row["ou"] for row in rows}


def is_approved(store: Store, data_set: Object, period: Period, unit: Object) -> bool:
    """Says whether a unit's month was approved, there or above: superusers may not change it either."""
    return bool(approved_units(store, data_set, period).intersection(unit["path"].split("/")))
