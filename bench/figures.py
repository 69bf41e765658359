"""`python -m bench.figures`: 500 random views of two countries, every figure counted once more from the seed.

The same check as in the tests (tests/dashboard/test_random_views.py), of more views.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHECK = "tests/dashboard/test_random_views.py"


def main() -> int:
    """Run the check; its outcome is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--views", type=int, default=500, help="how many, of both countries together")
    views = parser.parse_args().views
    environment = os.environ | {"TANDEM_RANDOM_VIEWS": str(views)}
    command = [sys.executable, "-m", "pytest", CHECK, "-q", "--durations=0"]
    print(f"{views} random views, half of them of each country", flush=True)
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
