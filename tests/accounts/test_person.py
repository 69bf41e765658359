from accounts.person import Person


def facts(**more):
    known = {
        "username": "store",
        "name": "Store Manager",
        "language": "fr",
        "authorities": ["F_DATAVALUE_ADD"],
        "user_groups": ["Stores"],
        "capture": [["s", "/n/s", 2]],
        "view": [],
        "data_sets": ["lmis"],
    }
    return {**known, **more}


def test_who_has_no_data_view_sees_what_they_capture():
    person = Person.of(facts())
    assert [unit.id for unit in person.scope.units] == ["s"]


def test_a_data_view_counts_before_the_capture_units():
    person = Person.of(facts(view=[["n", "/n", 1]]))
    assert [unit.id for unit in person.scope.units] == ["n"]
    assert [unit.id for unit in person.capture] == ["s"]


def test_a_superuser_may_everything_and_reads_every_data_set():
    person = Person.of(facts(authorities=["ALL"]))
    assert person.may("F_ANYTHING")
    assert person.may("group:Anybody")
    assert person.scope.data_sets is None


def test_others_may_what_dhis2_says():
    person = Person.of(facts())
    assert person.may("F_DATAVALUE_ADD")
    assert not person.may("F_RUN_VALIDATION")
    assert person.may("group:Stores")
    assert not person.may("group:Ministry")
    assert person.scope.data_sets == {"lmis"}


def test_the_superusers_authority_cannot_be_had_through_a_groups_name():
    assert not Person.of(facts(user_groups=["ALL"])).may("F_ANYTHING")


def test_somebody_without_a_name_is_called_by_the_username():
    assert Person.of(facts(name="")).name == "store"
