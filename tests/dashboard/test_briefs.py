"""PDF briefs: who may ask, who may fetch, what is in them, and what becomes of them."""

import json
import os
import subprocess
from datetime import timedelta
from shutil import which

import pytest

from briefing import Briefing, maker_of
from dashboard import brief_desk, i18n, made_files
from dashboard.address import Address
from dashboard.brief import Desk, gather, pairs_of
from dashboard.brief_pages import column_widths, marked, write
from dashboard.brief_paper import Paper, faces, plain
from dashboard.words import Words
from ledger.jobs import Jobs
from tests.web import application, settings_for, signed_in

PATH = "/api/v1/briefs"
AGNEBY = "aL2mLwb3h6G"  # a region


@pytest.fixture
def settings(civ_demo, civ_data, tmp_path):
    return settings_for(tmp_path / "web", civ_demo, civ_data.folder)


@pytest.fixture
def installed(civ_demo, civ_data, tmp_path, settings):
    """An installation of its own: jobs and files of one test are seen by no other."""
    (settings.data / "snapshot").unlink()
    return application(tmp_path / "web", civ_demo, civ_data.folder)


@pytest.fixture
def people(installed):
    return {username: signed_in(installed, username) for username in ("admin", "district", "store")}


@pytest.fixture
def work(installed, settings):
    """Lets the worker make the next brief; whether there was one."""
    database = installed.extensions["tandem"]["database"]
    return Briefing(database, maker_of(settings), "test").turn


def home(browser):
    held = browser.server.extensions["tandem"]
    return held["figures"].home(held["access"].by_session(browser.cookie()).scope)


def ask(browser, search="?pair=pill", language="fr", token=None):
    headers = {"X-CSRFToken": browser.callback_token() if token is None else token}
    body = json.dumps({"search": search, "language": language})
    return browser.post(PATH, data=body, headers=headers | {"Content-Type": "application/json"})


def text_of(content, folder):
    """What a PDF says, read by another program."""
    if which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not here to read the file")
    path = folder / "read.pdf"
    path.write_bytes(content)
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, check=True
    ).stdout.decode()


def test_a_brief_is_asked_for_made_and_fetched_by_who_asked(people, work):
    asked = ask(people["admin"])
    assert asked.status_code == 202, asked.text
    number = asked.json["id"]
    assert (asked.json["status"], asked.json["file"]) == ("queued", None)
    assert people["admin"].get(f"{PATH}/{number}/file").status_code == 404
    assert work()
    told = people["admin"].get(f"{PATH}/{number}").json
    assert (told["status"], told["file"]) == ("done", f"{PATH}/{number}/file"), told
    found = people["admin"].get(told["file"])
    assert found.mimetype == "application/pdf"
    assert found.data.startswith(b"%PDF-")
    assert found.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("search", "where"),
    [("?from=2019-13", "from"), ("?grain=lol", "grain"), ("?pair=pill&" + "x" * 5000, "search")],
)
def test_a_brief_of_what_cannot_be_read_is_not_taken_for_another(people, search, where):
    answer = ask(people["admin"], search)
    assert (answer.status_code, answer.json["errors"][0]["where"]) == (400, where)


def test_a_brief_is_written_in_a_language_that_is_spoken(people):
    answer = ask(people["admin"], language="xx")
    assert (answer.status_code, answer.json["errors"][0]["where"]) == (400, "language")


def test_a_brief_is_nobody_elses(people, work):
    number = ask(people["admin"]).json["id"]
    assert work()
    for path in (f"{PATH}/{number}", f"{PATH}/{number}/file"):
        assert people["district"].get(path).status_code == 404
        assert people["district"].server.test_client().get(path).status_code == 401
    assert people["admin"].get(f"{PATH}/x").status_code == 404


def test_one_asks_for_ones_own_places_only_and_proves_that_the_page_asks(people):
    nobody_of_theirs = next(
        unit
        for unit, path in people["admin"]
        .server.extensions["tandem"]["figures"]
        .holding()
        .units["path"]
        .items()
        if not scope_of(people["store"]).leads_home(path)
    )
    assert ask(people["store"], f"?pair=pill&unit={nobody_of_theirs}").status_code == 403
    assert ask(people["store"], "?pair=nothing").status_code == 404
    assert ask(people["store"], token="forged").status_code == 400
    assert people["store"].post(PATH, data="{}").status_code == 400


def scope_of(browser):
    return browser.server.extensions["tandem"]["access"].by_session(browser.cookie()).scope


def test_a_brief_is_made_with_the_rights_of_who_asked(people, work, tmp_path):
    number = ask(people["store"], language="en").json["id"]
    assert work()
    text = text_of(people["store"].get(f"{PATH}/{number}/file").data, tmp_path)
    figures = people["store"].server.extensions["tandem"]["figures"]
    mine = figures.holding().names[home(people["store"])]
    assert mine in text
    units = figures.holding().units
    regions = units.index[units["level"] == 2]
    scope = scope_of(people["store"])
    foreign = [units.loc[unit, "name"] for unit in regions if not scope.leads_home(units.loc[unit, "path"])]
    assert [name for name in foreign if name in text] == []


def test_asking_twice_gives_one_brief_and_others_do_not_wait_for_it(people, installed):
    first = ask(people["admin"]).json["id"]
    assert ask(people["admin"]).json["id"] == first
    assert ask(people["district"]).json["id"] != first
    assert ask(people["admin"], language="en").json["id"] != first
    assert Jobs(installed.extensions["tandem"]["database"]).claim("w") is None  # a sync does not take a brief


def test_one_person_may_not_fill_the_queue(people):
    for pair in ("pill", "implant", "iud"):
        assert ask(people["admin"], f"?pair={pair}").status_code == 202
    assert ask(people["admin"], "?pair=injectable-3m").status_code == 400
    assert ask(people["admin"], "?pair=pill").status_code == 202
    assert ask(people["district"]).status_code == 202


def test_a_brief_is_gone_after_its_day(people, work, settings, monkeypatch):
    number = ask(people["admin"]).json["id"]
    assert work()
    path = f"{PATH}/{number}/file"
    assert people["admin"].get(path).status_code == 200
    [file] = (settings.data / "briefs").glob("*.pdf")
    assert file.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(made_files, "KEPT_FOR", timedelta(0))
    assert people["admin"].get(path).status_code == 404
    monkeypatch.undo()
    old = file.stat().st_mtime - made_files.KEPT_FOR.total_seconds() - 1
    os.utime(file, (old, old))
    ask(people["admin"], language="en")
    assert work()
    assert not file.exists()


def test_who_has_other_rights_by_now_asks_anew(people, work, installed):
    number = ask(people["district"]).json["id"]
    assert work()
    books = installed.extensions["tandem"]["access"].books
    facts = books.people.get("district").facts
    books.people.confirm("district", {**facts, "view": books.people.get("store").facts["view"]})
    assert people["district"].get(f"{PATH}/{number}/file").status_code == 403


def test_a_brief_for_somebody_whom_dhis2_refuses_is_not_made(people, work, installed):
    number = ask(people["district"]).json["id"]
    installed.extensions["tandem"]["access"].books.people.refuse("district", "disabled")
    assert work()
    job = Jobs(installed.extensions["tandem"]["database"]).get(int(number))
    assert (job.status, bool(job.remedy)) == ("failed", True)


def test_a_fault_closes_the_brief_and_leaves_the_worker_at_work(installed, people):
    database = installed.extensions["tandem"]["database"]
    number = ask(people["admin"]).json["id"]
    assert Briefing(database, lambda job, tell: {}[job.kind], "test").turn()
    assert people["admin"].get(f"{PATH}/{number}").json["status"] == "failed"
    assert not Briefing(database, lambda job, tell: {}, "test").turn()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_brief_says_what_the_page_says(site, figures, person, web_words, language):
    steps = []
    with i18n.use(language):
        address = Address(pair=site.pair)
        brief = gather(Desk(figures, web_words), address, person("admin"), lambda *step: steps.append(step))
        wanted = pairs_of(site.country, site.country.pairs[site.pair].programme)
        assert [sheet.pair for sheet in brief.sheets] == [pair.name[language] for pair in wanted]
        for sheet in brief.sheets:
            assert sheet.definitions
            for side, drawing in sheet.drawings.items():
                assert len(drawing.reports) == len(drawing.signs), side
                came, due = drawing.reports[drawing.at]
                for count in (came, due) if due else ():
                    assert i18n.number(count) in sheet.panels[side]["reports"]
    assert [done for done, *_ in steps] == list(range(len(wanted) + 1))
    assert {total for _, total, _ in steps} == {len(wanted) + 1}


@pytest.fixture
def web_words(site, figures):
    return Words(site.web.extensions["tandem"]["database"], figures, site.country)


def test_one_sheet_a_pair_with_its_figures_and_accents(people, work, tmp_path):
    number = ask(people["admin"], "?pair=injectable-3m&from=2019-01&to=2019-09").json["id"]
    assert work()
    sheets = text_of(people["admin"].get(f"{PATH}/{number}/file").data, tmp_path).split("\f")
    [sheet] = [each for each in sheets if each.lstrip().startswith("Injectable de trois mois")]
    assert "Côte d'Ivoire" in sheet
    assert "66 393" in sheet.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Comment interpréter" in sheet
    assert "Planification familiale" in sheets[0]


def test_a_brief_is_of_the_place_that_is_asked_for(people, work, tmp_path):
    number = ask(people["admin"], f"?unit={AGNEBY}&pair=injectable-3m&from=2019-01&to=2019-09").json["id"]
    assert work()
    answer = people["admin"].get(f"{PATH}/{number}/file")
    assert "agneby-tiassa-me" in answer.headers["Content-Disposition"]
    assert "Agneby-Tiassa-Me" in text_of(answer.data, tmp_path).split("\f")[0]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("750 (▼ au-dessous de l’habituel)", "750 ▼"),
        ("42 928 (imputé) (▲ au-dessus de l’habituel)", "42 928 (imputé) ▲"),
        ("1 537", "1 537"),
        ("544 (imputé)", "544 (imputé)"),
    ],
)
def test_what_is_unusual_stands_as_a_sign_in_the_narrow_columns_of_a_brief(cell, written):
    assert marked(cell) == written


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_cell_of_the_table_of_a_brief_is_wider_than_its_column(site, figures, person, web_words, language):
    with i18n.use(language):
        paper = Paper("", language, faces())
        for pair in {each.programme: each for each in site.country.pairs.values()}.values():
            brief = gather(Desk(figures, web_words), Address(pair=pair.id), person("admin"), lambda *_: None)
            for months in (sheet.months for sheet in brief.sheets):
                widths = column_widths(months["columns"])
                paper.pen(7.5)
                for cells in months["rows"]:
                    for cell, width in zip(cells[1:], widths[1:], strict=True):
                        assert paper.get_string_width(paper.known(marked(str(cell)))) < width - 1, cell


def test_without_the_font_the_signs_that_it_lacks_are_said_otherwise():
    assert plain("▲ 69 % – l’été ≥ 3 ✕") == "+ 69 % – l’été >= 3 x"
    assert plain("12\u202f345") == "12\u00a0345"


def test_without_the_font_a_brief_is_made_all_the_same(people, work, monkeypatch, tmp_path):
    monkeypatch.setattr("dashboard.brief_pages.faces", dict)
    number = ask(people["admin"]).json["id"]
    assert work()
    text = text_of(people["admin"].get(f"{PATH}/{number}/file").data, tmp_path)
    assert "Côte d'Ivoire" in text
    assert "?" not in text.split("Comment interpréter")[0]


def called_off(browser, number):
    headers = {"X-CSRFToken": browser.callback_token()}
    return browser.client.delete(f"{PATH}/{number}", headers=headers, environ_overrides=browser.address)


def test_a_brief_called_off_while_it_waits_is_never_made(people, work):
    number = ask(people["admin"]).json["id"]
    assert called_off(people["admin"], number).json["status"] == "cancelled"
    assert not work()
    assert people["admin"].get(f"{PATH}/{number}").json["status"] == "cancelled"


def test_a_brief_called_off_at_its_last_stroke_leaves_no_file(people, work, settings, monkeypatch):
    number = ask(people["admin"]).json["id"]

    def draw(brief, path):
        sheets = write(brief, path)
        assert path.is_file()
        assert called_off(people["admin"], number).json["status"] == "cancelled"
        return sheets

    monkeypatch.setattr(brief_desk, "write", draw)
    assert work()
    assert people["admin"].get(f"{PATH}/{number}").json["status"] == "cancelled"
    assert people["admin"].get(f"{PATH}/{number}/file").status_code == 404
    assert list((settings.data / "briefs").iterdir()) == []


def test_nobody_calls_off_a_brief_of_somebody_else(people):
    number = ask(people["admin"]).json["id"]
    assert called_off(people["store"], number).status_code == 404
    assert people["admin"].get(f"{PATH}/{number}").json["status"] == "queued"


def test_a_brief_that_is_ready_stays_so(people, work):
    number = ask(people["admin"]).json["id"]
    assert work()
    assert called_off(people["admin"], number).json["status"] == "done"
    assert people["admin"].get(f"{PATH}/{number}/file").status_code == 200
