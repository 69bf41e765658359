"""The server that devices send to: the real ledger and the real reading of a request; it may be killed."""

import json
from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from bench.simulator.fates import POINTS, Cut, Fates, Killed, Perishable
from dashboard.api.movements import batch_of
from ledger.movement_form import Rules
from ledger.movements import Movements, Result


class SomebodyElse(Exception):
    """The desk is of one person, and another is signed in: nothing is taken."""


class Server:
    """Takes in what devices send.

    Args:
        database: the ledger's.
        zone: the country's time zone.
        rules: which units and items there are.
        fates: the time, and what goes wrong.
    """

    def __init__(self, database: Perishable, zone: ZoneInfo, rules: Rules, fates: Fates) -> None:
        self._database, self._rules, self._fates = database, rules, fates
        self.movements = Movements(database, zone, fates.clock)
        self.answered: defaultdict[str, list[tuple[str, int | None]]] = defaultdict(list)
        """What was ever said about a movement, whether anybody heard it or not."""

    def post(self, signed_in: str, desk_of: str, body: str) -> str:
        """Answer a device's request.

        Args:
            signed_in: who the session is of.
            desk_of: whose desk asks.
            body: JSON.

        Raises:
            SomebodyElse: these are two.
            Cut: the server died.
        """
        if signed_in != desk_of:
            raise SomebodyElse(f"{signed_in} is signed in, the desk is of {desk_of}")
        rules = Rules(self._rules.units, self._rules.items, self._rules.may_write, signed_in)
        if self._fates.happens(self._fates.death):
            self._database.doom(self._fates.random.choice(POINTS), 0)
        try:
            results = self.movements.accept(batch_of(json.loads(body)), rules)
        except Killed as point:
            self._fates.cuts[f"server killed: {point}"] += 1
            self._fates.say(f"the server was killed: {point}")
            raise Cut("the server died") from point
        finally:
            self._database.fatal = ""
        for each in results:
            self.answered[str(each.id)].append((each.status, each.balance))
        return json.dumps({"results": [_told(each) for each in results]})


def _told(result: Result) -> dict[str, Any]:
    problem = result.problem
    said = {"code": problem.code, "retry": problem.retry} if problem else None
    return {"id": result.id, "status": result.status, "balance": result.balance, "problem": said}
