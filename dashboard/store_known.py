"""What a store says once and all its devices know: the item that a code means, names that are one person."""

import re
from collections.abc import Mapping
from typing import Any

from accounts import Person
from dashboard.i18n import t
from dashboard.questions import BadQuestionError, NotInScopeError
from dashboard.stores import Store, StoreDesk, may_record
from ledger.audit import Audit
from ledger.code_links import LONGEST_CODE, CodeLinks
from ledger.recipients import Recipients

MOST_CODES = 500
CODE = re.compile(rf"[^\x00-\x1f\x7f]{{1,{LONGEST_CODE}}}")


class KnownDesk:
    """What is learned at the stores of one installation.

    Args:
        stores: knows which stores there are, and who may record where.
    """

    def __init__(self, stores: StoreDesk) -> None:
        self._stores = stores
        self._codes, self._recipients = CodeLinks(stores.database), Recipients(stores.database)
        self._audit = Audit(stores.database)

    def link(self, person: Person, unit: str, meant: object, instead: object = None) -> dict[str, Any]:
        """Keep which items codes mean at a store; what it knows already stays, unless it is said to be wrong.

        Args:
            person: who says so.
            unit: the store.
            meant: the id or code of the item by code.
            instead: by code, the version of the link that is wrong, as the store was told it.

        Raises:
            QuestionError: something of it cannot be read, or the person may not record there.
        """
        store = self._recording(person, unit)
        items, wrong = self._stores.catalogue().items, _versions(instead)
        if not isinstance(meant, Mapping) or not 0 < len(meant) <= MOST_CODES:
            raise BadQuestionError("codes", t("known.codes"), t("known.codes_remedy", most=MOST_CODES))
        for code, item in meant.items():
            if not CODE.fullmatch(code):
                raise BadQuestionError("codes", t("known.code"), t("known.code_remedy", most=LONGEST_CODE))
            if not isinstance(item, str) or item not in items:
                raise BadQuestionError("codes", t("known.item"), t("known.item_remedy"))
        said = {code: items[item] for code, item in meant.items()}
        told = self._codes.learn(store.id, said, person.username, wrong)
        self._audit.append(person.username, "linked codes to items", unit=store.id, codes=said, instead=wrong)
        return {"codes": [{"id": each.code, "item": each.item, "version": each.version} for each in told]}

    def links(self, person: Person, unit: str) -> dict[str, Any]:
        """Every link of a code that was ever made at a store: by code, the one that holds first.

        Raises:
            QuestionError: there is no such store, or it is not the person's to see.
        """
        store, known = self._stores.store(unit, person), self._stores.catalogue().commodities
        found = self._codes.history(store.id)
        holds = {each.code: each.version for each in reversed(found)}
        return {
            "codes": [
                {
                    "id": each.code,
                    "item": each.item,
                    "item_name": self._stores.name(known[each.item]) if each.item in known else each.item,
                    "linked_by": each.username,
                    "linked_at": each.linked_at.isoformat(),
                    "version": each.version,
                    "holds": holds[each.code] == each.version,
                }
                for each in found
            ]
        }

    def merge(self, person: Person, unit: str, gone: object, kept: object) -> dict[str, Any]:
        """Say that two who collect at a store are one person: KEPT.

        Raises:
            QuestionError: one of them is not known there, or the person may not record there.
        """
        store = self._recording(person, unit)
        told = isinstance(gone, str) and isinstance(kept, str)
        if not told or not self._recipients.merge(store.id, str(gone), str(kept)):
            raise BadQuestionError("gone", t("known.people"), t("known.people_remedy"))
        self._audit.append(person.username, "merged two who collect", unit=store.id, gone=gone, kept=kept)
        return {"id": gone, "gone": True, "merged_into": kept}

    def _recording(self, person: Person, unit: str) -> Store:
        store = self._stores.store(unit, person)
        if not may_record(person, store):
            raise NotInScopeError("unit", t("asks.not_recording"), t("asks.not_recording_remedy"))
        return store


def _versions(instead: object) -> dict[str, int]:
    told = {} if instead is None else instead
    if not isinstance(told, Mapping) or not all(type(each) is int for each in told.values()):
        raise BadQuestionError("instead", t("known.instead"), t("known.instead_remedy"))
    return dict(told)
