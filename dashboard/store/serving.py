"""The addresses of the desk outside Dash: its document, its service worker, its manifest."""

import json
from collections.abc import Sequence
from urllib.parse import unquote

from flask import Flask, Response, make_response, request

import accounts
from accounts.guard import problem
from countries import Country
from dashboard import i18n
from dashboard.application import ICON, asset
from dashboard.i18n import t
from dashboard.page import Page
from dashboard.reader import READER
from dashboard.store import files
from dashboard.store.document import PATH, THEME_COLOUR, desk_document

DESK_USER = "X-Desk-User"
WORKER_PATH, READER_PATH, MANIFEST_PATH = "/sw.js", "/reader.js", "/manifest.webmanifest"
VERSION_HEADER = "X-Desk-Version"


def install(server: Flask, pages: Sequence[Page], country: Country) -> None:
    """Serve the desk.

    Args:
        server: the Flask application, its guard installed.
        pages: those of the rail, the desk's own entry among them.
        country: whose figures these are.
    """
    server.before_request(_own_entries_alone)

    @server.get(PATH)
    def desk() -> Response:
        with i18n.use(request.args.get("desk")):
            credit = country.credit[i18n.language()]
            answer = make_response(desk_document(pages, asset(ICON), files.version(), credit))
        answer.headers[VERSION_HEADER] = files.version()
        return answer

    @server.get(WORKER_PATH)
    def worker() -> Response:
        told = {
            "version": files.version(),
            "files": files.kept(asset(ICON)),
            "documents": files.documents(),
        }
        text = f"self.DESK = {json.dumps(told)};\n{files.worker_text()}"
        answer = Response(text, mimetype="application/javascript")
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers["Service-Worker-Allowed"] = "/"
        return answer

    @server.get(READER_PATH)
    def reader() -> Response:
        text = f"self.READER = {json.dumps(READER)};\n{files.reader_text()}"
        answer = Response(text, mimetype="application/javascript")
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    @server.get(MANIFEST_PATH)
    def manifest() -> Response:
        answer = Response(json.dumps(_manifest(), ensure_ascii=False), mimetype="application/manifest+json")
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def _own_entries_alone() -> Response | None:
    """A desk says on whose behalf it asks: who has signed in meanwhile does not send another's entries."""
    named, person = request.headers.get(DESK_USER), accounts.current()
    if named is None or person is None or unquote(named) == person.username:
        return None
    remedy = "Open the desk again. The other entries are kept until their own user logs in."
    what = f"This desk is of {unquote(named)!r}, and {person.username!r} is signed in."
    return problem(409, "Somebody else is signed in.", {"where": DESK_USER, "what": what, "remedy": remedy})


def _manifest() -> dict[str, object]:
    """What a browser needs to put the desk among the device's own programs."""
    icons = [
        {"src": path, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size, path in files.ICONS.items()
        for purpose in ("any", "maskable")
    ]
    return {
        "id": PATH,
        "name": f"Tandem – {t('store.page')}",
        "short_name": t("store.page"),
        "lang": i18n.language(),
        "start_url": PATH,
        "scope": "/",
        "display": "standalone",
        "background_color": "#f4f6f8",
        "theme_color": THEME_COLOUR,
        "icons": icons,
    }
