"""The same submission again and again, from threads and processes at once: applied exactly once."""

import argparse
import multiprocessing
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from bench.ledger_desk import RULES, UNITS, Draw, counted, fresh, held, taken_in_by, whole
from ledger.movements import Batch

PROCESSES, THREADS, MOST_REPEATS, BATCH = 2, 4, 8, 50
SIGNS = {"dispense": -1, "write_off": -1, "receive": 1, "return": 1}
Answers = dict[str, list[tuple[str, int | None]]]


def run(folder: Path, asked: argparse.Namespace) -> bool:
    """Send everything, then compare what is there with what was sent."""
    began = time.perf_counter()
    unique, sendings = _drawn(asked.submissions, asked.seed)
    database = fresh(folder)
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        parts = pool.map(partial(_send, folder), [sendings[each::PROCESSES] for each in range(PROCESSES)])
    seconds = time.perf_counter() - began
    answers: Answers = defaultdict(list)
    for part in parts:
        for number, said in part.items():
            answers[number] += said
    wrong = _wrong(unique, answers)
    balances = _expected(unique) == held(database)
    once = counted(database) == len(unique)
    sound = whole(database) and balances and once and not wrong
    sent = sum(len(said) for said in answers.values())
    print(
        f"once: {sent:,} submissions of {len(unique):,} movements in {seconds:.0f} s "
        f"({sent / seconds:,.0f}/s): applied once {once}, balances agree {balances}, "
        f"other answers to repeats {wrong}"
    )
    database.close()
    return sound


def _drawn(submissions: int, seed: int) -> tuple[list[dict[str, Any]], list[list[dict[str, Any]]]]:
    """Movements, and batches in which each comes one to eight times, all shuffled."""
    draw, now = Draw(Random(seed)), datetime.now(UTC)
    unique: list[dict[str, Any]] = []
    every: list[dict[str, Any]] = []
    while len(every) < submissions:
        movement = draw.movement(len(unique), now, draw.random.choice(UNITS))
        unique.append(movement)
        every += [movement] * draw.random.randint(1, MOST_REPEATS)
    draw.random.shuffle(every)
    return unique, [every[start : start + BATCH] for start in range(0, len(every), BATCH)]


def _send(folder: Path, batches: list[list[dict[str, Any]]]) -> Answers:
    """What one process does, with some threads."""
    database = fresh(folder)
    ledger, answers = taken_in_by(database), defaultdict(list)

    def send(movements: list[dict[str, Any]]) -> list[Any]:
        return list(zip(movements, ledger.accept(Batch("bench", None, movements), RULES), strict=True))

    with ThreadPoolExecutor(THREADS) as pool:
        for pairs in pool.map(send, batches):
            for movement, result in pairs:
                answers[movement["id"]].append((result.status, result.balance))
    database.close()
    return answers


def _wrong(unique: list[dict[str, Any]], answers: Answers) -> int:
    """Movements that were not accepted exactly once, or whose repeats had another answer."""
    found = 0
    for movement in unique:
        said = answers[movement["id"]]
        statuses = Counter(status for status, _ in said)
        same = len({balance for _, balance in said}) == 1
        found += not (same and statuses["accepted"] == 1 and statuses["duplicate"] == len(said) - 1)
    return found


def _expected(unique: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    totals: defaultdict[tuple[str, str], int] = defaultdict(int)
    for movement in unique:
        totals[movement["unit"], movement["item"]] += SIGNS[movement["kind"]] * movement["packs"]
    return dict(totals)
