"""A figure in DHIS2 that is wrong, corrected there, and wrong once more: what becomes of its alert."""

from collections.abc import Callable, Iterator

import pytest
import requests

from dashboard.alerts_look import AlertLook
from dashboard.logistics import LogisticsDesk
from dashboard.queries import Figures
from installation import everything
from ledger.alerts import Alert, Alerts
from ledger.database import Database
from tests.conftest import synced
from tests.servers import demo_server
from tests.tiny import seed
from tests.tiny.names import uid

ADMIN = ("admin", "district")
PLACE, MONTH = "NORD_KAFINE", 202511


@pytest.fixture(scope="module")
def dhis2(tmp_path_factory) -> Iterator[str]:
    """An embedded DHIS2 of its own, in which figures are changed."""
    folder = tmp_path_factory.mktemp("corrections")
    with demo_server(folder / "data", "--seed", str(seed.write_seed(folder / "seed"))) as address:
        yield address


@pytest.fixture
def after_entering(dhis2, tiny, tmp_path) -> Callable[[int], list[Alert]]:
    """What is known of the figure's alerts once another value was entered, synced and looked at."""
    database = Database.open(tmp_path / "tandem.sqlite3")
    database.migrate()

    def enter(value: int) -> list[Alert]:
        cell = {"dataElement": uid("element", "SVC_TESTED"), "orgUnit": uid("facility", PLACE)}
        rows = {"dataValues": [{**cell, "period": str(MONTH), "value": str(value)}]}
        answer = requests.post(f"{dhis2}/api/dataValueSets", json=rows, auth=ADMIN, timeout=30)
        assert answer.status_code == 200, answer.text
        figures = Figures(synced(dhis2, tiny, tmp_path / "snapshot"), tiny)
        AlertLook(database, LogisticsDesk(figures), everything(figures)).look()
        every = Alerts(database).of()
        return [each for each in every if (each.unit, each.subject) == (cell["orgUnit"], "SVC_TESTED")]

    return enter


def test_an_alert_closes_when_its_figure_is_corrected_in_dhis2_and_comes_back_with_a_wrong_one(
    after_entering,
):
    right = seed.tested(PLACE, MONTH)
    [found] = after_entering(10 * right)
    assert (found.code, found.month, found.status) == ("high", MONTH, "new")
    assert (found.facts["value"], found.facts["mistake"]) == (10 * right, "times_ten")

    [corrected] = after_entering(right)
    assert (corrected.status, corrected.outcome) == ("closed", "corrected")

    [again] = after_entering(20 * right)
    assert (again.id, again.status, again.facts["value"]) == (found.id, "new", 20 * right)
