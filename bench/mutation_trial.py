"""Puts one fault into indicators/ in a process of its own and runs the tests that could notice it.

Where the fault lies in a function that is not run while modules are loaded, the function's code is exchanged
in a process, forked from one that has collected all tests already: that costs hundredths of a second beside
the tests. Elsewhere (a constant, a default, a definition) the module is loaded anew with the fault.
"""

from __future__ import annotations

import ast
import gc
import importlib.abc
import importlib.util
import os
import resource
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from types import CodeType, FunctionType, ModuleType

import pytest

from bench.mutants import Mutant
from bench.mutation_reach import AT_IMPORT, OPTIONS, ROOT, Quick, Reach

MEMORY = 8 << 30
Key = tuple[str, int]


@dataclass(frozen=True)
class Trial:
    """A fault and the tests that are to notice it, the quickest first.

    Attributes:
        mutant: the fault.
        tests: their ids.
        loads: whether the module has to be loaded anew.
        seconds: of the processor that the tests may take before they count as not ending.
    """

    mutant: Mutant
    tests: tuple[str, ...]
    loads: bool
    seconds: int


def trial_of(mutant: Mutant, reach: Reach, budget: float) -> Trial:
    """Who could notice a fault, as far as the seconds of the budget go."""
    path, line = str(mutant.path), mutant.statement
    loads = line in reach.lines[AT_IMPORT].get(path, ()) or not _in_a_function(mutant)
    if loads:
        able = [test for test, found in reach.lines.items() if test and _near(test, found, mutant)]
    else:
        able = [test for test, found in reach.lines.items() if test and line in found.get(path, ())]
    chosen, spent = [], 0.0
    for test in sorted(able, key=reach.seconds.__getitem__):
        spent += reach.seconds[test]
        if chosen and spent > budget:
            break
        chosen.append(test)
    return Trial(mutant, tuple(chosen), loads, int(3 * min(spent, budget)) + 20)


def _near(test: str, found: dict[str, list[int]], mutant: Mutant) -> bool:
    """Whether a test runs anything of the module or imports it; of definitions, whether it is about them."""
    file = test.split("::", maxsplit=1)[0]
    if mutant.path.parent.name == "definitions":
        return "indicators.definitions" in _imported(file)
    return str(mutant.path) in found or ".".join(mutant.path.with_suffix("").parts) in _imported(file)


@cache
def _imported(file: str) -> frozenset[str]:
    """The modules that a file names in its imports."""
    nodes = ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8")))
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    inner = {f"{node.module}.{each.name}" for node in froms for each in node.names}
    return frozenset({str(node.module) for node in froms} | inner)


def _in_a_function(mutant: Mutant) -> bool:
    changed = [key for key, (before, after) in _pairs(mutant).items() if before != after]
    return bool(changed)


def _pairs(mutant: Mutant) -> dict[Key, tuple[CodeType, CodeType]]:
    """The functions of a module as they are and with the fault; none where they cannot be told apart."""
    source = (ROOT / mutant.path).read_text(encoding="utf-8")
    before = list(_functions(compile(source, str(mutant.path), "exec")))
    after = list(_functions(compile(mutant.tree(), str(mutant.path), "exec")))
    keys = [(code.co_qualname, code.co_firstlineno) for code in before]
    if len(set(keys)) < len(keys) or len(before) != len(after):
        return {}
    return dict(zip(keys, zip(before, after, strict=True), strict=True))


def _functions(code: CodeType) -> Iterable[CodeType]:
    """The functions within a code, by no name twice; comprehensions go with the function around them."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            if not each.co_name.startswith("<") or each.co_name == "<lambda>":
                yield each
            yield from _functions(each)


def loaded_functions() -> dict[str, list[FunctionType]]:
    """All functions that are there, by the path of their module."""
    found: dict[str, list[FunctionType]] = {}
    for each in gc.get_objects():
        if isinstance(each, FunctionType):
            found.setdefault(each.__code__.co_filename, []).append(each)
    gc.freeze()
    return found


def exchange(mutant: Mutant, functions: dict[str, list[FunctionType]]) -> None:
    """Give every function of the loaded module that differs the code with the fault."""
    pairs = _pairs(mutant)
    for each in functions[str(ROOT / mutant.path)]:
        code = each.__code__
        before, after = pairs.get((code.co_qualname, code.co_firstlineno), (code, code))
        if before != after:
            each.__code__ = after


def load(mutant: Mutant) -> None:
    """Let whoever imports the module have the one with the fault."""
    name, path = ".".join(mutant.path.with_suffix("").parts), ROOT / mutant.path

    class Spoilt(importlib.abc.MetaPathFinder, importlib.abc.Loader):
        def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
            return (
                importlib.util.spec_from_file_location(fullname, path, loader=self)
                if fullname == name
                else None
            )

        def exec_module(self, loaded: ModuleType) -> None:
            exec(compile(mutant.tree(), str(path), "exec"), loaded.__dict__)

    sys.meta_path.insert(0, Spoilt())
    importlib.import_module(name)


def by_loading(trial: Trial) -> bool:
    """Whether a test of a fresh process fails on the fault."""
    load(trial.mutant)
    files = sorted({test.split("::")[0] for test in trial.tests})
    done = pytest.main([*OPTIONS, "-x", *files], plugins=[Quick(trial.tests)])
    return done not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


def by_exchange(
    trial: Trial, items: dict[str, pytest.Item], functions: dict[str, list[FunctionType]]
) -> bool:
    """Whether a test of this process, which has collected all, fails on the fault."""
    from _pytest.runner import runtestprotocol

    exchange(trial.mutant, functions)
    asked = [items[test] for test in trial.tests]
    for item, following in zip(asked, [*asked[1:], None], strict=True):
        if any(each.failed for each in runtestprotocol(item, log=False, nextitem=following)):
            return True
    return False


def begun(trial: Trial, judge: Callable[[Trial], bool]) -> int:
    """The id of a process that ends with 0 where no test noticed the fault."""
    child = os.fork()
    if child == 0:
        os._exit(_judged(trial, judge))
    return child


def _judged(trial: Trial, judge: Callable[[Trial], bool]) -> int:
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (trial.seconds, trial.seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        return int(judge(trial))
    except BaseException:  # noqa: BLE001  a fault may show in any way
        return 1
