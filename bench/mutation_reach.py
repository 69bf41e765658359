"""Which tests run which lines of indicators/, and how long each takes: who could notice a fault at all.

Every test is run once on modules that note each statement as it runs, with nothing kept from the test before
(caches emptied, fixtures made anew), so that whatever a test depends on counts as run by it. What is run
while the tests are collected belongs to no test and is kept apart: `AT_IMPORT`.
"""

from __future__ import annotations

import ast
import functools
import gc
import hashlib
import importlib.abc
import importlib.util
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import Phase, settings

ROOT = Path(__file__).parent.parent
CODE, TESTS = Path("indicators"), Path("tests/indicators")
# The examples of the definitions are worked out where they are shown.
ASKED = (str(CODE), str(TESTS), "tests/dashboard/test_definitions.py")
# What asks a running server, or reads the figures of a whole country, is slow and finds what others find.
SERVED, OF_A_COUNTRY = ("_demo", "_data", "_web", "site"), "test_civ"
ORACLE_COUNTRIES = "40"
# What loads indicators, and so is loaded anew with every fault that shows when a module is loaded.
ANEW = ("indicators", "dashboard", "tests", "bench", "__main__", *(path.stem for path in ROOT.glob("*.py")))
AT_IMPORT = ""
NOTE = "__ran__"
KEPT = Path("build/bench/mutation-reach.json")
OPTIONS = ("-q", "-s", "-p", "no:cacheprovider", "--no-header", "--tb=no")

Lines = dict[str, list[int]]


@dataclass(frozen=True)
class Reach:
    """What the tests run.

    Attributes:
        seconds: {id of a test: how long it takes}.
        lines: {id of a test, or AT_IMPORT: {path of a module: the lines that it runs}}.
        loaded: modules that the tests load and that load nothing of indicators.
    """

    seconds: dict[str, float]
    lines: dict[str, Lines]
    loaded: list[str]


def reach() -> Reach:
    """Of the tests as they stand; worked out in a process of its own, and again only when a file changed."""
    stamp = _stamp()
    if not KEPT.exists() or json.loads(KEPT.read_text())["stamp"] != stamp:
        child = os.fork()
        if child == 0:
            os._exit(_run_each(stamp))
        if os.waitpid(child, 0)[1] != 0:
            raise SystemExit("The tests of indicators fail without any fault: mend that first.")
    kept = json.loads(KEPT.read_text())
    loaded = [name for name in kept["loaded"] if name.split(".", maxsplit=1)[0] not in ANEW]
    return Reach(kept["seconds"], kept["lines"], loaded)


def collected(plugin: object) -> int:
    """Collect the tests for a plugin that decides what is done with them."""
    os.environ["TANDEM_ORACLE_COUNT"] = ORACLE_COUNTRIES
    return int(pytest.main([*OPTIONS, *ASKED], plugins=[Quick(), plugin]))


class Quick:
    """Properties are tried by the usual examples, but what fails is not made smaller; no servers.

    Args:
        only: ids of the tests that are run, in this order; all when None.
    """

    def __init__(self, only: tuple[str, ...] | None = None) -> None:
        self.only = only

    def pytest_collection(self) -> None:
        """Before any test is loaded, for each takes the profile as it is then."""
        usual = settings.get_profile("tandem")
        settings.register_profile("mutation", usual, phases=(Phase.explicit, Phase.generate))
        settings.load_profile("mutation")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what asks a server, or is not asked for."""
        if self.only is None:
            items[:] = [item for item in items if not _slow(item)]
        else:
            known = {item.nodeid: item for item in items}
            items[:] = [known[test] for test in self.only]


def _slow(item: pytest.Item) -> bool:
    served = any(each.endswith(SERVED) for each in getattr(item, "fixturenames", ()))
    return served or OF_A_COUNTRY in item.nodeid


class _Noting(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the modules of indicators so that they note the first line of each statement that runs."""

    def __init__(self) -> None:
        self.now: dict[str, set[int]] = {}

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        """Ours alone."""
        if fullname.split(".", maxsplit=1)[0] != CODE.name:
            return None
        path = ROOT.joinpath(*fullname.split("."))
        package = path.is_dir()
        path = path / "__init__.py" if package else path.with_suffix(".py")
        within = [str(path.parent)] if package else None
        return importlib.util.spec_from_file_location(
            fullname, path, loader=self, submodule_search_locations=within
        )

    def exec_module(self, loaded: ModuleType) -> None:
        """Run the module with its notes."""
        path = Path(str(loaded.__file__))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        _put_notes(tree)
        name = str(path.relative_to(ROOT))
        loaded.__dict__[NOTE] = lambda line: self.now.setdefault(name, set()).add(line)
        exec(compile(ast.fix_missing_locations(tree), str(path), "exec"), loaded.__dict__)


def _put_notes(node: ast.AST) -> None:
    """Before every statement a note of its line; words at the top and imports from the future stay first."""
    for child in ast.iter_child_nodes(node):
        _put_notes(child)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            setattr(node, name, [each for statement in block for each in (*_note(statement), statement)])


def _note(statement: ast.stmt) -> list[ast.stmt]:
    words = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    if words or (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
        return []
    call = ast.Call(ast.Name(NOTE, ast.Load()), [ast.Constant(statement.lineno)], [])
    return [ast.copy_location(ast.Expr(call), statement)]


class _EachAlone:
    """Runs every test by itself and keeps what it ran."""

    def __init__(self, noting: _Noting) -> None:
        self.noting, self.failed = noting, False
        self.seconds: dict[str, float] = {}
        self.lines = {AT_IMPORT: noting.now}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of pytest's own loop."""
        from _pytest.runner import runtestprotocol

        caches = _caches()
        for item in session.items:
            for cached in caches:
                cached.cache_clear()
            self.noting.now = self.lines[item.nodeid] = {}
            began = time.process_time()
            reports = runtestprotocol(item, log=False, nextitem=None)
            self.seconds[item.nodeid] = round(time.process_time() - began, 4)
            if any(each.failed for each in reports):
                self.failed = True
                print(f"fails without a fault: {item.nodeid}", file=sys.stderr, flush=True)
        return True


def _caches() -> list[Any]:
    kinds = [each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)]  # noqa: SLF001
    return [each for each in kinds if each.__module__.startswith((CODE.name, "tests.indicators"))]


def _run_each(stamp: str) -> int:
    noting = _Noting()
    sys.meta_path.insert(0, noting)
    running = _EachAlone(noting)
    outcome = collected(running)
    if running.failed or not running.seconds or outcome not in (0, 5):
        return 1
    lines = {
        test: {path: sorted(each) for path, each in found.items()} for test, found in running.lines.items()
    }
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(
        json.dumps({"stamp": stamp, "seconds": running.seconds, "lines": lines, "loaded": list(sys.modules)})
    )
    return 0


def _stamp() -> str:
    files = [*ROOT.glob("indicators/**/*.py"), *ROOT.glob("tests/indicators/**/*.py")]
    found = hashlib.sha256()
    for path in sorted(files):
        found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()
