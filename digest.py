"""The month's digest: who is responsible for which open alerts, told once, each in their own language.

Responsible is who has the configuration's role (`told_of_alerts`) and is assigned the facility itself in
DHIS2; where nobody is, the next unit up, and so on.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from accounts.person import Person
from countries import Country
from dashboard import i18n
from dashboard.alerts_digest import Letters
from dashboard.alerts_ranked import in_order
from dashboard.alerts_words import AlertWords
from dashboard.holdings import Holding
from ledger.alert_digests import MAIL, MESSAGE, Digests
from ledger.alert_snoozes import Snoozes
from ledger.alerts import OPEN, Alert, Alerts
from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.people import People
from loaders.dhis2 import Client
from loaders.errors import SourceError
from loaders.responsible import Contact, contacts, send_message
from mailing import Letter, Mailer, NotMailed

ROLE = "told_of_alerts"

log = logging.getLogger("tandem.digest")


@dataclass(frozen=True)
class Ways:
    """How people are reached.

    Attributes:
        client: the DHIS2 in which messages are written, and which knows the people.
        mailer: sends mail; None where no mail is sent.
        messages: whether messages are written in DHIS2.
        address: where Tandem is reached; empty where that is not said.
    """

    client: Client
    mailer: Mailer | None
    messages: bool
    address: str = ""


class Digest:
    """Tells people of alerts.

    Args:
        database: where alerts are, and what was told.
        holding: the figures of now.
        country: whose role is responsible.
        ways: how people are reached.
        clock: the server's.
    """

    def __init__(
        self, database: Database, holding: Holding, country: Country, ways: Ways, clock: Clock = utc_now
    ) -> None:
        self._holding, self._country, self._ways, self._clock = holding, country, ways, clock
        self._alerts, self._snoozes = Alerts(database, clock), Snoozes(database, clock)
        self._digests, self._people = Digests(database, clock), People(database)

    def tell(self) -> int:
        """Tell everybody what is new to them, once a month; how many letters and messages went out.

        Raises:
            SourceError: DHIS2 cannot say who the people are.
        """
        role = self._country.roles.get(ROLE)
        if not role:
            return 0
        people = [each for each in contacts(self._ways.client) if each.has(role)]
        told = responsible(self._open(), people, self._parents())
        sent = 0
        for person in people:
            alerts = told.get(person.id, [])
            for channel, send in self._channels(person):
                sent += self._tell(person, alerts, (channel, send))
        return sent

    def _channels(self, person: Contact) -> list[tuple[str, Callable[[Letter], None]]]:
        found: list[tuple[str, Callable[[Letter], None]]] = []
        if self._ways.mailer and person.email:
            found.append((MAIL, self._ways.mailer.send))
        if self._ways.messages:
            found.append((MESSAGE, self._message))
        return found

    def _message(self, letter: Letter) -> None:
        send_message(self._ways.client, letter.to, letter.subject, letter.text)

    def _tell(
        self, person: Contact, alerts: Sequence[Alert], way: tuple[str, Callable[[Letter], None]]
    ) -> int:
        channel, send = way
        untold = self._digests.untold([each.id for each in alerts], person.username, channel)
        new = [each for each in alerts if each.id in untold]
        key = (f"{self._today():%Y-%m}", person.username, channel)
        if not new or not self._digests.claim(key, len(new)):
            return 0
        to = person.email if channel == MAIL else person.id
        try:
            with i18n.use(self._language(person)):
                send(Letter(to, *self._letters().written(person.name, new)))
        except NotMailed as problem:
            self._digests.failed(key, str(problem))
            log.warning("the digest of %s was not mailed: %s", person.username, problem)
            return 0
        except SourceError as problem:
            log.warning("the digest of %s may not have reached DHIS2: %s", person.username, problem)
            return 0
        self._digests.sent(key, [each.id for each in new])
        return 1

    def _letters(self) -> Letters:
        return Letters(AlertWords(self._holding, self._country), self._ways.address, self._today())

    def _language(self, person: Contact) -> str:
        """What DHIS2 says, else what the person was last seen with here, else the country's first."""
        record = self._people.get(person.username)
        known = (person.language, Person.of(record.facts).language if record else "")
        return next((each for each in known if each in i18n.LANGUAGES), self._country.languages[0])

    def _open(self) -> list[Alert]:
        asleep = {each.key for each in self._snoozes.asleep()}
        found = in_order(self._alerts.of(OPEN), int(self._holding.rollup.months[-1]))
        return [each for each in found if (each.unit, each.subject, each.code) not in asleep]

    def _parents(self) -> dict[str, str]:
        units = self._holding.units["parent"].dropna()
        return {str(unit): str(parent) for unit, parent in units.items()}

    def _today(self) -> datetime:
        return self._clock().astimezone(UTC)


def responsible(
    alerts: Iterable[Alert], people: Sequence[Contact], parents: Mapping[str, str]
) -> dict[str, list[Alert]]:
    """The alerts of each person, by the person's id.

    Args:
        alerts: in the order in which they are to be told.
        people: those with the role.
        parents: of each unit the one above.
    """
    at: dict[str, list[str]] = defaultdict(list)
    for person in people:
        for unit in person.units:
            at[unit].append(person.id)
    found: dict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        unit: str | None = alert.unit
        while unit is not None and unit not in at:
            unit = parents.get(unit)
        for person_id in at[unit] if unit is not None else ():
            found[person_id].append(alert)
    return dict(found)
