"""Writes docs/whotopia.md: words, tables and pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

import numpy as np

from demo.report import noise, stocks
from demo.report.country import Reported
from demo.report.dose_sources import DOSES
from demo.report.figures import Figure
from demo.whotopia.catalogue import TYPES, Commodity
from demo.whotopia.seed import Simulated

CAPTIONS = {
    "dispersion": "How much consumption varies",
    "tens": "Round figures",
    "digits": "Last digits",
    "spells": "How long shelves stay empty",
    "ratios": "Consumption given services",
    "seasons": "Malaria through the year",
    "epidemic": "Both sides of an epidemic",
}


@dataclass(frozen=True)
class Content:
    """What the page is made of.

    Attributes:
        simulated: the country.
        ours: what it reported by the month.
        figures: generated beside measured.
        pictures: name of a file -> SVG.
        values: how many values its DHIS2 holds.
    """

    simulated: Simulated
    ours: Reported
    figures: Sequence[Figure]
    pictures: Mapping[str, str]
    values: int


def write(content: Content, folder: Path) -> None:
    """Writes whotopia.md and, into whotopia/, its pictures; pictures of before are removed."""
    pictures = folder / "whotopia"
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.svg"):
        old.unlink()
    for name, picture in content.pictures.items():
        (pictures / f"{name}.svg").write_text(picture, encoding="utf-8")
    (folder / "whotopia.md").write_text(page(content), encoding="utf-8")


def page(content: Content) -> str:
    """The page as Markdown."""
    template = Template(Path(__file__).with_name("page.md").read_text(encoding="utf-8"))
    parts = {
        "country": _country(content),
        "seasons": _pictures(content, "seasons", "epidemic"),
        "doses": _doses(content.simulated.world.catalogue.commodities),
        "errors": _errors(content),
        "figures": _figures(content.figures),
        "pictures": _pictures(content, "dispersion", "tens", "digits", "spells", "ratios"),
        "products": _products(content),
    }
    return template.substitute({name: part.rstrip("\n") for name, part in parts.items()})


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown.

    >>> print(table(("a", "b"), [("1", "2")]), end="")
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    lines = [header, ["---"] * len(header), *rows]
    return "".join(
        "|" + "|".join(line if line == "---" else f" {line} " for line in cells) + "|\n" for cells in lines
    )


def shown(figure: float, percent: bool) -> str:
    """A figure with two or three digits.

    >>> shown(0.0478, True), shown(0.3, False), shown(2.64, False)
    ('4.8 %', '0.30', '2.6')
    """
    if percent:
        return f"{100 * figure:.2f} %" if abs(figure) < 0.01 else f"{100 * figure:.1f} %"
    return f"{figure:.2f}" if abs(figure) < 1 else f"{figure:.1f}"


def _country(content: Content) -> str:
    world = content.simulated.world
    kinds = Counter(f.kind for f in world.places.facilities)
    return (
        f"This page: seed {world.chance.seed}, {world.timeline.today.isoformat()}. "
        f"{len(world.places.regions)} regions, {len(world.places.districts)} districts, "
        f"{world.places.size} facilities ({', '.join(f'{kinds[kind]} {kind}s' for kind in TYPES)}), "
        f"{len(world.catalogue.services)} services, {len(world.catalogue.commodities)} commodities, "
        f"{content.values:,} values.\n"
    )


def _doses(commodities: Sequence[Commodity]) -> str:
    rows = []
    for commodity in commodities:
        uses = [f"{units:g} for {service}" for service, units in commodity.uses.items()]
        uses += [f"{commodity.other:g} a month for 1,000 people"] if commodity.other else []
        source = DOSES.get(commodity.code, "as above" if commodity.uses else "assumed")
        rows.append((commodity.name, commodity.unit, "; ".join(uses), source))
    return table(("commodity", "unit", "uses", "source"), rows)


def _errors(content: Content) -> str:
    kinds = Counter(str(record["kind"]) for record in content.simulated.reports.truth)
    rows = [(kind, f"{n:,}", f"{1000 * n / content.values:.2f}") for kind, n in kinds.most_common()]
    total = sum(kinds.values())
    rows.append(("all", f"{total:,}", f"{1000 * total / content.values:.2f}"))
    return table(("kind", "boxes", "among 1,000 values"), rows)


def _figures(figures: Sequence[Figure]) -> str:
    rows = []
    for figure in figures:
        measured = "" if figure.measured is None else shown(figure.measured, figure.percent)
        verdict = "within" if figure.within else f"outside: {figure.why}"
        span = f"{shown(figure.low, figure.percent)} to {shown(figure.high, figure.percent)}"
        rows.append(
            (figure.name, shown(figure.generated, figure.percent), measured, span, verdict, figure.source)
        )
    return table(("figure", "generated", "measured", "range", "verdict", "source"), rows)


def _pictures(content: Content, *names: str) -> str:
    return "".join(
        f"![{CAPTIONS[name]}](whotopia/{name}.svg)\n\n" for name in names if name in content.pictures
    )


def _products(content: Content) -> str:
    panel = content.ours.logistics
    rows = []
    for number, commodity in enumerate(content.simulated.world.catalogue.commodities):
        used = panel["consumed"][number]
        varies = noise.variation(used, content.ours.regions())
        cells = (shown(varies.alpha, False), shown(varies.spread, False)) if varies.figures else ("", "")
        zeros = shown(stocks.zero_share(used), True)
        rows.append((commodity.name, f"{np.nanmean(used):,.0f}", *cells, zeros))
    header = ("commodity", "mean consumption", "alpha", "log-SD", "zeros")
    return table(header, rows)
