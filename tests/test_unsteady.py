"""What a whole run of the tests asks again, and what it does not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "unsteady.py"
TESTS = "def test_steady():\n    pass\n\n\ndef test_wrong():\n    assert 1 == 2\n"


@pytest.fixture
def asked_again(tmp_path: Path):
    """Asks again as after a run in which the given tests failed: (exit status, what was said)."""
    for folder in ("tests/browser", ".pytest_cache/v/cache"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in ("tests", "tests/browser"):
        (tmp_path / folder / "test_some.py").write_text(TESTS)

    def ask(*failed: str) -> tuple[int, str]:
        (tmp_path / ".pytest_cache/v/cache/lastfailed").write_text(json.dumps(dict.fromkeys(failed, True)))
        command = [sys.executable, str(SCRIPT)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    return ask


def test_a_test_of_the_browser_that_passes_alone_is_named_and_does_not_fail_the_run(asked_again):
    status, said = asked_again("tests/browser/test_some.py::test_steady")
    assert status == 0
    assert "tests/browser/test_some.py::test_steady" in said
    assert "1 passed" in said


@pytest.mark.parametrize(
    "failed",
    [
        ["tests/browser/test_some.py::test_wrong"],
        ["tests/browser/test_some.py::test_steady", "tests/browser/test_some.py::test_wrong"],
        ["tests/test_some.py::test_steady"],
        [f"tests/browser/test_some.py::test_steady[{each}]" for each in range(4)],
        [],
    ],
    ids=["fails again", "one fails again", "not of the browser", "too many", "none is known"],
)
def test_all_else_fails_the_run(asked_again, failed: list[str]):
    assert asked_again(*failed)[0] != 0
