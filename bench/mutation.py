"""`python -m bench.mutation`: how many faults put into indicators/ on purpose the tests notice.

Each mutant (`bench.mutants`) is judged in a process of its own (`bench.mutation_trial`) by the tests that run
its lines (`bench.mutation_reach`), the quickest first, until one fails. A fault that no test runs is not
noticed; tests that no longer end have noticed. Faults that change nothing (`bench.mutants_without_effect`,
each with its reason) are not counted. The usual run takes a sample, of a seed, and says how sure it makes.
"""

from __future__ import annotations

import argparse
import importlib
import math
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import pytest

from bench.mutants import Mutant, mutants_of
from bench.mutants_without_effect import reason
from bench.mutation_reach import CODE, ROOT, Reach, collected, reach
from bench.mutation_trial import Trial, begun, by_exchange, by_loading, loaded_functions, trial_of


@dataclass
class Score:
    """What was judged so far.

    Attributes:
        noticed: mutants by path of their module.
        judged: the same, of all that were judged.
        missed: those that no test noticed.
    """

    noticed: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    missed: list[Trial] = field(default_factory=list)

    def add(self, trial: Trial, seen: bool) -> None:
        """One more, told at once where nobody noticed it."""
        path = str(trial.mutant.path)
        self.judged[path] += 1
        self.noticed[path] += seen
        if not seen:
            self.missed.append(trial)
            print(f"not noticed by {len(trial.tests)} tests: {trial.mutant}", flush=True)
        if self.judged.total() % 100 == 0:
            print(f"{self.noticed.total()} of {self.judged.total()} so far", flush=True)

    def told(self, of: int) -> str:
        """The score of each module, the weakest first, and of all."""
        shares = sorted((self.noticed[path] / judged, path) for path, judged in self.judged.items())
        lines = [
            f"{self.noticed[path]:4} of {self.judged[path]:4} {share:6.1%}  {path}" for share, path in shares
        ]
        noticed, judged = self.noticed.total(), self.judged.total()
        low, high = surely(noticed, judged)
        lines.append(f"score {noticed / judged:.1%}: {noticed} of {judged} noticed, {of} in all")
        if judged < of:
            lines.append(f"of all, 19 times of 20, {low:.1%} to {high:.1%}")
        return "\n".join(lines)


@dataclass
class Judging:
    """Judges trials, some at a time, until the time is over."""

    score: Score
    processes: int
    until: float
    tried: list[Callable[[Trial], bool]] = field(default_factory=list)

    def all(self, trials: Iterable[Trial], judge: Callable[[Trial], bool]) -> None:
        """Judge each by a process of its own."""
        running: dict[int, Trial] = {}
        for trial in trials:
            if time.monotonic() > self.until:
                break
            if not trial.tests:
                self.score.add(trial, False)
                continue
            if not self._sound(trial, judge):
                raise SystemExit("The tests of indicators fail without any fault: mend that first.")
            if len(running) == self.processes:
                self._one(running)
            running[begun(trial, judge)] = trial
        while running:
            self._one(running)

    def _sound(self, trial: Trial, judge: Callable[[Trial], bool]) -> bool:
        """Whether the tests of the first trial of each way of judging pass without its fault."""
        if judge in self.tried:
            return True
        self.tried.append(judge)
        child = begun(replace(trial, mutant=trial.mutant.undone()), judge)
        return os.waitpid(child, 0)[1] == 0

    def _one(self, running: dict[int, Trial]) -> None:
        child, status = os.wait()
        self.score.add(running.pop(child), status != 0)


class _WithAllCollected:
    """Judges, instead of running the tests, once pytest has collected them."""

    def __init__(self, judging: Judging, trials: list[Trial]) -> None:
        self.judging, self.trials = judging, trials

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge all; each in a process that has what this one has."""
        items, functions = {item.nodeid: item for item in session.items}, loaded_functions()
        self.judging.all(self.trials, lambda trial: by_exchange(trial, items, functions))
        return True


def surely(noticed: int, judged: int) -> tuple[float, float]:
    """Within which share of all the true one lies, 19 times of 20 (Wilson's interval)."""
    z, share = 1.96, noticed / judged
    middle, spread = (
        share + z * z / 2 / judged,
        z * math.sqrt(share * (1 - share) / judged + (z / 2 / judged) ** 2),
    )
    return (middle - spread) / (1 + z * z / judged), (middle + spread) / (1 + z * z / judged)


def judged(mutants: list[Mutant], known: Reach, asked: argparse.Namespace) -> Score:
    """Judge mutants: those that are loaded anew first, before any module of ours is loaded here."""
    score = Score()
    judging = Judging(score, asked.processes, time.monotonic() + 60 * asked.minutes)
    trials = [trial_of(mutant, known, asked.budget) for mutant in mutants]
    for name in known.loaded:  # once, so that every process has them
        _tried(name)
    if early := [name for name in sys.modules if name.split(".", maxsplit=1)[0] == CODE.name]:
        raise SystemExit(f"{early[0]} is loaded before any fault is in it: name who loads it in ANEW.")
    judging.all([trial for trial in trials if trial.loads], by_loading)
    collected(_WithAllCollected(judging, [trial for trial in trials if not trial.loads]))
    return score


def _tried(name: str) -> None:
    try:
        importlib.import_module(name)
    except Exception:  # noqa: BLE001  a part of others that only loads in their own way
        return


def options() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=400, help="how many mutants; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], help="names of modules")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--budget", type=float, default=math.inf, help="seconds of tests for each, at most")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no mutant after so many")
    return parser.parse_args()


def main() -> int:
    """Judge a sample or all, and say the score."""
    asked = options()
    os.chdir(ROOT)
    paths = [path for path in sorted(CODE.rglob("*.py")) if not asked.only or path.stem in asked.only]
    every = [mutant for path in paths for mutant in mutants_of(path) if not reason(mutant)]
    chosen = random.Random(asked.seed).sample(every, min(asked.count or len(every), len(every)))
    known, started = reach(), time.monotonic()
    score = judged(chosen, known, asked)
    print(score.told(len(every)), f"(seed {asked.seed}, {time.monotonic() - started:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
