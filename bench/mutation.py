"""`python -m bench.mutation`: how many faults put into indicators/ on purpose the tests notice.

Each mutant (`bench.mutants`) is judged in a process of its own, forked from one that has loaded pandas and
pytest: first by the module's own examples and the tests that import it, then by all tests of indicators that
reach it. A run of all takes hours; the usual one takes a sample, of a seed, and says how sure that makes it.
"""

from __future__ import annotations

import argparse
import ast
import concurrent.futures
import importlib
import importlib.abc
import importlib.util
import math
import os
import random
import resource
import sys
import time
import types
from functools import cache
from pathlib import Path

from bench.mutants import Mutant, mutants_of

ROOT = Path(__file__).parent.parent
CODE, TESTS = Path("indicators"), Path("tests/indicators")
# The examples of the definitions are worked out where they are shown.
ALSO = (Path("tests/dashboard/test_definitions.py"),)
# Tests of whole shipped countries are slow and find what others find.
LEFT_OUT = ("test_civ",)
SECONDS = 120


def imported(path: Path) -> set[str]:
    """Modules of ours that a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return {name for name in found if name.split(".")[0] in ("indicators", "tests")}


def module(path: Path) -> str:
    """The dotted name of a file."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@cache
def graph() -> dict[str, set[str]]:
    """Which modules each module of indicators and of their tests imports."""
    paths = [*CODE.rglob("*.py"), *TESTS.rglob("*.py"), *ALSO]
    return {module(path): imported(path) for path in paths}


@cache
def tests_of(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tests that import a module, and those that reach it through others, the nearest first."""
    near, seen, rounds = {name}, {name}, []
    while near:
        near = {each for each, uses in graph().items() if uses & near and each not in seen}
        seen |= near
        rounds.append(sorted(each for each in near if each.split(".")[-1].startswith("test_")))
    files = [
        [f"{each.replace('.', '/')}.py" for each in tests if not any(out in each for out in LEFT_OUT)]
        for tests in rounds
    ]
    direct = files[0] if files else []
    return tuple(direct), tuple(each for further in files[1:] for each in further)


def noticed(mutant: Mutant) -> bool:
    """Whether any test fails on a mutant."""
    direct, further = tests_of(module(mutant.path))
    return _fails(mutant, (str(mutant.path), *direct)) or (bool(further) and _fails(mutant, further))


def _fails(mutant: Mutant | None, tests: tuple[str, ...]) -> bool:
    """Whether tests fail, do not end, or cannot begin on a mutant (None: on the code as it is)."""
    child = os.fork()
    if child == 0:
        os._exit(_judge(mutant, tests))
    return os.waitpid(child, 0)[1] != 0


def _judge(mutant: Mutant | None, tests: tuple[str, ...]) -> int:
    import pytest

    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        os.environ["TANDEM_ORACLE_COUNT"] = "20"
        try:
            if mutant is not None:
                resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
                _load(mutant)
            options = ["-q", "-x", "-p", "no:cacheprovider", "--no-header", "--tb=no"]
            outcome = pytest.main([*options, *tests])
            return int(outcome not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED))
        except BaseException:  # noqa: BLE001  a mutant may fail in any way
            return 1


def _load(mutant: Mutant) -> None:
    """Let whoever imports the module have the mutant."""
    name, path = module(mutant.path), ROOT / mutant.path

    class Spoilt(importlib.abc.MetaPathFinder, importlib.abc.Loader):
        def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
            return (
                importlib.util.spec_from_file_location(fullname, path, loader=self)
                if fullname == name
                else None
            )

        def exec_module(self, loaded: types.ModuleType) -> None:
            exec(compile(mutant.tree(), str(path), "exec"), loaded.__dict__)

    sys.meta_path.insert(0, Spoilt())
    importlib.import_module(name)


def surely(noticed_ones: int, judged: int) -> tuple[float, float]:
    """Within which share of all the true one lies, 19 times of 20 (Wilson's interval)."""
    z, share = 1.96, noticed_ones / judged
    middle, spread = (
        share + z * z / 2 / judged,
        z * math.sqrt(share * (1 - share) / judged + (z / 2 / judged) ** 2),
    )
    return (middle - spread) / (1 + z * z / judged), (middle + spread) / (1 + z * z / judged)


def _one_by_one(mutants: list[Mutant], processes: int, minutes: float) -> list[tuple[Mutant, bool]]:
    """Judge mutants, some at a time, as far as the time goes, telling of each that nobody noticed."""
    until = time.monotonic() + 60 * minutes
    judged = []
    with concurrent.futures.ThreadPoolExecutor(processes) as pool:
        for mutant, seen in zip(mutants, pool.map(lambda each: _in_time(each, until), mutants), strict=True):
            if seen is False:
                print(f"not noticed: {mutant}", flush=True)
            if seen is not None:
                judged.append((mutant, seen))
            if seen is not None and len(judged) % 20 == 0:
                print(f"{sum(each for _, each in judged)} of {len(judged)} so far", flush=True)
    return judged


def _in_time(mutant: Mutant, until: float) -> bool | None:
    """Whether any test notices a mutant; None when the time is over."""
    return noticed(mutant) if time.monotonic() < until else None


def main() -> int:
    """Judge a sample or all, and say the score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="how many mutants; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], help="names of modules")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--unchecked", action="store_true", help="the tests are known to pass without a fault"
    )
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no mutant after so many")
    asked = parser.parse_args()
    paths = [path for path in sorted(CODE.rglob("*.py")) if not asked.only or path.stem in asked.only]
    every = [mutant for path in paths for mutant in mutants_of(path)]
    chosen = random.Random(asked.seed).sample(every, min(asked.count or len(every), len(every)))
    for name in ("pandas", "pytest", "hypothesis.extra.numpy"):  # loaded once, so that every fork has them
        importlib.import_module(name)
    if not asked.unchecked and _fails(None, (str(TESTS),)):
        raise SystemExit("The tests of indicators fail without any fault: mend that first.")
    started = time.monotonic()
    judged = _one_by_one(chosen, asked.processes, asked.minutes)
    seen = sum(each for _, each in judged)
    low, high = surely(seen, len(judged))
    took = time.monotonic() - started
    print(f"{seen} of {len(judged)} noticed ({len(every)} in all, seed {asked.seed}), {took:.0f} s")
    print(f"score {seen / len(judged):.1%} (of all: {low:.1%} to {high:.1%}; wanted: 85 %)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
