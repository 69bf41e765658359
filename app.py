"""The command line (`python app.py serve|sync|check|export|worker`) and the WSGI application."""

import argparse
import os
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from accounts import guard
from accounts.access import Access
from accounts.cookies import FORM, Cookie, FormSessions
from accounts.scope import Scope, Unit
from countries import CountryError
from dashboard.freshness import Freshness
from dashboard.logistics import LogisticsDesk
from dashboard.page import Page
from dashboard.progress import ProgressBar
from dashboard.queries import Figures
from dashboard.questions import QuestionError
from dashboard.warming import warm
from dashboard.words import Words
from installation import Parts
from ledger.audit import Audit
from ledger.jobs import Jobs
from loaders.errors import SourceError
from loaders.snapshot import SnapshotError
from loaders.sync_report import SyncReport
from settings import Settings, SettingsError, signing_key

LARGEST_REQUEST = 1_000_000  # bytes; what a page or a device sends is a hundredth of it
PROJECT = Path(__file__).parent
SERVE_OPTIONS = {
    "host": "address to listen on, as 0.0.0.0 for every network",
    "port": "port to listen on",
    "tls-cert": "certificate (PEM), to answer by https alone",
    "tls-key": "the certificate's key (PEM)",
}
QUESTION_OPTIONS = {
    "unit": "id or code of a unit",
    "pair": "id of a pair, as pill",
    "from": "first month, as 2019-01",
    "to": "last month, as 2019-09",
    "grain": "month, quarter, half, year, last3, last6 or last12",
    "children": "true for the units below as well",
    "group": "id or name of a group of units",
    "above": "true for the services of the unit above where the unit has none of its own",
    "view": "pairs for every pair of the programme",
    "at": "the period that the sheets Shown and Change of an xlsx are of, as 2019-03",
    "lang": "fr or en: of the second sheet of an xlsx",
}
Command = Callable[[Settings, argparse.Namespace], int]


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application: guard, log-in, API and dashboard on one Flask server."""
    from dashboard import errors, frontend, headers, signin, unchanged, written
    from dashboard.api import health, routes
    from dashboard.application import create_dash
    from dashboard.store import serving

    parts = Parts.open(settings or Settings.from_environment(os.environ))
    figures, access = parts.figures(), parts.access()
    given = parts.settings
    cookie = Cookie(given.secure_cookies, given.session_hours * 3600)
    server = flask_server(given)
    guard.install(server, access, cookie)
    frontend.install(server)
    signin.install(server, access, cookie, parts.country)
    desk = LogisticsDesk(figures)
    routes.install(server, routes.Desks.of(parts.database, desk, given.data))
    health.install(server, figures.holdings, parts.database)
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

    server = create_app()
    figures: Figures = server.extensions["tandem"]["figures"]
    figures.holdings.prepare = partial(warm, figures, drawn)
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
    from dashboard.credit import credited
    from dashboard.pages import compare, data, profile, programmes, store
    from dashboard.pages import definitions as definitions_page
    from dashboard.sync_status import SyncDesk

    figures, country, minutes = desk.figures, parts.country, parts.settings.sync_minutes
    return [
        compare.page(figures, Words(parts.database, figures, country)),
        programmes.page(desk),
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


def sync(settings: Settings, options: argparse.Namespace) -> int:
    """Pull what changed (or everything) from DHIS2, with a progress bar."""
    from loaders.sync import SyncOptions, synchronise

    parts = Parts.open(settings)
    bar = ProgressBar(sys.stderr)
    with parts.client() as client:
        report = synchronise(client, parts.country, parts.snapshots, SyncOptions(full=options.full), bar.show)
    bar.end()
    print("\n".join(summary(report)))
    return 0


def summary(report: SyncReport) -> list[str]:
    """What a sync did, a line each."""
    kinds = {"full": "Everything was pulled", "resumed": "The sync that was broken off is complete"}
    kind = kinds.get(report.kind, "The changes were pulled")
    newest = ", ".join(f"{form} {month}" for form, month in report.newest_month.items())
    megabytes = report.wire_bytes / 1e6
    return [
        f"{kind} in {report.seconds:.1f} s: version {report.version}.",
        f"{report.changed:,} values written, {report.deleted:,} deleted, {report.rejected:,} rows put aside.",
        f"{report.requests:,} requests, {megabytes:.2f} MB, {len(report.faults)} faults overcome.",
        f"Newest month: {newest}.",
        *(f"{found.severity}: {found.where}: {found.what} {found.remedy}" for found in report.findings),
    ]


def check(settings: Settings, _: argparse.Namespace) -> int:
    """Examine the DHIS2 and our own audit, and say for each finding what to do."""
    from loaders.check import examine

    parts = Parts.open(settings)
    with parts.client() as client:
        findings = examine(client, parts.country)
    for finding in findings:
        print(f"{finding.severity:8} {finding.where}: {finding.what} {finding.remedy}".rstrip())
    broken = Audit(parts.database).broken()
    if broken:
        print(f"error    audit: row {broken} was changed or removed. Restore the database from a backup.")
    return 1 if broken or any(finding.severity == "error" for finding in findings) else 0


def export(settings: Settings, options: argparse.Namespace) -> int:
    """Write the rows of a comparison, as whoever runs the installation sees them: everything."""
    from dashboard.api.answers import NOTES, write_rows
    from dashboard.api.compare import asked
    from dashboard.api.takeaway import answers_shown, rows_shown, take
    from dashboard.i18n import use
    from dashboard.pages.compare_sheets import sheets_shown

    parts = Parts.open(settings)
    figures = Figures(parts.snapshots, parts.country)
    given = {name: getattr(options, name) for name in QUESTION_OPTIONS if getattr(options, name)}
    with use(options.lang):
        answers = answers_shown(figures, asked(given), everything(figures), options.view == "pairs")
        taken = take(answers, rows_shown(figures, answers, options.above == "true"), parts.country, "")
        xlsx = options.format == "xlsx"
        sheets = sheets_shown(figures, urlencode(given), everything(figures)) if xlsx else {}
    write_rows(taken.rows, options.format, options.output, {NOTES: taken.notes, **sheets})
    return 0


def definitions(settings: Settings, options: argparse.Namespace) -> int:
    """Write what every figure means: as JSON, CSV, or indicators that a DHIS2 imports."""
    from dashboard.api.definitions import written
    from dashboard.i18n import use

    parts = Parts.open(settings)
    figures = Figures(parts.snapshots, parts.country)
    with use(options.lang):
        scope = everything(figures) if options.format == "dhis2" else Scope.of([], None)
        content = written(figures, scope, options.format)
    if options.out:
        options.out.write_text(content, encoding="utf-8")
    else:
        sys.stdout.write(content)
    return 0


def everything(figures: Figures) -> Scope:
    """The scope of the installation's own command line: all units, all data sets."""
    tops = figures.holding().units.query("parent.isna()")
    return Scope.of([Unit(row.id, row.path, row.level) for row in tops.itertuples()], None)


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
    command(check)
    defining = command(definitions)
    defining.add_argument("--format", choices=("json", "csv", "dhis2"), default="json")
    defining.add_argument("--out", "--output", type=Path, help="a file; the standard output when left out")
    defining.add_argument("--lang", help="fr or en")
    exporting = command(export)
    for name, meaning in QUESTION_OPTIONS.items():
        exporting.add_argument(f"--{name}", help=meaning, required=name in ("unit", "pair"))
    exporting.add_argument("--format", choices=("csv", "json", "xlsx"), default="csv")
    exporting.add_argument("--output", type=Path, help="a file; the standard output when left out")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status; what goes wrong is said in one line, with its remedy."""
    options = parser().parse_args(arguments)
    for name in SERVE_OPTIONS:  # as settings, since the web processes and the worker read those
        if value := getattr(options, name.replace("-", "_"), None):
            os.environ[f"TANDEM_{name.upper().replace('-', '_')}"] = value
    try:
        status: int = options.run(Settings.from_environment(os.environ), options)
    except (SettingsError, CountryError, SourceError, SnapshotError, QuestionError) as problem:
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
    return status


if __name__ == "__main__":
    sys.exit(main())
