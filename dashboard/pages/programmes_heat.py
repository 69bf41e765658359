"""Months of stock as a map of cells: places below by products, or a facility's months by products."""

from typing import Any

import numpy as np

from dashboard import i18n
from dashboard.country_settings import stock_levels
from dashboard.i18n import number, t
from dashboard.lasting import MANY, lasting
from dashboard.programme import WORST, Programme
from indicators.logistics import NOT_CARRIED
from indicators.question import Answer, Question
from indicators.stock_status import Classes, Limits, Status

View = dict[str, Any]
# A letter for each class: what assets/programmes knows them by, and what each is called.
LETTERS = {
    NOT_CARRIED: "n",
    Status.STOCKED_OUT: "o",
    Status.LOW: "l",
    Status.ADEQUATE: "e",
    Status.OVERSTOCKED: "h",
    Status.UNKNOWN: "u",
}
WORDS = {
    "o": "stock_class.out",
    "l": "stock_class.low",
    "e": "stock_class.enough",
    "h": "stock_class.over",
    "u": "stock_class.unknown",
    "n": "stock_class.none",
}


def heat(programme: Programme) -> View:
    """The cells: of the places below, or of a facility's last months."""
    columns = programme.carried()
    below = bool(programme.children)
    return {
        "title": _title(programme),
        "corner": _corner(programme) if below else t("programmes.month"),
        "below": below,
        "columns": [_column(programme, at) for at in columns],
        "rows": _places(programme, columns) if below else _months(programme, columns),
        "legend": [[letter, _word(key)] for letter, key in WORDS.items()],
        "out": t("programmes.cell_out"),
        "note": _note(programme),
        "hint": t("programmes.heat_hint" if below else "programmes.heat_hint_months"),
    }


def _title(programme: Programme) -> str:
    if not programme.children:
        return t("programmes.heat_months")
    return t("programmes.heat_worst" if programme.address.order == WORST else "programmes.heat_places")


def _note(programme: Programme) -> str:
    levels = stock_levels(programme.desk.figures.country)
    counted = t("programmes.heat_note", months=programme.desk.rules.average.months)
    return " ".join((counted, t("programmes.heat_levels", levels=levels), beyond_note()))


def beyond_note() -> str:
    """What stands for many months of stock, in words."""
    return t("programmes.beyond", n=number(MANY))


def _word(key: str) -> str:
    return t(key)


def _corner(programme: Programme) -> str:
    level = int(programme.unit["level"]) + 1
    return programme.desk.figures.country.level_name(level, i18n.language()).capitalize()


def _column(programme: Programme, at: int) -> View:
    """A product: its short name, and the pair on Compare that a cell leads to."""
    country, code = programme.desk.figures.country, programme.subjects[at].id
    item, language = country.items.get(code), i18n.language()
    return {
        "name": item.name[language] if item else code,
        "short": item.short[language] if item else code,
        "pair": pair_of(programme, code),
    }


def pair_of(programme: Programme, code: str) -> str:
    """The first pair of the programme that has a product."""
    pairs = programme.desk.figures.country.pairs.values()
    named = [pair.id for pair in pairs if code in pair.commodities]
    own = [
        name
        for name in named
        if programme.desk.figures.country.pairs[name].programme == programme.address.programme
    ]
    return (own or named or [""])[0]


def _places(programme: Programme, columns: list[int]) -> list[View]:
    """The place itself and then each below it, in the hierarchy's order."""
    stock, out = (programme.ask(each, programme.now) for each in ("months_of_stock", "stockout_rate"))
    names = programme.desk.figures.holding().names
    below = [
        row
        for row in range(1, len(programme.now.units))
        if (programme.classes[row, columns] != NOT_CARRIED).any()
    ]
    if programme.address.order == WORST:
        below.sort(key=lambda row: _bad(programme.classes[row, columns], _share_out(out, row, columns)))
    return [
        {
            "id": programme.now.units[row],
            "name": names[programme.now.units[row]],
            "o": [_sites_out(out, row, at) for at in columns],
            **_cells(stock.value[row, :, 0], programme.classes[row], columns, programme.limits(row)),
        }
        for row in (0, *below)
    ]


def _bad(classes: Classes, share_out: float) -> tuple[float, ...]:
    """What is worst comes first: most products out, then low, then most sites out, then most not known."""
    out, low, unknown = (
        int((classes == each).sum()) for each in (Status.STOCKED_OUT, Status.LOW, Status.UNKNOWN)
    )
    return (-out, -low, -share_out, -unknown)


def _share_out(out: Answer, row: int, columns: list[int]) -> float:
    """Of the sites of a place that reported their stock, the share that is out, all products together."""
    asked = float(out.denominator[row, columns, 0].sum())
    return float(out.numerator[row, columns, 0].sum()) / asked if asked else 0.0


def _sites_out(out: Answer, row: int, at: int) -> str:
    """``28/29`` sites that are out of those that reported; empty where none is."""
    count = float(out.numerator[row, at, 0])
    return f"{number(count)}/{number(float(out.denominator[row, at, 0]))}" if count else ""


def _months(programme: Programme, columns: list[int]) -> list[View]:
    """A facility's last months, the newest first."""
    question: Question = programme.then
    stock = programme.ask("months_of_stock", question)
    classes = programme.desk.logistics().classes(question)
    return [
        {
            "id": str(start),
            "name": i18n.month(int(start)),
            **_cells(stock.value[0, :, at], classes[0, :, at], columns, programme.limits(0)),
        }
        for at, start in reversed(list(enumerate(stock.starts)))
    ]


def _cells(months: Any, classes: Classes, columns: list[int], limits: Limits) -> View:
    """A row's cells: numbers as texts, and a letter for each one's class."""
    return {
        "t": [_months_text(float(months[at]), int(classes[at]), limits) for at in columns],
        "c": "".join(LETTERS[int(classes[at])] for at in columns),  # type: ignore[index]
    }


def _months_text(months: float, found: int, limits: Limits) -> str:
    if found == Status.STOCKED_OUT:
        return number(0.0, 1)
    if found in (NOT_CARRIED, Status.UNKNOWN) or np.isnan(months):
        return ""
    return lasting(months, limits)
