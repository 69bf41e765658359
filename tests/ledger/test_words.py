import pytest

from ledger.words import EVERY_PAIR, Annotations, Remark, StaleError, Tips

REMARK = Remark("u1", "pill", 201903, "The depot was flooded.")


@pytest.fixture
def annotations(database, clock):
    return Annotations(database, clock)


@pytest.fixture
def tips(database, clock):
    return Tips(database, clock)


def test_a_remark_is_found_where_it_was_left(annotations):
    annotations.add(REMARK, "store")
    found = annotations.of(["u1"], "pill")[0]
    assert (found.text, found.month, found.author, found.revision) == (REMARK.text, 201903, "store", 1)
    assert annotations.of(["u2"], "pill") == []
    assert annotations.of(["u1"], "iud") == []


def test_a_revised_remark_keeps_its_history(annotations):
    number = annotations.add(REMARK, "store")
    annotations.revise(annotations.of(["u1"], "pill")[0], "The depot was closed.", "district")
    assert [each.text for each in annotations.of(["u1"], "pill")] == ["The depot was closed."]
    assert [(each.revision, each.author) for each in annotations.history(number)] == [
        (2, "district"),
        (1, "store"),
    ]


def test_a_withdrawn_remark_is_not_shown_but_kept(annotations):
    number = annotations.add(REMARK, "store")
    annotations.revise(annotations.of(["u1"], "pill")[0], "", "store", withdrawn=True)
    assert annotations.of(["u1"], "pill") == []
    assert len(annotations.history(number)) == 2


def test_two_who_revise_the_same_remark_do_not_overwrite_each_other(annotations):
    annotations.add(REMARK, "store")
    seen = annotations.of(["u1"], "pill")[0]
    annotations.revise(seen, "first", "a")
    with pytest.raises(StaleError, match="Load it again"):
        annotations.revise(seen, "second", "b")
    assert annotations.of(["u1"], "pill")[0].text == "first"


def test_remarks_come_by_month(annotations):
    annotations.add(Remark("u1", "pill", 201906, "later"), "a")
    annotations.add(Remark("u1", "pill", 201901, "earlier"), "a")
    assert [each.text for each in annotations.of(["u1"], "pill")] == ["earlier", "later"]


def test_the_newest_tip_counts_and_the_others_are_history(tips):
    assert tips.current("pill", "fr") is None
    tips.write(("pill", "fr"), "un", "a", revision=0)
    tips.write(("pill", "fr"), "deux", "b", revision=1)
    assert tips.current("pill", "fr").text == "deux"
    assert [tip.text for tip in tips.history("pill", "fr")] == ["deux", "un"]
    assert tips.current("pill", "en") is None


def test_who_edits_an_old_tip_is_told(tips):
    tips.write(("pill", "fr"), "un", "a", revision=0)
    with pytest.raises(StaleError, match="pill"):
        tips.write(("pill", "fr"), "autre", "b", revision=0)


def test_a_remark_on_every_pair_is_found_with_each(annotations):
    annotations.add(Remark("u1", EVERY_PAIR, 201903, "Strike of the staff.", "strike"), "a")
    assert [each.kind for each in annotations.of(["u1"], "pill")] == ["strike"]
    assert [each.kind for each in annotations.of(["u1"], "iud")] == ["strike"]


def test_the_remarks_of_several_units_come_together(annotations):
    annotations.add(Remark("u1", "pill", 201906, "below"), "a")
    annotations.add(Remark("u2", "pill", 201901, "above"), "a")
    annotations.add(Remark("u3", "pill", 201901, "elsewhere"), "a")
    assert [each.text for each in annotations.of(["u1", "u2"], "pill")] == ["above", "below"]


def test_one_remark_is_found_by_its_id(annotations):
    number = annotations.add(REMARK, "store")
    assert annotations.find(number).text == REMARK.text
    assert annotations.find("none") is None
