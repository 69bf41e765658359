"""At which places most is to be checked: findings counted by place, the gravest first."""

import pandas as pd

SEVERITIES = ("high", "medium", "low")
COLUMNS = ("org_unit", *SEVERITIES, "findings", "rule")


def worst_places(found: pd.DataFrame) -> pd.DataFrame:
    """The places that something was found at, those with most grave findings first, then with most at all.

    Args:
        found: findings, as `dashboard.quality.Quality.found` gives them.

    Returns:
        `COLUMNS`: of each place how many findings of each severity, how many together, and which of the
        gravest rules found most.

    >>> told = pd.DataFrame({"org_unit": ["b", "a", "a", "a"], "position": [2, 1, 1, 1],
    ...     "severity": ["low", "high", "low", "low"], "rule": ["heaping", "arithmetic", *["heaping"] * 2]})
    >>> worst_places(told).to_numpy().tolist()
    [['a', 1, 0, 2, 3, 'arithmetic'], ['b', 0, 0, 1, 1, 'heaping']]
    """
    if found.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    unit = found["org_unit"].astype(str)
    counts = pd.crosstab(unit, found["severity"].astype(str)).reindex(columns=list(SEVERITIES), fill_value=0)
    position: pd.Series[int] = found["position"].groupby(unit).first()
    told = counts.assign(findings=counts.sum(axis=1), rule=_gravest(found, unit), position=position)
    told = told.sort_values(["high", "findings", "position"], ascending=[False, False, True])
    return told.rename_axis("org_unit").reset_index()[list(COLUMNS)]


def _gravest(found: pd.DataFrame, unit: "pd.Series[str]") -> "pd.Series[str]":
    """The rule that found most at each place among the gravest that found something there."""
    severity = found["severity"].map({name: at for at, name in enumerate(SEVERITIES)}).astype(int)
    graver = severity == severity.groupby(unit).transform("min")
    rules: pd.Series[str] = pd.crosstab(unit[graver], found["rule"][graver].astype(str)).idxmax(axis=1)
    return rules
