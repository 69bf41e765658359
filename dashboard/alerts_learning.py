"""Thresholds by what alerts turned out to be, and by how many there would be; what a person set stays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from dashboard.alerts_series import SeriesDesk
from indicators.aberration import ALERT
from indicators.aberration_thresholds import BUDGET, REAL, learned, within_budget
from indicators.aberration_thresholds import CORRECTED as WAS_CORRECTED
from indicators.aberration_thresholds import EXPLAINED as WAS_EXPLAINED
from ledger.alert_thresholds import BUDGETED, EVERY, LEARNED, SET, Thresholds
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
    prior = known[EVERY, EVERY].threshold if (EVERY, EVERY) in known else ALERT
    for of, said in outcomes.items():
        now = known.get(of)
        if len(said) < FEWEST or (now is not None and now.origin != LEARNED):
            continue
        found = learned(prior, said)
        if now is not None and abs(now.threshold - found.value) < MOVED:
            continue
        evidence = {"mistakes": found.mistakes, "others": found.others}
        revision = now.revision if now else 0
        thresholds.write(of, round(found.value, 2), revision, origin=LEARNED, evidence=evidence)
        written += 1
    return written


def keep_within_budget(series: SeriesDesk, thresholds: Thresholds, budget: float = BUDGET) -> bool:
    """Begin with a threshold that no larger share of the country's figures reach than can be looked into.

    It is chosen from the scores of all months; one that a person set for the country stays.

    Args:
        series: the figures.
        thresholds: where they are kept.
        budget: the share.

    Returns:
        Whether it was written anew.
    """
    now = thresholds.current().get((EVERY, EVERY))
    if now is not None and now.origin == SET:
        return False
    found = [each for code in series.codes() for each in (series.item(code), *series.windows(code)) if each]
    scores = np.concatenate([np.ravel(each.scores.score) for each in found]) if found else np.empty(0)
    cut, before = within_budget(scores, budget), now.threshold if now else ALERT
    if before - MOVED < cut <= before:
        return False
    evidence = {"figures": int((~np.isnan(scores)).sum()), "alerts": int((scores >= cut).sum())}
    thresholds.write((EVERY, EVERY), cut, now.revision if now else 0, origin=BUDGETED, evidence=evidence)
    return True
