"""What a product's code means at a store: linked once, linked anew when it was wrong, never forgotten."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.code_links import CodeLinks

UNIT, CODE, OTHER = "Hospital001", "06001234567882", "SHELF-7"
ZINC, OXYTOCIN = "Zinc0000001", "Oxytocin001"


@pytest.fixture
def links(database, clock) -> CodeLinks:
    return CodeLinks(database, clock)


def meaning(links: CodeLinks, since: int = 0) -> dict[str, str]:
    return {each.code: each.item for each in links.of(UNIT, since)}


def test_what_a_store_knows_stays_when_another_device_says_otherwise(links):
    links.learn(UNIT, {CODE: ZINC}, "awa")
    (told, new) = links.learn(UNIT, {CODE: OXYTOCIN, OTHER: OXYTOCIN}, "koffi")
    assert (told.item, told.username, new.item) == (ZINC, "awa", OXYTOCIN)
    assert meaning(links) == {CODE: ZINC, OTHER: OXYTOCIN}


def test_a_link_that_is_named_as_wrong_gives_way_and_is_kept_with_who_and_when(links, clock):
    (wrong,) = links.learn(UNIT, {CODE: ZINC}, "awa")
    clock.pass_by(days=2)
    (right,) = links.learn(UNIT, {CODE: OXYTOCIN}, "koffi", {CODE: wrong.version})
    assert meaning(links) == {CODE: OXYTOCIN}
    assert meaning(links, since=wrong.version) == {CODE: OXYTOCIN}  # other devices hear of it as a change
    assert links.history(UNIT) == [right, wrong]
    assert (wrong.username, right.username, right.linked_at) == ("awa", "koffi", clock.now)


def test_what_a_device_corrects_late_does_not_put_aside_what_was_said_since(links):
    (wrong,) = links.learn(UNIT, {CODE: ZINC}, "awa")
    links.learn(UNIT, {CODE: OXYTOCIN}, "koffi", {CODE: wrong.version})
    (first, second) = links.history(UNIT)
    (told,) = links.learn(UNIT, {CODE: ZINC}, "late", {CODE: second.version})
    assert (told.item, told.version) == (OXYTOCIN, first.version)
    (back,) = links.learn(UNIT, {CODE: ZINC}, "awa", {CODE: first.version})
    assert (back.item, len(links.history(UNIT))) == (ZINC, 3)


def test_the_same_said_again_makes_no_link_and_no_news(links):
    (known,) = links.learn(UNIT, {CODE: ZINC}, "awa")
    assert links.learn(UNIT, {CODE: ZINC}, "koffi", {CODE: known.version}) == [known]
    assert links.history(UNIT) == [known]


def test_of_many_devices_that_correct_at_once_one_is_heard(links):
    (wrong,) = links.learn(UNIT, {CODE: ZINC}, "awa")
    items = [f"Item000000{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        told = list(
            pool.map(lambda item: links.learn(UNIT, {CODE: item}, item, {CODE: wrong.version}), items)
        )
    assert len({each.item for (each,) in told}) == 1
    assert len(links.history(UNIT)) == 2


def test_a_store_does_not_hear_of_the_codes_of_another(links):
    links.learn(UNIT, {CODE: ZINC}, "awa")
    assert links.of("Hospital002") == links.history("Hospital002") == []
