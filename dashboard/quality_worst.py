"""At which places most is to be checked: findings counted by place, the gravest first."""

import pandas as pd

SEVERITIES = ("high", "medium", "low")
COLUMNS = ("org_unit", *SEVERITIES, "findings", "rule")


def worst_places(found: pd.DataFrame) -> pd.DataFrame:
    """The places that something was found at, those with most grave findings first, then with most at all.

    Args:
        found: findings, as `dashboard.quality.Quality.found` gives them.

    Returns:
        `COLUMNS`: of each place how many findings of each severity, how many together, and the rule that
        found most.

    >>> told = pd.DataFrame({"org_unit": ["a", "b", "b", "c"], "position": [1, 2, 2, 3],
    ...     "severity": ["high", "low", "low", "low"], "rule": ["arithmetic", *["heaping"] * 3]})
    >>> worst_places(told).to_numpy().tolist()[:2]
    [['a', 1, 0, 0, 1, 'arithmetic'], ['b', 0, 0, 2, 2, 'heaping']]
    """
    if found.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    unit = found["org_unit"].astype(str)
    counts = pd.crosstab(unit, found["severity"].astype(str)).reindex(columns=list(SEVERITIES), fill_value=0)
    rules = pd.crosstab(unit, found["rule"].astype(str))
    told = counts.assign(findings=counts.sum(axis=1), rule=rules.idxmax(axis=1), position=_first(found, unit))
    told = told.sort_values(["high", "findings", "position"], ascending=[False, False, True])
    return told.rename_axis("org_unit").reset_index()[list(COLUMNS)]


def _first(found: pd.DataFrame, unit: "pd.Series[str]") -> "pd.Series[int]":
    """The position of each place in the hierarchy."""
    first: pd.Series[int] = found["position"].groupby(unit).first()
    return first
