"""Items that keep disappearing from a store: counts find less than the book more often than chance would.

If slips of the pen were all that parts a count from the book, it would be short as often as over. Of the
counts that differed, at least so many short ones then come about by chance with the probability of the upper
tail of a binomial of one half: the sign test. It takes no view of how many packs were missing, so that one
grave slip convicts nothing; how many were missing stands beside it. Several items are tested together, hence
the verdict uses Holm's correction.

Sources: W. J. Dixon, A. M. Mood, "The statistical sign test", Journal of the American Statistical
Association 41 (1946), 557-566; S. Holm, "A simple sequentially rejective multiple test procedure",
Scandinavian Journal of Statistics 6 (1979), 65-70.
"""

from math import comb

import pandas as pd

LEVEL = 0.05
KEEPS, WATCH, CHANCE, FEW = "keeps", "watch", "chance_alone", "few"
"""Verdicts: more than chance even among all items; by itself; not; cannot be said of so few counts."""


def sign_chance(short: int, over: int) -> float:
    """The probability of at least SHORT short counts among SHORT + OVER that differ, were both as likely.

    Example:
        >>> sign_chance(5, 0), sign_chance(4, 1), sign_chance(0, 3)
        (0.03125, 0.1875, 1.0)
    """
    if short < 0 or over < 0:
        raise ValueError(f"{short} short and {over} over: numbers of counts are 0 or more.")
    total = short + over
    return float(sum(comb(total, hits) for hits in range(short, total + 1)) / 2**total)


def holm(chances: "pd.Series[float]") -> "pd.Series[float]":
    """Chances made comparable to one level by Holm's step-down method, in the given order.

    Example:
        >>> holm(pd.Series([0.01, 0.04, 0.03])).round(2).tolist()
        [0.03, 0.06, 0.06]
    """
    ordered = chances.sort_values(kind="stable")
    steps = pd.Series(range(len(ordered), 0, -1), index=ordered.index, dtype="float64")
    return (ordered * steps).cummax().clip(upper=1.0).reindex(chances.index)


def disappearing(counts: pd.DataFrame) -> pd.DataFrame:
    """What the counts of a store say of each item that was counted.

    Args:
        counts: one row a count: `item`, `difference` (packs counted less the book), `explained` (whether what
            was missing is accounted for, as removed because it had expired).

    Returns:
        By item: `counts` (all), `short` and `over` (those that differed unexplained), `missing` (packs, less
        what was over; never below 0), `chance` (of the sign test), `verdict`; the least likely first. Items
        never found otherwise than the book are left out.

    Example:
        >>> found = disappearing(pd.DataFrame({
        ...     "item": ["ors"] * 6 + ["zinc"] * 2, "difference": [-2, -1, -3, -1, -2, -4, -1, 1],
        ...     "explained": False}))
        >>> found["missing"].to_dict(), found["verdict"].to_dict()
        ({'ors': 13, 'zinc': 0}, {'ors': 'keeps', 'zinc': 'few'})
    """
    differed = counts[(counts["difference"] != 0) & ~counts["explained"].astype(bool)]
    packs = differed["difference"].groupby(differed["item"])
    found = pd.DataFrame(
        {
            "counts": counts.groupby("item").size().astype("int64"),
            "short": packs.agg(lambda each: int((each < 0).sum())),
            "over": packs.agg(lambda each: int((each > 0).sum())),
            "missing": (-packs.sum()).clip(lower=0),
        }
    ).dropna()
    found = found.astype("int64")
    pairs = zip(found["short"], found["over"], strict=True)
    found["chance"] = pd.Series([sign_chance(*pair) for pair in pairs], found.index, dtype="float64")
    adjusted = holm(found["chance"])
    found["verdict"] = [_verdict(found.loc[item], adjusted[item]) for item in found.index]
    return found.sort_values(["chance", "missing"], ascending=[True, False], kind="stable")


def _verdict(row: "pd.Series[float]", adjusted: float) -> str:
    if adjusted <= LEVEL:
        return KEEPS
    if row["chance"] <= LEVEL:
        return WATCH
    return FEW if sign_chance(int(row["short"] + row["over"]), 0) > LEVEL else CHANCE
