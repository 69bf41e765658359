"""What is usual and where two sides part, beside an oracle in plain Python, on random series."""

import math
import random

import numpy as np
import pytest

from indicators.discordance import discordance, overdispersion
from indicators.robust import Around
from indicators.usual import Method, usual
from tests.indicators.oracle_usual import APART, RUN_SUM, PartingOracle, UsualOracle, Year


def series(chance, rows, months):
    """Counts of places large and small, with gaps, zeros, a season, and some wrong figures."""
    found = []
    for _ in range(rows):
        size, gaps, zeros = chance.choice([2, 20, 300]), chance.choice([0, 0.1, 0.6]), chance.choice([0, 0.3])
        row = [
            max(0.0, round(size * (1 + 0.5 * math.sin(at * math.pi / 6)) * chance.uniform(0.6, 1.4)))
            for at in range(months)
        ]
        row[chance.randrange(months)] *= chance.choice([1, 12])
        row = [0.0 if chance.random() < zeros else float(value) for value in row]
        found.append([None if chance.random() < gaps else value for value in row])
    return found


def as_array(rows):
    return np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=float)


def asked(seed):
    chance = random.Random(f"usual {seed}")
    cycle = chance.choice([1, 4, 12])
    year = Year(
        chance.choice(["centred", "trailing"]),
        chance.choice([6, 12]),
        cycle,
        chance.randrange(cycle),
        chance.choice([2.0, 3.0]),
    )
    months, rows = chance.choice([7, 15, 23, 24, 40]), chance.choice([1, 4, 9])
    groups = [chance.randrange(3) for _ in range(rows)]
    return series(chance, rows, months), groups, year


@pytest.mark.parametrize("seed", range(40))
def test_what_is_usual_is_what_the_oracle_says(seed):
    rows, groups, year = asked(seed)
    method = Method(Around(year.mode, year.reach), year.cycle, year.first, year.width)
    found, oracle = usual(as_array(rows), np.array(groups), method), UsualOracle(rows, groups, year)
    said_of = [oracle.judged(row) for row in range(len(rows))]
    for row, at in np.ndindex(*found.score.shape):
        *numbers, zero, score = said_of[row][at]
        said = [np.nan if number is None else number for number in (*numbers, score)]
        ours = [part[row, at] for part in (found.expected, found.low, found.high, found.score)]
        np.testing.assert_allclose(ours, said, rtol=2e-3, atol=2e-3, err_msg=f"{row}, {at}")
        assert found.zero[row, at] == zero
        assert found.enough[row, at] == (numbers[0] is not None)


@pytest.mark.parametrize("mode", ["centred", "trailing"])
@pytest.mark.parametrize("seed", range(20))
def test_two_sides_part_as_far_as_the_oracle_says(seed, mode):
    chance = random.Random(f"parting {seed}")
    rows, months = chance.choice([1, 4, 9]), chance.choice([2, 8, 30])
    services, consumption = series(chance, rows, months), series(chance, rows, months)
    groups = [0] * rows if seed % 2 else [chance.randrange(3) for _ in range(rows)]
    if seed % 4 == 3:  # moves together, so that months that part stand out
        consumption = [[None if v is None else v + chance.randrange(2) for v in row] for row in services]
        consumption[0][-3:] = [v if v is None else v * 8 + 9 for v in consumption[0][-3:]]
    oracle = PartingOracle(services, consumption, groups, mode)
    found = discordance(as_array(services), as_array(consumption), np.array(groups), mode)
    for row, at in np.ndindex(rows, months):
        score, run, level = oracle.score(row, at), oracle.run(row, at), oracle.usual[row][at]
        level = None if level is None else math.exp(level)
        said = [np.nan if v is None else v for v in (score, run, level)]
        ours = [found.score[row, at], found.run[row, at], found.usual[row, at]]
        np.testing.assert_allclose(ours, said, rtol=1e-6, err_msg=f"{row}, {at}")
        assert found.apart[row, at] == (abs(score or 0) >= APART or abs(run) >= RUN_SUM)
        strongest = run if abs(run) > abs(score or math.nan) else score
        np.testing.assert_allclose(found.strength[row, at], math.nan if strongest is None else strongest)
    alike = PartingOracle(services, consumption, groups, "centred").alpha
    alpha = overdispersion(as_array(services), as_array(consumption), np.array(groups))
    assert [alpha[group] for group in sorted(alike)] == pytest.approx([alike[g] for g in sorted(alike)])
