"""Which expected reports were received: by a completeness registration, else by at least one value."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from loaders.frames import canonical, empty
from loaders.homes import Homes
from loaders.windows import Naming, Window

Namings = Mapping[str, Naming]

KEY = ["org_unit", "form", "month", "months"]
DECLARED = ["received_at", "on_time", "completed_by"]
TEXTS = ["org_unit", "form", "completed_by"]


def received(
    told: pd.DataFrame, forms: pd.DataFrame, namings: Namings, registrations: pd.DataFrame
) -> pd.DataFrame:
    """The `reports` frame.

    A report without a registration has neither a date nor a timeliness: when its values were last changed is
    not when they came.

    Args:
        told: the reports that have a value, as `told` gives them.
        forms: `form, data_set, timely_days`.
        namings: by form, which window the name of a period stands for.
        registrations: as `loaders.completeness.read_registrations` gives them.
    """
    declared = _declared(registrations, forms, namings)
    both = declared.merge(told, on=KEY, how="outer")
    both["registered"] = both["received_at"].notna()
    return canonical("reports", both) if len(both) else empty("reports")


def told(values: pd.DataFrame, homes: Homes) -> pd.DataFrame:
    """`org_unit, form, month, months` of every report that has a value, once.

    Args:
        values: `org_unit, item, month, months`.
        homes: which form a unit reports an item in.
    """
    units = values["org_unit"].astype("category").cat
    named = values["item"].astype("category").cat
    forms = homes.forms
    form_codes = homes.look(
        homes.items(named.categories)[named.codes], homes.units(units.categories)[units.codes]
    )
    windows = values["month"].to_numpy(np.int64) * 100 + values["months"].to_numpy(np.int64)
    key = (windows * (len(forms) + 1) + form_codes + 1) * len(units.categories) + units.codes
    distinct = np.sort(pd.unique(key))
    rest, unit = np.divmod(distinct, max(len(units.categories), 1))
    window_code, form = np.divmod(rest, len(forms) + 1)
    month, months = np.divmod(window_code, 100)
    names = {"org_unit": units.categories.to_numpy()[unit], "form": np.array(["", *forms])[form]}
    return pd.DataFrame(names | {"month": month, "months": months}).astype({"org_unit": "str", "form": "str"})


def newest_months(told: pd.DataFrame) -> dict[str, int]:
    """The newest month of which each form has a value; of a report of several months it is their last.

    Args:
        told: as `told` gives it.
    """
    ends = told["month"] // 100 * 12 + told["month"] % 100 + told["months"] - 2
    newest = (ends // 12 * 100 + ends % 12 + 1).groupby(told["form"]).max()
    return {str(form): int(month) for form, month in newest.items() if form}


def _declared(registrations: pd.DataFrame, forms: pd.DataFrame, namings: Namings) -> pd.DataFrame:
    """The first registration of each report that stands, with whether it came in time."""
    if registrations.empty:
        return empty("reports")[[*KEY, *DECLARED]].astype(dict.fromkeys(TEXTS, "str"))
    standing = registrations.loc[registrations["completed"]].merge(
        forms[["form", "data_set", "timely_days"]], on="data_set"
    )
    windows = _windows(standing, namings)
    at = pd.MultiIndex.from_frame(standing[["form", "period"]])
    standing = standing.loc[at.isin(list(windows))]
    found = [windows[key] for key in zip(standing["form"], standing["period"], strict=True)]
    end = pd.Series([w.end for w in found], standing.index, dtype="datetime64[s]") - pd.Timedelta(days=1)
    late = standing["date"] > end + pd.to_timedelta(standing["timely_days"].fillna(0), unit="D")
    rows = standing.assign(
        month=np.array([w.month for w in found], dtype=np.int64),
        months=np.array([w.months for w in found], dtype=np.int64),
        received_at=standing["date"].dt.tz_localize("UTC"),
        on_time=~late.astype("boolean"),
    )
    rows = rows.rename(columns={"stored_by": "completed_by"}).sort_values("received_at")
    return rows.drop_duplicates(["org_unit", "form", "month"])[[*KEY, *DECLARED]]


def _windows(registrations: pd.DataFrame, namings: Namings) -> dict[tuple[str, str], Window]:
    """The window of every form and period that occurs, where the form has one of that name."""
    keys = registrations[["form", "period"]].drop_duplicates().itertuples(index=False)
    read = ((str(form), str(period), namings[str(form)].window(str(period))) for form, period in keys)
    return {(form, period): window for form, period, window in read if window}
