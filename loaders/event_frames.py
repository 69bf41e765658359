"""The frames of what is written slip by slip: the events themselves, and what they add up to."""

from collections.abc import Mapping

from loaders.columns import DAY, ID, MAYBE, MAYBE_ID, MONTH, NUMBER, TEXT, UTC_TIME, Column, among

EVENT_FIGURES: Mapping[str, Mapping[str, Column]] = {
    # Slips, orders and receipts one by one, as DHIS2's events tell them; quantities in dispensing units.
    "events": {
        "event": TEXT,
        "role": Column("category", rule=among("movements", "orders", "receipts"), says="is no role"),
        "org_unit": ID,
        "item": ID,
        "kind": MAYBE_ID,
        "quantity": Column("float64", rule=lambda v: v >= 0, says="is below zero"),
        "lot": MAYBE,
        "expiry": Column(DAY, nullable=True),
        "reason": MAYBE,
        "number": MAYBE,
        "day": Column(DAY),
        "happened": Column(UTC_TIME),
        "updated_at": Column(UTC_TIME),
    },
    # What stood in a store by lot: `as_of` each month's end, and the day of the last slip that it wrote.
    "lots": {
        "org_unit": ID,
        "item": ID,
        "lot": MAYBE,
        "expiry": Column(DAY, nullable=True),
        "quantity": NUMBER,
        "as_of": Column(DAY),
    },
    # What stood at the end of a day, all lots together, and up to the day of the next row.
    "balances": {"org_unit": ID, "item": ID, "day": Column(DAY), "balance": NUMBER},
    "losses": {
        "org_unit": ID,
        "item": ID,
        "month": MONTH,
        "reason": TEXT,
        "expired": Column("bool"),
        "quantity": NUMBER,
    },
    # What was issued less what came back, of the months in which a store wrote anything.
    "issues": {"org_unit": ID, "item": ID, "month": MONTH, "quantity": NUMBER},
    "orders": {
        "org_unit": ID,
        "item": ID,
        "number": TEXT,
        "ordered_on": Column(DAY, nullable=True),
        "ordered": Column("float64", nullable=True),
        "promised_on": Column(DAY, nullable=True),
        "received_on": Column(DAY, nullable=True),
        "received": Column("float64", nullable=True),
    },
}
EVENT_KEYS: Mapping[str, tuple[str, ...]] = {
    "events": ("event",),
    "lots": ("org_unit", "item", "as_of", "lot"),
    "balances": ("org_unit", "item", "day"),
    "losses": ("org_unit", "item", "month", "reason"),
    "issues": ("org_unit", "item", "month"),
    "orders": ("org_unit", "item", "number"),
}
