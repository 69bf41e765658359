"""`GET /api/v1/store`: the stores of who asks, one store's reference data with deltas, and its neighbours."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, jsonify, request

from accounts import Person
from dashboard.api.answering import answered
from dashboard.api.asking import checked
from dashboard.neighbours import Neighbour, Neighbours
from dashboard.store_view import Since, StoreView
from dashboard.stores import Store, StoreDesk, may_record

STORES, STORE, NEIGHBOURS = "/api/v1/store", "/api/v1/store/<unit>", "/api/v1/store/<unit>/neighbours"


def install(server: Flask, desk: StoreDesk) -> None:
    """Add the routes to the server."""
    view = StoreView(desk)
    near = Neighbours(view)

    def stores() -> Response:
        return answered(lambda person: _stores(desk, person))

    def store(unit: str) -> Response:
        return answered(lambda person: _store(view, unit, person))

    def neighbours(unit: str) -> Response:
        return answered(lambda person: _neighbours(near, desk.store(unit, person), person))

    server.add_url_rule(STORES, "api_stores", stores, methods=["GET"])
    server.add_url_rule(STORE, "api_store", store, methods=["GET"])
    server.add_url_rule(NEIGHBOURS, "api_store_neighbours", neighbours, methods=["GET"])


def _stores(desk: StoreDesk, person: Person) -> Response:
    checked(request.args, ("lang",), needed=())
    told = {
        "person": {"username": person.username, "name": person.name},
        "stores": [_told(desk, each, person) for each in desk.stores(person)],
        "now": datetime.now(UTC).isoformat(),
    }
    return jsonify(told)


def _told(desk: StoreDesk, store: Store, person: Person) -> dict[str, Any]:
    names = desk.figures.holding().names
    return {
        "id": store.id,
        "code": store.code,
        "name": store.name,
        "path_names": [names[each] for each in store.path.strip("/").split("/")],
        "writes": may_record(person, store),
    }


def _store(view: StoreView, unit: str, person: Person) -> Response:
    checked(request.args, ("since", "lang"), needed=())
    store = view.desk.store(unit, person)
    return jsonify(view.told(store, Since.read(request.args.get("since", "")), person))


def _neighbours(near: Neighbours, store: Store, person: Person) -> Response:
    checked(request.args, ("item", "lang"), needed=("item",))
    found = near.of(store, request.args["item"], person)
    return jsonify({"item": request.args["item"], "neighbours": [_near(each) for each in found]})


def _near(each: Neighbour) -> dict[str, Any]:
    return {
        "unit": each.store.id,
        "name": each.store.name,
        "same_parent": each.levels_up == 1,
        "balance": each.balance,
        "months_of_stock": None if each.months_of_stock is None else round(each.months_of_stock, 1),
        "spare": each.spare,
        "km": None if each.km is None else round(each.km, 1),
        "telephone": each.telephone,
        "contact": each.contact,
        "of_form": each.of_form,
        "as_of": each.as_of.isoformat() if each.as_of else None,
    }
