"""A country's reports with what belongs to what: districts, and services beside the products they use."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from demo.report.panel import OPTIONS, Panel, Run, panel
from demo.whotopia.world import World

if TYPE_CHECKING:
    from demo.whotopia.rows import Block

CIV = Path(__file__).resolve().parent.parent / "countries" / "civ"
ONE = "count"


@dataclass(frozen=True)
class Pair:
    """Services and the products that they use, by their elements."""

    name: str
    services: tuple[str, ...]
    products: tuple[str, ...]


@dataclass(frozen=True)
class Reported:
    """What a country reported every month.

    Attributes:
        logistics: by product, site and month.
        services: by element, unit and month, measure `ONE`.
        district: unit -> its district; a unit may be a district itself.
        region: unit of the logistics -> the region whose season it shares.
        contraceptives: products of family planning, without condoms; condoms: male ones.
        pairs: what can be set side by side.
    """

    logistics: Panel
    services: Panel
    district: Mapping[str, str]
    region: Mapping[str, str]
    contraceptives: tuple[str, ...]
    condoms: str
    pairs: tuple[Pair, ...]

    def planning(self) -> tuple[int, ...]:
        """Numbers of all products of family planning, which both countries have."""
        return tuple(self.logistics.item(code) for code in (*self.contraceptives, self.condoms))

    def regions(self) -> list[str]:
        """The region of each site of the logistics."""
        return [self.region[place] for place in self.logistics.places]

    def few_sites(self) -> tuple[str, ...]:
        """Sites as the Ivorian logistics system has them: one in two districts of three, two in the third."""
        first: dict[str, list[str]] = {}
        for place in self.logistics.places:
            first.setdefault(self.district[place], []).append(place)
        return tuple(
            place for n, places in enumerate(first.values()) for place in places[: 2 if n % 3 == 2 else 1]
        )


CIV_PAIRS = (
    Pair("three-month injectable", ("INJECTION3_WOMEN_OLD", "INJECTION3_WOMEN_NEW"), ("AS27133", "AS21126")),
    Pair("pill", ("PILL_WOMEN_OLD", "PILL_WOMEN_NEW"), ("AS27000", "AS27132")),
    Pair("implant", ("IMPLANT_WOMEN_OLD", "IMPLANT_WOMEN_NEW"), ("AS27137", "AS27138")),
    Pair("two-month injectable", ("INJECTION2_WOMEN_OLD", "INJECTION2_WOMEN_NEW"), ("AS27134",)),
    Pair("IUD", ("IUD_WOMEN_OLD", "IUD_WOMEN_NEW"), ("AS42018",)),
)
WTP_PAIRS = (
    Pair("three-month injectable", ("FP_INJ3",), ("DMPA_IM", "DMPA_SC")),
    Pair("pill", ("FP_PILL",), ("PILL_COC", "PILL_POP")),
    Pair("implant", ("FP_IMPLANT",), ("IMPLANT_LNG", "IMPLANT_ETN")),
    Pair("IUD", ("FP_IUD",), ("IUD_CU",)),
)


def civ() -> Reported:
    """The published figures of Côte d'Ivoire (contraceptives, 2016 to 2019)."""
    runs = _read(CIV / "values.csv.gz")
    units = json.loads((CIV / "metadata.json").read_text(encoding="utf-8"))["organisationUnits"]
    code = {unit["id"]: unit.get("code", "") for unit in units}
    parent = {code[unit["id"]]: code[unit["parent"]["id"]] for unit in units if "parent" in unit}
    logistics = [run for run in runs if run.option in OPTIONS]
    services = [run for run in runs if run.option == "default"]
    sites, districts = (sorted({p for run in some for p in run.places}) for some in (logistics, services))
    return Reported(
        panel(logistics, sorted({run.element for run in logistics}), sites, OPTIONS),
        panel(services, sorted({run.element for run in services}), districts, {"default": ONE}),
        {**{site: parent[site] for site in sites}, **{district: district for district in districts}},
        dict.fromkeys(sites, ""),
        ("AS27000", "AS27132", "AS27133", "AS27134", "AS27137", "AS27138", "AS42018", "AS27139", "AS21126"),
        "AS46000",
        CIV_PAIRS,
    )


def whotopia(world: World, blocks: Iterable[Block]) -> Reported:
    """What Whotopia's facilities reported by the month; quarterly logistics forms are left out."""
    facilities = world.places.facilities
    monthly = [facility.code for facility in facilities if not facility.group]
    region = {district.code: district.parent for district in world.places.districts}
    runs = [Run(b.element, b.option, b.units, b.periods, b.values) for b in blocks]
    services = [service.code for service in world.catalogue.services]
    return Reported(
        panel(runs, [c.code for c in world.catalogue.commodities], monthly, OPTIONS),
        panel(runs, services, [f.code for f in facilities], {"": ONE, "Female": ONE, "Male": ONE}),
        {facility.code: facility.district for facility in facilities},
        {facility.code: region[facility.district] for facility in facilities},
        tuple(c.code for c in world.catalogue.commodities if c.programme == "family-planning" and c.uses),
        "CONDOM_M",
        WTP_PAIRS,
    )


def _read(path: Path) -> list[Run]:
    """The rows of a values file, one run for each element and option."""
    found: dict[tuple[str, str], tuple[list[str], list[str], list[str]]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        for element, period, unit, option, value, *_ in csv.reader(text):
            if element != "dataelement":
                lists = found.setdefault((element, option), ([], [], []))
                lists[0].append(unit)
                lists[1].append(period)
                lists[2].append(value)
    return [Run(element, option, *lists) for (element, option), lists in found.items()]
