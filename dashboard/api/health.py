"""`/healthz` and `/readyz`, for whoever watches over the installation. They tell nothing of the figures."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from dashboard.holdings import Holdings
from ledger.database import Database
from ledger.disk import has_room


def install(server: Flask, holdings: Holdings, database: Database, data: Path) -> None:
    """Add both routes to the server; `data` is the folder of all that is kept."""

    def healthz() -> Response:
        return jsonify(status="ok")

    def readyz() -> tuple[Response, int]:
        parts = {"database": _database(database), "disk": _disk(data), "snapshot": _snapshot(holdings)}
        ready = all(part["ready"] for part in parts.values())
        return jsonify(status="ready" if ready else "not ready", **parts), 200 if ready else 503

    server.add_url_rule("/healthz", "healthz", healthz, methods=["GET"])
    server.add_url_rule("/readyz", "readyz", readyz, methods=["GET"])


def _database(database: Database) -> dict[str, Any]:
    try:
        with database.read() as connection:
            connection.execute(text("SELECT count(*) FROM sessions"))
    except SQLAlchemyError:
        return {"ready": False, "what": "The database does not answer."}
    return {"ready": True}


def _disk(data: Path) -> dict[str, Any]:
    return {"ready": True} if has_room(data) else {"ready": False, "what": "The disk is full: make room."}


def _snapshot(holdings: Holdings) -> dict[str, Any]:
    holding = holdings.newest()
    if holding is None:
        return {"ready": False, "what": "Nothing was synced yet."}
    age = datetime.now(UTC) - holding.as_of
    return {"ready": True, "version": holding.version, "age_seconds": int(age.total_seconds())}
