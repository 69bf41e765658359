"""Whose movement it is, and the raw values of a place, as scripts and the page get them, on each country."""

import csv
import io

import numpy as np
import pytest

from dashboard.address import month_name
from dashboard.movement import last_month
from tests.web import PASSWORDS

CHANGE, REPORTED = "/api/v1/compare/change", "/api/v1/compare/reported"


@pytest.fixture(scope="module")
def units(figures):
    return figures.holding().units


@pytest.fixture(scope="module")
def ask(site, browsers):
    def of(unit, path=CHANGE, who="admin", **more):
        asked = {"unit": unit, "pair": site.pair, **more}
        return browsers[who].get(f"{path}?" + "&".join(f"{key}={value}" for key, value in asked.items()))

    return of


@pytest.mark.parametrize("side", ["service", "commodity"])
@pytest.mark.parametrize("grain", ["month", "quarter", "year", "last3", "last12"])
def test_the_parts_of_a_change_add_up_to_it_and_the_percents_to_100(units, ask, side, grain):
    for level in sorted(units["level"].unique())[:-1]:
        body = ask(units.index[units["level"] == level][0], side=side, grain=grain).json
        if body["reference"] == "none":
            assert body["verdict"] == "no_reference"
            continue
        parts = body["parts"]
        assert sum(each["change"] for each in parts) == pytest.approx(body["change"])
        assert body["after"] - body["before"] == pytest.approx(body["change"])
        if body["change"]:
            assert sum(each["percent"] for each in parts) == 100


def test_what_a_unit_came_to_is_what_compare_shows(site, browsers, units, ask):
    nation = units.index[units["level"] == 1][0]
    month = site.months[1]
    body = ask(nation, side="commodity", month=month).json
    shown = (
        browsers["admin"]
        .get(f"/api/v1/compare?unit={nation}&pair={site.pair}&from={month}&to={month}")
        .json["rows"]
    )
    value = next(
        each["value"]
        for each in shown
        if (each["side"], each["measure"], each["item"]) == ("commodity", "consumed", "total")
    )
    assert body["after"] == pytest.approx(value)


def test_a_change_comes_as_csv_with_the_same_parts(units, ask):
    nation = units.index[units["level"] == 1][0]
    rows = list(csv.DictReader(io.StringIO(ask(nation, format="csv").text)))
    parts = ask(nation).json["parts"]
    assert [each["unit_name"] for each in rows] == [each["unit_name"] or "" for each in parts]
    assert [float(each["change"]) for each in rows] == [each["change"] for each in parts]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"side": "middle"}, "side"),
        ({"month": "2019"}, "month"),
        ({"grain": "week"}, "grain"),
        ({"format": "xlsx"}, "format"),
        ({"colour": "red"}, "colour"),
        ({"group": "nobody"}, "group"),
    ],
)
def test_what_cannot_be_answered_is_said(units, ask, query, where):
    answer = ask(units.index[0], **query)
    assert answer.status_code == 400
    assert answer.json["errors"][0]["where"] == where


@pytest.mark.parametrize("username", sorted(PASSWORDS))
def test_nobody_hears_of_the_parts_of_others(units, ask, person, username):
    scope = person(username).scope
    for level in sorted(units["level"].unique()):
        for unit in units.index[units["level"] == level][:2]:
            answer = ask(unit, who=username)
            if not scope.leads_home(units.loc[unit, "path"]):
                assert answer.status_code == 403
                continue
            named = [each["unit_id"] for each in answer.json["parts"] if each["unit_id"]]
            assert all(scope.leads_home(units.loc[each, "path"]) for each in named)


def test_a_places_raw_values_are_those_of_the_snapshot(site, figures, units, ask):
    held = figures.holding().snapshot.read("values")
    items = figures.holding().rollup.items.set_index("code")["id"]
    codes = [items[code] for code in site.country.pairs[site.pair].commodities if code in items]
    lowest = set(units.index[units["level"] == units["level"].max()])
    mine = held[held["item"].isin(codes) & held["org_unit"].isin(lowest) & (held["value"] > 0)]
    row = mine.iloc[len(mine) // 2]
    month = month_name(int(row["month"]))
    body = ask(row["org_unit"], REPORTED, **{"from": month, "to": month}).json
    same = [
        each
        for each in body["values"]
        if (each["unit_id"], items[each["item"]], each["measure"], each["month"])
        == (row["org_unit"], row["item"], row["measure"], row["month"])
    ]
    assert [each["value"] for each in same] == [row["value"]]
    assert same[0]["stored_by"] == row["stored_by"]
    assert same[0]["stored_at"] == row["updated_at"].isoformat()
    assert {each["unit_id"] for each in body["reports"]} >= {row["org_unit"]}


def test_who_stored_a_value_above_ones_own_unit_is_not_told(site, units, ask, person):
    told = 0
    for username in sorted(PASSWORDS):
        scope = person(username).scope
        mine = [unit for unit in units.index if scope.sees(units.loc[unit, "path"])]
        for unit in mine[-2:]:
            body = ask(unit, REPORTED, username, **{"from": site.months[0], "to": site.months[1]})
            assert body.status_code in (200, 403)
            for each in body.json.get("values", []):
                if scope.sees(units.loc[each["unit_id"], "path"]):
                    told += 1
                else:
                    assert each["stored_by"] is None
    assert told


def test_the_raw_values_of_a_unit_above_ones_own_are_refused(units, ask, person):
    for username in sorted(PASSWORDS):
        path = person(username).scope.units[0].path if person(username).scope.units else ""
        above = path.strip("/").split("/")[:-1]
        for unit in above:
            assert ask(unit, REPORTED, username).status_code == 403


def test_the_last_month_of_a_period_is_within_the_data():
    assert last_month(201901, "year", 201909) == 201909
    assert np.unique([last_month(201904, grain, 201912) for grain in ("quarter", "last3")]).tolist() == [
        201906
    ]


def test_a_raw_value_is_named_as_stored_and_as_the_reader_calls_it(site, units, ask):
    country = site.country
    lowest = units.index[units["level"] == units["level"].max()]
    period = {"from": site.months[0], "to": site.months[1]}
    seen = {}
    for language in ("fr", "en"):
        for unit in lowest:
            rows = ask(unit, REPORTED, **period, lang=language).json["values"]
            if rows:
                break
        for row in rows:
            item = country.items.get(row["item"])
            assert row["called"] == (item.name[language] if item else None)
            assert row["name_language"] in country.languages
            if item and row["name"] in item.name.values():
                assert item.name[row["name_language"]] == row["name"]
        seen[language] = {row["measure_called"] for row in rows if row["side"] == "commodity"}
    assert seen["fr"] and None not in seen["fr"]
    assert not seen["fr"] & seen["en"]
