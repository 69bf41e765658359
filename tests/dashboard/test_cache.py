import pickle
import sqlite3
import stat
from pathlib import Path

import pandas as pd
import pytest
from diskcache.core import MODE_PICKLE

from dashboard.cache import Cache, build

KEY = "k" * 40


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def cache(folder):
    opened = Cache(folder, KEY)
    yield opened
    opened.close()


class Hostile:
    """Unpickling this makes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def rows(folder):
    with sqlite3.connect(folder / "cache.db") as connection:
        return connection.execute("SELECT rowid, key, mode, value FROM Cache").fetchall()


def change_only_row(folder, **values):
    with sqlite3.connect(folder / "cache.db") as connection:
        setters = ", ".join(f"{name} = ?" for name in values)
        connection.execute(f"UPDATE Cache SET {setters}", tuple(values.values()))


def test_a_second_asking_is_answered_without_computing(cache):
    asked = []
    for _ in range(2):
        answer = cache.json(["nation", 201901], lambda: asked.append(1) or {"y": [1, None, 2.5]})
    assert answer == {"y": [1, None, 2.5]}
    assert len(asked) == 1


def test_another_version_is_another_question(cache):
    assert cache.json([1, "nation"], lambda: "old") == "old"
    assert cache.json([2, "nation"], lambda: "new") == "new"


def test_a_frame_comes_back_as_it_was(cache):
    months = pd.array([1, None], dtype="Int32")
    frame = pd.DataFrame({"unit": ["a", "é"], "value": [1.5, None], "month": months})
    cache.frame("q", lambda: frame)
    again = cache.frame("q", lambda: pytest.fail("computed twice"))
    pd.testing.assert_frame_equal(again, frame)


def test_a_large_answer_kept_in_a_file_of_its_own_comes_back(cache, folder):
    import random

    large = [random.random() for _ in range(20_000)]
    cache.json("large", lambda: large)
    assert list(folder.rglob("*.val"))
    assert cache.json("large", lambda: pytest.fail("computed twice")) == large


def test_a_planted_pickle_is_refused_and_its_code_does_not_run(cache, folder, tmp_path, caplog):
    mark = tmp_path / "the planted code ran"
    cache.json("q", lambda: 1)
    change_only_row(folder, mode=MODE_PICKLE, value=pickle.dumps(Hostile(mark)))
    assert cache.json("q", lambda: 2) == 2
    assert not mark.exists()
    assert "which we never write" in caplog.text
    assert cache.json("q", lambda: pytest.fail("the good answer was not kept")) == 2


def test_the_planted_row_is_dangerous_to_plain_diskcache(folder, tmp_path):
    """Shows that the test above can fail."""
    from diskcache import Cache as Plain

    mark = tmp_path / "the planted code ran"
    with Plain(str(folder)) as plain:
        plain.set("q", 1)
        change_only_row(folder, mode=MODE_PICKLE, value=pickle.dumps(Hostile(mark)))
        plain.get("q")
    assert mark.exists()


def test_a_planted_pickle_in_a_file_is_refused(cache, folder, tmp_path):
    mark = tmp_path / "the planted code ran"
    (folder / "planted.val").write_bytes(pickle.dumps(Hostile(mark)))
    cache.json("q", lambda: 1)
    change_only_row(folder, mode=MODE_PICKLE, filename="planted.val", value=None)
    assert cache.json("q", lambda: 2) == 2
    assert not mark.exists()


def test_a_planted_pickled_key_is_never_looked_at(cache, folder, tmp_path):
    mark = tmp_path / "the planted code ran"
    cache.json("q", lambda: 1)
    change_only_row(folder, key=pickle.dumps(Hostile(mark)), raw=0)
    assert cache.json("q", lambda: 2) == 2
    assert not mark.exists()


def test_bytes_that_we_did_not_sign_are_refused(cache, folder):
    cache.json("q", lambda: 1)
    change_only_row(folder, value=b"x" * 60)
    assert cache.json("q", lambda: 2) == 2


def test_an_answer_moved_to_another_question_is_refused(cache, folder):
    cache.json("the ministry's question", lambda: "secret")
    cache.json("the store's question", lambda: "own")
    found = {row[1]: row for row in rows(folder)}
    with sqlite3.connect(folder / "cache.db") as connection:
        (first, second) = found
        connection.execute("UPDATE Cache SET value = ? WHERE key = ?", (found[first][3], second))
    assert cache.json("the store's question", lambda: "own") == "own"
    assert cache.json("the ministry's question", lambda: "secret") == "secret"


def test_a_file_outside_the_folder_is_not_read(cache, folder, tmp_path):
    (tmp_path / "outside").write_bytes(b"x" * 100)
    cache.json("q", lambda: 1)
    from diskcache.core import MODE_BINARY

    change_only_row(folder, mode=MODE_BINARY, filename="../outside", value=None)
    assert cache.json("q", lambda: 2) == 2


def test_another_installations_answers_are_refused(cache, folder):
    cache.json("q", lambda: 1)
    other = Cache(folder, "another key, of another installation")
    assert other.json("q", lambda: 2) == 2
    other.close()


def test_a_newer_tandem_gives_none_of_the_older_ones_answers(cache, folder, monkeypatch):
    cache.json("q", lambda: "old words")
    monkeypatch.setattr("dashboard.cache.build", lambda: "another build")
    newer = Cache(folder, KEY)
    assert newer.json("q", lambda: "new words") == "new words"
    newer.close()
    assert cache.json("q", lambda: "asked again") == "old words"


def test_the_build_changes_with_any_text_that_answers_are_made_of(tmp_path, monkeypatch):
    monkeypatch.setattr("dashboard.cache.PROJECT", tmp_path)
    (tmp_path / "dashboard").mkdir()
    (tmp_path / "dashboard" / "words.po").write_text("old")
    before = build()
    (tmp_path / "dashboard" / "words.po").write_text("new")
    assert build() != before


def test_the_folder_is_ours_alone(cache, folder):
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError, match="Remove it"):
        Cache(tmp_path / "link", KEY)


def test_a_damaged_file_costs_time_but_no_answer(folder):
    folder.mkdir()
    opened = Cache(folder, KEY)
    opened.json("q", lambda: 1)
    (folder / "cache.db").write_bytes(b"not a database" * 1000)
    assert opened.json("q", lambda: 2) in (1, 2)


def test_a_text_is_given_back_as_it_was_written(cache):
    asked = []
    for _ in range(2):
        text = cache.text(["nation", "fr"], lambda: asked.append(1) or "première\nligne")
    assert text == "première\nligne"
    assert len(asked) == 1


def test_a_text_is_not_taken_for_json_of_the_same_question(cache):
    assert cache.text("nation", lambda: "1") == "1"
    assert cache.json("nation", lambda: 2) == 2
