"""The command line (`python app.py serve|sync|check|install|export|backup|…`) and the WSGI application."""

import argparse
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from accounts import guard
from accounts.access import Access
from accounts.cookies import FORM, Cookie, FormSessions
from backup import BackupError
from commands import QUESTION_OPTIONS, alerts, backup, check, definitions, export, install, restore, sync
from countries import CountryError
from dashboard.freshness import Freshness
from dashboard.holdings import Holding
from dashboard.i18n import LANGUAGES
from dashboard.logistics import LogisticsDesk
from dashboard.page import Page
from dashboard.queries import Figures
from dashboard.questions import QuestionError
from dashboard.warming import warm
from dashboard.words import Words
from installation import Parts
from ledger.jobs import Jobs
from loaders.errors import SourceError
from loaders.snapshot import SnapshotError
from settings import Settings, SettingsError, signing_key

LARGEST_REQUEST = 1_000_000  # bytes; what a page or a device sends is a hundredth of it
PROJECT = Path(__file__).parent
SERVE_OPTIONS = {
    "host": "address to listen on, as 0.0.0.0 for every network",
    "port": "port to listen on",
    "tls-cert": "certificate (PEM), to answer by https alone",
    "tls-key": "the certificate's key (PEM)",
}
Command = Callable[[Settings, argparse.Namespace], int]


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application: guard, log-in, API and dashboard on one Flask server."""
    from dashboard import errors, frontend, headers, signin, unchanged, written
    from dashboard.api import health, routes
    from dashboard.application import create_dash
    from dashboard.pages.store import first_page
    from dashboard.store import serving

    parts = Parts.open(settings or Settings.from_environment(os.environ))
    figures, access = parts.figures(), parts.access()
    given = parts.settings
    cookie = Cookie(given.secure_cookies, given.session_hours * 3600)
    server = flask_server(given)
    guard.install(server, access, cookie)
    frontend.install(server)
    desk = LogisticsDesk(figures)
    desks = routes.Desks.of(parts.database, desk, given.data)
    signin.install(server, access, cookie, parts.country, first_page(desks.stores))
    routes.install(server, desks)
    health.install(server, figures.holdings, parts.database, given.data)
    shown = pages(parts, desk, access)
    dash = create_dash(server, shown, Freshness(figures, parts.snapshots.folder, given.sync_minutes))
    serving.install(server, shown, parts.country)
    errors.install(server, dash)
    headers.install(server, dash.csp_hashes(), given.secure_cookies)
    unchanged.install(server)
    written.install(server)
    server.extensions["tandem"] = {
        "dash": dash,
        "figures": figures,
        "access": access,
        "database": parts.database,
    }
    return server


def create_prepared_app() -> Flask:
    """The application of a web process, which reads the figures before anybody asks for them."""
    from dashboard.pages.compare import drawn
    from dashboard.quality_desk import QualityDesk

    server = create_app()
    figures: Figures = server.extensions["tandem"]["figures"]

    def prepare(holding: Holding) -> None:
        warm(figures, drawn, holding)
        QualityDesk(figures).of(holding)

    figures.holdings.prepare = prepare
    threading.Thread(target=figures.holdings.newest, name="first figures", daemon=True).start()
    return server


def flask_server(settings: Settings) -> Flask:
    """A Flask server without static files, for short requests, with cookies that scripts cannot read."""
    server = Flask("tandem", static_folder=None, root_path=str(PROJECT))
    server.config.update(
        SECRET_KEY=signing_key(settings),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SESSION_COOKIE_NAME=FORM,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
    )
    server.session_interface = FormSessions()
    if settings.proxies:
        before = dict.fromkeys(("x_for", "x_proto", "x_host"), settings.proxies)
        server.wsgi_app = ProxyFix(server.wsgi_app, **before)  # type: ignore[method-assign]
    server.json.sort_keys = False  # thousands of rows have their columns in the order of the description
    return server


def pages(parts: Parts, desk: LogisticsDesk, access: Access) -> list[Page]:
    """The pages of the dashboard, in the order of the rail."""
    from dashboard.alerts import AlertDesk
    from dashboard.credit import credited
    from dashboard.pages import alerts, compare, data, profile, programmes, quality, store
    from dashboard.pages import definitions as definitions_page
    from dashboard.quality_books import StoreBooks
    from dashboard.quality_desk import QualityDesk
    from dashboard.sync_status import SyncDesk

    figures, country, minutes = desk.figures, parts.country, parts.settings.sync_minutes
    return [
        compare.page(figures, Words(parts.database, figures, country)),
        alerts.page(AlertDesk(parts.database, desk)),
        programmes.page(desk),
        quality.page(QualityDesk(figures, StoreBooks(parts.database))),
        credited(definitions_page.page(), country),
        store.page(),
        credited(data.page(SyncDesk(parts.snapshots, Jobs(parts.database), country, minutes)), country),
        credited(profile.page(access.books.tokens, access.books.audit, figures.names), country),
    ]


def serve(settings: Settings, _: argparse.Namespace) -> int:
    """Web processes and one worker, until TERM or INT."""
    from dashboard.serving import Listening, serve_until_stopped

    Parts.open(settings).database.close()
    where, size = (settings.host, settings.port), (settings.workers, settings.threads)
    return serve_until_stopped(Listening(*where, *size, settings.tls_cert, settings.tls_key))


def worker(settings: Settings, _: argparse.Namespace) -> int:
    """The one process that syncs."""
    from worker import main as work

    return work(settings) or 0


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    found = argparse.ArgumentParser(
        "python app.py", description="Tandem: services and supplies, side by side."
    )
    commands = found.add_subparsers(required=True, metavar="COMMAND")

    def command(run: Command) -> argparse.ArgumentParser:
        text = (run.__doc__ or "").split("\n")[0]
        made = commands.add_parser(run.__name__, help=text, description=text)
        made.set_defaults(run=run)
        return made

    serving = command(serve)
    for name, meaning in SERVE_OPTIONS.items():
        serving.add_argument(f"--{name}", help=meaning, metavar="VALUE")
    command(worker)
    command(sync).add_argument("--full", action="store_true", help="pull everything anew")
    _ask_for_countries(command(alerts))
    checking = command(check)
    checking.add_argument("--fix", action="store_true", help="change in DHIS2 what it shows, after a yes")
    installing = command(install)
    for each in (checking, installing):
        each.add_argument("--yes", action="store_true", help="change it without asking")
    saving = command(backup)
    saving.add_argument("--snapshot", action="store_true", help="the figures as well")
    for each in (saving, command(restore)):
        each.add_argument("file", type=Path)
    defining = command(definitions)
    defining.add_argument("--format", choices=("json", "csv", "dhis2"), default="json")
    defining.add_argument("--out", "--output", type=Path, help="a file; the standard output when left out")
    defining.add_argument("--lang", choices=LANGUAGES)
    exporting = command(export)
    for name, meaning in QUESTION_OPTIONS.items():
        exporting.add_argument(f"--{name}", help=meaning, required=name in ("unit", "pair"))
    exporting.add_argument("--format", choices=("csv", "json", "xlsx"), default="csv")
    exporting.add_argument("--output", type=Path, help="a file; the standard output when left out")
    return found


def _ask_for_countries(looking: argparse.ArgumentParser) -> None:
    looking.add_argument("countries", nargs="*", metavar="COUNTRY", help="whose figures; else the settings'")
    looking.add_argument("--workers", type=int, default=0, help="on so many workers of Dask on this machine")
    scheduler = "on the workers of a Dask scheduler"
    looking.add_argument("--scheduler", default="", metavar="ADDRESS", help=scheduler)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status; what goes wrong is said in one line, with its remedy."""
    options = parser().parse_args(arguments)
    for name in SERVE_OPTIONS:  # as settings, since the web processes and the worker read those
        if value := getattr(options, name.replace("-", "_"), None):
            os.environ[f"TANDEM_{name.upper().replace('-', '_')}"] = value
    try:
        status: int = options.run(Settings.from_environment(os.environ), options)
    except (SettingsError, CountryError, SourceError, SnapshotError, QuestionError, BackupError) as problem:
        print(problem, file=sys.stderr)
        return 2
    except SQLAlchemyError as problem:
        print(
            f"The database cannot be used: {getattr(problem, 'orig', problem)}. See that its disk has room "
            "and that this user may write there; put a backup in the place of a damaged one.",
            file=sys.stderr,
        )
        return 2
    except BrokenPipeError:  # `| head` has seen enough
        return 0
    except OSError as problem:
        print(
            f"{problem.filename or 'A file'} cannot be used: {problem.strerror or problem}. "
            "See that the place is there, that this user may write to it, and that its disk has room.",
            file=sys.stderr,
        )
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())
