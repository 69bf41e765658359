"""Our definitions imported into a DHIS2: every expression is valid there, and it works out our figures."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accounts.scope import Scope
from countries import load_country
from dashboard.dhis2_indicators import metadata
from dashboard.logistics import Asked, LogisticsDesk, coverages
from dashboard.own_indicators import formula_of
from dashboard.queries import Figures
from dashboard.questions import NothingSyncedError
from indicators.compare import PairItems, View, compare
from indicators.definitions import BY_ID
from indicators.measures import COMMODITY
from indicators.own import own
from indicators.question import Question, Subject
from indicators.ratio import ratio
from tests.conftest import synced
from tests.dashboard.installed_indicators import (
    COUNTRIES,
    MONTHS,
    SOME,
    Installed,
    ask,
    everything,
    imported,
    months,
)

PLAIN = ("consumed", "opening", "received", "adjusted", "closing", "ordered", "stockout_days")


@pytest.fixture(scope="module", params=COUNTRIES)
def dhis2(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """An embedded DHIS2 of the test's own, synced from, its analytics built, our indicators imported."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    country, filled = load_country(request.param), request.getfixturevalue(f"{request.param}_filled")
    with filled.serving(folder / "data") as address:
        figures = Figures(synced(address, country, folder / "snapshot"), country)
        started = ask(address, "POST", "/api/resourceTables/analytics")
        notes = started["response"]["relativeNotifierEndpoint"]
        while not any(note["completed"] for note in ask(address, "GET", notes)):
            time.sleep(0.2)
        sent = metadata(figures, everything(figures))
        yield Installed(address, country, figures, sent, imported(address, sent))


def test_every_expression_is_judged_valid_before_anything_is_imported(dhis2: Installed) -> None:
    path, plain = "/api/indicators/expression/description", {"Content-Type": "text/plain"}
    expressions = {each[side] for each in dhis2.sent["indicators"] for side in ("numerator", "denominator")}
    assert len(expressions) > 100
    for text in expressions:
        answer = ask(dhis2.address, "POST", path, data=text.encode(), headers=plain)
        assert (answer["status"], answer["message"]) == ("OK", "Valid"), (text, answer)


def test_the_import_meets_no_conflict_and_doing_it_again_adds_nothing(dhis2: Installed) -> None:
    total = sum(len(each) for each in dhis2.sent.values())
    assert dhis2.answer["response"]["stats"] == {
        "created": total, "updated": 0, "deleted": 0, "ignored": 0, "total": total
    }  # fmt: skip
    again = imported(dhis2.address, metadata(dhis2.figures, everything(dhis2.figures)))
    stats = again["response"]["stats"]
    assert (stats["created"], stats["updated"], stats["ignored"]) == (0, total, 0)
    path = "/api/indicators?paging=false&fields=id,numerator"
    held = {each["id"]: each["numerator"] for each in ask(dhis2.address, "GET", path)["indicators"]}
    assert held == {each["id"]: each["numerator"] for each in dhis2.sent["indicators"]}


def test_names_and_codes_are_unique_and_no_longer_than_dhis2_takes(dhis2: Installed) -> None:
    for name, most in (("id", 11), ("name", 230), ("shortName", 50), ("code", 50)):
        found = [each[name] for each in dhis2.sent["indicators"]]
        assert len(set(found)) == len(found), name
        assert max(map(len, found)) <= most


@pytest.mark.parametrize("measure", PLAIN)
def test_sums_of_what_was_reported_are_ours_at_every_level(dhis2: Installed, measure: str) -> None:
    units = dhis2.month_by_month
    theirs, compared = dhis2.theirs(measure, units), 0
    for code in dhis2.of(measure).values():
        for unit in units:
            first, last = MONTHS[dhis2.country.id]
            found = compare(dhis2.rollup, PairItems((), (code,), {}, {}), View(unit, first, last))
            if not found.has(COMMODITY, BY_ID[measure].measure):
                continue
            line = found.line(COMMODITY, BY_ID[measure].measure)
            for month, value in zip(months(dhis2.country), line.value[0], strict=True):
                compared += theirs.get((code, unit, month), 0) != 0
                assert theirs.get((code, unit, month), 0) == pytest.approx(np.nan_to_num(value)), (
                    code,
                    unit,
                    month,
                )
    assert compared > 0


def complete(dhis2: Installed, code: str, unit: str, month: int) -> bool:
    """Whether a facility reported stock and three months of consumption, none of them with a day out."""
    used = [dhis2.grid(code, "consumed", unit, month, back) for back in range(3)]
    out = [np.nan_to_num(dhis2.grid(code, "stockout_days", unit, month, back)) for back in range(3)]
    held = dhis2.grid(code, "closing", unit, month)
    return not np.isnan([*used, held]).any() and not any(out) and sum(used) > 0 and held > 0


@pytest.mark.parametrize("indicator", ["months_of_stock", "days_of_stock", "average_monthly_consumption"])
def test_what_stands_on_averages_is_ours_where_all_was_reported_and_nothing_was_out(
    dhis2: Installed, indicator: str
) -> None:
    units, desk, compared = dhis2.facilities[:SOME], LogisticsDesk(dhis2.figures), 0
    theirs = dhis2.theirs(indicator, units)
    for code in dhis2.of(indicator).values():
        for unit in units:
            for month in months(dhis2.country):
                if not complete(dhis2, code, unit, month):
                    continue
                asked = Asked(unit, (Subject.product(code),), month, month)
                ours = desk.ask(indicator, asked, everything(dhis2.figures)).answer
                if ours.expected[0, 0, 0]:
                    assert theirs[code, unit, month] == pytest.approx(float(ours.value[0, 0, 0]))
                    compared += 1
    assert compared > 20


def test_gaps_and_breaks_are_ours_where_all_of_a_report_is_there(dhis2: Installed) -> None:
    gaps = dhis2.theirs("stock_gap", dhis2.facilities)
    breaks = dhis2.theirs("stock_break", dhis2.facilities)
    signs = {"opening": 1, "received": 1, "adjusted": 1, "consumed": -1, "closing": -1}
    compared = [0, 0]
    for code in dhis2.of("stock_gap").values():
        for unit in dhis2.facilities:
            for month in months(dhis2.country):
                gap = sum(sign * dhis2.grid(code, name, unit, month) for name, sign in signs.items())
                broken = dhis2.grid(code, "opening", unit, month) - dhis2.grid(
                    code, "closing", unit, month, 1
                )
                for ours, told, place in ((gap, gaps, 0), (broken, breaks, 1)):
                    if not np.isnan(ours):
                        assert told.get((code, unit, month), 0) == pytest.approx(ours)
                        compared[place] += bool(told.get((code, unit, month)) is not None)
    assert min(compared) > 10


def test_loss_rates_are_ours_where_all_of_a_report_is_there(dhis2: Installed) -> None:
    of, compared = dhis2.of("loss_rate"), 0
    theirs = dhis2.theirs("loss_rate", dhis2.facilities) if of else {}
    for code in of.values():
        for unit in dhis2.facilities:
            for month in months(dhis2.country):
                lost, *there = (dhis2.grid(code, m, unit, month) for m in ("lost", "opening", "received"))
                if lost > 0 and sum(there) > 0:
                    assert theirs[code, unit, month] == pytest.approx(100 * lost / sum(there))
                    compared += 1
    assert bool(compared) is (dhis2.country.id == "whotopia")  # nobody reports losses in Côte d'Ivoire


def test_rates_of_reports_are_ours_where_every_report_was_registered(dhis2: Installed) -> None:
    """DHIS2 counts registrations alone: what came without one is not there for it, as the limit says."""
    desk, scope, compared = LogisticsDesk(dhis2.figures), everything(dhis2.figures), 0
    form = next(f.key for f in dhis2.country.forms if f.kind == COMMODITY and f.role == "figures")
    code = next(code for code, forms in dhis2.figures.holding().forms_of.items() if form in forms)
    reports = dhis2.rollup.reports
    came = reports[reports["registered"] & (reports["form"] == form)]
    registered = set(zip(came["org_unit"].astype(str), came["month"].astype(int), strict=True))
    for name in ("reporting_rate", "timeliness_of_received"):
        theirs = dhis2.theirs(name, dhis2.facilities)
        for unit in dhis2.facilities:
            for month in months(dhis2.country):
                if (unit, month) not in registered:
                    assert theirs.get((form, unit, month), 0) == 0
                    continue
                answer = desk.ask(name, Asked(unit, (Subject.product(code),), month, month), scope).answer
                assert theirs[form, unit, month] == pytest.approx(100 * float(answer.value[0, 0, 0]))
                compared += 1
    assert bool(compared) is bool(len(came))


def test_a_ratio_is_ours_where_every_place_reported_both_sides(dhis2: Installed) -> None:
    theirs, compared = dhis2.theirs("ratio", dhis2.month_by_month), 0
    first, last = MONTHS[dhis2.country.id]
    for name in dhis2.of("ratio").values():
        pair = dhis2.country.pairs[name]
        items = PairItems(pair.services, pair.commodities, pair.reported, {})
        for unit in dhis2.month_by_month:
            found = ratio(dhis2.rollup, items, View(unit, first, last))
            for column, month in enumerate(months(dhis2.country)):
                both, either = found.n_both[0, column], found.n_either[0, column]
                if both and both == either and not np.isnan(found.value[0, column]):
                    # A live DHIS2 leaves zeros out of its analytics, and with them a ratio of 0.
                    told = theirs.get((name, unit, month), 0)
                    assert told == pytest.approx(float(found.value[0, column]))
                    compared += bool(told)
    assert compared > 5


def test_a_countrys_own_indicator_is_ours_where_every_place_reported_all_of_it(dhis2: Installed) -> None:
    compared = 0
    for name, each in dhis2.country.indicators.items():
        theirs = dhis2.theirs(name, dhis2.units)
        for unit in dhis2.units:
            for month in months(dhis2.country):
                ours = own(dhis2.rollup, formula_of(each), unit, month)
                if ours.both and ours.both == ours.either and not np.isnan(ours.value):
                    assert theirs["", unit, month] == pytest.approx(ours.value)
                    compared += 1
    assert compared > 3


def test_an_indicator_is_the_same_whichever_way_it_is_asked_for_and_names_the_countrys_elements(
    dhis2: Installed,
) -> None:
    cells = dhis2.figures.holding().snapshot.read("cells")
    operands = set(cells["item"] + "." + cells["option"])
    for each in dhis2.sent["indicators"]:
        text = each["numerator"] + each["denominator"]
        named = {part.split("}")[0] for part in text.split("#{")[1:]}
        assert named <= operands
        assert each["indicatorType"]["id"] in {one["id"] for one in dhis2.sent["indicatorTypes"]}


def test_elements_of_forms_that_one_may_not_read_are_not_named(dhis2: Installed) -> None:
    form = next(f for f in dhis2.country.forms if f.kind == COMMODITY and f.role == "figures")
    readable = {form.key: dhis2.figures.holding().data_sets[form.key]}
    units = everything(dhis2.figures).units
    few = metadata(dhis2.figures, Scope.of(list(units), set(readable.values())))
    assert 0 < len(few["indicators"]) < len(dhis2.sent["indicators"])
    cells = dhis2.figures.holding().snapshot.read("cells")
    hidden = set(cells.loc[cells["form"] == "hmis", "item"])
    assert not [each["id"] for each in few["indicators"] if any(item in each["numerator"] for item in hidden)]


def test_a_snapshot_without_the_places_of_figures_asks_for_a_sync(
    dhis2: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = dict(dhis2.figures.holding().snapshot.manifest["tables"])
    tables.pop("cells")
    monkeypatch.setitem(dhis2.figures.holding().snapshot.manifest, "tables", tables)
    with pytest.raises(NothingSyncedError, match="sync"):
        metadata(dhis2.figures, everything(dhis2.figures))


def test_coverage_of_a_year_is_ours_where_the_people_of_every_place_are_known(dhis2: Installed) -> None:
    desk, compared, year = LogisticsDesk(dhis2.figures), 0, 2025
    of, units = dhis2.of("coverage"), dhis2.rollup.units
    assert set(of.values()) == set(dhis2.country.coverage)  # none where no population is configured
    places = units.loc[units["closed"].isna() & (units["last"] - units["first"] == 1), "id"].tolist()
    theirs = dhis2.theirs("coverage", places, (year,)) if of else {}
    for each in coverages(dhis2.country):
        asked = Question(tuple(places), (each,), year * 100 + 1, year * 100 + 12, "year")
        ours = desk.logistics().coverage(each, asked) if of else None
        for row, place in enumerate(places) if ours else ():
            if ours.outside[row, 0] == 0 and ours.year[row, 0] == year and ours.services[row, 0]:
                assert theirs[each.id, place, year] == pytest.approx(100 * float(ours.value[row, 0]))
                compared += 1
    assert bool(of) is (compared > SOME)
