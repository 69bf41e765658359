"""Id schemes: objects named by id, code, name or an attribute, on the way in and on the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from demo.store import Object, Store

KINDS = {
    "dataElement": "dataElements",
    "orgUnit": "organisationUnits",
    "categoryOptionCombo": "categoryOptionCombos",
    "attributeOptionCombo": "categoryOptionCombos",
    "dataSet": "dataSets",
    "dataElementGroup": "dataElementGroups",
}
PARAMETERS = {
    "dataElement": "dataElementIdScheme",
    "orgUnit": "orgUnitIdScheme",
    "dataSet": "dataSetIdScheme",
    "categoryOptionCombo": "categoryOptionComboIdScheme",
    "dataElementGroup": "dataElementGroupIdScheme",
    "attributeOptionCombo": "attributeOptionComboIdScheme",
}


@dataclass(frozen=True)
class Schemes:
    """The scheme of each thing that values name.

    Args:
        asked: parameters as given (`idScheme`, `orgUnitIdScheme` ...).
        prefix: `input` for those of a request's own parameters.
    """

    asked: dict[str, str]
    prefix: str = ""

    def of(self, thing: str) -> str:
        """Returns the scheme of a thing: `UID`, `CODE`, `NAME` or `ATTRIBUTE:id`."""
        own, common = PARAMETERS[thing], "idScheme"
        if self.prefix:
            own, common = (self.prefix + name[0].upper() + name[1:] for name in (own, common))
        given = self.asked.get(own) or self.asked.get(common) or "UID"
        return (
            given
            if given.lower().startswith("attribute:")
            else {"ID": "UID"}.get(given.upper(), given.upper())
        )

    def all_uid(self) -> bool:
        """Says whether everything goes by its id."""
        return all(self.of(thing) == "UID" for thing in PARAMETERS)

    def finder(self, store: Store, thing: str) -> Callable[[str | None], Object | None]:
        """Returns what finds an object by its name in this scheme."""
        objects, scheme = store.metadata.get(KINDS[thing], {}), self.of(thing)
        if scheme == "UID":
            return lambda name: objects.get(name or "")
        known = {name: o for o in objects.values() if (name := named(o, scheme)) is not None}
        return lambda name: known.get(name or "")

    def namer(self, store: Store, thing: str) -> Callable[[str], str | None]:
        """Returns what names an id in this scheme."""
        objects, scheme = store.metadata.get(KINDS[thing], {}), self.of(thing)
        return lambda uid: uid if scheme == "UID" else named(objects.get(uid, {}), scheme)


def named(thing: Object, scheme: str) -> str | None:
    """Returns the name of an object in a scheme, or None when it has none."""
    if scheme.lower().startswith("attribute:"):
        wanted = scheme.partition(":")[2]
        return next(
            (
                v.get("value")
                for v in thing.get("attributeValues", ())
                if (v.get("attribute") or {}).get("id") == wanted
            ),
            None,
        )
    return thing.get({"CODE": "code", "NAME": "name"}.get(scheme, "id"))
