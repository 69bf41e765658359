"""JSON that is written already reaches the browser as it is."""

import json

import pytest
from flask import Flask, jsonify

from dashboard import written
from dashboard.pages.compare_written import dumped, read, write


@pytest.fixture
def client():
    server = Flask("test")
    text = '{"a":"“é” </script>","b":[1,null]}'
    server.add_url_rule("/one", view_func=lambda: jsonify({"data": written.placed(text)}), endpoint="one")
    server.add_url_rule(
        "/two",
        view_func=lambda: jsonify([written.placed("1"), written.placed('"written-0"'), "written-0"]),
        endpoint="two",
    )
    server.add_url_rule("/none", view_func=lambda: jsonify({"data": "written-0"}), endpoint="none")
    written.install(server)
    return server.test_client()


def test_it_takes_the_place_of_its_mark(client):
    assert client.get("/one").json == {"data": {"a": "“é” </script>", "b": [1, None]}}


def test_each_takes_its_own_place_and_what_looks_like_a_mark_stays(client):
    assert client.get("/two").json == [1, "written-0", "written-0"]
    assert client.get("/none").json == {"data": "written-0"}


def test_an_answer_of_compare_is_the_same_after_it_was_kept():
    service = {"data": [{"y": [1, None], "name": "a\nb"}], "layout": {"shapes": []}}
    commodity = {"data": [], "layout": {"shapes": [1]}}
    shown = {"about": {"unit": "u"}, "title": "Pilule à Abidjan\u2028", "rows": [0.5]}
    answer = json.loads(read(write(service, commodity, shown), lambda _: {"remarks": []}))
    assert answer == {
        "figures": {"service": service, "commodity": commodity}, "words": {"remarks": []}, **shown
    }  # fmt: skip


def test_remarks_are_drawn_into_what_was_kept():
    figure = {"data": [], "layout": {"shapes": []}}

    def words(answer):
        service, _, shown = answer
        service["layout"]["shapes"].append(shown["about"]["month"])
        return {}

    answer = json.loads(read(write(figure, figure, {"about": {"month": "2019-09"}}), words))
    assert answer["figures"]["service"]["layout"]["shapes"] == ["2019-09"]
    assert answer["figures"]["commodity"]["layout"]["shapes"] == []


def test_a_figure_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        dumped({"y": [float("nan")]})
