"""The country as sheets: what a ministry without a server keeps in a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from demo.spreadsheet import Cell
from demo.whotopia import transactions
from demo.whotopia.forms import MEASURES
from demo.whotopia.places import Facility
from demo.whotopia.reported import Reported
from demo.whotopia.seed import Simulated
from demo.whotopia.spellings import Spelling, spelling
from demo.whotopia.timeline import SLIP_MONTHS, STORE_MONTHS, days, first_day

PLACE = ("Region", "District", "Facility")
FIGURES = (*MEASURES.values(),)
SLIP = (
    *("Kind", "Commodity", "Asked", "Quantity", "Recipient", "Department", "Manager"),
    *("Lot", "Expiry", "Reason", "Document"),
)
POPULATION = ("Population", "Population under 1 year", "Population under 5 years", "Women of 15 to 49 years")
Rows = Iterator[Sequence[Cell]]


@dataclass(frozen=True)
class Sheet:
    """A sheet's name, the header of its columns, and its rows."""

    name: str
    header: tuple[str, ...]
    rows: Rows


class Country:
    """What the sheets are written from.

    Args:
        simulated: the country and its reports.
    """

    def __init__(self, simulated: Simulated) -> None:
        self.simulated, self.world = simulated, simulated.world
        self._reported = Reported.of(simulated)
        places, timeline = self.world.places, self.world.timeline
        self._areas = {area.code: area for area in (*places.regions, *places.districts)}
        self._facilities = {f.code: f for f in places.facilities if f.opened < timeline.size}
        self._items = {item.code: item.name for item in self.world.catalogue.life_saving}

    def sheets(self) -> Iterator[Sheet]:
        """All of them, one after the other; each is to be read before the next."""
        informed, moved, kept = (
            spelling(self.world, writer) for writer in ("health information", "logistics", "stores")
        )
        yield Sheet("Read me", (), iter([[line] for line in self._about()]))
        yield self._units(informed)
        yield self._populations(informed)
        yield self._services(informed)
        yield self._logistics(moved)
        yield self._balances(kept)
        yield self._slips(kept)

    def _about(self) -> tuple[str, ...]:
        return (
            "Whotopia",
            "SYNTHETIC: the country, its people, its facilities and all figures are invented.",
            f"As reported until {self.world.timeline.today.isoformat()}.",
            "",
            "Units: regions, districts and facilities.",
            "Populations: people of each catchment, by year.",
            "Services: the monthly health services form, one row a facility and month; empty: not reported.",
            f"Logistics: the logistics form of the last {STORE_MONTHS} months in dispensing units.",
            "A logistics report over three months stands under the last one of them.",
            "Store balances: life-saving commodities of the hospital stores in packs, month by month.",
            f"Slips: the hospital stores' registry of the last {SLIP_MONTHS} months in packs.",
            "Of a count, the quantity of a slip is what was found.",
            "Months are given by their first day.",
        )

    def _place(self, written: Spelling, code: str) -> tuple[str, str, str]:
        district = self._areas[self._facilities[code].district]
        return self._areas[district.parent].name, district.name, written.names[code]

    def _units(self, written: Spelling) -> Sheet:
        header = (
            "Type",
            "Ownership",
            "Longitude",
            "Latitude",
            "Telephone",
            "Opened",
            "Closed",
            "Logistics report",
        )
        rows = (
            [
                *self._place(written, code),
                f.kind,
                f.owner,
                f.longitude,
                f.latitude,
                f.phone,
                first_day(f.opened),
                self._closing(f),
                f"quarterly, group {f.group}" if f.group else "monthly",
            ]
            for code, f in self._facilities.items()
        )
        return Sheet("Units", (*PLACE, *header), rows)

    def _closing(self, facility: Facility) -> date | None:
        """The last day, of those that have closed."""
        last = facility.closed
        return first_day(last).replace(day=days(last)) if last < self.world.timeline.size else None

    def _populations(self, written: Spelling) -> Sheet:
        table = self._reported.populations
        rows = (
            [*self._place(written, unit), int(year), *cells] for (unit, year), cells in sorted(table.items())
        )
        return Sheet("Populations", (*PLACE, "Year", *POPULATION), rows)

    def _services(self, written: Spelling) -> Sheet:
        table = self._reported.services
        rows = ([*self._place(written, u), _month(pe), *cells] for (u, pe), cells in sorted(table.items()))
        return Sheet("Services", (*PLACE, "Month", *(box.name for box in self._reported.boxes)), rows)

    def _logistics(self, written: Spelling) -> Sheet:
        products, table = self.world.catalogue.commodities, self._reported.logistics
        rows = (
            [*self._place(written, unit), products[n].name, products[n].unit, _month(period), *cells]
            for (unit, n, period), cells in sorted(table.items())
        )
        return Sheet("Logistics", (*PLACE, "Product", "Unit", "Month", *FIGURES), rows)

    def _balances(self, written: Spelling) -> Sheet:
        stores, timeline = self.simulated.stores, self.world.timeline
        rows: Rows = (
            [
                *self._place(written, code),
                name,
                first_day(month),
                *(int(stores.measures[measure][row, column, month]) for measure in MEASURES),
            ]
            for column, code in enumerate(stores.codes)
            for row, name in enumerate(self._items.values())
            for month in range(timeline.first_stored, timeline.size)
        )
        return Sheet("Store balances", (*PLACE, "Commodity", "Month", *FIGURES), rows)

    def _slips(self, written: Spelling) -> Sheet:
        return Sheet("Slips", (*PLACE, "Date", "Time", *SLIP), self._written_slips(written))

    def _written_slips(self, written: Spelling) -> Rows:
        for event in transactions.events(self.world, self.simulated.stores):
            values = {name.partition(" - ")[2]: text for name, text in event["dataValues"].items()}
            values["Commodity"] = self._items[values["Commodity"]]
            day, _, time = event["occurredAt"].partition("T")
            cells = [_slip_cell(name, values.get(name)) for name in SLIP]
            yield [*self._place(written, event["orgUnit"]), date.fromisoformat(day), time[:5], *cells]


def _slip_cell(name: str, text: str | None) -> Cell:
    if text is None:
        return None
    if name in {"Asked", "Quantity"}:
        return int(text)
    return date.fromisoformat(text) if name == "Expiry" else text


def _month(period: str) -> date:
    """The first day of a month given as YYYYMM."""
    return date(int(period[:4]), int(period[4:]), 1)
