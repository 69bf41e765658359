"""Which values of DHIS2 carry a mark for follow-up because of an alert."""

from dashboard.holdings import Holding
from ledger.alerts import CLOSED, OUTCOMES, QUALITY, Alert

Cell = dict[str, str]


def cell_of(alert: Alert, holding: Holding) -> Cell | None:
    """The one value of DHIS2 that an alert is about; None where it is about several, or none.

    Args:
        alert: which.
        holding: knows in which option combo each figure stands.
    """
    if alert.kind != QUALITY or ":" in alert.subject or alert.facts.get("months", 1) != 1:
        return None
    items = holding.rollup.items
    ids = items["id"][(items["code"] == alert.subject).to_numpy()].astype(str).tolist()
    cells = holding.snapshot.read("cells")
    measure = str(alert.facts.get("measure"))
    options = cells["option"][(cells["item"].isin(ids) & (cells["measure"] == measure)).to_numpy()].unique()
    if len(ids) != 1 or len(options) != 1:
        return None
    return {
        "dataElement": ids[0],
        "period": str(alert.month),
        "orgUnit": alert.unit,
        "categoryOptionCombo": str(options[0]),
    }


def is_marked(alert: Alert) -> bool:
    """Whether an alert wants its value followed up: until somebody says what it was."""
    return alert.status not in (*OUTCOMES, CLOSED)
