"""What a browser has already of a page is not sent again, and never to somebody else."""

import json
import re

import pytest

from tests.web import application, signed_in

ASKED_EACH_TIME = ["/", "/_dash-layout", "/_dash-dependencies"]


def again(browser, path, first, **more):
    return browser.get(path, headers={"If-None-Match": first.headers["ETag"], **more})


@pytest.mark.parametrize("path", ASKED_EACH_TIME)
def test_an_unchanged_part_of_a_page_is_not_sent_again(browsers, path):
    browser = browsers["district"]
    browser.get("/")
    first = browser.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    answer = again(browser, path, first)
    assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.parametrize("path", ASKED_EACH_TIME)
def test_not_changed_is_said_without_the_headers_that_the_browser_kept(browsers, path):
    browser = browsers["district"]
    browser.get("/")
    answer = again(browser, path, browser.get(path))
    assert "Content-Security-Policy" not in answer.headers
    assert answer.headers["ETag"]


@pytest.mark.parametrize("path", ["/", "/_dash-layout"])
def test_another_language_is_sent_anew(browsers, path):
    browser = browsers["district"]
    browser.get("/")
    first = browser.get(path, headers={"Referer": "http://localhost/?lang=fr"})
    answer = again(browser, path, first, Referer="http://localhost/?lang=en")
    assert answer.status_code == 200
    assert answer.data != first.data


def test_the_layout_of_another_page_is_sent_anew(browsers):
    browser = browsers["district"]
    first = browser.get("/_dash-layout", headers={"Referer": "http://localhost/"})
    answer = again(browser, "/_dash-layout", first, Referer="http://localhost/data")
    assert answer.status_code == 200


def test_whoever_signed_out_hears_nothing_of_what_is_kept(civ_demo, tmp_path):
    browser = signed_in(application(tmp_path, civ_demo), "admin")
    browser.get("/")
    first = {path: browser.get(path) for path in ASKED_EACH_TIME}
    browser.client.delete_cookie("tandem")
    for path, found in first.items():
        assert again(browser, path, found).status_code in (303, 401)


def test_a_page_comes_whole_to_a_browser_that_lost_its_token(browsers):
    browser = browsers["district"]
    browser.get("/")
    first = browser.get("/")
    browser.client.delete_cookie("_csrf_token")
    answer = again(browser, "/", first)
    assert answer.status_code == 200
    assert browser.client.get_cookie("_csrf_token") is not None


def test_the_first_page_that_a_browser_ever_sees_can_be_kept(civ_demo, tmp_path):
    browser = signed_in(application(tmp_path, civ_demo), "admin")
    first = browser.get("/")
    browser.get("/")
    assert again(browser, "/", first).status_code == 304


def test_the_renderer_is_told_of_components_that_hold_others_and_of_nothing_that_changes(browsers):
    told = [
        re.search(r'id="_dash-config"[^>]*>(.*?)</script>', browsers["district"].get("/").text, re.S)[1]
        for _ in range(2)
    ]
    assert told[0] == told[1]
    config = json.loads(told[0])
    assert "end_id" not in config
    assert config["children_props"]["dash_bootstrap_components"]["DropdownMenu"] == ["label"]
    assert all(names for kinds in config["children_props"].values() for names in kinds.values())
