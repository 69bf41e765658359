"""A stand-in for a distant DHIS2: every request takes 300 ms, every row a little more.

It holds 20,000 organisation units in pages of at most 1,000 and analytics figures for any items asked for;
like DHIS2 it refuses more than 100,000 cells with 409 and E7128 (keyAnalyticsMaxLimit). Loopback only.

    python -m bench.pull_server PORT
"""

from __future__ import annotations

import json
import sys
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LATENCY = 0.300
ROW_COST = 5e-6
UNITS = 20_000
PAGE = 1_000
MOST_CELLS = 100_000
INFO = {
    "version": "2.42.5.2",
    "calendar": "iso8601",
    "serverDate": "2026-11-22T00:00:00.000",
    "serverTimeZoneId": "UTC",
}


class Load:
    """How many requests came, and how many at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests = self.now = self.most = 0

    def enter(self) -> None:
        """A request begins."""
        with self._lock:
            self.requests += 1
            self.now += 1
            self.most = max(self.most, self.now)

    def leave(self) -> None:
        """A request ends."""
        with self._lock:
            self.now -= 1

    def take(self) -> dict[str, int]:
        """The figures so far; counting begins anew."""
        with self._lock:
            figures = {"requests": self.requests, "at_once": self.most}
            self.requests = self.most = 0
        return figures


LOAD = Load()


def unit(number: int) -> dict[str, Any]:
    """The organisation unit NUMBER, a facility with all that a real one has."""
    district = f"D{number // 100:010}"
    return {
        "id": f"U{number:010}",
        "code": f"F{number}",
        "name": f"Health centre {number}",
        "shortName": f"HC {number}",
        "displayName": f"Health centre {number}",
        "level": 4,
        "path": f"/N0000000000/{district}/U{number:010}",
        "parent": {"id": district},
        "geometry": {"type": "Point", "coordinates": [-5.0 + number / 1e5, 7.0 - number / 1e5]},
        "openingDate": "2010-01-01T00:00:00.000",
    }


@cache
def units(page: int, size: int) -> tuple[int, bytes, int]:
    """Status, body and rows of a page of units."""
    count = -(-UNITS // size)
    rows = [unit(number) for number in range((page - 1) * size, min(page * size, UNITS))]
    pager: dict[str, Any] = {"page": page, "pageSize": size, "total": UNITS, "pageCount": count}
    if page < count:
        pager["nextPage"] = f"/api/organisationUnits?page={page + 1}"
    return 200, json.dumps({"pager": pager, "organisationUnits": rows}).encode(), len(rows)


def figure(item: str, period: str, place: str) -> int:
    """The value of a cell: anything, but the same for everybody."""
    return (int(item[1:]) * 31 + int(period) * 7 + int(place[1:])) % 997


@cache
def analytics(dx: str, pe: str, ou: str) -> tuple[int, bytes, int]:
    """Status, body and rows of an analytics answer."""
    items, periods, places = dx.split(";"), pe.split(";"), ou.split(";")
    if len(items) * len(periods) * len(places) > MOST_CELLS:
        message = f"Query result set exceeded max limit: `{MOST_CELLS}`"
        body = {"httpStatusCode": 409, "status": "ERROR", "message": message, "errorCode": "E7128"}
        return 409, json.dumps(body).encode(), 0
    rows = [[d, p, o, str(figure(d, p, o))] for d in items for p in periods for o in places]
    headers = [{"name": name, "column": name, "valueType": "TEXT"} for name in ("dx", "pe", "ou", "value")]
    shape = {"width": 4, "height": len(rows), "headerWidth": 4}
    return 200, json.dumps({"headers": headers, "metaData": {}, "rows": rows} | shape).encode(), len(rows)


def found(path: str, query: dict[str, list[str]]) -> tuple[int, bytes, int]:
    """Status, body and rows of what is asked for; bodies are kept, so that only clients are measured."""
    if path.endswith("/organisationUnits"):
        return units(int(query.get("page", ["1"])[0]), min(PAGE, int(query.get("pageSize", ["50"])[0])))
    if path.endswith("/analytics"):
        sides = dict(side.split(":", 1) for text in query.get("dimension", []) for side in text.split(","))
        return analytics(sides["dx"], sides["pe"], sides["ou"])
    if path.endswith("/system/info"):
        return 200, json.dumps(INFO).encode(), 0
    return 404, b'{"httpStatusCode": 404, "status": "ERROR", "message": "Not found"}', 0


class Handler(BaseHTTPRequestHandler):
    """Answers as DHIS2 would, only later."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def do_GET(self) -> None:
        """One request, its 300 ms included; ``/load`` is the measurer's own and takes none."""
        parts = urlsplit(self.path)
        if parts.path == "/load":
            return self.answer(200, json.dumps(LOAD.take()).encode())
        LOAD.enter()
        try:
            begun = time.monotonic()
            status, body, rows = found(parts.path.removesuffix(".json"), parse_qs(parts.query))
            time.sleep(max(0.0, LATENCY + rows * ROW_COST - (time.monotonic() - begun)))
            self.answer(status, body)
        finally:
            LOAD.leave()

    def answer(self, status: int, data: bytes) -> None:
        """Send DATA, which is JSON."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer.request_queue_size = 64
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
