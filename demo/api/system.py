"""`/api/system/*` and `/api/ping`: what server this is, and fresh ids."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import Blueprint, Response, request

from demo.ids import new_uid
from demo.web import NO_STORE, Refusal, absolute, answer, clock, current_user, dialect, empty, store

blueprint = Blueprint("system", __name__)
VERSIONS = {40: "2.40.12", 41: "2.41.9.1", 42: "2.42.5.2", 43: "2.43.1"}
REVISIONS = {42: "91f1f41"}
MARKED = "demo.synthetic"
"""The setting that is true where all figures are invented."""
NEVER = "1970-01-01T00:00:00.000"
MOST_IDS = 10_000


@blueprint.get("/api/ping")
def ping() -> Response:
    """Answers anybody with nothing, as 2.42 does."""
    return empty()


@blueprint.get("/api/system/ping")
def pong() -> Response:
    """Answers those who are somebody."""
    return Response("pong", content_type="text/plain;charset=UTF-8")


SAME_EVERYWHERE: dict[str, object] = {
    "calendar": "iso8601",
    "dateFormat": "yyyy-mm-dd",
    "serverTimeZoneId": "UTC",
    "serverTimeZoneDisplayName": "Coordinated Universal Time",
    "lastSystemMonitoringSuccess": NEVER,
    "lastAnalyticsTablePartitionRuntime": "",
    "buildTime": NEVER,
    "readOnlyMode": "off",
    "encryption": True,
    "emailConfigured": False,
    "redisEnabled": False,
    "systemName": "DHIS 2",
    "systemMetadataVersion": "",
    "clusterHostname": "",
    "isMetadataVersionEnabled": False,
    "lastMetadataVersionSyncAttempt": NEVER,
}
FOR_SUPERUSERS: dict[str, object] = {
    "nodeId": "",
    "fileStoreProvider": "filesystem",
    "cacheProvider": "",
    "jasperReportsVersion": "",
    "environmentVariable": "DHIS2_HOME",
    "readReplicaCount": 0,
    "cpuCores": 1,
    "memoryInfo": "",
    "osName": "demonstration",
    "databaseInfo": {"spatialSupport": False},
}


@blueprint.get("/api/system/info")
def info() -> Response:
    """Says which version this is, its clock, and when the analytics tables were last made."""
    kept = store()
    built = kept.setting("lastSuccessfulAnalyticsTablesUpdate") or NEVER
    partition = kept.setting("lastSuccessfulLatestAnalyticsPartitionUpdate") or NEVER
    now = clock().now()
    body: dict[str, object] = {
        **SAME_EVERYWHERE,
        "contextPath": absolute(""),
        "userAgent": request.headers.get("User-Agent", ""),
        "serverDate": clock().milliseconds(),
        "lastAnalyticsTableSuccess": built,
        "intervalSinceLastAnalyticsTableSuccess": interval(built, now),
        "lastAnalyticsTableRuntime": kept.setting("lastAnalyticsTableRuntime") or "",
        "lastAnalyticsTablePartitionSuccess": partition,
        "intervalSinceLastAnalyticsTablePartitionSuccess": interval(partition, now),
        "version": VERSIONS[dialect()],
        "revision": REVISIONS.get(dialect(), "demonstration"),
        "systemId": system_id(),
        "instanceBaseUrl": absolute(""),
        **({"systemName": kept.setting("applicationTitle")} if kept.setting(MARKED) else {}),
        **(FOR_SUPERUSERS if current_user().is_superuser else {}),
    }
    wanted = request.args.get("fields")
    if wanted and wanted != "*":
        body = {k: v for k, v in body.items() if k in {w.strip() for w in wanted.split(",")}}
    return answer(body, cache=NO_STORE)


@blueprint.get("/api/system/id")
def ids() -> Response:
    """Makes fresh ids: `limit` of them, 10,000 at most."""
    text = request.args.get("limit", "1")
    if not text.isdigit():
        raise Refusal(400, f"Value '{text}' is not valid for parameter limit", "E1003")
    return answer({"codes": [new_uid() for _ in range(min(int(text), MOST_IDS))]}, cache=NO_STORE)


@blueprint.get("/api/system/uid")
def uids() -> Response:
    """The older name of `/api/system/id`."""
    return ids()


def system_id() -> str:
    """Returns the id of this installation, made once."""
    known = store().setting("systemId")
    if known is None:
        digits = secrets.token_hex(16)
        known = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        store().set_setting("systemId", known)
    return known


def interval(moment: str, now: datetime) -> str:
    """Writes the time since MOMENT as DHIS2 does: `17 h, 32 m, 3 s`."""
    seconds = int((now - datetime.fromisoformat(moment)).total_seconds())
    return f"{seconds // 3600} h, {seconds // 60 % 60} m, {seconds % 60} s"
