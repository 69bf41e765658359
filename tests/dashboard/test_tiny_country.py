"""What only the tiny country has: quarterly stock, services by facility, two facilities of one name."""

import pytest

from accounts.person import Person
from accounts.scope import Scope, Unit
from dashboard import i18n
from dashboard.address import Address
from dashboard.pages.compare_charts import both_charts
from dashboard.pages.compare_view import ask, view
from dashboard.queries import Figures
from dashboard.roles import SYNCHRONISE
from tests.tiny import seed
from tests.tiny.names import uid
from tests.tiny.seed import DISTRICTS, FACILITIES, NOT_CARRIED, consumed, expects

NATION = uid("tiny")
NORD, SUD = (uid("district", name) for name in DISTRICTS)
KAFINE = {district: uid("facility", f"{district}_KAFINE") for district in ("NORD", "SUD")}
LAST = 202512
QUARTER = "2025Q4"


@pytest.fixture(scope="module")
def figures(tiny_data, tiny):
    return Figures(tiny_data, tiny)


@pytest.fixture(scope="module")
def everything():
    return Scope.of([Unit(NATION, f"/{NATION}", 1)], None)


@pytest.fixture(scope="module")
def asked(figures, tiny, everything):
    """Compare's reading and view of a place, as whoever may see everything gets them in a language."""

    def of(unit, pair="rdt", language="en", more=""):
        with i18n.use(language):
            found = ask(figures, tiny, Address.read(f"?unit={unit}&pair={pair}{more}"), everything)
            return found.reading, view(found)

    return of


def of_facility(asked, measure, facility="NORD_KAFINE", product="rdt"):
    reading, _ = asked(uid("facility", facility), product)
    return reading.comparison.line("commodity", measure)


def test_a_quarters_consumption_is_spread_over_its_months_and_called_imputed(asked):
    line = of_facility(asked, "consumed")
    third = consumed("NORD_KAFINE", "RDT", QUARTER) / 3
    assert line.value[0][-3:].tolist() == pytest.approx([third] * 3)
    assert set(line.state[0]) == {"imputed"}


def test_a_quarter_taken_whole_is_what_was_reported_and_nothing_is_imputed(asked):
    reading, _ = asked(KAFINE["NORD"], more="&grain=quarter")
    line = reading.comparison.line("commodity", "consumed")
    assert line.value[0][-1] == consumed("NORD_KAFINE", "RDT", QUARTER)
    assert set(line.state[0]) == {"reported"}


def test_imputed_bars_are_hollow_and_the_key_says_so(asked):
    reading, shown = asked(KAFINE["NORD"])
    with i18n.use("en"):
        services, supplies = both_charts(reading)
    assert set(supplies["data"][0]["marker"]["color"]) == {"rgba(0,0,0,0)"}
    assert isinstance(services["data"][0]["marker"]["color"], str)
    assert "imputed" in shown["panels"]["commodity"]["key"]
    assert "imputed" not in shown["panels"]["service"]["key"]
    assert "imputé" in asked(KAFINE["NORD"], language="fr")[1]["panels"]["commodity"]["key"]
    assert "imputed" not in asked(KAFINE["NORD"], more="&grain=quarter")[1]["panels"]["commodity"]["key"]


def test_stock_stands_in_the_last_month_of_the_quarter_alone_and_is_missing_before(asked):
    line = of_facility(asked, "closing")
    assert line.state[0][-3:].tolist() == ["missing", "missing", "reported"]
    assert line.value[0][-1] == consumed("NORD_KAFINE", "RDT", QUARTER) // 2
    months = asked(KAFINE["NORD"])[1]["months"]
    stock = months["columns"].index("Stock at the end")
    assert [row[stock] for row in months["rows"][-3:]] == ["missing", "missing", str(int(line.value[0][-1]))]


def test_a_quarter_without_a_report_is_missing_and_not_zero(asked):
    line = of_facility(asked, "consumed", "SUD_KAFINE")
    assert not expects("SUD_KAFINE", "RDT", QUARTER)
    assert line.state[0][-3:].tolist() == ["missing"] * 3


def test_the_newest_month_of_a_quarterly_form_is_the_last_of_its_quarter(tiny_data):
    assert tiny_data.current().manifest["newest_month"] == {"care": LAST, "stock": LAST}


def test_services_are_those_of_the_facility_itself(asked):
    reading, shown = asked(KAFINE["SUD"])
    assert reading.borrowed is None
    assert reading.comparison.line("service", "count").value[0][-1] == seed.tested("SUD_KAFINE", LAST)
    assert shown["panels"]["service"]["message"] == ""
    assert shown["panels"]["service"]["kpis"][0]["value"] == str(seed.tested("SUD_KAFINE", LAST))


@pytest.mark.parametrize(("district", "above"), [("NORD", "Nord"), ("SUD", "Sud")])
def test_two_facilities_of_one_name_are_told_apart_by_the_unit_above(asked, district, above):
    _, shown = asked(KAFINE[district])
    assert shown["title"] == f"Malaria tests: Kafiné ({above})"
    assert [each["name"] for each in shown["crumbs"]] == ["Petite-Terre", above, f"Kafiné ({above})"]
    _, of_district = asked(uid("district", above))
    rows = {each["name"]: each for each in of_district["table"]["rows"]}
    assert KAFINE[district] in rows[f"Kafiné ({above})"]["href"]
    deeper = {each["text"]: each["value"] for each in of_district["deeper"]["options"]}
    assert deeper[f"Kafiné ({above})"] == KAFINE[district]


def test_a_name_that_one_facility_alone_bears_stays_as_it_is(figures):
    names = figures.holding().names
    assert names[uid("facility", "SUD_ANONO")] == "Centre d'Anono"
    assert len(set(names.values())) == len(names)


def test_the_profile_names_the_units_of_a_person_apart(figures):
    facts = {"username": "x", "name": "X", "language": "fr", "authorities": [], "user_groups": []}
    view_units = [
        (KAFINE[d], f"/{NATION}/{above}/{KAFINE[d]}", 3) for d, above in (("NORD", NORD), ("SUD", SUD))
    ]
    of_both = Person.of({**facts, "data_sets": [], "capture": [], "view": view_units})
    assert sorted(figures.names(of_both)) == ["Kafiné (Nord)", "Kafiné (Sud)"]


def test_an_ambiguous_name_opens_nothing_and_ids_and_codes_keep_both_apart(tiny_web):
    from tests.web import signed_in

    browser = signed_in(tiny_web, "admin")
    address = "/api/v1/compare?pair=rdt&from=2025-12&to=2025-12&unit="
    assert browser.get(f"{address}Kafin%C3%A9").status_code == 404
    totals = {}
    for district, unit in KAFINE.items():
        rows = browser.get(address + unit).json["rows"]
        assert rows == browser.get(f"{address}{district}_KAFINE").json["rows"]
        assert {row["unit_id"] for row in rows} == {unit}
        totals[district] = next(row["value"] for row in rows if row["side"] == "service")
    assert totals == {district: seed.tested(f"{district}_KAFINE", LAST) for district in KAFINE}


def test_a_pair_that_must_not_be_compared_shows_its_stock_and_why_and_no_consumption(asked, tiny):
    reading, shown = asked(NORD, "amoxicillin")
    why = tiny.pairs["amoxicillin"].why["en"]
    assert shown["caution"] == {"strong": "Do not compare consumption.", "text": why}
    stock = sum(
        consumed(code, "AMOX", QUARTER) // 2
        for code, (_, district) in FACILITIES.items()
        if district == "Nord" and (code, "AMOX") not in NOT_CARRIED
    )
    kpis = {each["words"]: each["value"] for each in shown["panels"]["commodity"]["kpis"]}
    assert kpis["in stock at the end"] == str(stock)
    assert not any("tablets in" in words for words in kpis)
    with i18n.use("en"):
        drawn = both_charts(reading)[1]["data"][0]["y"]
    assert drawn[-3:] == [None, None, stock]
    headings = [each["text"] for each in shown["table"]["columns"]]
    assert headings.count("Stock at the end") == 1
    assert "tablets" not in [*headings, *shown["months"]["columns"]]
    rows = {each["name"]: each["commodity"] for each in shown["table"]["rows"]}
    assert rows["Kafiné (Nord)"] == str(consumed("NORD_KAFINE", "AMOX", QUARTER) // 2)


def test_what_is_not_carried_is_never_stocked_out(asked):
    _, shown = asked(NORD, "amoxicillin")
    status = {each["name"]: each["status"]["kind"] for each in shown["table"]["rows"]}
    assert status["Poste Bélier"] == "none"


@pytest.mark.parametrize(
    ("groups", "allowed"), [((), False), (("Data managers",), True), (("Others",), False)]
)
def test_the_members_of_a_named_group_may_sync(tiny, groups, allowed):
    facts = {"username": "x", "name": "", "language": "", "authorities": ["F_DATAVALUE_ADD"]}
    person = Person.of({**facts, "user_groups": groups, "data_sets": [], "capture": [], "view": []})
    assert person.may(tiny.roles[SYNCHRONISE]) is allowed
