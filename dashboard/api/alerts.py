"""`/api/v1/alerts`: what looks wrong or needs somebody, as the asker may see it, and what is done of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask, Response, jsonify, request

from accounts import Person
from accounts.guard import problem
from dashboard.address import month_name
from dashboard.alerts import AlertDesk, Asked, Listed
from dashboard.alerts_detail import AlertDetail
from dashboard.alerts_thresholds import HERE, Cut, set_threshold
from dashboard.api import alerts_sent as sent
from dashboard.api.answering import answered
from dashboard.api.asking import checked
from dashboard.i18n import number, percent, t
from dashboard.programme import months_before
from dashboard.questions import BadQuestionError
from ledger.alert_snoozes import Snooze
from ledger.alerts import CONFIRMED, CORRECTED, QUALITY, Alert, StaleAlert
from ledger.words import StaleError

PATH = "/api/v1/alerts"
PARAMETERS = ("unit", "status", "kind", "from", "limit", "lang")
SLEEP, CUT = ("reason", "until"), ("threshold", "reason", "where")
MOST, USUALLY, FURTHEST = 500, 50, 1_000_000
CONFLICT, NOT_FOUND = 409, 404


class AlertRoutes:
    """What each address answers to a person.

    Args:
        desk: knows the alerts.
    """

    def __init__(self, desk: AlertDesk) -> None:
        self._desk, self._detail = desk, AlertDetail(desk)

    def listed(self, person: Person) -> dict[str, Any]:
        """The alerts that are asked for, those that matter most first."""
        return _listed(self._desk, person)

    def one(self, person: Person, number: str) -> dict[str, Any]:
        """One alert to its ground."""
        alert = self._desk.get(number, person)
        shown = told(self._desk, alert, person, self._snooze(alert))
        known = {"real": _real(self._desk)}
        return shown | self._detail.of(alert, person) | _may(self._desk, alert, person) | known

    def take(self, person: Person, number: str) -> dict[str, Any]:
        """Take a step."""
        alert = self._desk.get(number, person)
        version, step = sent.step(alert, self._desk.today())
        self._desk.take(alert, version, step, person)
        return self.one(person, number)

    def look(self, person: Person, number: str) -> dict[str, Any]:
        """Note that somebody opened an alert."""
        self._desk.alerts.look(self._desk.get(number, person).id, person.username)
        return {}

    def sleep(self, person: Person, number: str) -> dict[str, Any]:
        """Put what an alert found to sleep at its place."""
        body = sent.body(SLEEP)
        alert, until = self._desk.get(number, person), sent.day(body, "until")
        return {"id": self._desk.snooze(alert, sent.text(body, "reason") or "", until, person)}

    def wake(self, person: Person, number: str) -> dict[str, Any]:
        """Wake what sleeps."""
        self._desk.wake(number, person)
        return {}

    def threshold(self, person: Person, number: str) -> dict[str, Any]:
        """Set from which score on there is an alert: of this item here or in its area, or everywhere."""
        body = sent.body(CUT)
        where, reason = (sent.text(body, name) or "" for name in ("where", "reason"))
        cut = Cut(sent.threshold(body), reason, where or HERE)
        set_threshold(self._desk, self._desk.get(number, person), cut, person)
        return self.one(person, number)

    def _snooze(self, alert: Alert) -> Snooze | None:
        asleep = {each.key: each for each in self._desk.snoozes.asleep([alert.unit])}
        return asleep.get((alert.unit, alert.subject, alert.code))


def install(server: Flask, desk: AlertDesk) -> None:
    """Add the routes to the server."""
    routes = AlertRoutes(desk)
    for path, method, answer in (
        (PATH, "GET", routes.listed),
        (f"{PATH}/<number>", "GET", routes.one),
        (f"{PATH}/<number>", "PATCH", routes.take),
        (f"{PATH}/<number>/look", "POST", routes.look),
        (f"{PATH}/<number>/snooze", "POST", routes.sleep),
        (f"{PATH}/<number>/threshold", "PUT", routes.threshold),
        (f"{PATH}/snoozes/<number>", "DELETE", routes.wake),
    ):
        name = f"api_alerts_{answer.__name__}"
        server.add_url_rule(path, name, _view(answer), methods=[method])


def _view(answer: Callable[..., Any]) -> Callable[..., Response]:
    def view(**named: str) -> Response:
        return _answered(lambda person: answer(person, **named))

    return view


def _answered(answer: Callable[[Person], Any]) -> Response:
    try:
        return answered(lambda person: jsonify(answer(person)))
    except StaleAlert as stale:
        return _moved_on(stale.alert.version, stale.alert.status)
    except StaleError:
        return _moved_on(None, "")


def _moved_on(version: int | None, status: str) -> Response:
    what = t("alerts.moved_on")
    error = {"where": "version", "what": what, "remedy": t("alerts.unknown_remedy")}
    response = problem(CONFLICT, what, error)
    body = response.get_json() | {"version": version, "alert_status": status}
    response.set_data(jsonify(body).get_data())
    return response


def _listed(desk: AlertDesk, person: Person) -> dict[str, Any]:
    checked(request.args, PARAMETERS, needed=())
    given = request.args
    asked = Asked(given.get("unit", ""), given.get("status") or "open", given.get("kind", ""))
    found = desk.listed(asked, person)
    first, limit = _whole("from", 0, FURTHEST), _whole("limit", USUALLY, MOST)
    run = desk.intake.last()
    return {
        "unit": {"id": found.unit["id"], "name": desk.figures.holding().names[str(found.unit["id"])]},
        "count": len(found.alerts),
        "alerts": [
            told(desk, each, person, _sleeping(each, found)) for each in found.alerts[first : first + limit]
        ],
        "every": _kinds(desk.listed(replace(asked, kind=""), person) if asked.kind else found),
        "way": _named(
            desk, [str(each["id"]) for each in desk.figures.way(str(found.unit["id"]), person.scope)]
        ),
        "below": _named(
            desk, [str(each) for each in desk.figures.children(str(found.unit["id"]), person.scope)["id"]]
        ),
        "looked_at": run.at.isoformat() if run else None,
        "left_out": run.counts.get("left_out", 0) if run else 0,
        "real": _real(desk),
    }


def _named(desk: AlertDesk, units: list[str]) -> list[dict[str, str]]:
    names = desk.figures.holding().names
    return [{"id": each, "name": names[each]} for each in units]


def _kinds(found: Listed) -> dict[str, int]:
    kinds = [each.kind for each in found.alerts]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def _real(desk: AlertDesk) -> dict[str, Any]:
    """Of the figures that were looked into, how many turned out wrong or really unusual."""
    outcomes = desk.alerts.outcomes()
    real, of = outcomes[CORRECTED] + outcomes[CONFIRMED], sum(outcomes.values())
    share = t("alerts.real", n=number(real), of=number(of), share=percent(real / of)) if of else ""
    return {"real": real, "of": of, "says": share or t("alerts.real_none")} | outcomes


def _sleeping(alert: Alert, found: Listed) -> Snooze | None:
    return found.asleep.get((alert.unit, alert.subject, alert.code))


def told(desk: AlertDesk, alert: Alert, person: Person, snooze: Snooze | None = None) -> dict[str, Any]:
    """An alert as JSON shows it, with its sentence in the reader's language."""
    said = desk.said(alert, person)
    words = desk.words()
    return {
        "id": alert.id,
        "kind": alert.kind,
        "code": alert.code,
        "unit": alert.unit,
        "unit_name": words.place(alert.unit),
        "area_name": words.area(alert.unit),
        "subject": alert.subject,
        "subject_name": words.subject(alert.subject),
        "month": month_name(alert.month),
        "rank": alert.rank,
        "sentence": said.sentence,
        "beside": said.beside,
        "checks": said.checks,
        "status": alert.status,
        "outcome": alert.outcome,
        "assignee": alert.assignee,
        "assignee_name": desk.name_of(alert.assignee),
        "due": alert.due,
        "version": alert.version,
        "found_at": alert.found_at.isoformat(),
        "changed_at": alert.changed_at.isoformat(),
        "compare": _compare(desk, alert),
        "snooze": {
            "id": snooze.id, "until": snooze.until, "reason": snooze.reason,
            "name": desk.name_of(snooze.author),
        } if snooze else None,
    }  # fmt: skip


def _compare(desk: AlertDesk, alert: Alert) -> str:
    """The address on Compare of the pair that an alert is of; empty where there is none."""
    kind, _, name = alert.subject.partition(":")
    pairs = desk.country.pairs
    if kind != "pair":
        name = next((p.id for p in pairs.values() if alert.subject in (*p.services, *p.commodities)), "")
    at = alert.facts.get("as_of") or _ends(alert)
    last = desk.figures.months()[1]
    return f"/?unit={alert.unit}&pair={name}&at={month_name(min(int(at), last))}" if name in pairs else ""


def _ends(alert: Alert) -> int:
    """The last month that an alert's figure is of."""
    several = alert.kind == QUALITY and ":" not in alert.subject
    return months_before(alert.month, 1 - int(alert.facts.get("months") or 1)) if several else alert.month


def _may(desk: AlertDesk, alert: Alert, person: Person) -> dict[str, Any]:
    return {
        "next": desk.steps_for(alert, person),
        "may_close": desk.may_close(person),
        "people": [{"username": name, "name": shown} for name, shown in desk.assignable(alert).items()],
    }


def _whole(name: str, usual: int, most: int) -> int:
    """A whole number out of the query string."""
    text = request.args.get(name)
    if not text:
        return usual
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)) or int(text) > most:
        what = t("alerts.no_number", name=name, value=text[:40])
        raise BadQuestionError(name, what, t("alerts.no_number_remedy", most=most))
    return int(text)
