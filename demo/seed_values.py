"""Reads the values and registrations of a seed folder into a store; quick for millions of rows."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from demo import combos
from demo.periods import parse
from demo.seed_metadata import finder
from demo.store import Store

if TYPE_CHECKING:
    from demo.whotopia.rows import Block

Row = tuple[str, ...]

TIME_OF_DAY = "T08:00:00.000"
MIDNIGHT = "T00:00:00.000"
"""Of today's values before that time has come: nothing is stored in the future."""
DAYS_AFTER = 10
NEEDED = ("dataelement", "period", "orgunit", "categoryoptioncombo", "value")
COLUMNS = (*NEEDED, "stored", "storedby")
STORED_BY = "admin"
INSERT = (
    "INSERT INTO data_values (ou, pe, de, coc, aoc, value, stored_by, last_updated)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
ADD = INSERT + (
    " ON CONFLICT (ou, pe, de, coc, aoc) DO UPDATE SET value = excluded.value,"
    " first_stored = created, last_updated = excluded.last_updated"
    " WHERE NOT deleted AND comment IS NULL AND NOT followup AND stored_by = excluded.stored_by"
    " AND (last_updated LIKE '%T08:00:00.000' OR last_updated LIKE '%T00:00:00.000')"
)
"""Adds a row, or revises one that no person has touched since it was read from a seed."""


class BadSeed(ValueError):
    """A seed folder that cannot be loaded; the message names file, row and what is wrong."""


def load(store: Store, folder: Path) -> None:
    """Reads `values.csv` or `values.csv.gz` of a seed folder into an empty store.

    Raises:
        BadSeed: a row names something unknown.
    """
    store.without_indexes("data_values", lambda: store.executemany(INSERT, _rows(store, folder)))


def load_blocks(store: Store, blocks: Iterable[Block]) -> None:
    """Stores the values of a generator as they come, into an empty store.

    Raises:
        BadSeed: a block names something unknown.
    """
    rows = chain.from_iterable(_rows_of_blocks(store, blocks))
    store.without_indexes("data_values", lambda: store.executemany(INSERT, rows))


def load_since(store: Store, folder: Path, day: str) -> None:
    """Adds the values that were stored after a day; those that a person has written stay as they are.

    Args:
        store: a store that was filled from the same country on that day.
        folder: the seed folder of a later day.
        day: e.g. 2026-11-22.

    Raises:
        BadSeed: a row names something unknown.
    """
    end = day + "U"
    store.executemany(ADD, (row for row in _rows(store, folder) if row[-1] > end))


def load_registrations(store: Store, folder: Path) -> None:
    """Reads `registrations.csv` of a seed folder; those that are there already stay as they are.

    Raises:
        BadSeed: a row names something unknown.
    """
    path = folder / "registrations.csv"
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(_registrations(store, path, csv.DictReader(file)))
    store.executemany("INSERT OR IGNORE INTO registrations VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?)", rows)


def _registrations(store: Store, path: Path, rows: csv.DictReader[str]) -> Iterator[Row]:
    data_set, unit = finder(store, "dataSets"), finder(store, "organisationUnits")
    for row in rows:
        try:
            where = data_set(row["dataset"]), row["period"], unit(row["orgunit"])
        except KeyError as e:
            raise BadSeed(f"{path}, line {rows.line_num}: {e} is not known ({row})") from e
        told = row.get("storedby") or STORED_BY, row["date"] + TIME_OF_DAY
        yield (*where, combos.DEFAULT_OPTION_COMBO, *told, *told)


def _rows(store: Store, folder: Path) -> Iterator[Row]:
    """Unit, period, element, both option combos, value, who stored it and the moment, of every row."""
    path = next((folder / n for n in ("values.csv.gz", "values.csv") if (folder / n).exists()), None)
    if path is None:
        return
    aoc, units = combos.DEFAULT_OPTION_COMBO, finder(store, "organisationUnits")
    cells, moments = _Cells(store), _Moments(store)
    with _text(path) as file:
        lines = csv.reader(file)
        header = next(lines, [])
        rows = lines if tuple(header) == COLUMNS else map(_chosen(path, header), lines)
        row: Sequence[str] = ()
        try:
            for row in rows:
                element, period, code, option, value, given, by = row
                de, coc = cells[element, option]
                when = moments[period, given]
                yield units(code), period, de, coc, aoc, value, by or STORED_BY, when
        except (LookupError, ValueError) as e:
            told = dict(zip(COLUMNS, row, strict=False))
            raise BadSeed(f"{path}, line {lines.line_num}: {e} is not known ({told})") from e


def _rows_of_blocks(store: Store, blocks: Iterable[Block]) -> Iterator[Iterator[Row]]:
    """The rows of each block as `INSERT` takes them; whatever is the same in many rows is made once."""
    unit, cells, moments = finder(store, "organisationUnits"), _Cells(store), _Moments(store)
    aoc = repeat(combos.DEFAULT_OPTION_COMBO)
    for block in blocks:
        try:
            de, coc = cells[block.element, block.option]
            units = [unit(code) for code in block.units]
        except KeyError as e:
            raise BadSeed(f"{block.element} {block.option}: {e} is not known to the metadata") from e
        stored = map(moments.__getitem__, zip(block.periods, block.stored, strict=True))
        yield zip(units, block.periods, repeat(de), repeat(coc), aoc, block.values, block.clerks, stored)


def _chosen(path: Path, header: list[str]) -> Callable[[list[str]], list[str]]:
    """A function from a row to the COLUMNS in their order."""
    missing = {*NEEDED} - {*header}
    if missing:
        raise BadSeed(f"{path}: its first line does not name {', '.join(sorted(missing))}")
    at = [header.index(name) if name in header else len(header) for name in COLUMNS]
    return lambda row: [(*row, "")[n] for n in at]


def _text(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


class _Moments(dict[tuple[str, str], str]):
    """When a value of a period was stored: as given, else some days after its period."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._now = store.clock.milliseconds()

    def __missing__(self, key: tuple[str, str]) -> str:
        period, given = key
        found = parse(period)
        if found is None:
            raise ValueError(f"period {period!r}")
        day = given or str(found.end.fromordinal(found.end.toordinal() + DAYS_AFTER))
        morning = day + TIME_OF_DAY
        when = day if "T" in day else morning if morning <= self._now else day + MIDNIGHT
        self[key] = when
        return when


class _Cells(dict[tuple[str, str], tuple[str, str]]):
    """The ids of an element and the name of one of its option combos."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._element, self._combo = finder(store, "dataElements"), _combo_finder(store)

    def __missing__(self, key: tuple[str, str]) -> tuple[str, str]:
        element = self._element(key[0])
        self[key] = found = element, self._combo(element, key[1])
        return found


def _combo_finder(store: Store) -> Callable[[str, str], str]:
    by_name: dict[tuple[str, str], str] = {}
    for uid, combo in store.all("categoryOptionCombos").items():
        owner = combo["categoryCombo"]["id"]
        by_name.update({(owner, name): uid for name in (combo["name"], combo.get("code") or "", uid)})
    owners = {
        i: (e.get("categoryCombo") or {}).get("id", combos.DEFAULT_COMBO)
        for i, e in store.all("dataElements").items()
    }
    return lambda element, name: by_name[owners[element], name or "default"]
