"""`POST /api/tracker`: events to create, update and delete, at once or as a job."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, request

from demo import jobs
from demo.event_rules import STATUSES, Fault, Judge
from demo.events import TABLE, Events
from demo.ids import is_uid, new_uid
from demo.store import Object
from demo.web import Refusal, answer, clock, current_user, flag, json_body, store, web_message

STRATEGIES = ("CREATE", "UPDATE", "CREATE_AND_UPDATE", "DELETE")
TYPES = ("TRACKED_ENTITY", "ENROLLMENT", "EVENT", "RELATIONSHIP")
JOB = "TRACKER_IMPORT_JOB"

blueprint = Blueprint("tracker_import", __name__)


def install(app: Flask) -> None:
    """Makes the table of events."""
    app.extensions["store"].create(TABLE)


@dataclass(frozen=True)
class Import:
    """How a payload shall be treated."""

    strategy: str
    all_or_nothing: bool
    only_check: bool


@dataclass
class Outcome:
    """What became of a payload."""

    total: int
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    committed: bool = False

    @property
    def stats(self) -> Object:
        """Counts; what was neither created, updated nor deleted was ignored."""
        done = {"created": len(self.created), "updated": len(self.updated), "deleted": len(self.deleted)}
        return {**done, "ignored": self.total - sum(done.values()), "total": self.total}

    def report(self) -> Object:
        """The import report."""
        errors = [
            {
                "message": f.message,
                "errorCode": f.code,
                "trackerType": "EVENT",
                "uid": uid,
                "args": list(f.args),
            }
            for uid, f in self.faults
        ]
        found: Object = {
            "status": "ERROR" if errors else "OK",
            "validationReport": {"errorReports": errors, "warningReports": []},
            "stats": self.stats,
        }
        if self.committed:
            found["bundleReport"] = {"typeReportMap": {kind: self._of_type(kind) for kind in TYPES}}
        return found

    def _of_type(self, kind: str) -> Object:
        stats = dict.fromkeys(("created", "updated", "deleted", "ignored", "total"), 0)
        uids: list[str] = []
        if kind == "EVENT":
            uids = [*self.created, *self.updated, *self.deleted]
            stats |= {
                "created": len(self.created),
                "updated": len(self.updated),
                "deleted": len(self.deleted),
                "total": len(uids),
            }
        reports = [{"trackerType": kind, "uid": uid, "errorReports": []} for uid in uids]
        return {"trackerType": kind, "stats": stats, "objectReports": reports}


def carry_out(events: Events, payload: list[Object], how: Import) -> Outcome:
    """Judges every event of a payload and keeps the good ones, or none if one is bad and all must be good."""
    outcome, good = Outcome(len(payload)), []
    judge = Judge(events.store, events.user, events.store.clock.today())
    with events.store.transaction():
        for sent in payload:
            event = {**events.completed(sent), "event": sent.get("event") or new_uid()}
            known = events.find(event["event"])
            if how.strategy == "DELETE":
                faults = judge.delete(event, known)
            else:
                faults = judge.create_or_update(event, known, how.strategy)
            outcome.faults += [(event["event"], found) for found in faults]
            if not faults:
                good.append((event, known))
        if how.only_check or (outcome.faults and how.all_or_nothing):
            return outcome
        for event, known in good:
            _keep(events, event, known, how, outcome)
        outcome.committed = bool(good) or not payload
    return outcome


def _keep(events: Events, event: Object, known: Object | None, how: Import, outcome: Outcome) -> None:
    if how.strategy == "DELETE" and known:
        events.delete(known)
        outcome.deleted.append(event["event"])
    else:
        (outcome.updated if known else outcome.created).append(events.keep(event, known))


def _payload() -> list[Object]:
    events = json_body().get("events", [])
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise Refusal(400, "events must be a list of objects")
    for event in events:
        _refuse_unreadable(event)
    return events


def _refuse_unreadable(event: Object) -> None:
    """Refuses what DHIS2 cannot even read as an event: an id, a status or a date of no such form."""
    uid, status = event.get("event"), event.get("status")
    if uid is not None and not is_uid(str(uid)):
        raise Refusal(400, "JSON parse error: UID must be an alphanumeric string of 11 characters")
    if status is not None and status not in STATUSES:
        raise Refusal(400, f"JSON parse error: {status} is none of {', '.join(sorted(STATUSES))}")
    for name in ("occurredAt", "scheduledAt", "completedAt"):
        try:
            datetime.fromisoformat(str(event.get(name) or "2000-01-01"))
        except ValueError:
            raise Refusal(400, f"JSON parse error: {event[name]} is no date") from None


def _how() -> Import:
    strategy = request.args.get("importStrategy", "CREATE_AND_UPDATE").upper()
    if strategy not in STRATEGIES:
        raise Refusal(
            400,
            f"Value '{strategy}' is not valid for parameter importStrategy. "
            f"Valid values are: {list(STRATEGIES)}",
        )
    return Import(
        strategy,
        request.args.get("atomicMode", "ALL").upper() != "OBJECT",
        request.args.get("importMode", "COMMIT").upper() == "VALIDATE",
    )


@blueprint.post("/api/tracker")
def import_events() -> Response:
    """Imports events; as a job unless ``async=false``."""
    payload, how, events = _payload(), _how(), Events(store(), current_user())
    if flag("async", True):
        return _as_job(events, payload, how)
    outcome = carry_out(events, payload, how)
    return answer(outcome.report(), 409 if outcome.faults else 200)


def _as_job(events: Events, payload: list[Object], how: Import) -> Response:
    def work(job: jobs.Job) -> Object:
        job.say(f"Importing {len(payload)} events")
        return carry_out(events, payload, how).report()

    job = jobs.launch(JOB, work)
    # A live 2.42 leaves "/api" out of this address.
    where = f"{request.host_url.rstrip('/')}/tracker/jobs/{job.id}"
    response = {"id": job.id, "location": where, "responseType": "TrackerJob"}
    return web_message(200, "Tracker job added", response=response)


@blueprint.get("/api/tracker/jobs/<uid>")
def job_notifications(uid: str) -> Response:
    """Tells how far a job is."""
    job = jobs.jobs().find(JOB, uid)
    return answer(job.notifications if job else [])


@blueprint.get("/api/tracker/jobs/<uid>/report")
def job_report(uid: str) -> Response:
    """Returns what a job did, once it did it."""
    job = jobs.jobs().find(JOB, uid)
    if job is None or job.summary is None:
        raise Refusal(404, f"Summary for job {uid} does not exist", "E1005")
    return answer(job.summary)


@blueprint.post("/api/tracker/events/<uid>/note")
def add_note(uid: str) -> Response:
    """Adds a note to an event."""
    note: dict[str, Any] = json_body()
    events = Events(store(), current_user())
    known = events.find(uid)
    if known is None or known["deleted"]:
        raise Refusal(404, f"Event with id {uid} could not be found.", "E1005")
    unit = store().get("organisationUnits", known["orgUnit"]) or {"path": ""}
    if not current_user().captures(unit["path"]):
        raise Refusal(403, f"User has no access to event {uid}", "E1006")
    if not note.get("value"):
        raise Refusal(400, "Note cannot be empty")
    events.add_note(known, {**note, "storedAt": clock().milliseconds()})
    return web_message(200, f"Note for event {uid} saved")
