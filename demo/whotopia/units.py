"""The organisation units of Whotopia and their groups, as DHIS2 exports them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from demo.combos import stable_id
from demo.whotopia import outlines
from demo.whotopia.places import Area, Facility, Polygon
from demo.whotopia.siting import GROUPS, NEVER
from demo.whotopia.timeline import first_day
from demo.whotopia.world import World

Object = dict[str, Any]

COUNTRY, NAME = "WTP", "Whotopia"
SYNTHETIC = (
    "Synthetic: an invented country with invented figures. / Synthétique : pays inventé, chiffres inventés."
)
LEVELS = ("Country", "Region", "District", "Facility")
BEGINNING = date(1960, 1, 1)
PUBLIC = {"external": False, "users": {}, "userGroups": {}, "public": "rw------"}
GROUP_NAMES: dict[str, Callable[[Facility], bool]] = {
    "Health post": lambda f: f.kind == "post",
    "Health centre": lambda f: f.kind == "centre",
    "Hospital": lambda f: f.kind == "hospital",
    "Public": lambda f: f.owner == "public",
    "Faith-based": lambda f: f.owner == "faith-based",
    **{f"Quarterly group {name}": partial(lambda wanted, f: f.group == wanted, name) for name in GROUPS},
}


def unit_id(code: str) -> str:
    """The id of the unit with this code."""
    return stable_id("whotopia", "unit", code)


def references(facilities: Sequence[Facility]) -> list[Object]:
    """References to units, as sets and groups keep them."""
    return [{"id": unit_id(facility.code)} for facility in facilities]


def known(world: World) -> tuple[Facility, ...]:
    """The facilities that had opened by today."""
    present = world.timeline.size - 1
    return tuple(f for f in world.places.facilities if f.opened <= present)


def units(world: World, in_charge: Callable[[str], str]) -> list[Object]:
    """Every unit from the country to the facilities that had opened by today.

    Args:
        world: the country.
        in_charge: the name of who is in charge of the facility of a code.
    """
    places, today = world.places, world.timeline.today
    country = Area(COUNTRY, NAME, "", outlines.union(r.outline for r in places.regions))
    areas = [_area(each) for each in (country, *places.regions, *places.districts)]
    return [*areas, *(_facility(f, today, in_charge(f.code)) for f in known(world))]


def levels() -> list[Object]:
    """The names of the four levels."""
    return [
        {"id": stable_id("whotopia", "level", name), "level": number, "name": name}
        for number, name in enumerate(LEVELS, 1)
    ]


def groups(world: World) -> list[Object]:
    """Groups by type, owner and quarter."""
    return [
        {
            "id": stable_id("whotopia", "group", name),
            "name": name,
            "shortName": name,
            "sharing": PUBLIC,
            "organisationUnits": references([f for f in known(world) if chosen(f)]),
        }
        for name, chosen in GROUP_NAMES.items()
    ]


def _area(area: Area) -> Object:
    parent = {"parent": {"id": unit_id(area.parent)}} if area.parent else {}
    return {
        **_named(area.code, area.name),
        **parent,
        "openingDate": _moment(BEGINNING),
        "geometry": {"type": "Polygon", "coordinates": [_ring(area.outline)]},
        **({} if area.parent else {"description": SYNTHETIC, "comment": SYNTHETIC}),
    }


def _facility(facility: Facility, today: date, in_charge: str) -> Object:
    last = first_day(facility.closed + 1) - timedelta(days=1) if facility.closed != NEVER else None
    return {
        **_named(facility.code, facility.name),
        "parent": {"id": unit_id(facility.district)},
        "openingDate": _moment(first_day(facility.opened)),
        **({"closedDate": _moment(last)} if last and last < today else {}),
        "geometry": {"type": "Point", "coordinates": [facility.longitude, facility.latitude]},
        "contactPerson": in_charge,
        "phoneNumber": facility.phone,
    }


def _named(code: str, name: str) -> Object:
    return {"id": unit_id(code), "code": code, "name": name, "shortName": name}


def _ring(outline: Polygon) -> list[list[float]]:
    return [list(point) for point in outline]


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000"
