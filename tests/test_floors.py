"""The versions below which a published vulnerability or fault would reach us."""

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from plotly.offline import get_plotlyjs_version

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
FLOORS = {
    "dash": "4.4.1",  # kills by process id and reads of the cache (#3902); cross-site scripting by href
    "flask": "3.1.3",  # CVE-2026-27205: answers without Vary: Cookie
    "werkzeug": "3.1.6",  # CVE-2026-27199, CVE-2025-66221: device names; CVE-2024-34069: the debugger
    "requests": "2.33.0",  # CVE-2026-25645: reused temporary files; CVE-2024-47081: .netrc
    "urllib3": "2.6.3",  # CVE-2025-66418, CVE-2025-66471, CVE-2026-21441: decompression bombs
    "gunicorn": "23.0.0",  # CVE-2024-1135, CVE-2024-6827: request smuggling
}
PLOTLYJS_FLOOR = "2.25.2"  # CVE-2023-46308: prototype pollution
UNWANTED = {
    "flask-caching": "its backends unpickle what they find (CVE-2021-33026)",
    "weasyprint": "before 70.0 it fetches what a document names (CVE-2026-55073)",
}


def pins(lock: str) -> dict[str, Version]:
    """The packages of a lock file with their versions, by normalised name."""
    text = (PROJECT / lock).read_text(encoding="utf-8")
    return {normal(name): Version(found) for name, found in re.findall(r"^([\w.-]+)==(\S+) \\$", text, re.M)}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


UNLOCKED = {"dask"}  # extras that nobody has unless they ask for it, in an environment of its own


def declared() -> list[Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = project["optional-dependencies"].items()
    extras = [each for name, group in groups if name not in UNLOCKED for each in group]
    return [Requirement(each) for each in [*project["dependencies"], *extras]]


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_no_package_is_older_than_its_floor(package, floor):
    assert Version(version(package)) >= Version(floor)
    for lock in LOCKS:
        assert pins(lock)[package] >= Version(floor), lock


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_pyproject_allows_nothing_older_than_the_floor(package, floor):
    requirement = next(each for each in declared() if each.name == package)
    lowest = [Version(each.version) for each in requirement.specifier if each.operator == ">="]
    assert lowest
    assert lowest[0] >= Version(floor)


def test_plotly_js_is_past_its_floor_and_the_same_on_both_sides():
    locked = json.loads((PROJECT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    basic = locked["node_modules/plotly.js-basic-dist-min"]["version"]
    assert basic == get_plotlyjs_version()
    assert Version(basic) > Version(PLOTLYJS_FLOOR)


@pytest.mark.parametrize("package", UNWANTED)
def test_what_is_not_safe_is_not_there(package):
    with pytest.raises(PackageNotFoundError):
        version(package)
    assert all(package not in pins(lock) for lock in LOCKS), UNWANTED[package]


def test_every_dependency_is_locked_within_its_bounds():
    locked = pins("requirements-dev.lock")
    for requirement in declared():
        assert locked[normal(requirement.name)] in requirement.specifier, requirement


def test_both_locks_hold_the_same_versions():
    tools = pins("requirements-dev.lock")
    assert pins("requirements.lock").items() <= tools.items()


def test_what_is_installed_is_what_is_locked():
    for package, locked in pins("requirements.lock").items():
        assert Version(version(package)) == locked, f"{package}: run ./test, which installs the lock file"


@pytest.mark.parametrize("lock", [*LOCKS, "requirements-node.lock"])
def test_every_locked_package_has_its_hashes(lock):
    text = (PROJECT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    assert all("--hash=sha256:" in line for line in lines)
