"""`python -m bench.figures`: 500 random views of two countries, every figure counted once more from the seed.

The same checks as in the tests (tests/dashboard/test_random_views*.py), of more views: rows of the interface,
CSV and Excel files, shares of change, ratios, and what table, charts and headline figures of the page say.
`--part 2/5` runs a fifth of them, for machines that have other work.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHECKS = ("tests/dashboard/test_random_views.py", "tests/dashboard/test_random_views_on_the_page.py")


def main() -> int:
    """Run the checks; their outcome is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--views", type=int, default=500, help="how many, of both countries together")
    parser.add_argument("--part", default="1/1", help="which part of them, as 2/5")
    parser.add_argument("--country", choices=("civ", "whotopia"), help="one country's alone; both by default")
    asked = parser.parse_args()
    environment = os.environ | {"TANDEM_RANDOM_VIEWS": str(asked.views), "TANDEM_RANDOM_PART": asked.part}
    command = [sys.executable, "-m", "pytest", *CHECKS, "-q", "--durations=0"]
    command += ["-k", asked.country] if asked.country else []
    print(f"{asked.views} random views, half of them of each country; part {asked.part}", flush=True)
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
