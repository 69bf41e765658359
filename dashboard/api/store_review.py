"""`GET /api/v1/store/UNIT/losses` and `/review`: what counts and the year's book say of a store."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, request

from accounts import Person
from dashboard.api.answering import answered
from dashboard.api.asking import checked
from dashboard.store_review import StoreReview
from dashboard.store_view import StoreView
from dashboard.stores import Store, StoreDesk

LOSSES, REVIEW = "/api/v1/store/<unit>/losses", "/api/v1/store/<unit>/review"


def install(server: Flask, desk: StoreDesk) -> None:
    """Add the routes to the server."""
    kept = StoreReview(StoreView(desk))

    def told(unit: str, tell: Callable[[Store], dict[str, Any]]) -> Response:
        def answer(person: Person) -> Response:
            checked(request.args, ("lang",), needed=())
            return jsonify(tell(desk.store(unit, person)))

        return answered(answer)

    server.add_url_rule(LOSSES, "api_store_losses", lambda unit: told(unit, kept.losses), methods=["GET"])
    server.add_url_rule(REVIEW, "api_store_review", lambda unit: told(unit, kept.review), methods=["GET"])
