"""What expires, what was lost and why, and how orders are served, in words and numbers."""

from datetime import datetime, time
from typing import Any

import numpy as np
import pandas as pd

from accounts.scope import Scope
from dashboard import i18n
from dashboard.i18n import day, number, percent, t
from dashboard.programme import Programme, months_before
from dashboard.slips import SlipsSeen, slips_of
from indicators.periods import last_day
from indicators.question import Question, Subject
from indicators.rounding import downwards

View = dict[str, Any]
YEAR = 12
LOSSES = ("reason", "now", "packs")
MOST_ROWS, MOST_PLACES = 30, 3
COLUMNS = (
    "item_name", "item", "lot", "expiry", "unit_name", "unit_id", "stock", "at_risk", "expired", "average",
)  # fmt: skip


def expiry(programme: Programme, scope: Scope) -> View:
    """The section of Programmes; `face` says why where nothing can be said."""
    slips = seen(programme, scope)
    if slips is None:
        known = programme.desk.figures.holding().registry is not None
        here, forms = (
            ("slips.none_here", "slips.no_orders"),
            ("programmes.expiry_none", "programmes.losses_none"),
        )
        texts = [t(key) for key in (here if known else forms)]
        return {"face": texts, "lots": None, "losses": None, "orders": ""}
    if not slips.stores:
        face, orders = [t("slips.none_here")], _orders(programme, slips)
        return {"face": face, "lots": None, "losses": None, "orders": orders}
    return {
        "face": [],
        "lots": _lots(programme, slips),
        "losses": _losses(programme, slips),
        "orders": _orders(programme, slips),
    }


def seen(programme: Programme, scope: Scope) -> SlipsSeen | None:
    """The slips of the programme's products at its place; those above one's own are not told."""
    if programme.totals_only:
        return None
    items = programme.desk.figures.country.items
    wanted = {code for code, item in items.items() if item.programme == programme.address.programme}
    wanted |= {each.id for each in programme.subjects}
    holding, unit = programme.desk.figures.holding(), str(programme.unit["id"])
    return slips_of(holding, unit, frozenset(wanted), scope, programme.month)


def table(programme: Programme, scope: Scope) -> pd.DataFrame:
    """The figures themselves: every lot of every store of the place, in dispensing units."""
    slips = seen(programme, scope)
    if slips is None or slips.lots.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    names, lots = programme.desk.figures.holding().names, slips.lots
    return pd.DataFrame({
        "item_name": [_name(programme, code) for code in lots["code"]], "item": lots["code"],
        "lot": lots["lot"], "expiry": lots["expiry"].dt.date,
        "unit_name": lots["org_unit"].map(names), "unit_id": lots["org_unit"], "stock": lots["quantity"],
        "at_risk": lots["at_risk"], "expired": lots["gone"], "average": lots["average"],
    })[list(COLUMNS)]  # fmt: skip


def losses(programme: Programme, scope: Scope) -> pd.DataFrame:
    """The packs lost themselves: `reason`, `now` (in the month), `packs` (in twelve up to it), most first."""
    slips = seen(programme, scope)
    return pd.DataFrame(columns=list(LOSSES)) if slips is None else _by_reason(programme, slips)


def _lots(programme: Programme, slips: SlipsSeen) -> View:
    """The lots of which a pack at least is at risk or has expired, by date, as of the month's end or now."""
    packs = slips.lots["code"].map(lambda code: _pack(programme, code)).astype(np.float64)
    risk = slips.lots.assign(
        risk=downwards((slips.lots["at_risk"].fillna(0.0) / packs).to_numpy()),
        gone=downwards((slips.lots["gone"] / packs).to_numpy()),
        there=slips.lots["quantity"] / packs,
    )
    risk = risk.loc[(risk["risk"] > 0) | (risk["gone"] > 0)].assign(lot=risk["lot"].fillna(""))
    found = [_row(programme, keys, rows) for keys, rows in risk.groupby(["expiry", "code", "lot"], sort=True)]
    unknown = int(slips.lots["at_risk"].isna().sum())
    notes = [
        t("slips.note", n=number(slips.stores), of_lots=number(len(slips.lots))),
        *_out(programme, slips),
    ]
    if unknown:
        notes.append(t("slips.unknown", n=number(unknown)))
    if len(found) > MOST_ROWS:
        notes.append(t("slips.more", n=number(len(found) - MOST_ROWS)))
    return {
        "title": t("slips.title_when", when=_when(programme, slips)),
        "columns": _columns(),
        "rows": found[:MOST_ROWS],
        "nothing": "" if found else _nothing(programme, slips),
        "notes": notes,
    }


def _when(programme: Programme, slips: SlipsSeen) -> str:
    """As of which day the lots are told."""
    if slips.registry.is_now(programme.month):
        return t("slips.now")
    return t("slips.as_of", day=day(datetime.combine(last_day(programme.month), time())))


def _nothing(programme: Programme, slips: SlipsSeen) -> str:
    """Why no lot is named: none is at risk, or what stood then is not known."""
    if slips.lots.empty and slips.days_out.empty:
        return t("slips.not_known", month=i18n.month(programme.month))
    return t("slips.nothing")


def _out(programme: Programme, slips: SlipsSeen) -> list[str]:
    """Days without stock from daily movements, a sentence; none where no whole month is known."""
    out = slips.days_out
    if out.empty:
        return []
    lost, among = int(out["days_out"].sum()), int((out["days_out"] > 0).sum())
    return [
        t(
            "slips.days_out", month=i18n.month(programme.month), n=number(among), of=number(len(out)),
            lost=number(lost), days=number(int(out["days"].sum())),
        )
    ]  # fmt: skip


def _columns() -> list[str]:
    return [
        t("slips.product"), t("slips.lot"), t("slips.date"), t("slips.at_risk"), t("slips.held"),
        t("slips.where"),
    ]  # fmt: skip


def _row(programme: Programme, keys: Any, rows: pd.DataFrame) -> View:
    expires, code, lot = keys
    gone = float(rows["gone"].sum())
    names = programme.desk.figures.holding().names
    places = [names[unit] for unit in rows.sort_values("risk", ascending=False)["org_unit"]]
    more = len(places) - MOST_PLACES
    where = ", ".join(places[:MOST_PLACES]) + (f" + {number(more)}" if more > 0 else "")
    at_risk = number(float(rows["risk"].sum()))
    return {
        "gone": gone > 0,
        "cells": [
            _name(programme, code), lot or "–", day(expires.to_pydatetime()),
            t("slips.gone", n=number(gone)) if gone else at_risk, number(float(rows["there"].sum())), where,
        ],
    }  # fmt: skip


def _losses(programme: Programme, slips: SlipsSeen) -> View:
    """Packs lost by reason, in the month and over twelve up to it."""
    rows = [
        [reason or t("slips.no_reason"), number(float(now)), number(float(packs))]
        for reason, now, packs in _by_reason(programme, slips).itertuples(index=False)
    ]
    return {
        "title": t("slips.losses"),
        "columns": [t("slips.reason"), i18n.month(programme.month), t("slips.year")],
        "rows": rows,
        "nothing": "" if rows else t("slips.no_losses"),
        "note": t("slips.losses_note"),
    }


def _by_reason(programme: Programme, slips: SlipsSeen) -> pd.DataFrame:
    """What was lost in the year that ends with the month, in packs."""
    first = months_before(programme.month, YEAR - 1)
    lost = slips.losses.loc[slips.losses["month"].between(first, programme.month)]
    packs = lost["quantity"] / lost["code"].map(lambda code: _pack(programme, code)).astype(np.float64)
    told = lost.assign(packs=packs, now=packs.where(lost["month"] == programme.month, 0.0))
    summed = told.groupby(told["reason"].astype(str))[["now", "packs"]].sum()
    return summed.sort_values("packs", ascending=False).reset_index()[list(LOSSES)]


def _orders(programme: Programme, slips: SlipsSeen) -> str:
    """On time and in full, and how long it took, over twelve months; what is not known is not said."""
    subject = Subject.family("all", tuple(sorted(slips.codes)))
    first = months_before(programme.month, YEAR - 1)
    question = Question((str(programme.unit["id"]),), (subject,), first, programme.month, "last12")
    whole, took = (slips.registry.ask(name, question) for name in ("on_time_in_full", "lead_time"))
    share, days = float(whole.value[0, 0, -1]), float(took.value[0, 0, -1])
    said = []
    if not np.isnan(share):
        counts = {"n": number(whole.numerator[0, 0, -1]), "of": number(whole.denominator[0, 0, -1])}
        said.append(t("slips.in_full", share=percent(share), **counts))
    if not np.isnan(days):
        said.append(t("slips.lead_time", days=number(days), n=number(float(took.denominator[0, 0, -1]))))
    return " ".join(said) or t("slips.no_orders")


def _name(programme: Programme, code: str) -> str:
    item = programme.desk.figures.country.items.get(code)
    return item.name[i18n.language()] if item else code


def _pack(programme: Programme, code: str) -> float:
    item = programme.desk.figures.country.items.get(code)
    return item.pack_size if item else 1.0
