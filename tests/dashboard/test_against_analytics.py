"""Totals on Compare beside DHIS2's own analytics of the same figures."""

import time
from collections.abc import Iterator

import pytest

from accounts.scope import Scope, Unit
from countries import Country
from dashboard.queries import Figures
from dashboard.questions import Question
from loaders.dhis2 import Basic, Client
from loaders.snapshot import Snapshots
from tests.filled import Filled

MONTHS = "201812;201901;201902;201903;201904;201905;201906;201907;201908;201909"


@pytest.fixture(scope="module")
def dhis2(civ_filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A DHIS2 with the Ivorian figures whose analytics tables are built."""
    folder = tmp_path_factory.mktemp("analytics")
    with (
        civ_filled.serving(folder) as address,
        Client(address, Basic("admin", "district")) as client,
    ):
        started = client.send("POST", "/api/resourceTables/analytics")
        notes = started["response"]["relativeNotifierEndpoint"]
        while not any(note["completed"] for note in client.get(notes)):
            time.sleep(0.2)
        yield client


@pytest.mark.parametrize("level", [2, 3, 4])
@pytest.mark.parametrize(
    ("pair", "side", "measure", "codes", "combo"),
    [
        ("pill", "commodity", "consumed", ("AS27000", "AS27132"), "Consumption"),
        ("implant", "commodity", "received", ("AS27137", "AS27138"), "Received"),
        ("injectable-3m", "service", "count", ("INJECTION3_WOMEN_NEW", "INJECTION3_WOMEN_OLD"), None),
    ],
)
def test_totals_equal_analytics_where_dhis2_keeps_zeros(
    dhis2: Client, civ_data: Snapshots, civ: Country, level: int, pair: str, side: str, measure: str,
    codes: tuple[str, ...], combo: str | None,
) -> None:  # fmt: skip
    root = next(iter(civ_data.current().read("org_units")["id"]))
    ours = our_totals(Figures(civ_data, civ), root, (pair, side, measure), level)
    theirs = analytics_totals(dhis2, codes, combo, level)
    nobody_reports = side == "service" and level == 4
    assert (len(theirs) > 50) is not nobody_reports
    # Its tables leave zeros out, so a total of zero has no row there.
    assert {key: value for key, value in ours.items() if value} == {k: v for k, v in theirs.items() if v}


def our_totals(
    figures: Figures, root: str, what: tuple[str, str, str], level: int
) -> dict[tuple[str, str], float]:
    pair, side, measure = what
    everything = Scope((Unit(root, f"/{root}", 1),), None)
    parents = [root]
    for _ in range(level - 2):
        parents = [child for unit in parents for child in figures.children(unit, everything)["id"]]
    found = {}
    for unit in parents:
        rows = figures.compare(Question(unit, pair, 201812, 201909), everything).rows()
        rows = rows[(rows["side"] == side) & (rows["measure"] == measure) & (rows["item"] == "total")]
        rows = rows[(rows["level"] == level) & rows["value"].notna()]
        periods = rows["period"].str.replace("-", "")
        found |= dict(zip(zip(rows["unit_id"], periods, strict=True), rows["value"], strict=True))
    return found


def analytics_totals(
    dhis2: Client, codes: tuple[str, ...], combo: str | None, level: int
) -> dict[tuple[str, str], float]:
    fields = ("fields", "id,code,categoryCombo[categoryOptionCombos[id,name]]")
    asked = []
    for each in dhis2.get("/api/dataElements", [fields, ("paging", "false")])["dataElements"]:
        if each.get("code") in codes:
            options = [o["id"] for o in each["categoryCombo"]["categoryOptionCombos"] if o["name"] == combo]
            asked += [f"{each['id']}.{option}" for option in options] if combo else [each["id"]]
    totals: dict[tuple[str, str], float] = {}
    question = [("dimension", f"dx:{';'.join(asked)}"), ("dimension", f"pe:{MONTHS}"), ("skipMeta", "true")]
    answer = dhis2.get("/api/analytics", [*question, ("dimension", f"ou:LEVEL-{level}")])
    for _, period, unit, value in answer["rows"]:
        totals[unit, period] = totals.get((unit, period), 0.0) + float(value)
    return totals
