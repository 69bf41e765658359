"""What becomes of a change to a staggered quarter, from DHIS2 to the roll-up, on a small Whotopia."""

from collections.abc import Iterator

import pandas as pd
import pytest

from countries import load_country
from dashboard.holdings import build
from indicators.compare import PairItems, View, compare
from indicators.periods import last_months, month_number, month_of
from tests.loaders.synced_site import Site

ITEM = "MAL_RDT"


@pytest.fixture(scope="module")
def site(whotopia_filled, tmp_path_factory) -> Iterator[Site]:
    """Synced once; every test changes a cell of its own."""
    folder = tmp_path_factory.mktemp("quarters")
    with whotopia_filled.serving(folder / "data") as url:
        site = Site(url, folder, load_country("whotopia"))
        assert site.sync().kind == "full"
        yield site


def quarters(site: Site, measure: str = "consumed") -> pd.DataFrame:
    """The quarterly values of the item, newest first."""
    snapshot = site.snapshots.current()
    items = snapshot.read("items").set_index("id")["code"]
    values = snapshot.read("values")
    code = values["item"].astype("str").map(items)
    found = values[(code == ITEM) & (values["months"] == 3) & (values["measure"] == measure)]
    return found.sort_values(["month", "org_unit"], ascending=False)


def of_phase(site: Site, phase: int) -> pd.Series:
    """A consumption above zero of a unit whose quarters begin in months that leave this rest by three."""
    found = quarters(site)
    return found[(month_number_of(found) % 3 == phase) & (found["value"] > 3)].iloc[phase]


def month_number_of(rows: pd.DataFrame) -> pd.Series:
    return rows["month"].map(month_number)


def cell(site: Site, row: pd.Series, **more: object) -> dict:
    """The row as DHIS2 holds it: in the window's last month."""
    last = month_of(month_number(int(row["month"])) + 2)
    nation = site.plain.get("organisationUnits", fields="code", level="1")["organisationUnits"][0]["code"]
    told = site.value(element=ITEM, option="Consumption", unit=nation, period=str(last), **more)
    return told | {"orgUnit": str(row["org_unit"])}


def now(site: Site, row: pd.Series) -> pd.DataFrame:
    found = quarters(site)
    return found[(found["org_unit"] == row["org_unit"]) & (found["month"] == row["month"])]


def consumed(site: Site, row: pd.Series) -> list[float]:
    """The nation's and the unit's consumption in the three months of a row, month by month, summed."""
    rollup = build(site.snapshots.current())
    first = int(row["month"])
    last = month_of(month_number(first) + 2)
    assert last_months(last, 3)[0] == first
    units = (str(rollup.units["id"].iloc[0]), str(row["org_unit"]))
    views = (View(unit, first, last, children=False) for unit in units)
    lines = (
        compare(rollup, PairItems(commodities=(ITEM,)), view).line("commodity", "consumed") for view in views
    )
    return [float(line.value[0].sum()) for line in lines]


@pytest.mark.parametrize("phase", [0, 1, 2])
def test_a_changed_quarter_arrives_in_its_own_window_and_adds_up(site, phase):
    row, before_rows = of_phase(site, phase), len(quarters(site))
    before = consumed(site, row)
    assert before[1] == pytest.approx(row["value"])
    site.store(cell(site, row, value=str(int(row["value"]) + 300)))
    report = site.sync()
    assert (report.kind, report.changed, report.deleted) == ("changes", 1, 0)
    assert now(site, row)["value"].tolist() == [row["value"] + 300]
    assert len(quarters(site)) == before_rows
    after = consumed(site, row)
    assert [later - earlier for later, earlier in zip(after, before, strict=True)] == pytest.approx(
        [300, 300]
    )


def test_a_deleted_quarter_leaves_nothing_behind(site):
    row = of_phase(site, 1)
    before = consumed(site, row)[0]
    site.store(cell(site, row) | {"deleted": True})
    report = site.sync()
    assert (report.kind, report.deleted) == ("changes", 1)
    assert now(site, row).empty
    assert consumed(site, row)[0] == pytest.approx(before - row["value"])


def test_a_quarter_told_in_a_month_that_ends_none_is_kept_aside(site):
    row = of_phase(site, 2)
    wrong = cell(site, row, value="9") | {"period": str(int(row["month"]))}
    site.store(wrong)
    site.sync()
    rejected = site.snapshots.current().read("rejected")
    aside = rejected[(rejected["org_unit"] == row["org_unit"]) & (rejected["month"] == row["month"])]
    assert aside["value"].astype("str").tolist() == ["9"]
    assert now(site, row)["value"].tolist() == [row["value"]]
