"""The Flask application of the embedded server: the API's modules behind one guard."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import md5
from typing import Any

from flask import Flask, Response, request

from demo import api, auth
from demo.store import Store
from demo.web import Refusal, refuse, web_message

VERSIONED = re.compile(r"^/api/(2[89]|3\d|4\d)(?=/|$)")
SUFFIX = re.compile(r"\.(json|geojson|csv|xml)(\.gz|\.zip)?$")
KEEPS_SUFFIX = ("/api/dataStore/", "/api/userDataStore/", "/api/fileResources/")
NO_ETAG = ("/api/dataValueSets", "/api/dataValues", "/api/fileResources", "/api/dataEntry/metadata", "/demo/")


def create_app(store: Store, dialect: int = 42) -> Flask:
    """Builds the application.

    Args:
        store: what the server keeps.
        dialect: the minor version of DHIS2 to speak like, 40 to 43.

    Returns:
        The application, with the store in `extensions["store"]` and the dialect in `config["DIALECT"]`.
    """
    app = Flask("demo", static_folder=None)
    app.config.update(DIALECT=dialect, MAX_CONTENT_LENGTH=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["store"] = store
    app.url_map.strict_slashes = False
    app.before_request(auth.guard)
    app.after_request(_etag)
    app.register_error_handler(Refusal, refuse)
    for status in (404, 405, 415):
        app.register_error_handler(status, _http_error)
    for module in api.MODULES:
        if hasattr(module, "blueprint"):
            app.register_blueprint(module.blueprint)
        if hasattr(module, "install"):
            module.install(app)
    app.wsgi_app = PlainPaths(app.wsgi_app)  # type: ignore[method-assign]
    return app


class PlainPaths:
    """WSGI middleware: `/api/42/x.json` is `/api/x`, with the suffix kept aside as `demo.suffix`."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answers one request."""
        path = VERSIONED.sub("/api", environ.get("PATH_INFO", ""))
        found = SUFFIX.search(path)
        if found and path.startswith("/api/") and not path.startswith(KEEPS_SUFFIX):
            path, environ["demo.suffix"] = path[: found.start()], found[1]
            environ["demo.packed"] = (found[2] or "").lstrip(".")
        environ["PATH_INFO"] = path
        return self.app(environ, start_response)


def _http_error(error: Any) -> Response:
    return web_message(error.code, error.description)


def _etag(response: Response) -> Response:
    plain = response.status_code == 200 and request.method == "GET" and not response.is_streamed
    if plain and request.path.startswith("/api/") and not request.path.startswith(NO_ETAG):
        response.set_etag("0" + md5(response.get_data(), usedforsecurity=False).hexdigest())
        response.make_conditional(request)
    return response
