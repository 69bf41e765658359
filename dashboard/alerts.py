"""Alerts as one person may see and work on them: the units one sees, the forms one reads, one's roles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from accounts import Person
from accounts.scope import Scope
from dashboard.alerts_ranked import aged, in_order
from dashboard.alerts_series import COUNT
from dashboard.alerts_steps import ASLEEP, LISTS, MINE, bad, far, refusal, taken_already, unknown
from dashboard.alerts_words import AlertWords, Said
from dashboard.holdings import Holding
from dashboard.i18n import t
from dashboard.logistics import LogisticsDesk
from dashboard.neighbours import SEE_NEIGHBOURS
from dashboard.questions import BadQuestionError, NotInScopeError, UnknownFileError
from dashboard.readable import unread
from dashboard.roles import may
from ledger.alert_intake import Intake
from ledger.alert_snoozes import LONGEST, USUAL, Snooze, Snoozes
from ledger.alert_thresholds import Thresholds
from ledger.alerts import (
    CLOSED,
    KINDS,
    NEXT,
    OPEN,
    Alert,
    Alerts,
    CannotStep,
    StaleAlert,
    Step,
)
from ledger.audit import Audit
from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.people import People

CLOSE = "close_alerts"


class UnknownAlertError(UnknownFileError):
    """No alert of this id, or none that one may know of."""


@dataclass(frozen=True)
class Asked:
    """Which alerts are asked for: of a unit and all below it, in a state, of a kind; empty for all."""

    unit: str = ""
    status: str = "open"
    kind: str = ""


@dataclass(frozen=True)
class Listed:
    """The alerts that were asked for, what is known of them all, and what sleeps."""

    alerts: Sequence[Alert]
    asleep: Mapping[tuple[str, str, str], Snooze]
    unit: Mapping[str, Any]


class AlertDesk:
    """The alerts of one installation.

    Args:
        database: where they are kept.
        desk: the figures and indicators.
        clock: the server's.
    """

    def __init__(self, database: Database, desk: LogisticsDesk, clock: Clock = utc_now) -> None:
        self.desk, self.figures, self.country = desk, desk.figures, desk.figures.country
        self.alerts, self.snoozes = Alerts(database, clock), Snoozes(database, clock)
        self.thresholds, self.intake = Thresholds(database, clock), Intake(database, clock)
        self._people, self._audit = People(database), Audit(database)
        self._words: tuple[Holding, AlertWords] | None = None

    def listed(self, asked: Asked, person: Person) -> Listed:
        """The alerts that are asked for, as far as the person may see them.

        Raises:
            QuestionError: the unit, state or kind cannot be asked for.
        """
        unit = self.figures.unit(asked.unit or self.figures.home(person.scope), person.scope)
        if asked.status not in (*LISTS, MINE, ASLEEP):
            raise unknown("status", asked.status, (*LISTS, MINE, ASLEEP))
        if asked.kind and asked.kind not in KINDS:
            raise unknown("kind", asked.kind, KINDS)
        seen = self._units_within(unit, person.scope)
        asleep = {each.key: each for each in self.snoozes.asleep(seen)}
        found = self.alerts.of(LISTS.get(asked.status, OPEN), seen)
        kept = [each for each in found if self._asked(each, asked, person, asleep)]
        return Listed(in_order(self._readable(kept, person.scope), self.figures.months()[1]), asleep, unit)

    def _asked(
        self, alert: Alert, asked: Asked, person: Person, asleep: Mapping[tuple[str, str, str], Snooze]
    ) -> bool:
        sleeps = (alert.unit, alert.subject, alert.code) in asleep and alert.status in OPEN
        if asked.kind and alert.kind != asked.kind:
            return False
        if asked.status == MINE:
            return alert.assignee == person.username
        return sleeps == (asked.status == ASLEEP) or asked.status == "all"

    def get(self, number: str, person: Person) -> Alert:
        """One alert that a person may see.

        Raises:
            UnknownAlertError: there is none.
        """
        found = self.alerts.get(number)
        if found is None or not self._sees(found, person.scope):
            raise UnknownAlertError("id", t("alerts.unknown", id=number), t("alerts.unknown_remedy"))
        return aged(found, self.figures.months()[1])

    def take(self, alert: Alert, version: int, step: Step, person: Person) -> Alert:
        """Take a step.

        Raises:
            QuestionError: the step is not the person's, or does not lead on.
            StaleAlert: somebody else acted in between.
        """
        if CLOSED in (step.status, alert.status) and step.status and not self.may_close(person):
            raise NotInScopeError("status", t("alerts.not_yours"), t("alerts.not_yours_remedy"))
        if step.assignee and step.assignee not in self.assignable(alert):
            what = t("alerts.no_person", name=step.assignee)
            raise BadQuestionError("assignee", what, t("alerts.no_person_remedy"))
        try:
            return self.alerts.take(alert.id, version, step, person.username)
        except CannotStep:
            raise refusal(alert, step) from None
        except StaleAlert as stale:
            last = self.alerts.steps(alert.id)[-1]
            if stale.alert.version == version + 1 and taken_already(stale.alert, last, step, person.username):
                return stale.alert
            raise

    def may_close(self, person: Person) -> bool:
        """Whether a person may close, reopen, put to sleep and set thresholds."""
        return may(person, self.country, CLOSE)

    def steps_for(self, alert: Alert, person: Person) -> list[str]:
        """The states into which a person may bring an alert."""
        closes = self.may_close(person)
        return [each for each in NEXT[alert.status] if closes or CLOSED not in (each, alert.status)]

    def assignable(self, alert: Alert) -> dict[str, str]:
        """Who may be named for an alert: people who logged in and see the place; name by username."""
        path = self._path(alert.unit)
        everybody = (Person.of(record.facts) for record in self._people.all() if not record.refused)
        found = {each.username: each.name for each in everybody if each.scope.sees(path)}
        return dict(sorted(found.items(), key=lambda each: each[1].casefold()))

    def name_of(self, username: str) -> str:
        """What a person is called."""
        record = self._people.get(username) if username else None
        return Person.of(record.facts).name if record else username

    def snooze(self, alert: Alert, reason: str, until: date | None, person: Person) -> str:
        """Put what an alert found to sleep at its place; gives the snooze's id.

        Raises:
            QuestionError: the person may not, or reason or day are no good.
        """
        self.must_close(person)
        day = until or self.today() + USUAL
        try:
            number = self.snoozes.add((alert.unit, alert.subject, alert.code), reason, day, person.username)
        except ValueError:
            last = self.today() + LONGEST
            raise far("until", day, (self.today(), last)) if reason.strip() else bad("reason") from None
        self._audit.append(person.username, "put an alert to sleep", alert=alert.id, until=day.isoformat())
        return number

    def wake(self, number: str, person: Person) -> None:
        """Wake what sleeps.

        Raises:
            QuestionError: the person may not, or it is not theirs to see.
        """
        self.must_close(person)
        mine = [each for each in self.snoozes.asleep() if each.id == number]
        if not mine or not person.scope.sees(self._path(mine[0].unit)):
            raise UnknownAlertError("id", t("alerts.unknown", id=number), t("alerts.unknown_remedy"))
        self.snoozes.end(number, person.username)
        self._audit.append(person.username, "woke an alert", snooze=number)

    def area_of(self, alert: Alert, person: Person) -> str:
        """The unit that looks after an alert's place; empty where the person does not see the whole of it."""
        above = self._path(alert.unit).strip("/").split("/")[:-1]
        return above[-1] if above and person.scope.sees(self._path(above[-1])) else ""

    def noted(self, person: Person, what: str, **about: str) -> None:
        """Write what a person did into the trail."""
        self._audit.append(person.username, what, **about)

    def words(self) -> AlertWords:
        """What says alerts, of the version of the data that this request is answered from."""
        holding = self.figures.holding()
        if self._words is None or self._words[0] is not holding:
            self._words = holding, AlertWords(holding, self.country)
        return self._words[1]

    def said(self, alert: Alert, person: Person) -> Said:
        """An alert in words, with no more of others' stores than the person may know."""
        words, alert = self.words(), self._without_unread(alert, person.scope)
        donor = alert.facts.get("donor")
        name: str | None = ""
        if donor:
            path = self._path(str(donor["unit"]))
            knows = person.scope.sees(path) or may(person, self.country, SEE_NEIGHBOURS)
            name = words.place(str(donor["unit"])) if knows else None
        return words.said(alert, name)

    def _without_unread(self, alert: Alert, scope: Scope) -> Alert:
        """An alert without what other items show beside it, where the person may not read these."""
        facts, holding = dict(alert.facts), self.figures.holding()

        def hidden(codes: Sequence[str]) -> bool:
            return bool(unread(holding, codes, scope)[0])

        other = facts.get("other")
        pair = self.country.pairs.get(str(other["pair"])) if isinstance(other, dict) else None
        if pair and hidden(pair.services if other["measure"] == COUNT else pair.commodities):
            facts["other"] = None
        if because := facts.get("because"):
            facts["because"] = [each for each in because if not (each["other"] and hidden([each["other"]]))]
        return replace(alert, facts=facts)

    def today(self) -> date:
        """The day, by the server's clock."""
        return utc_now().date()

    def must_close(self, person: Person) -> None:
        """See that a person may close alerts, and what goes with it.

        Raises:
            NotInScopeError: they may not.
        """
        if not self.may_close(person):
            raise NotInScopeError("alert", t("alerts.not_yours"), t("alerts.not_yours_remedy"))

    def _units_within(self, unit: Mapping[str, Any], scope: Scope) -> set[str]:
        """A unit and those below it, as far as they are one's own; of a unit above, one's own."""
        records = self.figures.holding().records
        path = str(unit["path"])
        return {
            key
            for key, each in records.items()
            if (each["path"] == path or str(each["path"]).startswith(path + "/"))
            and scope.sees(str(each["path"]))
        }

    def _sees(self, alert: Alert, scope: Scope) -> bool:
        return scope.sees(self._path(alert.unit)) and bool(self._readable([alert], scope))

    def _path(self, unit: str) -> str:
        return str(self.figures.holding().records.get(unit, {}).get("path", ""))

    def _readable(self, alerts: Sequence[Alert], scope: Scope) -> list[Alert]:
        """Without those of forms that the person may not read."""
        if scope.data_sets is None:
            return list(alerts)
        holding = self.figures.holding()
        codes = {alert.subject: self._codes(alert, holding) for alert in alerts}
        closed, _ = unread(holding, {code for found in codes.values() for code in found}, scope)
        return [each for each in alerts if not closed.intersection(codes[each.subject])]

    def _codes(self, alert: Alert, holding: Holding) -> tuple[str, ...]:
        kind, _, name = alert.subject.partition(":")
        if kind == "pair" and name in self.country.pairs:
            return (*self.country.pairs[name].services, *self.country.pairs[name].commodities)
        if kind == "form":
            items = holding.rollup.items
            return tuple(items["code"][(items["form"] == name).to_numpy()].astype(str))
        return (alert.subject,)
