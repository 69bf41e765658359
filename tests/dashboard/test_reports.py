"""Monthly reports: who may ask and fetch, what is in them, how they are called off and taken up again."""

import io
import json
import subprocess
import zipfile
from dataclasses import replace
from shutil import which

import openpyxl
import pytest

from briefing import Briefing, maker_of
from dashboard import i18n, report_book, report_desk, report_pages
from dashboard.logistics import LogisticsDesk
from dashboard.questions import NotInScopeError
from dashboard.report import gather
from ledger.jobs import Jobs
from tests.web import application, settings_for, signed_in

PATH = "/api/v1/reports"


@pytest.fixture
def settings(tiny_demo, tiny_data, tmp_path):
    from tests.conftest import COUNTRIES

    more = {"TANDEM_COUNTRY": str(COUNTRIES["tiny"])}
    return settings_for(tmp_path / "web", tiny_demo, tiny_data.folder, **more)


@pytest.fixture
def installed(tiny_demo, tiny_data, tmp_path, settings):
    """An installation of its own: jobs and files of one test are seen by no other."""
    from tests.conftest import COUNTRIES

    (settings.data / "snapshot").unlink()
    folder = tmp_path / "web"
    return application(folder, tiny_demo, tiny_data.folder, TANDEM_COUNTRY=str(COUNTRIES["tiny"]))


@pytest.fixture
def people(installed):
    return {username: signed_in(installed, username) for username in ("admin", "district", "store")}


@pytest.fixture
def work(installed, settings):
    """Lets the worker make the next report; whether there was one."""
    return Briefing(database_of(installed), maker_of(settings), "test").turn


def database_of(installed):
    return installed.extensions["tandem"]["database"]


def home(browser):
    held = browser.server.extensions["tandem"]
    return held["figures"].home(held["access"].by_session(browser.cookie()).scope)


def ask(browser, **wanted):
    headers = {"X-CSRFToken": browser.callback_token(), "Content-Type": "application/json"}
    body = {"unit": home(browser), "format": "pdf", "language": "en"} | wanted
    return browser.post(PATH, data=json.dumps(body), headers=headers)


def fetched(browser, number):
    told = browser.get(f"{PATH}/{number}").json
    assert told["status"] == "done", told
    return browser.get(told["file"])


@pytest.mark.parametrize(
    ("kind", "starts", "language", "called"),
    [("pdf", b"%PDF-", "fr", "rapport-"), ("xlsx", b"PK", "en", "report-")],
)
def test_a_report_is_asked_for_made_and_fetched_by_who_asked(people, work, kind, starts, language, called):
    asked = ask(people["admin"], format=kind, language=language)
    assert asked.status_code == 202, asked.text
    number = asked.json["id"]
    assert people["admin"].get(f"{PATH}/{number}/file").status_code == 404
    assert work()
    told = people["admin"].get(f"{PATH}/{number}").json
    assert (told["status"], told["done"], told["total"]) == ("done", 1, 1)
    found = fetched(people["admin"], number)
    assert found.data.startswith(starts)
    assert found.headers["Cache-Control"] == "private, no-store"
    assert found.headers["Content-Disposition"].split("filename=")[1].startswith(f"{called}petite-terre-")
    assert f".{kind}" in found.headers["Content-Disposition"]
    for path in (f"{PATH}/{number}", f"{PATH}/{number}/file"):
        assert people["district"].get(path).status_code == 404
        assert people["district"].server.test_client().get(path).status_code == 401


def test_all_districts_come_at_once_in_both_languages_and_formats(people, work):
    number = ask(people["admin"], format="zip").json["id"]
    assert work()
    names = zipfile.ZipFile(io.BytesIO(fetched(people["admin"], number).data)).namelist()
    units = people["admin"].server.extensions["tandem"]["figures"].holding().units
    count = int((units["level"] == units["level"].max() - 1).sum())
    assert count > 1
    assert len(names) == len(set(names)) == count * 4
    for ending in ("-fr.pdf", "-en.pdf", "-fr.xlsx", "-en.xlsx"):
        assert sum(name.endswith(ending) for name in names) == count


def test_a_bundle_works_out_each_language_of_a_place_once(people, work, monkeypatch):
    asked = []

    def counted(desk, unit, month, scope):
        asked.append((unit, i18n.language()))
        return gather(desk, unit, month, scope)

    monkeypatch.setattr(report_desk, "gather", counted)
    ask(people["admin"], format="zip")
    assert work()
    assert len(asked) == len(set(asked)) > 2


def test_a_bundle_that_was_broken_off_goes_on_where_it_stopped(people, settings, installed):
    number = int(ask(people["admin"], format="zip").json["id"])
    jobs, make, seen = Jobs(database_of(installed)), maker_of(settings), []

    def break_off(done, total, note):
        seen.append((done, total))
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(jobs.get(number), break_off)
    (parts,) = [path for path in (settings.data / "reports").iterdir() if path.is_dir()]
    made = {path.name: path.stat().st_mtime_ns for path in parts.iterdir()}
    assert len(made) == 3

    def kept(done, total, note):
        assert all((parts / name).stat().st_mtime_ns == time for name, time in made.items())

    assert make(jobs.get(number), kept)["sheets"] == seen[0][1]
    assert not parts.exists()


def test_a_report_can_be_called_off_before_and_while_it_is_made(people, settings, installed):
    browser, jobs = people["admin"], Jobs(database_of(installed))
    headers = {"X-CSRFToken": browser.callback_token()}

    def call_off(number):
        overrides = browser.address
        return browser.client.delete(f"{PATH}/{number}", headers=headers, environ_overrides=overrides)

    waiting = ask(browser).json["id"]
    assert call_off(waiting).json["status"] == "cancelled"
    running = ask(browser, format="zip").json["id"]

    def make(job, tell):
        tell(0, 2, "")
        assert call_off(running).json["status"] == "cancelled"
        tell(1, 2, "")
        raise AssertionError("it went on")

    assert Briefing(database_of(installed), make, "test").turn()
    assert jobs.get(int(running)).status == "cancelled"
    assert browser.get(f"{PATH}/{running}/file").status_code == 404


def test_of_a_bundle_that_is_called_off_nothing_is_left(people, settings, installed):
    number = int(ask(people["admin"], format="zip").json["id"])
    jobs, make, folder = Jobs(database_of(installed)), maker_of(settings), settings.data / "reports"

    def called_off_later(job, tell):
        def tell_on(done, total, note):
            if done == 2:
                assert len(list(folder.rglob("*.*"))) >= 2
                assert jobs.cancel(number)
            tell(done, total, note)

        return make(job, tell_on)

    assert Briefing(database_of(installed), called_off_later, "test").turn()
    assert jobs.get(number).status == "cancelled"
    assert list(folder.iterdir()) == []


def test_nobody_calls_off_a_report_of_somebody_else(people):
    number = ask(people["admin"]).json["id"]
    headers = {"X-CSRFToken": people["store"].callback_token()}
    answer = people["store"].client.delete(
        f"{PATH}/{number}", headers=headers, environ_overrides=people["store"].address
    )
    assert answer.status_code == 404
    assert people["admin"].get(f"{PATH}/{number}").json["status"] == "queued"


def test_what_is_out_of_scope_or_makes_no_sense_is_refused(people):
    scope = people["store"].server.extensions["tandem"]["access"].by_session(people["store"].cookie()).scope
    units = people["store"].server.extensions["tandem"]["figures"].holding().units
    outside = next(unit for unit, path in units["path"].items() if not scope.leads_home(path))
    assert ask(people["store"], unit=outside).status_code == 403
    assert ask(people["admin"], format="docx").status_code == 400
    assert ask(people["admin"], month="yesterday").status_code == 400
    assert ask(people["admin"], month="1999-01").status_code == 400
    assert ask(people["admin"], unit="").status_code == 400
    assert ask(people["admin"], colour="blue").status_code == 400
    assert ask(people["store"], format="zip").status_code == 400


def test_only_so_many_are_made_at_a_time(people):
    formats = ["pdf", "xlsx", "zip"]
    assert [ask(people["admin"], format=each).status_code for each in formats] == [
        202
    ] * report_desk.MOST_OPEN
    again = ask(people["admin"], format="pdf")
    assert again.status_code == 202  # the open one is the answer
    assert ask(people["admin"], format="pdf", language="fr").status_code == 400


def first_sheet(path):
    told = subprocess.run(["pdftotext", "-l", "1", "-layout", path, "-"], capture_output=True, check=True)
    return told.stdout.decode()


@pytest.fixture
def desk(site):
    return LogisticsDesk(site.figures)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_report_says_what_the_page_shows(site, desk, language, tmp_path):
    from dashboard.programme import ProgrammeAddress, look
    from installation import everything

    scope = everything(site.figures)
    programme = look(desk, ProgrammeAddress(), scope)
    with i18n.use(language):
        report = gather(desk, str(programme.unit["id"]), programme.month, scope)
        assert report.chapters
        assert report_pages.write(report, tmp_path / "report.pdf") >= len(report.chapters)
        report_pages.write(replace(report, chapters=report.chapters[:1]), tmp_path / "one.pdf")
        report_pages.write(replace(report, chapters=report.chapters[:1] * 2), tmp_path / "two.pdf")
        report_book.write(report, tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames[1] == "Notes"
    stock = list(book["Stock"].iter_rows(values_only=True))
    assert len(stock) - 1 == sum(len(chapter.table) for chapter in report.chapters)
    assert not any(isinstance(cell, str) and cell.startswith("=") for row in stock for cell in row)
    if which("pdftotext"):
        heading = report.chapters[0].view["heat"]["title"]
        assert heading in first_sheet(tmp_path / "one.pdf")  # no sheet for four figures alone
        assert heading not in first_sheet(tmp_path / "two.pdf")
        said = subprocess.run(
            ["pdftotext", "-layout", tmp_path / "report.pdf", "-"], capture_output=True, check=True
        ).stdout.decode()
        for chapter in report.chapters:
            assert chapter.name in said
            for line in chapter.view["trends"]["lines"]:
                assert line["value"].replace("\u202f", " ").split()[0] in said.replace("\u202f", " ")


def test_a_report_of_a_foreign_unit_is_not_gathered(site, desk, person):
    scope = person("store").scope
    units = site.figures.holding().units
    outside = next(unit for unit, path in units["path"].items() if not scope.leads_home(path))
    with pytest.raises(NotInScopeError):
        gather(desk, outside, site.figures.months()[1], scope)
