"""The order of organisation units: depth first, so that a unit's subtree is a range of rows."""

import pandas as pd


def depth_first(units: pd.DataFrame) -> pd.DataFrame:
    """Order units depth first and number their subtrees.

    Args:
        units: `id`, `name`, `parent`, one row each; a unit whose parent is not among them is a root (an
        account may
            see a part of the hierarchy only).

    Returns:
        The same rows, children by name, then id, with `first` (the row's own position) and `last`: the
        subtree is `first <= x < last`. Units that only a circle of parents reaches are left out.

    Example:
        >>> units = pd.DataFrame({"id": ["b", "a", "r"], "name": ["B", "A", "R"], "parent": ["r", "r", None]})
        >>> depth_first(units)[["id", "first", "last"]].to_numpy().tolist()
        [['r', 0, 3], ['a', 1, 2], ['b', 2, 3]]
    """
    ordered = units.sort_values(["name", "id"], kind="stable", na_position="last")
    known = set(ordered["id"])
    children: dict[str | None, list[str]] = {}
    for unit, parent in zip(ordered["id"], ordered["parent"], strict=True):
        children.setdefault(parent if parent in known else None, []).append(unit)
    first, last = _walk(children)
    placed = ordered.loc[ordered["id"].isin(first)]
    placed = placed.assign(first=placed["id"].map(first), last=placed["id"].map(last))
    return placed.sort_values("first").reset_index(drop=True)


def _walk(children: dict[str | None, list[str]]) -> tuple[dict[str, int], dict[str, int]]:
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    waiting = [(unit, False) for unit in reversed(children.get(None, []))]
    while waiting:
        unit, left = waiting.pop()
        if left:
            last[unit] = len(first)
            continue
        first[unit] = len(first)
        waiting.append((unit, True))
        waiting.extend((child, False) for child in reversed(children.get(unit, [])))
    return first, last
