import pandas as pd

from countries.forms import ElementRule
from loaders.mapping import Mapping, resolve
from tests.loaders.metadata_of_forms import a_care_form, a_country, a_stock_form, metadata


def meaning(mapping: Mapping) -> dict[tuple[str, str], str]:
    cells = mapping.cells
    return dict(zip(zip(cells["element"], cells["option"], strict=True), cells["measure"], strict=True))


def codes(mapping: Mapping) -> list[str]:
    return [finding.code for finding in mapping.findings]


def test_option_combos_are_found_by_name_in_the_element_s_own_combination():
    mapping = resolve(a_country(a_stock_form()), metadata())
    assert meaning(mapping) == {
        ("pill", "used"): "consumed", ("pill", "left"): "closing",
        ("iud", "used"): "consumed", ("iud", "left"): "closing",
    }  # fmt: skip
    assert mapping.findings == ()


def test_the_order_of_option_combos_does_not_matter():
    turned = metadata(option_combos=metadata().option_combos.iloc[::-1])
    assert meaning(resolve(a_country(a_stock_form()), turned)) == meaning(
        resolve(a_country(a_stock_form()), metadata())
    )


def test_a_form_is_found_by_code_then_by_name():
    by_name = resolve(a_country(a_stock_form(data_set="Stock of the month")), metadata())
    assert by_name.forms["data_set"].tolist() == ["dsS"]


def test_a_combination_that_the_form_gives_an_element_counts():
    overridden = metadata().data_set_elements.assign(category_combo=["ccS", "ccA", None])
    mapping = resolve(
        a_country(a_stock_form(measures={"< 5": "received"})), metadata(data_set_elements=overridden)
    )
    assert meaning(mapping) == {("iud", "young"): "received"}


def test_a_form_that_is_absent_is_a_finding_that_names_those_there_are():
    mapping = resolve(a_country(a_stock_form(data_set="Nowhere")), metadata())
    assert codes(mapping) == ["form_absent"]
    assert "'Nowhere'" in mapping.findings[0].what
    assert "Stock of the month" in mapping.findings[0].what
    assert mapping.findings[0].remedy


def test_an_option_name_that_is_absent_is_a_finding_for_each_element():
    mapping = resolve(a_country(a_stock_form(measures={"Used": "consumed", "Lost": "lost"})), metadata())
    assert codes(mapping) == ["option_absent", "option_absent"]
    assert "'Lost'" in mapping.findings[0].what
    assert set(meaning(mapping).values()) == {"consumed"}


def test_elements_without_option_combos_say_which_maintenance_makes_them():
    none = metadata().option_combos.iloc[:0]
    mapping = resolve(a_country(a_stock_form()), metadata(option_combos=none))
    assert "element_without_options" in codes(mapping)


def test_an_element_that_no_rule_fits_is_noted_and_not_read():
    form = a_care_form(elements=(ElementRule("OTHER_*", "service", "count"),))
    mapping = resolve(a_country(form), metadata())
    assert codes(mapping) == ["element_without_rule", "form_meaningless"]


def test_a_weekly_form_is_refused():
    weekly = metadata().data_sets.assign(period_type="Weekly")
    assert codes(resolve(a_country(a_stock_form()), metadata(data_sets=weekly))) == ["form_period"]


def test_an_element_of_two_forms_counts_once():
    first, second = a_stock_form(), a_stock_form(key="again")
    mapping = resolve(a_country(first, second), metadata())
    assert mapping.cells["form"].unique().tolist() == ["stock"]
    assert codes(mapping) == []
    assert set(zip(mapping.form_items["form"], mapping.form_items["item"], strict=True)) == {
        ("stock", "pill"), ("stock", "iud"), ("again", "pill"), ("again", "iud"),
    }  # fmt: skip


def test_two_forms_that_read_an_option_differently_are_warned_of():
    other = a_stock_form(key="again", measures={"Used": "lost", "Left": "closing"})
    mapping = resolve(a_country(a_stock_form(), other), metadata())
    assert set(codes(mapping)) == {"element_elsewhere"}
    assert set(meaning(mapping).values()) == {"consumed", "closing"}


def test_options_told_apart_by_nobody_are_counted_as_parts():
    mapping = resolve(a_country(a_care_form()), metadata())
    assert mapping.cells["parts"].tolist() == [2, 2]


def test_items_carry_code_kind_form_and_source():
    item = resolve(a_country(a_care_form()), metadata()).items.iloc[0]
    assert (item["id"], item["code"], item["kind"]) == ("seen", "SVC_SEEN", "service")
    assert (item["form"], item["source"]) == ("care", "HMIS")


def test_the_fingerprint_changes_with_the_meaning_alone():
    same = resolve(a_country(a_stock_form()), metadata()).fingerprint
    renamed = metadata().elements.assign(name="Other")
    assert resolve(a_country(a_stock_form()), metadata(elements=renamed)).fingerprint == same
    other = resolve(a_country(a_stock_form(measures={"Used": "lost", "Left": "closing"})), metadata())
    assert other.fingerprint != same


def test_assignments_are_by_the_form_s_key():
    mapping = resolve(a_country(a_stock_form(), a_care_form()), metadata())
    pairs = set(zip(mapping.assignments["form"], mapping.assignments["org_unit"], strict=True))
    assert pairs == {("stock", "north"), ("stock", "south"), ("care", "north")}
    assert isinstance(mapping.assignments, pd.DataFrame)


def test_the_forms_of_estimates_are_told_from_those_that_are_reported():
    rules = (ElementRule("SVC_*", "population", "count"),)
    mapping = resolve(a_country(a_stock_form(), a_care_form(kind="population", elements=rules)), metadata())
    assert mapping.estimates == {"care"}
    assert mapping.fingerprint != resolve(a_country(a_stock_form(), a_care_form()), metadata()).fingerprint
