"""How the tests ask analytics."""

import time
from typing import Any

from tests.demo.conftest import Asking


def build_tables(admin: Asking, **params: Any) -> dict[str, Any]:
    """Builds the tables and waits for the job; returns its last notification."""
    started = admin("POST", "/api/resourceTables/analytics", params=params).json()
    where = started["response"]["relativeNotifierEndpoint"]
    for _ in range(200):
        notes = admin("GET", where).json()
        if any(note["completed"] for note in notes):
            return notes[0]
        time.sleep(0.05)
    raise AssertionError(f"the job did not end: {notes}")


def ask(admin: Asking, *dimensions: str, path: str = "/api/analytics", **params: Any) -> Any:
    """Asks with dimensions; a filter is written with a leading ``~``."""
    pairs = [("filter" if d.startswith("~") else "dimension", d.lstrip("~")) for d in dimensions]
    return admin("GET", path, params=[*pairs, *params.items()]).json()


def values(admin: Asking, *dimensions: str, **params: Any) -> dict[tuple[str, ...], str]:
    """The rows as a mapping from the dimensions' items to the value."""
    return {tuple(row[:-1]): row[-1] for row in ask(admin, *dimensions, **params)["rows"]}


def refusal(admin: Asking, *dimensions: str, **params: Any) -> str:
    """The error code of a question that is refused."""
    return str(ask(admin, *dimensions, **params).get("errorCode"))
