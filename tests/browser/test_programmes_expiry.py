"""What expires, what was lost and how orders come, on Programmes, where stores write slips."""

from datetime import date

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from countries.configuration import Country
from loaders.snapshot import Snapshots
from tests.browser.axe import ALL, violations
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

# A programme of hospitals, and the end of a month that is over: what stood then does not change any more.
PLACE = "/programmes?programme=child"
THEN = date(2026, 9, 30)
ROWS = "#programmes-expiring tbody tr"


def opened(visit: Visit, path: str, **look: object) -> Page:
    page = visit(path, **look)
    page.wait_for_selector("#programmes:not(.waiting) #programmes-heat td a")
    return page


def standing(data: Snapshots, day: date) -> pd.DataFrame:
    """The lots that stood somewhere at the end of a day, with the code and the pack of each."""
    snapshot = data.current()
    assert snapshot is not None
    lots, items = snapshot.read("lots"), snapshot.read("store_items").drop_duplicates("id").set_index("id")
    there = lots[lots["as_of"].dt.date == day]
    return there.assign(
        code=there["item"].astype(str).map(items["code"]),
        packs=there["quantity"] / there["item"].astype(str).map(items["pack_size"]),
    )


def test_each_lot_at_risk_is_one_that_stood_there_with_its_date_and_its_packs(
    whotopia_visit: Visit, whotopia_data: Snapshots, whotopia: Country
) -> None:
    page = opened(whotopia_visit, f"{PLACE}&month=2026-09&lang=en")
    shown = page.locator(ROWS).all()
    assert shown
    names = {item.name["en"]: code for code, item in whotopia.items.items()}
    stood, dates = standing(whotopia_data, THEN), []
    for row in shown:
        product, lot, expires, risk, there, where = row.locator("th, td").all_inner_texts()
        lots = stood[(stood["code"] == names[product]) & (stood["lot"].fillna("–") == lot)]
        lots = lots[lots["expiry"].dt.strftime("%-d %b %Y") == expires]
        expired = lots["expiry"].iloc[0].date() <= THEN
        assert risk.endswith(", expired") == expired == (row.get_attribute("class") == "gone")
        assert 0 < int(risk.removesuffix(", expired")) <= int(there) <= lots["packs"].sum()
        assert 1 <= len(where.split(", ")) <= lots["org_unit"].nunique()
        dates.append(lots["expiry"].iloc[0])
    assert dates == sorted(dates)
    assert dates[0].date() <= THEN < dates[-1].date()


def test_the_panel_is_of_the_month_and_the_language_that_are_asked_for(whotopia_visit: Visit) -> None:
    page = opened(whotopia_visit, f"{PLACE}&month=2026-09&lang=fr")
    expect(page.locator("#programmes-expiring caption")).to_contain_text("30 sept. 2026")
    expect(page.locator("#programmes-losses thead th").nth(1)).to_have_text("sept. 2026")
    expect(page.locator("#programmes-slips-orders")).to_contain_text("Commandes de douze mois")
    expect(page.locator("#programmes-slips-notes")).to_contain_text("Jours sans stock en sept. 2026")
    expect(page.locator(f"{ROWS}.gone td").nth(2)).to_contain_text(", périmées")
    assert page.locator("#programmes-slips-face").inner_text() == ""
    page.locator("#programmes-month").select_option("2026-08")
    expect(page.locator("#programmes-slips-notes")).to_contain_text("août 2026")


def test_a_programme_whose_products_no_store_writes_slips_of_says_so(whotopia_visit: Visit) -> None:
    page = opened(whotopia_visit, "/programmes?programme=malaria&lang=en")
    expect(page.locator("#programmes-slips-face")).to_contain_text("No store here writes slips")
    for table in ("expiring", "losses"):
        expect(page.locator(f"#programmes-{table}")).to_be_hidden()


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(360, "dark", "fr"), (768, "light", "en"), (1440, "dark", "fr")]
)
def test_the_panel_hinders_nobody_and_is_no_wider_than_the_window(
    whotopia_visit: Visit, width: int, scheme: str, language: str
) -> None:
    page = opened(whotopia_visit, f"{PLACE}&month=2026-09&lang={language}", width=width, scheme=scheme)
    assert page.locator(ROWS).count()
    assert violations(page, ALL) == []
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
