"""Values as a DHIS2 answers them: a form, a unit and the two below it."""

import gzip
from datetime import date

from loaders.chunks import Shape
from loaders.dhis2 import ValueQuery
from loaders.spans import spans_between
from tests.loaders.scripted_server import Reply

HEAD = (
    "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,"
    "value,storedby,lastupdated,comment,followup,deleted\n"
)
VALUES = "/api/dataValueSets.csv"
YEAR = ValueQuery(("form",), date(2019, 1, 1), date(2019, 12, 31), ("unit",))
SHAPE = Shape(
    children={"unit": ("north", "south")},
    elements={"form": ("one", "two")},
    fields={"form": 2},
    assigned={"form": {"unit": 2, "north": 1, "south": 1}},
    period_types={"form": "Monthly"},
)


def a_row(element="one", period="201901", unit="north", value="12", comment="", deleted="null"):
    keys = f"{element},{period},{unit},combo,HllvX50cXC0"
    return f"{keys},{value},awa,2019-02-03T09:00:00.000+0000,{comment},false,{deleted}\n"


def as_csv(*rows, packed=False, **more):
    body = (HEAD + "".join(rows)).encode()
    return Reply(gzip.compress(body) if packed else body, headers={"Content-Type": "application/csv"}, **more)


def all_values(server):
    """A DHIS2 with one value for each element, month and unit, that answers what it is asked, and no more."""

    def answer(seen):
        start, end = (date.fromisoformat(seen.all(name)[0]) for name in ("startDate", "endDate"))
        units = set(seen.all("orgUnit"))
        below = {"north", "south"} if "unit" in units and seen.all("children") else set()
        rows = [
            a_row(element, f"{span.start:%Y%m}", unit, str(span.start.month))
            for element in seen.all("dataElement") or ["one", "two"]
            for span in spans_between("Monthly", start, end)
            for unit in sorted(units | below)
            if unit != "unit"
        ]
        return as_csv(*rows, packed="gzip" in seen.all("compression"))

    server.on(VALUES, answer)
    return answer


def keys(frame):
    return sorted(zip(frame["dataelement"], frame["period"], frame["orgunit"], strict=True))
