"""`/api/system/*` and `/api/ping`: what server this is, and fresh ids."""

from __future__ import annotations

from flask import Blueprint, Response

from demo.web import NO_STORE, answer, clock, empty

blueprint = Blueprint("system", __name__)


@blueprint.get("/api/ping")
def ping() -> Response:
    """Answers anybody with nothing, as 2.42 does."""
    return empty()


@blueprint.get("/api/system/ping")
def pong() -> Response:
    """Answers those who are somebody."""
    return Response("pong", content_type="text/plain;charset=UTF-8")


@blueprint.get("/api/system/info")
def info() -> Response:
    """Says which version this is, its time zone and its clock."""
    return answer({"version": "2.42.5.2", "serverDate": clock().milliseconds()}, cache=NO_STORE)
