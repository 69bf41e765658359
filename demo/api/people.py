"""`/api/me` and `/api/users`: who asks, what they may do, and who works where."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from demo.api.metadata import answer_list, asked_fields, readable, selection
from demo.fields import Selection
from demo.graph import graph
from demo.store import Object
from demo.web import Refusal, answer, current_user, several, store

blueprint = Blueprint("people", __name__)
SETTINGS = {
    "keyDbLocale": "en",
    "keyUiLocale": "en",
    "keyAnalysisDisplayProperty": "name",
    "keyStyle": None,
    "keyMessageEmailNotification": True,
    "keyMessageSmsNotification": True,
    "keyTrackerDashboardLayout": None,
}
OPTIONAL = (
    "email",
    "phoneNumber",
    "introduction",
    "birthday",
    "nationality",
    "employer",
    "jobTitle",
    "education",
    "gender",
    "interests",
    "languages",
    "whatsApp",
    "avatar",
    "code",
    "lastLogin",
    "created",
    "lastUpdated",
)


@blueprint.get("/api/me")
def me() -> Response:
    """Returns the asker, with rights, units and what data sets and programs they may read."""
    person = my_profile()
    choose = selection()
    return answer(
        Selection(graph(store()), current_user(), choose.address).of(None, person, asked_fields("*"))
    )


def my_profile() -> Object:
    """Returns everything `/api/me` can say of the asker, as their session knows them."""
    user, kept = current_user(), store()
    known: Any = kept.get("users", user.id) or {}
    profile: Object = {
        "id": user.id,
        "username": user.username,
        "firstName": user.first_name,
        "surname": user.surname,
        "name": user.name,
        "displayName": user.name,
        "authorities": list(user.authorities),
        "organisationUnits": _references(user.capture),
        "dataViewOrganisationUnits": _references(user.view),
        "teiSearchOrganisationUnits": known.get("teiSearchOrganisationUnits", []),
        "userRoles": known.get("userRoles", []),
        "userGroups": [{"id": i} for i in sorted(user.groups)],
        "dataSets": [i for i, d in kept.all("dataSets").items() if user.may("dataSets", d, "data_read")],
        "programs": [i for i, p in kept.all("programs").items() if user.may("programs", p, "data_read")],
        "settings": {name: value for name, value in my_settings().items() if value is not None},
        "patTokens": [
            {"id": r["id"]} for r in kept.execute("SELECT id FROM tokens WHERE user = ?", (user.id,))
        ],
        "externalAuth": False,
        "twoFactorType": "NOT_ENABLED",
        "emailVerified": False,
        "favorites": [],
        "translations": [],
        "attributeValues": [],
        "sharing": {"external": False, "users": {}, "userGroups": {}},
        "access": {
            "manage": True,
            "externalize": user.is_superuser,
            "write": True,
            "read": True,
            "update": True,
            "delete": True,
        },
    }
    return profile | {name: known[name] for name in OPTIONAL if known.get(name) is not None}


@blueprint.get("/api/me/authorities")
def my_authorities() -> Response:
    """Returns the asker's authorities."""
    return answer(sorted(current_user().authorities), cache="no-store")


@blueprint.get("/api/me/authorities/<authority>")
@blueprint.get("/api/me/authorization/<authority>")
def have_i(authority: str) -> Response:
    """Says whether the asker holds an authority."""
    return answer(current_user().has(authority), cache="no-store")


@blueprint.get("/api/me/authorization")
def my_authorization() -> Response:
    """The older name of `/api/me/authorities`."""
    return my_authorities()


@blueprint.get("/api/me/settings")
def settings() -> Response:
    """Returns the asker's settings."""
    return answer(my_settings(), cache="no-store")


@blueprint.get("/api/me/settings/<key>")
def setting(key: str) -> Response:
    """Returns one setting of the asker."""
    if key not in my_settings():
        raise Refusal(404, f"User setting not found for key: {key}", "E1005")
    return answer(my_settings()[key], cache="no-store")


@blueprint.get("/api/users")
def people() -> Response:
    """Lists people; with `ou`, whichever it is, those of the asker's own units, as 2.42 does."""
    found = readable("users")
    if several("ou"):
        found = [person for person in found if set(current_user().capture) & set(_paths(person))]
    return answer_list("users", found)


def my_settings() -> dict[str, Any]:
    """Returns the asker's settings over the defaults."""
    return {**SETTINGS, **store().setting(f"user:{current_user().username}", {})}


def _references(paths: tuple[str, ...]) -> list[Object]:
    return [{"id": path.rsplit("/", 1)[-1]} for path in paths]


def _paths(person: Object) -> list[str]:
    units = [store().get("organisationUnits", u["id"]) for u in person.get("organisationUnits", ())]
    return [unit["path"] for unit in units if unit]
