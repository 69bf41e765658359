"""The examination of real embedded servers: both countries as they are, and with something amiss."""

import dataclasses
import json
from collections.abc import Iterator

import pytest

from countries import load_country
from loaders.check import examine
from loaders.dhis2 import Basic, Client
from loaders.findings import WORDS, Finding
from tests.conftest import TINY
from tests.servers import demo_server
from tests.tiny.seed import write_seed


def examined(url: str, country, account: Basic | None = None) -> list[Finding]:
    with Client(url, account or Basic("admin", "district")) as client:
        return examine(client, country)


def by_code(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.code: finding for finding in findings}


def test_every_finding_can_be_said(civ_demo, civ):
    for finding in examined(civ_demo, civ):
        assert finding.what
        assert bool(finding.remedy) == (finding.severity != "ok")
        assert json.dumps(finding.as_dict())


def test_the_worst_comes_first(civ_demo, civ):
    order = ["error", "warning", "note", "ok"]
    severities = [order.index(finding.severity) for finding in examined(civ_demo, civ)]
    assert severities == sorted(severities)


def test_a_form_for_stores_that_loses_zeros_and_refuses_this_month_is_an_error(civ_demo, civ):
    findings = by_code(examined(civ_demo, civ))
    assert "13 elements do not store zeros" in findings["zeros_lost"].what
    assert findings["form_closed"].named == "Life-Saving Commodities"
    assert findings["form_closed"].severity == "error"


def test_the_forms_of_the_figures_are_found_with_their_units(civ_demo, civ):
    found = [f for f in examined(civ_demo, civ) if f.code == "form_found"]
    assert {f.named: f.arguments["units"] for f in found} == {
        "Contraceptive logistics": "156",
        "Family planning services": "113",
    }


def test_an_account_of_one_district_is_told_that_it_sees_a_part(civ_demo, civ):
    findings = by_code(examined(civ_demo, civ, Basic("district", "District-1234")))
    assert findings["sees_part"].severity == "warning"
    assert "superuser" not in findings


def test_a_configuration_that_names_what_is_not_there_is_told_what(civ_demo, civ):
    pair = dataclasses.replace(civ.pairs["pill"], commodities=("NONE",))
    form = dataclasses.replace(civ.forms[0], measures={"Consumption": "consumed", "Burnt": "lost"})
    wrong = dataclasses.replace(
        civ, pairs=civ.pairs | {"pill": pair}, forms=(form, *civ.forms[1:]), levels=civ.levels[:3]
    )
    findings = by_code(examined(civ_demo, wrong))
    assert findings["codes_absent"].arguments["codes"] == "NONE"
    assert "'Burnt'" in findings["option_absent"].what
    assert findings["level_unnamed"].arguments["level"] == "4"


@pytest.fixture(scope="module")
def bare_server(tmp_path_factory) -> Iterator[str]:
    """The tiny country's server, its forms assigned to nobody."""
    folder = tmp_path_factory.mktemp("bare")
    seed = write_seed(folder / "seed")
    metadata = json.loads((seed / "metadata.json").read_text(encoding="utf-8"))
    for form in metadata["dataSets"]:
        form["organisationUnits"] = []
    (seed / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    with demo_server(folder / "data", "--seed", str(seed)) as url:
        yield url


def test_forms_without_units_and_units_without_coordinates_are_told(bare_server):
    findings = by_code(examined(bare_server, load_country(TINY)))
    assert findings["form_unassigned"].severity == "error"
    assert findings["no_coordinates"].severity == "note"


def test_no_words_are_left_over():
    """Each code is used by some module of the loaders."""
    from pathlib import Path

    sources = "".join(path.read_text(encoding="utf-8") for path in Path("loaders").glob("*.py"))
    unused = [code for code in WORDS if sources.count(f'"{code}"') < 2]
    assert unused == []
