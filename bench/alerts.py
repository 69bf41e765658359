"""How well mistakes are found, beside what others find, and what it costs.

    python -m bench.alerts [--seeds 901,902] [--whotopia FOLDER]   # the tables
    python -m bench.alerts thresholds --seeds 1,2                 # what each threshold finds and costs
    python -m bench.alerts score IN.parquet OUT.parquet           # one score a row, in the rows' order
    python -m bench.alerts speed                                  # ten million figures

Suites, reported apart: simulated services of three kinds and pairs with what they use; the Ivorian series
with planted mistakes (what else is wrong in them counts as falsely found); Whotopia with its own. Everything
was chosen on seeds 1 to 9; the tables are of fresh ones. *Limit* is our detector told the simulator's true
means: what noise hides, nobody finds. *At the month's end* is of each suite's newest twelve months, each
scored by itself and the months before alone. `score` takes facility, month, value and, where there, district,
item, partner, closing and stockout_days; `--pairs` counts the partner's mistakes too, `--prospective` knows
no later months.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from bench import alerts_speed
from bench.alerts_baselines import BASELINES
from bench.alerts_frame import scored, summary
from bench.alerts_limit import limit, without_mistakes
from bench.alerts_measures import Found, at_budget, found, recall_by_kind
from bench.suites import Cells, Flags, Suite
from bench.suites_mistakes import NAMES, with_mistakes
from bench.suites_real import real
from bench.suites_simulated import KINDS, consumption, services
from bench.suites_whotopia import whotopia, written
from indicators.aberration import Reported, Sight, score
from indicators.aberration_thresholds import within_budget
from indicators.discordant import either, pair_score

FRESH = "901,902"
REAL_RATE = 0.02
BUDGET = 5.0
THRESHOLDS = (0.2, -0.25, -0.5, -1.0, -2.0)
AT_END = 12  # newest months that are scored as of their end, each by what was known then


def main() -> int:
    """Do what is asked for."""
    options = _options()
    if options.what == "score":
        return score_file(options)
    if options.what == "speed":
        say(alerts_speed.speed())
    else:
        seeds = [int(seed) for seed in options.seeds.split(",")]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            if options.what == "thresholds":
                thresholds(seeds)
            else:
                tables(seeds, options.whotopia)
    return 0


def score_file(options: argparse.Namespace) -> int:
    """Score the rows of a file into another; 1, with what is wrong, where that cannot be."""
    source, target = options.paths
    try:
        frame = pd.read_parquet(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            found = scored(frame, "prospective" if options.prospective else "retrospective", options.pairs)
        found.to_frame().to_parquet(target)
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        why = wrong.args[-1] if wrong.args else wrong
        said = "There is no such file." if isinstance(wrong, FileNotFoundError) else why
        sys.stderr.write(f"{source} was not scored. {said}\n")
        return 1
    say(summary(frame, found))
    return 0


def tables(seeds: list[int], folder: Path | None) -> None:
    """Every suite, every detector."""
    for kind in KINDS:
        made = [services(kind, seed) for seed in seeds]
        suites = [with_mistakes(suite, seed) for (suite, _), seed in zip(made, seeds, strict=True)]
        compare(f"Simulated: {kind.name}", suites)
        told = [limit(suite, truth) for suite, (_, truth) in zip(suites, made, strict=True)]
        row("limit, true means known", [_found(*each) for each in zip(suites, told, strict=True)])
    pairs(seeds)
    compare("Ivorian contraceptives, months in stock", [with_mistakes(real(), s, REAL_RATE) for s in seeds])
    with tempfile.TemporaryDirectory() as passing:
        for suite in whotopia(folder or written(Path(passing), 901, 8)):
            compare(suite.name, [suite], kinds=False)
            row("limit, learnt from what was meant", [_found(suite, without_mistakes(suite))])


def thresholds(seeds: list[int]) -> None:
    """Precision and recall of what is an alert from each threshold on; alerts among 1,000 real figures."""
    for kind in KINDS:
        suites = [with_mistakes(services(kind, seed)[0], seed) for seed in seeds]
        by_threshold(kind.name, [(suite, ours(suite)) for suite in suites])
    made = [_pair(seed) for seed in seeds[:1]]
    both = [(suite, pair_score(*sides, sight="retrospective").score) for *sides, suite in made]
    by_threshold("pairs", both)
    planted = [with_mistakes(real(), seed, REAL_RATE) for seed in seeds[:1]]
    by_threshold("Ivorian, planted", [(suite, ours(suite)) for suite in planted])
    by_threshold("Ivorian as they are", [(real(), ours(real()))])


def by_threshold(name: str, scored_suites: list[tuple[Suite, Cells]]) -> None:
    """One suite's lines, a threshold each."""
    say(f"{name}, {len(scored_suites)} seeds")
    for threshold in THRESHOLDS:
        each = [_found(suite, scores, threshold)[0] for suite, scores in scored_suites]
        parts = [np.mean([getattr(one, part) for one in each]) for part in ("precision", "recall", "alerts")]
        say(f"  from {threshold:5.2f}: {parts[0]:.2f}, {parts[1]:.2f}; {parts[2]:.1f} in 1,000")


def compare(name: str, suites: list[Suite], kinds: bool = True) -> None:
    """One suite's table: others' detectors, ours without and with what stands beside, and recall by kind."""
    cells = sum(int(_mask(suite).sum()) for suite in suites)
    wrong = sum(int((suite.wrong[_mask(suite)] > 0).sum()) for suite in suites)
    say(f"\n{name}: {cells} figures, {wrong} wrong, {len(suites)} seeds")
    heads = f"{'AP':>13s} {'precision':>9s} {'recall':>7s} {'alerts/1000':>11s}"
    say(f"  {'':33s} {heads}    at {BUDGET:.0f}/1000: P, R")
    for title, (detector, threshold) in BASELINES.items():
        row(title, [_found(suite, detector(suite.values), threshold) for suite in suites])
    if any(suite.closing is not None for suite in suites):
        row(
            "ours, figures alone",
            [_found(s, ours(s.without("partner", "closing", "stockout_days"))) for s in suites],
        )
    best = [ours(suite) for suite in suites]
    row("ours", [_found(*each) for each in zip(suites, best, strict=True)])
    row("ours, at the month's end", [_found(s, ours(s, AT_END), newest=AT_END) for s in suites])
    events = [suite.event & (suite.wrong == 0) & _mask(suite) for suite in suites]
    if any(each.any() for each in events):
        flagged = [float((b[e] >= _cut(s, b)).mean())
                   for s, b, e in zip(suites, best, events, strict=True) if e.any()]  # fmt: skip
        say(f"  months of true events flagged: {100 * np.mean(flagged):.2f} %")
    if kinds:
        by_kind(suites, best)


def pairs(seeds: list[int]) -> None:
    """Services with what they use, mistakes on both sides: a month is wrong where either is."""
    made, told = [_pair(seed) for seed in seeds], [_pair_limit(seed) for seed in seeds]
    say(f"\nPairs of malaria services and consumption, mistakes on both sides, {len(seeds)} seeds")
    for title, newest in (("ours", None), ("ours, at the month's end", AT_END)):
        sight: Sight = "prospective" if newest else "retrospective"
        scores = [pair_score(served, used, sight=sight, newest=newest).score for served, used, _ in made]
        row(title, [_found(suite, s, newest=newest) for (_, _, suite), s in zip(made, scores, strict=True)])
        flagged = [
            (s[suite.event & (suite.wrong == 0) & _mask(suite, newest)] >= _cut(suite, s, newest)).mean()
            for (_, _, suite), s in zip(made, scores, strict=True)
        ]
        say(f"  months of true events flagged: {100 * np.mean(flagged):.2f} %")
    suites = [suite for _, _, suite in made]
    row("limit, true means known", [_found(*each) for each in zip(suites, told, strict=True)])


def _pair_limit(seed: int) -> Cells:
    """What the odds are that either side is wrong, for who knows the true means of both."""
    made = services(KINDS[1], seed)
    used, truth = consumption(made, seed)
    sides = limit(with_mistakes(made[0], seed), made[1]), limit(with_mistakes(used, seed + 50), truth)
    return np.asarray(either(*sides))


def _pair(seed: int) -> tuple[Reported, Reported, Suite]:
    """Services, what they use, and the suite in which either is wrong."""
    made = services(KINDS[1], seed)
    used = with_mistakes(consumption(made, seed)[0], seed + 50)
    served = with_mistakes(made[0], seed)
    of_services = np.where(np.isnan(served.values), 0, served.wrong)
    return (
        Reported(served.values, served.item, served.district),
        Reported(used.values, used.item, used.district, None, used.closing, used.stockout_days),
        replace(used, wrong=np.maximum(used.wrong, of_services)),
    )


def ours(suite: Suite, newest: int | None = None) -> Cells:
    """Our scores of a suite, or of so many of its newest months as of the end of each."""
    reported = Reported(
        suite.values, suite.item, suite.district, suite.partner, suite.closing, suite.stockout_days,
        suite.facility,
    )  # fmt: skip
    return np.asarray(score(reported, "prospective" if newest else "retrospective", 2, newest).score)


def by_kind(suites: list[Suite], scores: list[Cells]) -> None:
    """Recall of each kind of mistake, poor or not."""
    flagged = np.concatenate([b[_mask(s)] >= _cut(s, b) for s, b in zip(suites, scores, strict=True)])
    wrong = np.concatenate([s.wrong[_mask(s)] for s in suites])
    told = zip(NAMES[1:], recall_by_kind(flagged, wrong, len(NAMES)), strict=True)
    say("  recall: " + ", ".join(f"{name} {recall:.2f} of {many}" for name, (many, recall) in told))


def row(title: str, results: list[tuple[Found, tuple[float, float]]]) -> None:
    """One detector's line: means over the seeds, and how much the average precision differs."""
    each = [result for result, _ in results]
    at = np.mean([budget for _, budget in results], axis=0)
    ap = [result.average_precision for result in each]
    mean = [np.mean([getattr(result, name) for result in each]) for name in ("precision", "recall", "alerts")]
    say(
        f"  {title:33s} {np.mean(ap):.3f} ± {np.std(ap):.3f} {mean[0]:9.2f} {mean[1]:7.2f} {mean[2]:11.1f}"
        f"    {at[0]:.2f}, {at[1]:.2f}"
    )


def say(text: str) -> None:
    """Tell it at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _found(
    suite: Suite, scores: Cells, threshold: float | None = None, newest: int | None = None
) -> tuple[Found, tuple[float, float]]:
    """What a detector finds from a threshold on; from the one that the product would take, where none is."""
    mask = _mask(suite, newest)
    wrong, cut = suite.wrong[mask] > 0, _cut(suite, scores, newest) if threshold is None else threshold
    return found(scores[mask], wrong, cut), at_budget(scores[mask], wrong, BUDGET)


def _cut(suite: Suite, scores: Cells, newest: int | None = None) -> float:
    """From which score on the product makes alerts of a country that reports the suite."""
    return within_budget(scores[_mask(suite, newest)])


def _mask(suite: Suite, newest: int | None = None) -> Flags:
    """The figures that count: reported, in stock, and of the newest months where so many are asked for."""
    month = np.arange(suite.values.shape[1])
    asked = month >= len(month) - (newest or len(month))
    return np.asarray(~np.isnan(suite.values) & suite.stocked & asked)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How well mistakes are found.")
    parser.add_argument(
        "what", nargs="?", choices=("tables", "thresholds", "score", "speed"), default="tables"
    )
    parser.add_argument("paths", nargs="*", type=Path, help="of score: what to read, and where to write")
    parser.add_argument("--seeds", default=FRESH)
    parser.add_argument("--whotopia", type=Path, help="a seed folder; else one of eight districts is written")
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--prospective", action="store_true")
    options = parser.parse_args()
    if options.what == "score" and len(options.paths) != 2:
        parser.error("score takes two paths: what to read, and where to write.")
    return options


if __name__ == "__main__":
    sys.exit(main())
