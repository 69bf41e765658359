"""`GET /api/v1/definitions`: what every figure means, in the reader's language."""

from flask import Flask, Response, jsonify

from dashboard import i18n
from dashboard.definitions import described

PATH = "/api/v1/definitions"


def install(server: Flask) -> None:
    """Add the route to the server; it holds no figures, and is for whoever is logged in."""

    def definitions() -> Response:
        response = jsonify({"language": i18n.language(), "definitions": described()})
        response.cache_control.private = True
        response.cache_control.max_age = 3600
        response.vary.update(("Cookie", "Accept-Language", "Referer"))
        return response

    server.add_url_rule(PATH, "api_definitions", definitions, methods=["GET"])
