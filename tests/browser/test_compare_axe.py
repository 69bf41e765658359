"""Every page for everybody: axe finds nothing, a finger hits what it means, nothing is wider than the window.

`./test --exhaustive` takes every page at each width, in each theme and language; the sample takes each once.
"""

from itertools import product

import pytest

from tests.browser.conftest import Visit
from tests.browser.looks import LOOKS, SCENES, Look, Scene, faults, look_at, opened, sample

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SEED = 5
EVERY = [(country, scene) for country, scenes in SCENES.items() for scene in scenes]


@pytest.fixture
def by_country(visit: Visit, whotopia_visit: Visit) -> dict[str, Visit]:
    return {"civ": visit, "whotopia": whotopia_visit}


def forgive(visit: Visit, scene: Scene) -> None:
    """The browser itself complains of an address that leads nowhere; a log-in is asked for by nobody else."""
    if scene.name == "no page":
        visit.complaints[:] = [each for each in visit.complaints if "404" not in each]  # type: ignore[attr-defined]


def alone(page_of: Visit, scene: Scene) -> None:
    """The log-in is for who is not signed in."""
    if scene.name == "log-in":
        page_of("/healthz").context.clear_cookies()


@pytest.mark.parametrize("country", SCENES)
def test_each_page_is_sound_in_one_of_its_looks(by_country: dict[str, Visit], country: str) -> None:
    visit, found = by_country[country], []
    for scene, look in sample(SCENES[country], SEED):
        alone(visit, scene)
        found += [(scene.name, look, said) for said in faults(opened(visit, scene, look), look)]
        forgive(visit, scene)
    assert found == []


@pytest.mark.exhaustive
@pytest.mark.parametrize(("country", "scene"), EVERY, ids=lambda each: getattr(each, "name", each))
def test_each_page_is_sound_in_every_look(by_country: dict[str, Visit], country: str, scene: Scene) -> None:
    visit, found = by_country[country], []
    alone(visit, scene)
    for language in ("fr", "en"):
        page = opened(visit, scene, Look(1440, "light", language))
        for look in (each for each in LOOKS if each.language == language):
            look_at(page, look)
            found += [(look, said) for said in faults(page, look)]
        look_at(page, Look(1440, "light", language))
    forgive(visit, scene)
    assert found == []


def test_the_sample_holds_every_width_theme_and_language() -> None:
    taken = [look for scenes in SCENES.values() for _, look in sample(scenes, SEED)]
    assert {*taken} == {*LOOKS}
    assert {*product((360, 768, 1440), ("light", "dark"))} == {(each.width, each.theme) for each in taken}
