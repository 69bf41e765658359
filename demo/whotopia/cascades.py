"""What follows from another count: tests from fevers, treatments from cases, bleeding from deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demo.whotopia import offers
from demo.whotopia.catalogue import Catalogue
from demo.whotopia.world import World

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

TREATED = 0.98
AGES = (0.40, 0.27, 0.33)
"""Of confirmed cases those treated, and of these the share under 5, 5 to 14 and from 15 years."""
SHARES = {
    "MAL_SEVERE": ("MAL_CONFIRMED", (0.0, 0.025, 0.07)),
    "HIV_POSITIVE": ("HIV_TESTED", (0.0, 0.028, 0.040)),
    "PPH": ("DELIVERIES", (0.0, 0.032, 0.046)),
    "ECLAMPSIA": ("DELIVERIES", (0.0, 0.018, 0.034)),
    "NEO_SEPSIS": ("DELIVERIES", (0.0, 0.024, 0.042)),
}
"""What a count is a share of, and the share in posts, centres and hospitals, which the severe are sent to."""
SHARE_SPREAD = {"HIV_POSITIVE": 0.35, "MAL_TESTED": 0.5, "AGES": 0.12}
OTHER_SPREAD, MONTHLY_SPREAD = 0.25, 0.15
"""Spread of a share's log-odds over facilities, and from month to month in one."""
LINKED, LOST = 0.85, 0.014
"""Of people found positive those who start treatment, and of those on it who leave or die in a month."""
ON_TREATMENT = 0.62
"""People on treatment in January 2019, or when a facility opens, as a share of the catalogue's number."""


@dataclass(frozen=True)
class Ratios:
    """A facility's own shares.

    Attributes:
        catalogue: what is counted.
        odds: log-odds of each of `SHARES`, `[facility]`.
        tested: what a facility adds to the log-odds of being tested, `[facility]`.
        ages: shares of the three ages, `[facility, 3]`.
    """

    catalogue: Catalogue
    odds: Mapping[str, Numbers]
    tested: Numbers
    ages: Numbers

    @classmethod
    def of(cls, world: World) -> Ratios:
        """The shares of all facilities; they do not change."""
        size, kinds = world.places.size, world.places.kinds()
        odds = {}
        for code, (_, by_kind) in SHARES.items():
            share = np.maximum(np.array(by_kind)[kinds], 1e-9)
            spread = SHARE_SPREAD.get(code, OTHER_SPREAD)
            own = world.chance.at("share", code).standard_normal(size)
            odds[code] = np.log(share / (1 - share)) + spread * own
        tested = SHARE_SPREAD["MAL_TESTED"] * world.chance.at("share", "MAL_TESTED").standard_normal(size)
        ages = np.array(AGES) * np.exp(
            SHARE_SPREAD["AGES"] * world.chance.at("share", "ages").standard_normal((size, 3))
        )
        return cls(world.catalogue, odds, tested, ages / ages.sum(axis=1, keepdims=True))


def drawn(
    counts: Counts, malaria: tuple[Numbers, Numbers], ratios: Ratios, luck: np.random.Generator
) -> Counts:
    """A month's counts with what follows from others drawn from them.

    Args:
        counts: `[service, facility]`; the following rows are replaced.
        malaria: shares of fevers that are tested and of tests that are positive, `[facility]`.
        ratios: the facilities' own shares.
        luck: of this month.
    """
    result, number = counts.copy(), ratios.catalogue.service
    share, positivity = malaria
    tested = _share(np.log(share / (1 - share)) + ratios.tested, luck)
    result[number("MAL_TESTED")] = luck.binomial(result[number("MAL_FEVER")], tested)
    confirmed = luck.binomial(
        result[number("MAL_TESTED")], _share(np.log(positivity / (1 - positivity)), luck)
    )
    result[number("MAL_CONFIRMED")] = confirmed
    ages = luck.multinomial(luck.binomial(confirmed, TREATED), ratios.ages)
    for column, code in enumerate(("MAL_TREATED_U5", "MAL_TREATED_5_14", "MAL_TREATED_15P")):
        result[number(code)] = ages[:, column]
    for code, (whole, _) in SHARES.items():
        result[number(code)] = luck.binomial(result[number(whole)], _share(ratios.odds[code], luck))
    return result


def on_treatment(world: World, counted: Counts, offered: npt.NDArray[np.bool_]) -> Counts:
    """People on antiretroviral treatment at the end of each month: who starts comes, few leave.

    Args:
        world: its places, months and luck.
        counted: all counts, `[service, facility, month]`; those found positive may start.
        offered: whether a facility treats, `[facility]`.

    Returns:
        `[facility, month]`.
    """
    service = world.catalogue.service("HIV_ON_ART")
    positive = counted[world.catalogue.service("HIV_POSITIVE")]
    is_open = world.places.open(world.timeline.size) & offered[:, None]
    before = world.chance.at("on treatment").poisson(
        ON_TREATMENT * _people_on_treatment(world, world.catalogue.services[service].base)
    )
    people, levels = np.zeros(world.places.size, dtype=np.int64), []
    was_open = np.zeros(world.places.size, dtype=np.bool_)
    for month in range(world.timeline.size):
        luck = world.chance.at("on treatment", month)
        people = np.where(is_open[:, month] & ~was_open, before, people) * is_open[:, month]
        people = (
            people
            - luck.binomial(people, LOST)
            + luck.binomial(positive[:, month], LINKED) * is_open[:, month]
        )
        was_open = is_open[:, month]
        levels.append(people)
    return np.stack(levels, axis=1)


def _people_on_treatment(world: World, base: float) -> Numbers:
    level = offers.levels(world)[world.catalogue.service("HIV_ON_ART")]
    return np.asarray(base * level * world.places.population(0) / 1000)


def _share(odds: Numbers, luck: np.random.Generator) -> Numbers:
    """Shares of log-odds, moved a little by the month."""
    return np.asarray(1 / (1 + np.exp(-odds - MONTHLY_SPREAD * luck.standard_normal(len(odds)))))
