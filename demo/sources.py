"""Where the countries of the embedded server come from: recorded ones from files, others from a generator."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
COUNTRIES = HERE / "countries"
"""A folder for each country: the seed of a recorded one, the accounts alone of a generated one."""
GENERATED = {"whotopia": HERE / "whotopia"}
"""Name -> folder of the generator."""


def names() -> list[str]:
    """Every country that can be served."""
    return sorted(path.parent.name for path in COUNTRIES.glob("*/users.json"))


def users(country: str) -> Path:
    """The file that names the accounts of a country and their passwords."""
    return COUNTRIES / country / "users.json"
