"""Thresholds learned from what alerts turned out to be, by subject and area; what a person set stays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from indicators.aberration_thresholds import CORRECTED as WAS_CORRECTED
from indicators.aberration_thresholds import EXPLAINED as WAS_EXPLAINED
from indicators.aberration_thresholds import REAL, learned
from ledger.alert_thresholds import LEARNED, Thresholds
from ledger.alerts import CONFIRMED, CORRECTED, EVENT, EXPLAINED, Alert

MEANT = {CORRECTED: WAS_CORRECTED, CONFIRMED: REAL, EXPLAINED: WAS_EXPLAINED}
"""What an outcome says of a score; one that could not be verified says nothing."""

FEWEST = 5
"""Outcomes of a subject in an area below which nothing is learned."""

MOVED = 0.1
"""A threshold that would move by less stays."""


def learn(alerts: Iterable[Alert], thresholds: Thresholds, area: Mapping[str, str]) -> int:
    """Write the thresholds that outcomes ask for; how many were written.

    Args:
        alerts: all that there are.
        thresholds: where they are kept.
        area: of each place the area that looks after it.
    """
    outcomes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in alerts:
        if each.kind != EVENT and each.outcome in MEANT and each.facts.get("score") is not None:
            outcomes[each.subject, area.get(each.unit, each.unit)].append(MEANT[each.outcome])
    known, written = thresholds.current(), 0
    for of, said in outcomes.items():
        now = known.get(of)
        if len(said) < FEWEST or (now is not None and now.origin != LEARNED):
            continue
        found = learned(outcomes=said)
        if now is not None and abs(now.threshold - found.value) < MOVED:
            continue
        evidence = {"mistakes": found.mistakes, "others": found.others}
        revision = now.revision if now else 0
        thresholds.write(of, round(found.value, 2), revision, origin=LEARNED, evidence=evidence)
        written += 1
    return written
