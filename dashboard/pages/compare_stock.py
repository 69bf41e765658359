"""How long the stock lasts, by whose average: ours where consumption is reported, else the source's own."""

from dashboard.i18n import t
from dashboard.pages.compare_reading import STOCK, Reading, series, source_name, value_at


def stock_months(reading: Reading, unit: int) -> float | None:
    """Months of stock of a place in the period looked at; None without stock or an average above 0."""
    if reading.lasting is not None:
        return value_at(reading.lasting.value[unit], reading.at)
    stock = value_at(series(reading.comparison, "commodity", STOCK, unit=unit), reading.at)
    average = value_at(series(reading.comparison, "commodity", "amc_reported", unit=unit), reading.at)
    return None if stock is None or not average else stock / average


def whose_average(reading: Reading) -> str:
    """What months of stock are here: stock over which average of whom."""
    if reading.lasting is not None:
        return t("compare.months_of_ours", months=reading.country.logistics.months)
    return t("compare.months_definition", source=source_name(reading, "commodity"))
