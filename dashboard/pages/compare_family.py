"""A family of substitutes in the period looked at: its total beside its members, and whether one was out."""

from typing import Any

import numpy as np

from dashboard import i18n
from dashboard.i18n import month, number, percent, t, tn
from dashboard.movement import Mover
from dashboard.pages.compare_attribution import against, deeper, signed
from dashboard.pages.compare_elsewhen import risen_periods
from dashboard.pages.compare_family_units import counted_in
from dashboard.pages.compare_moved import year_before
from dashboard.pages.compare_reading import Reading
from dashboard.pages.compare_usual import BELOW
from indicators.attribution import Attribution
from indicators.measures import COMMODITY
from indicators.shares import whole_percents
from indicators.substitutes import Displaced

View = dict[str, Any]
# A family that moved by less than this of what its members moved is steady.
STEADY = 0.1
# A rise that made good less than this of what the other member lost is no switch worth a headline.
REPLACED = 0.1
MOST_PLACES = 5
FEWEST = 2
COLUMNS = ("story.before", "story.after", "story.change", "story.share", "story.both")


def family(reading: Reading, mover: Mover, last: int) -> View | None:
    """The family's line; None where the pair has no substitutes with figures.

    Args:
        reading: the page.
        mover: what movements are asked of.
        last: the last month of the period.
    """
    known = reading.country.families.get(reading.pair.family or "")
    members = _members(reading, mover, last) if known else {}
    if known is None or len(members) < FEWEST:
        return None
    total = _moved(mover, tuple(dict.fromkeys(code for codes, _ in members.values() for code in codes)), last)
    if total.reference == "none":
        return None
    out = _substitute(reading, mover, members, last)
    moved = {pair: found for pair, (_, found) in members.items()}
    counted = counted_in(reading, {pair: codes for pair, (codes, _) in members.items()})
    added = counted.added(total, moved)
    return {
        "title": t("story.family", family=known.name[i18n.language()]),
        "columns": [against(reading, total), *(_column(key) for key in COLUMNS)],
        "rows": [
            *(
                _row(counted.name(reading, pair), found, pair == reading.pair.id)
                for pair, found in moved.items()
            ),
            *([_row(counted.of_all, added, False) | {"total": True}] if added else []),
        ],
        "verdict": family_verdict(added, counted.alike(moved)) if added else t("story.family_unlike"),
        "substitute": out,
        "elsewhen": None if out else _elsewhen(reading, mover, members),
    }


def _members(reading: Reading, mover: Mover, last: int) -> dict[str, tuple[tuple[str, ...], Attribution]]:
    """Each member as its pair: the products that the asker may read, and their movement."""
    found = {}
    for pair in reading.country.pairs.values():
        if pair.family and pair.family == reading.pair.family:
            codes = mover.readable(pair)
            moved = _moved(mover, codes, last) if codes else None
            if moved and moved.reference != "none":
                found[pair.id] = (codes, moved)
    return {name: each for name, each in found.items() if not _holds_another(name, found)}


def _holds_another(pair: str, members: dict[str, tuple[tuple[str, ...], Attribution]]) -> bool:
    """Whether a pair counts all products of another one and more: it stands for both, and is no member."""
    own = set(members[pair][0])
    return any(own > set(codes) for codes, _ in members.values())


def _moved(mover: Mover, codes: tuple[str, ...], last: int) -> Attribution:
    return mover.whole(mover.series(COMMODITY, codes), last)


def _column(key: str) -> str:
    return t(key)


def _name(reading: Reading, pair: str) -> str:
    return reading.country.pairs[pair].name[i18n.language()]


def _row(name: str, found: Attribution, here: bool) -> View:
    share = found.change / found.before if found.before else None
    sign = "+" if found.change > 0 else "−" if found.change < 0 else "±"
    return {
        "name": name,
        "before": number(found.before),
        "after": number(found.after),
        "change": signed(found.change),
        "share": "–" if share is None else f"{sign}{percent(abs(share))}",
        "both": _both_times(found),
        "here": here,
    }


def _both_times(found: Attribution) -> str:
    """How many reported both times, of those that reported at all."""
    return t("compare.n_of", n=number(found.both), expected=number(found.reporters))


def family_verdict(total: Attribution, members: list[Attribution]) -> str:
    """Whether the family moved, or its members changed places."""
    rose = [found.change > 0 for found in members if found.change]
    moved = sum(abs(found.change) for found in members)
    if not rose:
        return t("story.family_unmoved")
    if all(rose) or not any(rose):
        return t("story.family_together" if len(rose) == len(members) else "story.family_alone")
    if abs(total.change) < STEADY * moved:
        return t("story.family_steady")
    most = max(found.change * np.sign(total.change) for found in members)
    if abs(total.change) >= most:
        return t("story.family_both_ways")
    return t("story.family_rose") if total.change > 0 else t("story.family_fell")


def _substitute(reading: Reading, mover: Mover, members: dict[str, Any], last: int) -> View | None:
    """That a member rose where another was out, whichever of the two the page is about."""
    risen = [pair for pair, (_, found) in members.items() if found.change > 0]
    fallen = [pair for pair, (_, found) in members.items() if found.change < 0]
    for up in risen:
        for down in fallen:
            found = mover.displaced(members[up][0], members[down][0], last)
            counted = counted_in(reading, {pair: codes for pair, (codes, _) in members.items()})
            lost = counted.as_of(members[down][1].change, down, up)
            enough = found.while_out >= REPLACED * -lost
            if reading.pair.id in (up, down) and found.explains and enough:
                return _told(reading, found, (up, down))
    return None


def _elsewhen(reading: Reading, mover: Mover, members: dict[str, Any]) -> View | None:
    """That it was so in another of the periods shown, with the link to the one where it was most."""
    products = {pair: codes for pair, (codes, _) in members.items()}
    for at, last in risen_periods(reading, mover, products):
        out = _substitute(reading, mover, _members(reading, mover, last), last)
        if out:
            period = reading.labels[at]
            return {
                "text": t("story.substitute_elsewhen", period=period, told=out["strong"]),
                "see": t("story.look_at", period=period),
                "href": reading.address.href(unit=reading.place.id, at=str(reading.comparison.periods[at])),
            }
    return None


def _told(reading: Reading, found: Displaced, pairs: tuple[str, str]) -> View:
    up, down = (_name(reading, pair) for pair in pairs)
    sites = reading.level_count(len(reading.country.levels), found.n_known)
    places, rest = _places(reading, found)
    text = (
        t(
            "story.substitute_text",
            up=up,
            down=down,
            share=percent(found.share),
            change=signed(found.while_out),
            n=number(found.n_out),
            expected=number(found.n_known),
            sites=sites,
            month=month(found.month),
        ),
        _from_low(reading) if pairs[0] == reading.pair.id else "",
    )
    return {
        "strong": t("story.substitute_out", up=up, down=down),
        "text": " ".join(each for each in text if each),
        "where": t("story.substitute_where", change=signed(found.while_out)) if places else "",
        "places": places,
        "rest": rest,
    }


def _from_low(reading: Reading) -> str:
    """That the period compared with was itself below what is usual: a rise from there is no rise alone."""
    before, found = year_before(reading), reading.usual("commodity")
    if before is None or found is None or before not in found.outside(BELOW):
        return ""
    return t("story.substitute_from_low", period=reading.labels[before])


def _places(reading: Reading, found: Displaced) -> tuple[list[View], str]:
    """The places with most of a rise while the substitute was out, and all others together: 100 % of it."""
    parts = sorted(zip(found.units, found.parts.tolist(), strict=True), key=lambda each: -each[1])
    shown = [each for each in parts[:MOST_PLACES] if each[1] > 0]
    named = [change for _, change in shown]
    others = [change for _, change in parts[len(shown) :] if change]
    unnamed = found.while_out - float(found.parts.sum())
    *shares, of_rest = whole_percents(np.array([*named, found.while_out - sum(named)]) / found.while_out)
    told = [
        {"name": reading.names[unit], "text": _part(change, share), "href": deeper(reading, unit)}
        for (unit, change), share in zip(shown, shares, strict=True)
    ]
    if not told or not (others or unnamed):
        return told, ""
    part = _part(sum(others) + unnamed, of_rest)
    if unnamed:
        return told, t("story.substitute_unnamed", part=part)
    units = reading.level_count(reading.place.level + 1, len(others))
    return told, tn("story.substitute_rest", len(others), units=units, part=part)


def _part(change: float, share: int) -> str:
    return t("story.part", change=signed(change), share=percent(share / 100))
