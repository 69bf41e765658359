"""Asks again, alone, what failed in the browser while a whole run of the tests kept the machine busy.

    python scripts/unsteady.py      after a run of pytest that failed

A browser beside eight thousand other tests is now and then late, or meets what another file left behind.
At most `MOST` such tests are run once more, without anything beside them, and named whatever they do.
Anything else that failed, and any that fails again, fails the run.
"""

import json
import subprocess
import sys
from pathlib import Path

FAILED = Path(".pytest_cache/v/cache/lastfailed")  # written by pytest: node ids of what failed
BROWSER = "tests/browser/"
MOST = 3


def failed() -> list[str]:
    """The node ids that failed in the last run."""
    return sorted(json.loads(FAILED.read_text(encoding="utf-8"))) if FAILED.exists() else []


def main() -> int:
    """Exit status: 0 when all that failed are few, of the browser, and pass alone."""
    tests = failed()
    if not 0 < len(tests) <= MOST or not all(test.startswith(BROWSER) for test in tests):
        return 1
    print("Failed beside the others, asked again alone:", *tests, sep="\n  ", flush=True)
    again = subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *tests], check=False)
    return again.returncode


if __name__ == "__main__":
    sys.exit(main())
