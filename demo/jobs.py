"""Jobs: work that a request starts and whose progress is asked for, as ``/api/system/tasks`` tells it.

Jobs live in memory and run in threads, one of a type at a time, as DHIS2's scheduler runs them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Blueprint, Flask, Response, current_app, request

from demo.faults import faults
from demo.ids import new_uid
from demo.store import Object
from demo.web import absolute, answer, clock, empty, web_message

KEPT = 100

blueprint = Blueprint("jobs", __name__)


@dataclass
class Job:
    """One job, its notifications (newest first) and, once done, its summary."""

    type: str
    id: str
    name: str
    created: str
    notifications: list[Object] = field(default_factory=list)
    summary: Object | None = None

    def say(self, message: str, level: str = "INFO", completed: bool = False) -> None:
        """Adds a notification; a completed one is the last."""
        note = {
            "uid": new_uid(),
            "level": level,
            "category": self.type,
            "time": clock().milliseconds(),
            "message": message,
            "completed": completed,
        }
        self.notifications.insert(0, {**note, "id": note["uid"]})


class Jobs:
    """The jobs of one server."""

    def __init__(self) -> None:
        self.by_type: dict[str, dict[str, Job]] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def make(self, job_type: str) -> Job:
        """Registers a new job."""
        now = clock().now()
        milliseconds = int((now - now.__class__(1970, 1, 1)).total_seconds() * 1000)
        job = Job(job_type, new_uid(), f"{job_type} ({milliseconds})", clock().milliseconds())
        with self._lock:
            known = self.by_type.setdefault(job_type, {})
            known[job.id] = job
            for old in list(known)[:-KEPT]:
                del known[old]
        return job

    def find(self, job_type: str, uid: str) -> Job | None:
        """Returns a job, or None."""
        return self.by_type.get(job_type, {}).get(uid)

    def turn(self, job_type: str) -> threading.Lock:
        """Returns what a job of this type holds while it runs."""
        with self._lock:
            return self._turns.setdefault(job_type, threading.Lock())


def install(app: Flask) -> None:
    """Gives the server its jobs."""
    app.extensions["jobs"] = Jobs()


def jobs() -> Jobs:
    """Returns the jobs of the running server."""
    return current_app.extensions["jobs"]


def launch(job_type: str, work: Callable[[Job], Object | None]) -> Job:
    """Starts WORK in a thread of its own, with the application at hand but no request.

    Args:
        job_type: DHIS2's name, such as ``DATAVALUE_IMPORT``.
        work: told its job, through which it may `say` how far it is; returns the summary.
    """
    job = jobs().make(job_type)
    if faults().stuck(request.path):
        job.say("Process started")
        return job
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way
    threading.Thread(target=_run, args=(app, job, work), name=job.name, daemon=True).start()
    return job


def start(job_type: str, work: Callable[[Job], Object | None], parameters: Object | None = None) -> Response:
    """Starts WORK as `launch` does and returns DHIS2's answer to it: "Initiated ..."."""
    job = launch(job_type, work)
    response = {
        "name": job.name,
        "id": job.id,
        "created": job.created,
        "jobType": job_type,
        "jobStatus": "NOT_STARTED",
        "jobParameters": parameters or {},
        "relativeNotifierEndpoint": f"/api/system/tasks/{job_type}/{job.id}",
        "responseType": "JobConfiguration",
    }
    headers = {"Location": absolute(f"/api/system/tasks/{job_type}")}
    return web_message(200, f"Initiated {job.name}", response=response, headers=headers)


def _run(app: Flask, job: Job, work: Callable[[Job], Object | None]) -> None:
    with app.app_context(), jobs().turn(job.type):
        job.say("Process started")
        try:
            job.summary = work(job)
        except Exception as e:
            job.say(f"Process failed: {type(e).__name__}: {e}", "ERROR", True)
            app.logger.exception("job %s failed", job.name)
        else:
            job.say("Process completed", completed=True)
        finally:
            app.extensions["store"].close()


@blueprint.get("/api/system/tasks")
def all_tasks() -> Response:
    """Tells of every job, by type and id."""
    return answer(
        {kind: {i: j.notifications for i, j in known.items()} for kind, known in jobs().by_type.items()}
    )


@blueprint.get("/api/system/tasks/<job_type>")
def tasks_of_type(job_type: str) -> Response:
    """Tells of every job of a type, by id."""
    return answer({i: job.notifications for i, job in jobs().by_type.get(job_type, {}).items()})


@blueprint.get("/api/system/tasks/<job_type>/<uid>")
def notifications(job_type: str, uid: str) -> Response:
    """Tells of one job, newest first; nothing of one that nobody knows."""
    job = jobs().find(job_type, uid)
    return answer(job.notifications if job else [])


@blueprint.get("/api/system/taskSummaries/<job_type>/<uid>")
def summary(job_type: str, uid: str) -> Response:
    """Returns what a job did, or nothing while it runs."""
    job = jobs().find(job_type, uid)
    return answer(job.summary) if job and job.summary is not None else empty()
