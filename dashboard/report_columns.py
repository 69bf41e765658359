"""What the columns of a monthly report's workbook are called, and in which order they stand."""

import pandas as pd

from dashboard.i18n import t

PLACE = {"unit_name": "report.column.place", "unit_id": "report.column.place_id"}
PRODUCT = {"item_name": "report.column.product", "item": "report.column.product_code"}
STOCK = {
    "programme": "programmes.programme",
    **PLACE,
    **PRODUCT,
    "counted_in": "report.column.counted_in",
    "stock": "report.column.stock",
    "average_monthly_consumption": "report.column.average",
    "months_of_stock": "report.column.months_of_stock",
    "consumption": "report.column.consumption",
    "received": "report.column.received",
    "lost": "report.column.lost",
    "places_out": "report.column.places_out",
    "places_reported": "report.column.places_reported",
    "places_expected": "report.column.places_expected",
}
TRANSFERS = {
    **PRODUCT,
    "donor_name": "report.column.donor",
    "donor_district": "report.column.donor_district",
    "receiver_name": "report.column.receiver",
    "receiver_district": "report.column.receiver_district",
    "packs": "report.column.packs",
    "quantity": "report.column.quantity",
    "kilometres": "report.column.kilometres",
    "same_district": "report.column.same_district",
    "expiry_known": "report.column.expiry_known",
    "donor_before": "report.column.donor_before",
    "donor_after": "report.column.donor_after",
    "receiver_before": "report.column.receiver_before",
    "receiver_after": "report.column.receiver_after",
    "givers": "report.column.givers",
    "donor": "report.column.donor_id",
    "receiver": "report.column.receiver_id",
}
COVERAGE = {
    "coverage_name": "report.column.coverage",
    "coverage": "report.column.coverage_code",
    **PLACE,
    "months": "report.column.window",
    "services": "report.column.services",
    "expected_services": "report.column.expected_services",
    "value": "report.column.share",
    "n_reported": "report.column.reports",
    "n_expected": "report.column.reports_expected",
    "population_year": "report.column.population_year",
}
LOTS = {
    **PRODUCT,
    "lot": "slips.lot",
    "expiry": "slips.date",
    **PLACE,
    "stock": "report.column.held",
    "at_risk": "report.column.at_risk",
    "expired": "report.column.expired",
    "average": "report.column.average",
}

# Figures that are quotients, as they are read; the cells hold all their digits.
FORMATS = {
    "report.column.average": "#,##0.0",
    "report.column.months_of_stock": "0.00",
    "report.column.kilometres": "0.0",
    "report.column.donor_before": "0.00",
    "report.column.donor_after": "0.00",
    "report.column.receiver_before": "0.00",
    "report.column.receiver_after": "0.00",
    "report.column.expected_services": "#,##0.0",
    "report.column.share": "0.0%",
}


def formats() -> dict[str, str]:
    """How a spreadsheet shows the figures of a column, by its name in the reader's language."""
    return {t(key): shown for key, shown in FORMATS.items()}


def named(tables: list[pd.DataFrame], names: dict[str, str]) -> pd.DataFrame:
    """Tables of one kind below each other, their columns named in the reader's language.

    Args:
        tables: any number, each with at least the columns that are named; empty ones are left out.
        names: the catalogue's key of each column, in the order of the sheet.

    >>> named([], {}).shape
    (0, 0)
    """
    filled = [each for each in tables if len(each)]
    rows = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(names))
    return rows[list(names)].rename(columns={name: t(key) for name, key in names.items()})
