"""From which score on there is an alert, as people set it: of an item here or in its area, or everywhere."""

from dataclasses import dataclass

from accounts import Person
from dashboard.alerts import AlertDesk
from dashboard.alerts_steps import bad
from ledger.alert_thresholds import EVERY
from ledger.alerts import Alert

HERE, AREA, COUNTRY = "here", "area", "country"


@dataclass(frozen=True)
class Cut:
    """What somebody sets.

    Attributes:
        threshold: the score from which on there is an alert.
        reason: why.
        where: of the alert's subject `HERE` or in the `AREA` that looks after the place; of every subject of
            the `COUNTRY` that has no threshold of its own.
    """

    threshold: float
    reason: str
    where: str = HERE


def set_threshold(desk: AlertDesk, alert: Alert, cut: Cut, person: Person) -> None:
    """Set a threshold; it holds from the next look at the figures on.

    Raises:
        QuestionError: the person may not, does not see all that it holds for, or there is no reason.
        StaleError: somebody else set it in between.
    """
    desk.must_close(person)
    if not cut.reason.strip():
        raise bad("reason")
    if cut.where not in wheres(desk, alert, person):
        raise bad("where")
    area = desk.area_of(alert, person)
    of = {HERE: (alert.subject, alert.unit), AREA: (alert.subject, area), COUNTRY: (EVERY, EVERY)}[cut.where]
    known = desk.thresholds.current().get(of)
    about = {"reason": cut.reason.strip()[:500], "author": person.username}
    desk.thresholds.write(of, cut.threshold, known.revision if known else 0, **about)
    desk.noted(person, "set the threshold of alerts", subject=of[0], unit=of[1])


def wheres(desk: AlertDesk, alert: Alert, person: Person) -> list[str]:
    """For what a person may set a threshold: only what they see the whole of."""
    top = desk.figures.holding().units.index[0]
    found = [HERE]
    if desk.area_of(alert, person):
        found.append(AREA)
    if person.scope.sees(str(desk.figures.holding().records[str(top)]["path"])):
        found.append(COUNTRY)
    return found
