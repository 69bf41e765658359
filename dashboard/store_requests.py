"""What stores ask of each other, as people may: who asks, who approves where that is needed, who answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts import Person
from dashboard.i18n import t
from dashboard.neighbours import SEE_NEIGHBOURS
from dashboard.questions import BadQuestionError, NotInScopeError, UnknownFileError
from dashboard.roles import may
from dashboard.stores import Store, StoreDesk, may_record
from ledger.audit import Audit
from ledger.movement_form import MOST_PACKS, UUID
from ledger.transfer_requests import (
    GRANTED,
    REFUSED,
    WITHDRAWN,
    Answer,
    CannotAnswer,
    Request,
    TransferRequests,
)

APPROVE = "approve_transfers"
"""The role of the configuration that approves requests; where a country names none, none are needed."""

LONGEST = 200
PLAIN = re.compile(r"[^\x00-\x1f\x7f]*")
ACTIONS = ("approve", "grant", "refuse", "withdraw")


@dataclass(frozen=True)
class Decision:
    """What a person says to a request: one of `ACTIONS`, with what goes with it."""

    action: str
    packs: int | None = None
    transfer: str | None = None
    reason: str = ""


class RequestDesk:
    """The requests of one installation.

    Args:
        stores: knows which stores there are, and who may record where.
    """

    def __init__(self, stores: StoreDesk) -> None:
        self._stores, self._country = stores, stores.country
        self._requests, self._audit = TransferRequests(stores.database), Audit(stores.database)

    def needs_approval(self) -> bool:
        """Whether somebody approves before the giver is asked."""
        return bool(self._country.roles.get(APPROVE))

    def of(self, person: Person, unit: str) -> dict[str, Any]:
        """The requests of one store, or of all that the person may see.

        Raises:
            QuestionError: there is no such store, or it is not one's own.
        """
        seen = [self._stores.store(unit, person)] if unit else self._stores.stores(person)
        rows = self._requests.of([each.id for each in seen])
        return {"requests": [self._told(each, person) for each in rows], "approval": self.needs_approval()}

    def ask(self, person: Person, unit: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask another store for packs.

        Raises:
            QuestionError: something of it cannot be read, or the person may not ask for this store.
        """
        store = self._stores.store(unit, person)
        self._must_record(person, store)
        if not may(person, self._country, SEE_NEIGHBOURS):
            raise NotInScopeError("unit", t("asks.not_allowed"), t("asks.not_allowed_remedy"))
        request = self._read(store, body)
        self._requests.ask(request, person.username, self.needs_approval())
        about = {"unit": store.id, "of": request.giver, "item": request.item, "packs": request.packs}
        self._audit.append(person.username, "asked another store for packs", **about)
        return self._one(request.id, person)

    def decide(self, person: Person, number: str, decision: Decision) -> dict[str, Any]:
        """Approve, grant, refuse or withdraw a request.

        Raises:
            QuestionError: there is no such request, or the decision is not the person's.
            CannotAnswer: it was answered already.
        """
        row = self._visible(person, number)
        if decision.action not in ACTIONS:
            raise BadQuestionError("action", t("asks.no_action"), t("asks.no_action_remedy"))
        if decision.action not in self._offered(row, person):
            if row["state"] not in ("waiting", "asked"):
                raise CannotAnswer(str(row["state"]))
            raise NotInScopeError("action", t("asks.not_yours"), t("asks.not_yours_remedy"))
        if decision.action == "approve":
            self._requests.approve(number, person.username)
        else:
            self._requests.answer(number, _answer(decision), person.username)
        self._audit.append(person.username, f"request of packs: {decision.action}", request=number)
        return self._one(number, person)

    def _read(self, store: Store, body: Mapping[str, Any]) -> Request:
        known = self._stores.catalogue()
        number, packs, note = body.get("id"), body.get("packs"), body.get("note") or ""
        giver, item = known.units.get(str(body.get("to"))), known.items.get(str(body.get("item")))
        if not isinstance(number, str) or not UUID.fullmatch(number):
            raise BadQuestionError("id", t("asks.id"), t("asks.id_remedy"))
        if giver is None or giver == store.id:
            raise BadQuestionError("to", t("asks.to"), t("asks.to_remedy"))
        if item is None:
            raise BadQuestionError("item", t("asks.item"), t("asks.item_remedy"))
        if type(packs) is not int or not 0 < packs <= MOST_PACKS:
            raise BadQuestionError("packs", t("asks.packs"), t("asks.packs_remedy"))
        if not isinstance(note, str) or len(note) > LONGEST or not PLAIN.fullmatch(note):
            raise BadQuestionError("note", t("asks.note"), t("asks.note_remedy"))
        return Request(number, store.id, giver, item, packs, note.strip())

    def _visible(self, person: Person, number: str) -> dict[str, Any]:
        row = self._requests.get(number)
        stores = self._stores.catalogue().stores
        ends = [stores[row[end]] for end in ("asker", "giver") if row[end] in stores] if row else []
        if row is None or not any(person.scope.sees(each.path) for each in ends):
            raise UnknownFileError("id", t("asks.unknown"), t("asks.unknown_remedy"))
        return row

    def _one(self, number: str, person: Person) -> dict[str, Any]:
        return self._told(self._visible(person, number), person)

    def _offered(self, row: Mapping[str, Any], person: Person) -> list[str]:
        """What this person may say to a request as it stands."""
        if row["state"] not in ("waiting", "asked"):
            return []
        approver = self.needs_approval() and may(person, self._country, APPROVE)
        waits, mine = row["state"] == "waiting", self._records(person, row, "asker")
        gives = self._records(person, row, "giver")
        offered = {
            "approve": waits and approver,
            "grant": gives and not waits,
            "refuse": gives or (waits and approver),
            "withdraw": mine,
        }
        return [action for action, holds in offered.items() if holds]

    def _records(self, person: Person, row: Mapping[str, Any], end: str) -> bool:
        store = self._stores.catalogue().stores.get(row[end])
        return store is not None and may_record(person, store)

    def _told(self, row: Mapping[str, Any], person: Person) -> dict[str, Any]:
        known = self._stores.catalogue()
        commodity = known.commodities.get(row["item"])
        names = {
            f"{end}_name": known.stores[row[end]].name if row[end] in known.stores else row[end]
            for end in ("asker", "giver")
        }
        item = self._stores.name(commodity) if commodity else row["item"]
        return {**row, **names, "item_name": item, "actions": self._offered(row, person)}

    def _must_record(self, person: Person, store: Store) -> None:
        if not may_record(person, store):
            raise NotInScopeError("unit", t("asks.not_recording"), t("asks.not_recording_remedy"))


def _answer(decision: Decision) -> Answer:
    reason = decision.reason.strip()[:LONGEST]
    if decision.action == "grant":
        if type(decision.packs) is not int or not 0 < decision.packs <= MOST_PACKS:
            raise BadQuestionError("packs", t("asks.packs"), t("asks.packs_remedy"))
        if not decision.transfer or not UUID.fullmatch(decision.transfer):
            raise BadQuestionError("transfer", t("asks.id"), t("asks.id_remedy"))
        return Answer(GRANTED, decision.packs, decision.transfer, reason)
    return Answer(REFUSED if decision.action == "refuse" else WITHDRAWN, reason=reason)
