"""What a dimension of an analytics question may hold: data items, org units, option combinations, groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from demo import periods
from demo.ids import is_uid
from demo.periods import Period
from demo.relative_periods import label, relative
from demo.store import Object, Store
from demo.users import User
from demo.web import Refusal

METRICS = {
    "REPORTING_RATE": "Reporting rate",
    "REPORTING_RATE_ON_TIME": "Reporting rate on time",
    "ACTUAL_REPORTS": "Actual reports",
    "ACTUAL_REPORTS_ON_TIME": "Actual reports on time",
    "EXPECTED_REPORTS": "Expected reports",
}
NUMERIC = {
    "NUMBER",
    "INTEGER",
    "INTEGER_POSITIVE",
    "INTEGER_NEGATIVE",
    "INTEGER_ZERO_OR_POSITIVE",
    "PERCENTAGE",
    "UNIT_INTERVAL",
    "BOOLEAN",
    "TRUE_ONLY",
}


@dataclass(frozen=True)
class Item:
    """One item of a dimension.

    Attributes:
        id: as it stands in the rows.
        kind: DATA_ELEMENT, DATA_ELEMENT_OPERAND, INDICATOR, REPORTING_RATE, PERIOD, ORGANISATION_UNIT ...
        name, short_name, code: as the metadata show it.
        thing: the object, the period, or for an operand the element.
        parts: what an id with dots is made of.
    """

    id: str
    kind: str
    name: str
    short_name: str = ""
    code: str | None = None
    thing: Any = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dimension:
    """One dimension or filter of a question.

    Attributes:
        keywords: entries of the metadata for what was asked by keyword (levels, relative periods).
    """

    name: str
    title: str
    items: tuple[Item, ...]
    keywords: dict[str, Object] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """Finds items.

    Args:
        store: the metadata.
        user: who asks.
        today: what relative periods are seen from.
        scheme: ``UID``, ``CODE`` or ``NAME``: how ids are written in the question.
        home: ids that stand for USER_ORGUNIT instead of the asker's own.
    """

    store: Store
    user: User
    today: date
    scheme: str = "UID"
    home: tuple[str, ...] = ()

    def find(self, kind: str, key: str) -> Object | None:
        """Returns the object of a kind that KEY names in the question's id scheme."""
        if self.scheme == "UID":
            return self.store.get(kind, key)
        part = {"CODE": "code", "NAME": "name"}.get(self.scheme, "id")
        return next((o for o in self.store.all(kind).values() if o.get(part) == key), None)

    def dimension(self, name: str, wanted: list[str]) -> Dimension:
        """Reads one dimension.

        Raises:
            Refusal: nothing of it is known (E7124, E7125, E7143, E7611).
        """
        if name == "dx":
            return self._data(wanted)
        if name == "pe":
            return self._periods(wanted)
        if name == "ou":
            return self._units(wanted)
        if name in ("co", "ao"):
            title = "Category option combo" if name == "co" else "Attribute option combo"
            combos = [self.find("categoryOptionCombos", w) for w in wanted]
            return Dimension(name, title, tuple(_plain(c, "CATEGORY_OPTION_COMBO") for c in combos if c))
        return self._groups(name, wanted)

    def _data(self, wanted: list[str]) -> Dimension:
        items: list[Item] = []
        keywords: dict[str, Object] = {}
        for key in wanted:
            prefix, _, group_id = key.partition("-")
            kinds = {
                "DE_GROUP": ("dataElementGroups", "dataElements"),
                "IN_GROUP": ("indicatorGroups", "indicators"),
            }
            if prefix in kinds and (group := self.find(kinds[prefix][0], group_id)):
                items += [item for m in group.get(kinds[prefix][1], ()) if (item := self.data_item(m["id"]))]
                keywords[group["id"]] = _keyword(group)
            elif item := self.data_item(key):
                items.append(item)
        if not items:
            raise Refusal(
                409, "Dimension is present in query without any valid dimension options: `dx`", "E7124"
            )
        return Dimension("dx", "Data", tuple({item.id: item for item in items}.values()), keywords)

    def data_item(self, key: str) -> Item | None:
        """Returns an element, operand, indicator or reporting rate, or None."""
        if element := self.find("dataElements", key):
            return _plain(element, "DATA_ELEMENT")
        if indicator := self.find("indicators", key):
            return _plain(indicator, "INDICATOR")
        first, _, rest = key.partition(".")
        if rest in METRICS and (data_set := self.find("dataSets", first)):
            name = f"{data_set['name']} - {METRICS[rest]}"
            return Item(
                f"{data_set['id']}.{rest}",
                "REPORTING_RATE",
                name,
                name,
                None,
                data_set,
                (data_set["id"], rest),
            )
        return self._operand(key) if rest else None

    def _operand(self, key: str) -> Item | None:
        first, *others = key.split(".")
        element = self.find("dataElements", first)
        combos = [
            {"id": "*", "name": "*"} if o == "*" else self.find("categoryOptionCombos", o) for o in others
        ]
        if element is None or not 1 <= len(combos) <= 2 or any(combo is None for combo in combos):
            return None
        known = [combo for combo in combos if combo]
        name = " ".join([element["name"], *(c["name"] for c in known if c["id"] != "*")])
        short = " ".join(
            [element.get("shortName", element["name"]), *(c["name"] for c in known if c["id"] != "*")]
        )
        parts = (element["id"], *(combo["id"] for combo in known))
        return Item(".".join(parts), "DATA_ELEMENT_OPERAND", name, short, None, element, parts)

    def _periods(self, wanted: list[str]) -> Dimension:
        found: dict[str, Period] = {}
        keywords: dict[str, Object] = {}
        for key in wanted:
            several = relative(key, self.today)
            if several is not None:
                keywords[key] = {"name": label(key)}
                found.update({period.iso: period for period in several})
                continue
            period = periods.parse(key)
            if period is None:
                raise Refusal(409, f"Period is not valid: `{key}`", "E7611")
            keywords[key] = {"name": period.name}
            found[period.iso] = period
        items = tuple(Item(p.iso, "PERIOD", p.name, p.name, p.iso, p) for p in found.values())
        return Dimension("pe", "Period", items, keywords)

    def _units(self, wanted: list[str]) -> Dimension:
        units: dict[str, Object] = {}
        bounds: dict[str, Object] = {}
        levels: dict[int, Object] = {}
        groups: dict[str, Object] = {}
        keywords: dict[str, Object] = {}
        for key in wanted:
            word, _, rest = key.partition("-")
            if key.startswith("USER_ORGUNIT"):
                own = self._own_units(key)
                keywords[key] = {"organisationUnits": [u["id"] for u in own]}
                units.update((u["id"], u) for u in own)
            elif word == "LEVEL":
                levels |= self._levels(rest.partition("-")[0])
                bounds |= self._named("organisationUnits", rest.partition("-")[2])
            elif word == "OU_GROUP":
                groups |= self._named("organisationUnitGroups", rest)
            elif self.scheme != "UID" or is_uid(key):
                units |= self._named("organisationUnits", key)
        bounds |= units
        found = list(units.values())
        if levels or groups:
            found = self._at(list(levels), bounds) + self._of(groups, bounds)
            everything = (*levels.values(), *groups.values(), *bounds.values())
            keywords |= {thing["id"]: _keyword(thing) for thing in everything}
        if not found:
            raise Refusal(
                409, "Dimension is present in query without any valid dimension options: `ou`", "E7143"
            )
        items = {unit["id"]: _plain(unit, "ORGANISATION_UNIT") for unit in found}
        return Dimension("ou", "Organisation unit", tuple(items.values()), keywords)

    def _named(self, kind: str, key: str) -> dict[str, Object]:
        """The object that KEY names, by id; nothing when there is none."""
        found = self.find(kind, key) if key else None
        return {found["id"]: found} if found else {}

    def _levels(self, key: str) -> dict[int, Object]:
        level = self._level(key)
        return {level["level"]: level} if level else {}

    def _level(self, key: str) -> Object | None:
        for level in self.store.all("organisationUnitLevels").values():
            if key in (str(level["level"]), level["id"]):
                return level
        return {"id": f"LEVEL-{key}", "name": f"Level {key}", "level": int(key)} if key.isdigit() else None

    def _own_units(self, keyword: str) -> list[Object]:
        everything = self.store.all("organisationUnits")
        if self.home:
            own = [everything[uid] for uid in self.home if uid in everything]
        else:
            own = [everything[path.rpartition("/")[2]] for path in self.user.capture]
        for _ in range(
            {"USER_ORGUNIT": 0, "USER_ORGUNIT_CHILDREN": 1, "USER_ORGUNIT_GRANDCHILDREN": 2}.get(keyword, 0)
        ):
            parents = {unit["id"] for unit in own}
            own = [u for u in everything.values() if (u.get("parent") or {}).get("id") in parents]
        return sorted(own, key=lambda unit: unit["name"])

    def _at(self, levels: list[int], bounds: dict[str, Object]) -> list[Object]:
        units = self.store.all("organisationUnits").values()
        found = [u for u in units if _depth(u) in levels and _below(u, bounds)]
        return sorted(found, key=lambda unit: unit["name"])

    def _of(self, groups: dict[str, Object], bounds: dict[str, Object]) -> list[Object]:
        units = self.store.all("organisationUnits")
        members = {
            m["id"]: units[m["id"]]
            for g in groups.values()
            for m in g.get("organisationUnits", ())
            if m["id"] in units
        }
        return sorted((u for u in members.values() if _below(u, bounds)), key=lambda unit: unit["name"])

    def _groups(self, name: str, wanted: list[str]) -> Dimension:
        group_set = self.find("organisationUnitGroupSets", name)
        if group_set is None:
            raise Refusal(409, f"Dimension or filter is not valid: `{name}`", "E7125")
        own = [
            self.store.get("organisationUnitGroups", g["id"])
            for g in group_set.get("organisationUnitGroups", ())
        ]
        asked = [w for w in wanted if w != "ALL_ITEMS"]
        chosen = [g for g in own if g and (not asked or g["id"] in asked)]
        items = tuple(_plain(g, "ORGANISATION_UNIT_GROUP") for g in chosen)
        return Dimension(group_set["id"], group_set["name"], items)


def _plain(thing: Object, kind: str) -> Item:
    return Item(
        thing["id"], kind, thing["name"], thing.get("shortName") or thing["name"], thing.get("code"), thing
    )


def _keyword(thing: Object) -> Object:
    return {
        "uid": thing["id"],
        **({"code": thing["code"]} if thing.get("code") else {}),
        "name": thing["name"],
    }


def _depth(unit: Object) -> int:
    return unit["path"].count("/")


def _below(unit: Object, bounds: dict[str, Object]) -> bool:
    return not bounds or not bounds.keys().isdisjoint(unit["path"].split("/"))
