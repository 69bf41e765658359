"""Tests against a real DHIS2 instead of the embedded one, as `python -m bench.live` runs them.

`TANDEM_LIVE_DHIS2` is its address, `TANDEM_LIVE_COUNTRY` which country it was filled with. What is asked of
another country, of another version or of faults that only the embedded one makes on request is skipped.
"""

import os
from pathlib import Path

import pytest

ADDRESS = os.environ.get("TANDEM_LIVE_DHIS2", "")
COUNTRY = os.environ.get("TANDEM_LIVE_COUNTRY", "whotopia")
STORE_FORM = "DS_1153709"
SEEDS = Path(__file__).parent.parent / "demo" / "countries"


def asked_for(country: str) -> bool:
    """Whether a country's DHIS2 is the live one; the test is skipped where that holds another country."""
    if ADDRESS and country != COUNTRY:
        pytest.skip(f"The live DHIS2 holds {COUNTRY}.")
    return bool(ADDRESS)


def seed_of(country: str, options: tuple[str, ...]) -> Path:
    """The seed folder that an embedded server with these options serves."""
    return Path(options[options.index("--seed") + 1]) if "--seed" in options else SEEDS / country


def as_it_was(seed: Path, *more: str) -> str:
    """The live DHIS2's address, its stores' form made again what the seed says of it."""
    from bench.live_filling import Filling

    filling = Filling(ADDRESS, seed)
    version = filling.ask("GET", "/api/system/info")["version"]
    if more and more != ("--dialect", version.split(".")[1]):
        pytest.skip(f"The live DHIS2 is of version {version}: {' '.join(more)} cannot be asked of it.")
    filling.put_back(STORE_FORM)
    return ADDRESS


def without_faults() -> None:
    """Skip a test that needs an embedded server's faults."""
    if ADDRESS:
        pytest.skip("A live DHIS2 makes no faults on request.")
