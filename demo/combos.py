"""Category option combos: made from the options of a combo's categories, as DHIS2's maintenance does."""

from __future__ import annotations

import itertools
from hashlib import sha256

from demo.store import Object, Store

DEFAULT_COMBO, DEFAULT_OPTION_COMBO = "bjDvmb4bfuf", "HllvX50cXC0"
DEFAULT_CATEGORY, DEFAULT_OPTION = "GLevLNI9wkl", "xYerKDKCefk"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def stable_id(*key: str) -> str:
    """Returns an id that is always the same for one key."""
    digest = sha256("/".join(key).encode()).digest()
    return LETTERS[digest[0] % 52] + "".join(LETTERS[b % 62] for b in digest[1:11])


def missing(store: Store, combo: Object) -> list[Object]:
    """Returns the option combos that a category combo should have and does not.

    Their names join the options' with a comma, in the order of the categories.
    """
    known = {
        frozenset(o["id"] for o in c.get("categoryOptions", ()))
        for c in store.all("categoryOptionCombos").values()
        if c.get("categoryCombo", {}).get("id") == combo["id"]
    }
    categories = [store.get("categories", c["id"]) or {} for c in combo.get("categories", ())]
    chosen = itertools.product(*([o["id"] for o in c.get("categoryOptions", ())] for c in categories))
    wanted = [options for options in chosen if options and frozenset(options) not in known]
    return [_option_combo(store, combo, options) for options in wanted]


def update(store: Store, combos: list[Object] | None = None) -> list[Object]:
    """Makes what is missing for the given category combos (all when None) and returns it."""
    asked = list(store.all("categoryCombos").values()) if combos is None else combos
    made = [new for combo in asked for new in missing(store, combo)]
    store.save("categoryOptionCombos", *made)
    return made


def defaults(moment: str) -> dict[str, Object]:
    """Returns the default category, option, combo and option combo that every DHIS2 has, by type."""
    sharing = {"public": "rw------", "external": False, "users": {}, "userGroups": {}}
    common = {"name": "default", "code": "default", "created": moment, "lastUpdated": moment}
    kind = {"dataDimensionType": "DISAGGREGATION"}
    return {
        "categoryOptions": {
            **common,
            "id": DEFAULT_OPTION,
            "shortName": "default",
            "sharing": {**sharing, "public": "rwrw----"},
            "organisationUnits": [],
        },
        "categories": {
            **common,
            **kind,
            "id": DEFAULT_CATEGORY,
            "shortName": "default",
            "dataDimension": False,
            "sharing": sharing,
            "categoryOptions": [{"id": DEFAULT_OPTION}],
        },
        "categoryCombos": {
            **common,
            **kind,
            "id": DEFAULT_COMBO,
            "skipTotal": False,
            "sharing": sharing,
            "categories": [{"id": DEFAULT_CATEGORY}],
        },
        "categoryOptionCombos": {
            **common,
            "id": DEFAULT_OPTION_COMBO,
            "ignoreApproval": False,
            "categoryCombo": {"id": DEFAULT_COMBO},
            "categoryOptions": [{"id": DEFAULT_OPTION}],
        },
    }


def _option_combo(store: Store, combo: Object, options: tuple[str, ...]) -> Object:
    moment = store.clock.milliseconds()
    names = [(store.get("categoryOptions", o) or {}).get("name", o) for o in options]
    return {
        "id": stable_id("option combo", combo["id"], *options),
        "name": ", ".join(names),
        "ignoreApproval": False,
        "categoryCombo": {"id": combo["id"]},
        "categoryOptions": [{"id": o} for o in options],
        "created": moment,
        "lastUpdated": moment,
    }
