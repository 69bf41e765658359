"""Where the countries of the embedded server come from: recorded ones from files, others from a generator."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
RECORDED = HERE / "countries"
"""A seed folder for each recorded country."""
GENERATED = {"whotopia": HERE / "whotopia"}
"""Name -> folder of the generator."""


def names() -> list[str]:
    """Every country that can be served."""
    recorded = (path.name for path in RECORDED.iterdir() if (path / "metadata.json").exists())
    return sorted({*recorded, *GENERATED})


def users(country: str) -> Path:
    """The file that names the accounts of a country and their passwords."""
    return GENERATED.get(country, RECORDED / country) / "users.json"
