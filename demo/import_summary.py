"""What an import did: counts and conflicts, as DHIS2 sums them up."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from flask import Response

from demo.store import Object
from demo.web import web_message

CONFLICTED = "One more conflicts encountered, please check import summary."
FAILED = "An error occurred, please check import summary."


@dataclass
class Summary:
    """Counts and conflicts of one import.

    Attributes:
        description: how the process ended.
        complete: what `dataSetComplete` says; None leaves it out.
        failed: whether nothing could be imported at all.
        status_by_conflicts: whether a conflict makes it a WARNING (not so for registrations).
    """

    description: str = "Import process completed successfully"
    complete: str | None = "false"
    failed: bool = False
    status_by_conflicts: bool = True
    imported: int = 0
    updated: int = 0
    ignored: int = 0
    deleted: int = 0
    rejected: set[int] = field(default_factory=set)
    _conflicts: dict[str, Object] = field(default_factory=dict)

    def conflict(
        self, code: str, message: str, about: str, objects: Object, index: int | None = None
    ) -> None:
        """Adds a conflict; equal ones are told once, with the index of every row.

        Args:
            code: `E7610` and the like.
            message: what is wrong.
            about: the property of the row that it is about.
            objects: what is involved, by name; the first is the conflict's `object`.
            index: the row; None when it is about the whole request.
        """
        key = json.dumps([code, about, objects, message])
        found = self._conflicts.setdefault(
            key,
            {
                **({"object": next(iter(objects.values()))} if objects else {}),
                "objects": objects,
                "value": message,
                "errorCode": code,
                "property": about,
            },
        )
        if index is not None:
            found.setdefault("indexes", []).append(index)
            self.rejected.add(index)

    def missing(self, thing: str, message: str) -> None:
        """Adds a conflict that has no code: something the whole request needs and lacks."""
        self.complete = None
        self.remark(thing, message)

    def remark(self, about: str | None, message: str) -> None:
        """Adds a conflict that has neither code nor row; equal ones are told once."""
        self._conflicts[f"{about}:{message}"] = {**({"object": about} if about else {}), "value": message}

    def abort(self, description: str) -> Summary:
        """Marks the import as failed and returns it."""
        self.failed, self.description, self.complete = True, description, None
        return self

    @property
    def conflicts(self) -> list[Object]:
        """The conflicts, in the order they were met."""
        return list(self._conflicts.values())

    @property
    def status(self) -> str:
        """SUCCESS, WARNING (good rows are kept) or ERROR (nothing is)."""
        warned = self.status_by_conflicts and self._conflicts
        return "ERROR" if self.failed else "WARNING" if warned else "SUCCESS"

    def body(self) -> Object:
        """Returns the summary as DHIS2 writes it."""
        counts = {
            "imported": self.imported,
            "updated": self.updated,
            "ignored": self.ignored,
            "deleted": self.deleted,
        }
        body: Object = {
            "status": self.status,
            "description": self.description,
            "importCount": counts,
            "conflicts": self.conflicts,
            "rejectedIndexes": sorted(self.rejected),
        }
        if self.complete is not None:
            body["dataSetComplete"] = self.complete
        return {**body, "responseType": "ImportSummary"}

    def response(self) -> Response:
        """Returns the HTTP answer: 200 only when there was no conflict."""
        if self.status == "SUCCESS":
            return web_message(200, "Import was successful.", response=self.body())
        message = FAILED if self.failed else CONFLICTED
        return web_message(409, message, response=self.body(), level=self.status)
