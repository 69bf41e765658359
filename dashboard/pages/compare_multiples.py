"""What the small charts of the places below say together: units, and how they are read."""

from dashboard import i18n
from dashboard.i18n import t
from dashboard.pages.compare_reading import STOCK, Reading
from dashboard.pages.compare_together import APART_BY_NATURE


def units(reading: Reading) -> dict[str, str]:
    """What each side counts, which chart is which in one sentence, and what the usual order is called."""
    pair, language = reading.pair, i18n.language()
    service = pair.service_unit[language]
    commodity = (
        t("compare.column_stock") if reading.measure("commodity") == STOCK else pair.commodity_unit[language]
    )
    if reading.address.view == "pairs":
        key = t("views.multiples_key_pairs", period=reading.label)
    else:
        key = t("views.multiples_key", service=service, commodity=commodity, period=reading.label)
    order = t("views.sort_country" if reading.address.view == "pairs" else "views.sort_size")
    compared = pair.kind not in APART_BY_NATURE or reading.address.view == "pairs"
    note = t("together.note", period=reading.label) if compared else ""
    return {"service": service, "commodity": commodity, "key": key, "order": order, "note": note}
