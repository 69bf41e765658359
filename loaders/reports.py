"""Which expected reports were received: by a completeness registration, else by at least one value."""

import numpy as np
import pandas as pd

from loaders.frames import canonical, empty
from loaders.windows import window

KEY = ["org_unit", "form", "month", "months"]


def received(told: pd.DataFrame, forms: pd.DataFrame, registrations: pd.DataFrame) -> pd.DataFrame:
    """The `reports` frame.

    A report without a registration has neither a date nor a timeliness: when its values were last changed is
    not when they came.

    Args:
        told: the reports that have a value, as `told` gives them.
        forms: `form, data_set, months, timely_days`.
        registrations: as `loaders.completeness.read_registrations` gives them.
    """
    declared = _declared(registrations, forms)
    both = declared.merge(told, on=KEY, how="outer")
    both["registered"] = both["received_at"].notna()
    return canonical("reports", both) if len(both) else empty("reports")


def told(values: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """`org_unit, form, month, months` of every report that has a value, once.

    Args:
        values: `org_unit, item, month, months`.
        items: `id, form`.
    """
    units = values["org_unit"].astype("category").cat
    named = values["item"].astype("category").cat
    forms = sorted(items["form"].unique())
    form_of_item = dict(zip(items["id"], (forms.index(f) for f in items["form"]), strict=True))
    form_codes = np.array([form_of_item.get(item, -1) for item in named.categories], dtype=np.int64)
    windows = values["month"].to_numpy(np.int64) * 100 + values["months"].to_numpy(np.int64)
    key = (windows * (len(forms) + 1) + form_codes[named.codes] + 1) * len(units.categories) + units.codes
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


def _declared(registrations: pd.DataFrame, forms: pd.DataFrame) -> pd.DataFrame:
    """The first registration of each report that stands, with whether it came in time."""
    standing = registrations.loc[registrations["completed"]].merge(forms, on="data_set")
    windows = {p: found for p in standing["period"].unique() if (found := window(p))}
    standing = standing.loc[standing["period"].isin(windows)]
    month = standing["period"].map({p: w.month for p, w in windows.items()})
    months = standing["period"].map({p: w.months for p, w in windows.items()})
    end = pd.to_datetime(standing["period"].map({p: w.end for p, w in windows.items()})) - pd.Timedelta(
        days=1
    )
    late = standing["date"] > end + pd.to_timedelta(standing["timely_days"].fillna(0), unit="D")
    rows = standing.assign(
        month=month.astype("int64"),
        window=months.astype("int64"),
        received_at=standing["date"].dt.tz_localize("UTC"),
        on_time=~late.astype("boolean"),
    )
    rows = rows.loc[rows["window"] == rows["months"]].sort_values("received_at")
    return rows.drop_duplicates(["org_unit", "form", "month"])[[*KEY, "received_at", "on_time"]]
