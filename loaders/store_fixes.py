"""What an administrator may change in DHIS2 so that it holds what stores record: shown before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from loaders.store_form import FormNames, told_form

if TYPE_CHECKING:
    from loaders.dhis2 import Client

OPEN_MONTH, KEEP_ZEROS = "open_month", "keep_zeros"
FIXES = (OPEN_MONTH, KEEP_ZEROS)


@dataclass(frozen=True)
class Change:
    """One property of one object: `path` below `/api`, its name, and what it is and shall be."""

    path: str
    name: str
    property: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"PATCH /api/{self.path} ({self.name}): {self.property} {self.before} -> {self.after}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def changes_of(client: Client, names: FormNames, fix: str) -> list[Change]:
    """What a fix changes; nothing where it is done already.

    Args:
        client: an account that may read the form.
        names: what the form is called.
        fix: one of `FIXES`.

    Raises:
        SourceError: the form is not found.
    """
    form = told_form(client, names)
    if fix == OPEN_MONTH:
        ahead = int(form.get("openFuturePeriods") or 0)
        path = f"dataSets/{form['id']}"
        return [] if ahead >= 1 else [Change(path, form["name"], "openFuturePeriods", ahead, 1)]
    elements = [entry["dataElement"] for entry in form.get("dataSetElements", [])]
    return [
        Change(f"dataElements/{each['id']}", each["name"], "zeroIsSignificant", False, True)
        for each in sorted(elements, key=lambda element: str(element["name"]))
        if not each.get("zeroIsSignificant")
    ]


def carry_out(client: Client, changes: Sequence[Change]) -> None:
    """Change the metadata, object by object; what is changed already may be changed again.

    Raises:
        SourceError: the account may not, or DHIS2 refuses.
    """
    for each in changes:
        body = [{"op": "replace", "path": f"/{each.property}", "value": each.after}]
        client.send("PATCH", f"/api/{each.path}", body, repeatable=True)
