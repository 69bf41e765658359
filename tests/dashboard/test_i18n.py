"""Both languages have every text that the code uses, and none that it does not."""

import ast
import fnmatch
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from dashboard import i18n

ROOT = Path(__file__).parent.parent.parent
KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")
SOURCES = [ROOT / "app.py", *sorted((ROOT / "dashboard").rglob("*.py"))]
TRANSLATORS = {"t", "tn"}
DESK = sorted((ROOT / "assets" / "store").glob("*.js"))
SPOKEN = re.compile(
    r"""["`](store\.[a-z0-9_]+(?:\$\{[^}]*\}[a-z0-9_]*)*)["`]"""
)  # as a text, or put together
FILLED_IN = re.compile(r"\$\{[^}]*\}")


def texts_of(path: Path) -> Iterator[ast.AST]:
    yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def asked_for() -> set[str]:
    """The keys that are translated by name in the code."""
    calls = [node for path in SOURCES for node in texts_of(path) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in TRANSLATORS]
    return {str(call.args[0].value) for call in named if isinstance(call.args[0], ast.Constant)}


def mentioned() -> set[str]:
    """Every string in the code that could be a key, whatever is done with it."""
    strings = [node.value for path in SOURCES for node in texts_of(path) if isinstance(node, ast.Constant)]
    return {value for value in strings if isinstance(value, str) and KEY.fullmatch(value)}


def spoken() -> set[str]:
    """The keys in the desk's scripts; where a part of one is filled in, a star stands."""
    found = {key for path in DESK for key in SPOKEN.findall(path.read_text(encoding="utf-8"))}
    return {FILLED_IN.sub("*", key) for key in found}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_text_that_the_desk_speaks_is_lacking(language: str) -> None:
    lacking = [key for key in spoken() if not fnmatch.filter(i18n.catalogue(language), key)]
    assert lacking == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_text_that_the_code_asks_for_is_lacking(language: str) -> None:
    assert asked_for() - set(i18n.catalogue(language)) == set()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_text_is_kept_that_the_code_does_not_use(language: str) -> None:
    unused = set(i18n.catalogue(language)) - mentioned()
    assert [key for key in unused if not any(fnmatch.fnmatch(key, spelled) for spelled in spoken())] == []


def test_the_languages_have_the_same_texts_with_the_same_places_to_fill() -> None:
    french, english = i18n.catalogue("fr"), i18n.catalogue("en")
    assert set(french) == set(english)
    filled = re.compile(r"{[a-z_]+}")
    for key in french:
        assert len(french[key]) == len(english[key]), key
        for mine, yours in zip(french[key], english[key], strict=True):
            assert set(filled.findall(mine)) == set(filled.findall(yours)), key


def test_every_text_is_translated() -> None:
    assert [
        key for each in i18n.LANGUAGES for key, texts in i18n.catalogue(each).items() if not all(texts)
    ] == []


def test_numbers_take_the_marks_of_the_language() -> None:
    with i18n.use("fr"):
        assert i18n.number(-1234567.89, 1) == "-1\u202f234\u202f567,9"
        assert i18n.percent(0.84) == "84\u00a0%"
    with i18n.use("en"):
        assert i18n.number(1234567) == "1,234,567"
        assert i18n.number(None) == "–"


def test_periods_and_moments_read_as_people_write_them() -> None:
    with i18n.use("fr"):
        assert [i18n.period(p) for p in ("2019-09", "2019-Q3", "2019-S2", "2019")] == [
            "sept. 2019", "T3 2019", "S2 2019", "2019",
        ]  # fmt: skip
        assert i18n.moment(datetime(2026, 11, 21, 23, 40, tzinfo=UTC)) == "21 nov. 2026, 23:40"
    with i18n.use("en"):
        now = datetime(2026, 11, 21, tzinfo=UTC)
        assert i18n.ago(now - timedelta(minutes=12), now) == "12 minutes ago"


def test_french_counts_nothing_as_singular_and_english_as_plural() -> None:
    with i18n.use("fr"):
        assert [i18n.tn("status.days", n) for n in (0, 1, 2)] == ["0 jour", "1 jour", "2 jours"]
    with i18n.use("en"):
        assert [i18n.tn("status.days", n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


@pytest.mark.parametrize(
    ("path", "headers", "language"),
    [
        ("/?lang=en", {"Cookie": "tandem_language=fr"}, "en"),
        ("/", {"Referer": "http://x/?lang=en", "Cookie": "tandem_language=fr"}, "en"),
        ("/", {"Cookie": "tandem_language=en", "Accept-Language": "fr"}, "en"),
        ("/", {"Accept-Language": "en-GB,en;q=0.8"}, "en"),
        ("/?lang=xx", {}, "fr"),
        ("/", {}, "fr"),
    ],
)
def test_the_language_is_the_addresss_then_the_pages_then_the_cookies_then_the_browsers(
    path: str, headers: dict[str, str], language: str
) -> None:
    with Flask("x").test_request_context(path, headers=headers):
        assert i18n.language() == language


def test_an_unknown_key_is_shown_and_does_not_break_the_page(caplog: pytest.LogCaptureFixture) -> None:
    assert i18n.t("nothing.like_this") == "nothing.like_this"
    assert "nothing.like_this" in caplog.text
