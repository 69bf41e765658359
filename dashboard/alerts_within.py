"""Why a figure is doubted that lies within what is usual: which mistake it looks like beside all else."""

from collections.abc import Mapping
from typing import Any

from dashboard.i18n import t

LOOKS_LIKE = {
    "times_ten": "alerts.like_times_ten",
    "tenth": "alerts.like_tenth",
    "packs": "alerts.like_packs",
    "swapped": "alerts.like_swapped",
    "doubled": "alerts.like_doubled",
    "other_facility": "alerts.like_other_facility",
    "copied": "alerts.like_copied",
    "zero": "alerts.like_zero",
    "drop": "alerts.like_drop",
    "other": "alerts.like_other",
}


def why_within(facts: Mapping[str, Any]) -> list[str]:
    """One sentence where a score doubts a figure that its size alone would not make doubtful; else none."""
    value, low, high = (facts.get(name) for name in ("value", "low", "high"))
    if value is None or low is None or high is None or not low <= value <= high:
        return []
    return [t("alerts.within", mistake=t(LOOKS_LIKE[str(facts.get("mistake") or "other")]))]
