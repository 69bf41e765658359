"""Events as they came, made canonical: kept, kept aside with a reason and a remedy, or taken away."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from loaders.checked import check, rejected_rows
from loaders.event_programs import Program
from loaders.frames import canonical, empty

UNDONE = ("SCHEDULE", "OVERDUE", "SKIPPED")  # statuses of events that did not happen
REASONS: Mapping[str, tuple[str, str]] = {
    "event_unit": (
        "event {event} of {program}: the unit is not among those this account may see",
        "Let the account view the unit, or delete the event in DHIS2.",
    ),
    "event_item": (
        "event {event} of {program}: '{item}' is the code of no item that is configured",
        "Correct the event in DHIS2, or add the item to [[items]] and its form to country.toml.",
    ),
    "event_kind": (
        "event {event} of {program}: the kind '{kind}' has no meaning",
        "Add it to [programs.kinds] in events.toml, or correct the event in DHIS2.",
    ),
    "event_quantity": (
        "event {event} of {program}: '{quantity}' is no quantity",
        "Correct the event in DHIS2: a number of 0 or more.",
    ),
    "event_expiry": (
        "event {event} of {program}: '{expiry}' is no date",
        "Correct the date of expiry in DHIS2.",
    ),
    "event_day": (
        "event {event} of {program}: the day '{occurred}' cannot be read",
        "Correct the date of the event in DHIS2.",
    ),
}
ASIDE = "event_"
"""What the codes of events that were kept aside begin with."""
NAMED = ("event", "item", "kind", "quantity", "expiry", "occurred")


@dataclass(frozen=True)
class EventIntake:
    """What a batch of events comes to.

    Attributes:
        events: canonical `events`.
        gone: keys of `events` that were deleted at the source, did not happen or are broken now.
        rejected: what was kept aside.
        seen: the ids of all events judged: what was kept aside of them before no longer stands.
    """

    events: pd.DataFrame
    gone: pd.DataFrame
    rejected: pd.DataFrame
    seen: frozenset[str]


@dataclass(frozen=True)
class Known:
    """What events may name.

    Attributes:
        units: ids of units.
        items: code of an item -> its id.
        packs: id of an item -> dispensing units of a pack.
        zone: in which the server writes its clock.
    """

    units: frozenset[str]
    items: Mapping[str, str]
    packs: Mapping[str, float]
    zone: tzinfo


def judge(tables: Sequence[pa.Table], program: Program, known: Known) -> EventIntake:
    """Judge events of a program, of which each may come several times: the last updated counts.

    Args:
        tables: as `loaders.event_pages.pages` gives them.
        program: which.
        known: what they may name.
    """
    raw = pa.concat_tables(tables).to_pandas() if tables else pd.DataFrame()
    if raw.empty:
        return EventIntake(empty("events"), _keys([]), empty("rejected"), frozenset())
    raw = raw.sort_values("updated", kind="stable").drop_duplicates("event", keep="last", ignore_index=True)
    seen = frozenset(raw["event"])
    happened = raw.loc[~raw["deleted"] & ~raw["status"].isin(UNDONE)].reset_index(drop=True)
    told = _told(happened, program, known)
    verdict = _verdict(told, known)
    aside = _rejected(told.loc[verdict != ""], verdict[verdict != ""], program)
    kept = told.loc[(verdict == "") & (told["means"] != "")]
    checked = check("events", _canonical(kept, program), program.name)
    gone = sorted(seen - set(checked.frame["event"]))
    return EventIntake(
        checked.frame,
        _keys(gone),
        pd.concat([aside, checked.rejected], ignore_index=True) if len(checked.rejected) else aside,
        seen,
    )


def _told(raw: pd.DataFrame, program: Program, known: Known) -> pd.DataFrame:
    """The rows with what their texts mean: id of the item, quantity in dispensing units, days."""
    kinds = program.about.kinds
    told = raw.assign(
        of=raw["item"].map(known.items),
        means=raw["kind"].map(kinds) if program.about.role == "movements" else "-",
        number_of=pd.to_numeric(raw["quantity"], errors="coerce"),
        expires=pd.to_datetime(raw["expiry"].str[:10], errors="coerce", format="%Y-%m-%d"),
        local=pd.to_datetime(raw["occurred"].str[:19], errors="coerce", format="ISO8601"),
        changed=pd.to_datetime(raw["updated"].str[:23], errors="coerce", format="ISO8601"),
    )
    packs = told["of"].map(known.packs).fillna(1.0) if program.about.counted_in == "packs" else 1.0
    told["units"] = told["number_of"] * packs
    for name, column in (("happened", "local"), ("updated_at", "changed")):
        placed = told[column].dt.tz_localize(known.zone, ambiguous="NaT", nonexistent="shift_forward")
        told[name] = placed.fillna(told[column].dt.tz_localize("UTC")).dt.tz_convert("UTC")
    return told


def _verdict(told: pd.DataFrame, known: Known) -> npt.NDArray[np.object_]:
    """The code of what is wrong with each row, "" where nothing is; of several faults the first below."""
    verdict = np.full(len(told), "", dtype=object)
    quantity = told["number_of"].to_numpy(dtype=np.float64)
    faults = {
        "event_expiry": told["expiry"].notna() & told["expires"].isna(),
        "event_quantity": ~(np.isfinite(quantity) & (quantity >= 0)),
        "event_kind": told["means"].isna(),
        "event_item": told["of"].isna(),
        "event_day": told["local"].isna() | told["changed"].isna(),
        "event_unit": ~told["org_unit"].isin(known.units),
    }
    for code, wrong in faults.items():
        verdict[np.asarray(wrong, dtype=bool)] = code
    return verdict


def _canonical(kept: pd.DataFrame, program: Program) -> pd.DataFrame:
    movement = program.about.role == "movements"
    columns = {
        "event": kept["event"],
        "role": program.about.role,
        "org_unit": kept["org_unit"],
        "item": kept["of"],
        "kind": kept["means"] if movement else None,
        "quantity": kept["units"],
        "lot": kept["lot"],
        "expiry": kept["expires"],
        "reason": kept["reason"],
        "number": kept["number"],
        "day": kept["local"].dt.normalize(),
        "happened": kept["happened"],
        "updated_at": kept["updated_at"],
    }
    return canonical("events", pd.DataFrame(columns, index=kept.index)) if len(kept) else empty("events")


def _rejected(rows: pd.DataFrame, codes: npt.NDArray[np.object_], program: Program) -> pd.DataFrame:
    if rows.empty:
        return empty("rejected")
    texts = rows[list(NAMED)].astype(object).where(rows[list(NAMED)].notna(), "").to_dict("records")
    each = [{str(name): str(text) for name, text in row.items()} | {"program": program.name} for row in texts]
    return rejected_rows(
        program.name,
        [REASONS[code][0].format(**row) for code, row in zip(codes, each, strict=True)],
        [REASONS[code][1] for code in codes],
        org_unit=rows["org_unit"],
        item=rows["item"],
        month=(rows["local"].dt.year * 100 + rows["local"].dt.month).astype("Int32"),
        value=rows["quantity"],
        code=list(codes),
        arguments=[json.dumps(row, ensure_ascii=False) for row in each],
    )


def _keys(ids: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({"event": pd.Series(list(ids), dtype="str")})
