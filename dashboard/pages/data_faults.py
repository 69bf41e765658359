"""What went wrong on the way to DHIS2, and what became of it, in the reader's language.

The loaders write faults down in English, as a kind, a message and an outcome. The kind and the outcome are
said in the reader's language; the message follows as it is, for whoever mends the network or the server.
"""

import re
from collections.abc import Mapping
from typing import Any

from dashboard import i18n
from dashboard.i18n import t

KINDS = {
    "time-out": "fault.time_out",
    "reset": "fault.reset",
    "no connection": "fault.no_connection",
    "certificate": "fault.certificate",
    "cut off": "fault.cut_off",
    "swelling gzip": "fault.cut_off",
    "web page": "fault.web_page",
    "redirect": "fault.redirect",
    "too large": "fault.too_large",
    "not signed in": "fault.not_signed_in",
    "not permitted": "fault.not_permitted",
    "shifting pages": "fault.shifting_pages",
    "closed": "fault.closed",
}
OUTCOMES = {"asked in smaller parts": "fault.divided", "given up": "fault.given_up"}
_STATUS = re.compile(r"status (\d{3})\b")
_AGAIN = re.compile(r"asked again after ([\d.]+) s")


def kind(fault: Mapping[str, Any]) -> str:
    """What struck, as a sentence; nothing where the catalogues do not know the kind: its message says it."""
    status = _STATUS.match(fault["kind"])
    if status:
        return t("fault.status", status=status[1])
    return t(KINDS[fault["kind"]]) if fault["kind"] in KINDS else ""


def outcome(fault: Mapping[str, Any]) -> str:
    """What became of the request; the loaders' own words where the catalogues do not know them."""
    again = _AGAIN.fullmatch(fault["outcome"])
    if again:
        return t("fault.again", seconds=i18n.number(float(again[1]), 1))
    return t(OUTCOMES[fault["outcome"]]) if fault["outcome"] in OUTCOMES else fault["outcome"]
