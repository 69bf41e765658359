"""`/api/organisationUnits`: what it has beyond other metadata: relatives, one's own units, maps."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request

from demo.api.metadata import answer_list, asked_fields, find, selection
from demo.graph import graph
from demo.store import Object
from demo.users import within
from demo.web import PRIVATE, Refusal, answer, current_user, flag, several, store

blueprint = Blueprint("organisation_units", __name__)
KIND, HERE = "organisationUnits", "/api/organisationUnits"


@blueprint.get(HERE)
def listed() -> Response:
    """Lists units: all of them, or those near the asker, at a level or down to one."""
    if request.environ.get("demo.suffix") == "geojson":
        return on_a_map()
    return answer_list(KIND, _narrowed(list(store().all(KIND).values())))


@blueprint.get(f"{HERE}/<uid>")
def one(uid: str) -> Response:
    """Returns one unit, or with `includeDescendants` and the like a list around it."""
    unit = find(KIND, uid)
    for name in ("includeDescendants", "includeChildren", "includeAncestors"):
        if flag(name):
            return _relatives(unit, name.removeprefix("include").lower(), itself=True)
    level = request.args.get("level", "")
    if level.isdigit():
        depth = unit["level"] + int(level)
        return answer_list(KIND, [u for u in below(unit) if u["level"] == depth])
    return answer(selection().of(KIND, unit, asked_fields("*")), cache=PRIVATE)


@blueprint.get(f"{HERE}/<uid>/<any(descendants, children, ancestors, parents):whom>")
def relatives(uid: str, whom: str) -> Response:
    """Lists a unit's relatives, with itself but for `parents`."""
    return _relatives(find(KIND, uid), "ancestors" if whom == "parents" else whom, itself=whom != "parents")


@blueprint.get("/api/organisationUnits/geojson")
def geojson() -> Response:
    """The older address of the map."""
    return on_a_map()


@blueprint.get("/api/filledOrganisationUnitLevels")
def filled_levels() -> Response:
    """Returns every level that has units, named or not."""
    deepest = max((unit["level"] for unit in store().all(KIND).values()), default=0)
    named = {level["level"]: level for level in store().all("organisationUnitLevels").values()}
    choose, wanted = selection(), asked_fields("*")
    return answer(
        [
            choose.of("organisationUnitLevels", named[n], wanted)
            if n in named
            else {"level": n, "name": f"Level {n}", "displayName": f"Level {n}"}
            for n in range(1, deepest + 1)
        ]
    )


def on_a_map() -> Response:
    """Returns the units that have an outline or a point: of the first level unless others are asked for."""
    levels = _levels() or [1]
    known = store().all(KIND)
    parents = [known[uid] for uid in several("parent") if uid in known]
    roots = tuple(p["path"] for p in parents) or tuple(u["path"] for u in known.values() if u["level"] == 1)
    units = [
        u for u in known.values() if u.get("geometry") and u["level"] in levels and within(u["path"], roots)
    ]
    return answer({"type": "FeatureCollection", "features": [_feature(u) for u in units]})


def _levels() -> list[int]:
    try:
        return [int(level) for level in several("level")]
    except ValueError:
        raise Refusal(400, "Value is not valid for parameter level. It should be of type List") from None


def below(unit: Object) -> list[Object]:
    """Returns a unit and everything below it."""
    return [u for u in store().all(KIND).values() if within(u["path"], (unit["path"],))]


def _relatives(unit: Object, whom: str, itself: bool) -> Response:
    if whom == "descendants":
        units = below(unit)
    elif whom == "children":
        units = [unit, *(u for u in below(unit) if u["level"] == unit["level"] + 1)]
    else:
        units = [store().all(KIND)[uid] for uid in unit["path"].split("/")[1:]]
    return answer_list(KIND, units if itself else [u for u in units if u is not unit])


def _narrowed(units: list[Object]) -> list[Object]:
    user = current_user()
    hierarchies: dict[str, tuple[str, ...]] = {
        "withinUserHierarchy": user.capture,
        "withinUserSearchHierarchy": user.capture,
        "withinDataViewUserHierarchy": user.view or user.capture,
    }
    own: dict[str, tuple[str, ...]] = {
        "userOnly": user.capture,
        "userDataViewOnly": user.view,
        "userDataViewFallback": user.view or user.capture,
    }
    tests: list[Callable[[Object], bool]] = []
    tests += [lambda u, r=roots: within(u["path"], r) for name, roots in hierarchies.items() if flag(name)]
    tests += [lambda u, r=roots: u["path"] in r for name, roots in own.items() if flag(name)]
    tests += [lambda u, n=n: u["level"] == n for n in _number("level")]
    tests += [lambda u, n=n: u["level"] <= n for n in _number("maxLevel")]
    chosen = [u for u in units if all(test(u) for test in tests)]
    return sorted(chosen, key=lambda u: u["level"]) if flag("levelSorted") else chosen


def _number(name: str) -> list[int]:
    text = request.args.get(name)
    if text is None:
        return []
    if not text.isdigit():
        raise Refusal(
            400, f"Value '{text}' is not valid for parameter {name}. It must be of type Integer", "E1003"
        )
    return [int(text)]


def _feature(unit: Object) -> Object:
    known = graph(store())
    groups = [group["id"] for group in known.value(KIND, unit, "organisationUnitGroups")]
    properties: Object = {
        "code": unit.get("code"),
        "name": unit["name"],
        "level": str(unit["level"]),
        "parent": (unit.get("parent") or {}).get("id"),
        "parentGraph": "/".join(_above(unit)),
        "groups": groups,
    }
    return {
        "type": "Feature",
        "id": unit["id"],
        "geometry": unit["geometry"],
        "properties": {k: v for k, v in properties.items() if v is not None or k == "code"},
    }


def _above(unit: Object) -> list[str]:
    """Returns the ids above a unit: from the nearest that the asker's view starts at, else from the top."""
    roots = {path.rsplit("/", 1)[-1] for path in current_user().view or current_user().capture}
    ids = unit["path"].split("/")[1:]
    first = max((i for i, uid in enumerate(ids[:-1]) if uid in roots), default=0)
    return ids[first:-1]
