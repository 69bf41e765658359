"""What is worst of a programme in a place, and what to do first, in two or three sentences."""

from dataclasses import dataclass

import numpy as np

from dashboard import i18n
from dashboard.i18n import number, t, tn
from dashboard.lasting import lasting
from dashboard.programme import Programme
from indicators.question import Answer
from indicators.stock_status import Status

ENOUGH = (Status.ADEQUATE, Status.OVERSTOCKED)


@dataclass(frozen=True)
class _Out:
    """A product that some sites are out of: its row of products, and how many sites of how many."""

    at: int
    sites: float
    of: float

    @property
    def share(self) -> float:
        return self.sites / self.of


def worst(programme: Programme) -> list[str]:
    """The product most sites lack, the place that lacks most, what to do first; nothing if none is known."""
    answer = programme.ask("stockout_rate", programme.now)
    found = [
        _Out(at, float(answer.numerator[0, at, 0]), float(answer.denominator[0, at, 0]))
        for at in programme.carried()
        if answer.denominator[0, at, 0] > 0
    ]
    out = [each for each in found if each.sites]
    if not found:
        return []
    if not out:
        return [t("programmes.worst_none"), *_next(programme)]
    if not programme.children and not programme.totals_only:
        lacking = t("programmes.worst_here", products=", ".join(_name(programme, each.at) for each in out))
        return [lacking, *_next(programme)]
    most = max(out, key=lambda each: (each.sites, each.share))
    said = [_products(programme, out, most), *_place(programme, answer), *_next(programme)]
    return [*said, _first(programme, most)]


def _products(programme: Programme, out: list[_Out], most: _Out) -> str:
    """The product that most sites are out of, and the one that the largest share is out of, if another."""
    of = number(most.of)
    said = tn("programmes.worst_product", most.sites, product=_name(programme, most.at), of=of)
    rarest = max(out, key=lambda each: (each.share, each.sites))
    if rarest.share <= most.share:
        return said
    name = _name(programme, rarest.at)
    counts = {"n": number(rarest.sites), "of": number(rarest.of)}
    return f"{said} {t('programmes.worst_share', product=name, **counts)}"


def _place(programme: Programme, answer: Answer) -> list[str]:
    """The place below with the largest share of its products and sites out; none where there is only one."""
    sums = [
        (float(answer.numerator[row, :, 0].sum()), float(answer.denominator[row, :, 0].sum()), unit)
        for row, unit in enumerate(programme.now.units)
        if row
    ]
    known = [(sites / of, sites, of, unit) for sites, of, unit in sums if of]
    if len(known) < 2:
        return []
    _, sites, of, unit = max(known)
    place = programme.desk.figures.holding().names[unit]
    return [tn("programmes.worst_place", sites, place=place, of=number(of))]


def _next(programme: Programme) -> list[str]:
    """The product that will be out next in the place as a whole, and when; none where all is overstocked."""
    answer = programme.ask("months_of_stock", programme.now)
    lasts = {
        at: float(answer.value[0, at, 0])
        for at in programme.carried()
        if programme.classes[0, at] in (Status.LOW, Status.ADEQUATE)
    }
    if not lasts or programme.totals_only:
        return []
    at = min(lasts, key=lambda each: lasts[each])
    until = np.datetime64(f"{programme.month // 100}-{programme.month % 100:02d}") + 1 + int(lasts[at])
    return [
        t(
            "programmes.next_out" if programme.children else "programmes.next_out_here",
            product=_name(programme, at),
            months=lasting(lasts[at], programme.limits(0)),
            until=i18n.month(int(str(until).replace("-", ""))),
        )
    ]


def _first(programme: Programme, most: _Out) -> str:
    """Transfers where the place as a whole has enough of the product, else a delivery."""
    answer = programme.ask("months_of_stock", programme.now)
    found, months = programme.classes[0, most.at], float(answer.value[0, most.at, 0])
    place = programme.desk.figures.holding().names[programme.now.units[0]]
    if found in ENOUGH and not programme.totals_only:
        said = lasting(months, programme.limits(0))
        return t("programmes.first_transfers", place=place, months=said, product=_name(programme, most.at))
    return t("programmes.first_delivery", place=place, product=_name(programme, most.at))


def _name(programme: Programme, at: int) -> str:
    code = programme.subjects[at].id
    item = programme.desk.figures.country.items.get(code)
    return item.name[i18n.language()] if item else code
