"""The house rules that a machine can hold: arrows, style, types, sizes, and nothing of anybody's machine."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
OURS = (
    "accounts",
    "bench",
    "countries",
    "dashboard",
    "demo",
    "indicators",
    "ledger",
    "loaders",
    "scripts",
    "settings",
)
NOT_OURS = {".git"} | {
    line.strip("/")
    for line in (PROJECT / ".gitignore").read_text(encoding="utf-8").split()
    if line.endswith("/")
}
MODULE_LINES, FUNCTION_LINES = 300, 40
STORE_FACE = {"loaders.store_audit", "loaders.store_entry", "loaders.store_form", "loaders.store_program"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}


def run(*command: str) -> str:
    """The output of a tool of the environment; fails with it when the tool is not content."""
    done = subprocess.run(
        [TOOLS / command[0], *command[1:]], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to it."""
    found = []
    for folder, folders, names in os.walk(PROJECT):
        folders[:] = [each for each in folders if each not in NOT_OURS]
        found += [(Path(folder) / name).relative_to(PROJECT) for name in names if name not in NOT_OURS]
    return tuple(sorted(path for path in found if (PROJECT / path).is_file()))


def modules(*folders: str) -> Iterator[Path]:
    return (
        path
        for path in files()
        if path.suffix == ".py" and (path.parts[0] in folders or len(path.parts) == 1)
    )


@cache
def tree(path: Path) -> ast.Module:
    """A module's syntax."""
    return ast.parse((PROJECT / path).read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a module with its length in lines, without its docstring."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            docstring = (first.end_lineno or 0) - first.lineno + 1 if told and ast.get_docstring(node) else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - docstring


def test_imports_follow_the_arrows_of_the_architecture():
    assert "0 broken" in run("lint-imports", "--no-cache")


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("dashboard", {"loaders.snapshot", "loaders.frames", "loaders.sync_report"}),
        ("accounts", {"loaders.dhis2", "loaders.errors", "loaders.people"}),
        ("ledger", {"loaders.dhis2", "loaders.errors", "loaders.writes"} | STORE_FACE),
    ],
)
def test_other_packages_know_only_the_face_of_the_loaders(package, allowed):
    """The dashboard reads the snapshot and the account of the last sync; accounts ask who people are."""
    found = set()
    for path in modules(package):
        for node in ast.walk(tree(path)):
            if path.parts[0] == package and isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
    assert {module for module in found if module.split(".")[0] == "loaders"} <= allowed


@cache
def imported(path: Path) -> frozenset[str]:
    """The first part of every module that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return frozenset(found)


@pytest.mark.parametrize(
    ("forbidden", "importers"),
    [
        ("demo", {*OURS, "."} - {"demo"}),
        ("app", set(OURS) - {"bench"}),
        ("installation", set(OURS) - {"bench"}),
        ("worker", set(OURS)),
        ("briefing", set(OURS)),
        ("delivering", set(OURS)),
        ("commands", set(OURS)),
        ("backup", set(OURS)),
        ("tests", {*OURS, "."} - {"bench"}),
    ],
)
def test_what_stands_apart_or_at_the_top_is_imported_by_nobody(forbidden, importers):
    """import-linter reads packages; this holds for app.py, worker.py and the folders of scripts as well."""
    room = {path: path.parts[0] if len(path.parts) > 1 else "." for path in modules(*OURS)}
    assert [str(path) for path in room if room[path] in importers and forbidden in imported(path)] == []


@pytest.mark.parametrize("package", ["indicators", "countries"])
def test_the_pure_packages_import_nothing_of_ours(package):
    ours = {*OURS, "app", "worker", "tests"} - {package}
    assert [str(p) for p in modules(package) if p.parts[0] == package and imported(p) & ours] == []


def test_ruff_is_content():
    run("ruff", "check", "--no-cache", ".")


def test_the_code_is_formatted():
    run("ruff", "format", "--no-cache", "--check", ".")


def test_types_are_sound():
    assert "no issues" in run("mypy")


def test_no_module_is_longer_than_one_can_hold_in_mind():
    long = {
        str(path): len((PROJECT / path).read_text(encoding="utf-8").splitlines()) for path in modules(*OURS)
    }
    assert {path: lines for path, lines in long.items() if lines > MODULE_LINES} == {}


def test_no_function_is_longer_than_a_screen():
    long = {(str(path), name): lines for path in modules(*OURS) for name, lines in functions(path)}
    tables = "migrations"  # a migration lists tables, and its length is theirs
    assert {w: lines for w, lines in long.items() if lines > FUNCTION_LINES and tables not in w[0]} == {}


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path in modules(*OURS, "tests") if path.stem in VAGUE] == []


def test_every_country_has_its_figures_and_its_configuration():
    configured = {
        path.name for path in (PROJECT / "countries").iterdir() if (path / "country.toml").is_file()
    }
    seeded = {path.name for path in (PROJECT / "demo" / "countries").iterdir() if path.name[0].isalpha()}
    assert seeded <= configured


FOREIGN = (
    "/" + "work/",
    "/" + "opt/wheels",
    "/" + "home/",
    "registry." + "npmjs",
    "files." + "pythonhosted",
    "pypi" + ".org",
    "deb." + "debian",
)


def test_no_file_names_somebodys_machine_or_a_package_registry():
    found = []
    for path in files():
        content = (PROJECT / path).read_bytes()
        found += [(str(path), foreign) for foreign in FOREIGN if foreign.encode() in content]
    assert found == []


def test_nothing_is_loaded_from_another_host():
    """Neither the pages' HTML, nor styles, nor scripts of ours name another host to load from."""
    loading = re.compile(rb"""(src=|href=|url\(|@import|import\(|fetch\()\s*["']?(https?:)?//""")
    pages = [path for path in files() if path.suffix in {".html", ".css", ".js"} and "demo" not in path.parts]
    assert [str(path) for path in pages if loading.search((PROJECT / path).read_bytes())] == []
