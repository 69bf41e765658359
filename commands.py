"""The commands of `python app.py` that run once and end."""

import argparse
import json
import sys
from collections.abc import Iterator
from urllib.parse import urlencode

from accounts.scope import Scope
from countries import Country
from dashboard.progress import ProgressBar
from dashboard.queries import Figures
from installation import Parts, everything, names_of, store_form_of
from ledger import chain
from ledger.audit import Audit
from loaders.dhis2 import Client
from loaders.sync_report import SyncReport
from settings import Settings

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


def alerts(settings: Settings, options: argparse.Namespace) -> int:
    """Look for alerts in the figures of one or many countries, on Dask's workers where so asked."""
    from alerting_many import in_turn, installations, look_at, on_dask, told

    asked = installations(options.countries or [settings.country], settings)
    many = options.workers or options.scheduler
    spread = on_dask(options.workers or len(asked), options.scheduler) if many else in_turn
    print(told(spread(look_at, asked)))
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


def check(settings: Settings, options: argparse.Namespace) -> int:
    """Examine the DHIS2 and our own records, and say for each finding what to do; --fix does what it may."""
    from loaders.check import examine

    parts = Parts.open(settings)
    print(f"{settings.country}: {settings.dhis2_url}")
    with parts.client() as client:
        findings = examine(client, parts.country)
        for finding in findings:
            print(f"{finding.severity:8} {finding.where}: {finding.what} {finding.remedy}".rstrip())
        fixed = fixes(client, parts.country, options, settings.dhis2_url)
    broken = list(records(parts))
    for problem in broken:
        print(f"error    {problem}")
    return 1 if broken or (not fixed and any(each.severity == "error" for each in findings)) else 0


def fixes(client: Client, country: Country, options: argparse.Namespace, where: str) -> bool:
    """Show what would let DHIS2 hold all that stores record; with --fix and a yes, do it. Whether it did."""
    from loaders.store_fixes import FIXES, carry_out, changes_of

    form = store_form_of(country)
    changes = [change for fix in FIXES for change in changes_of(client, names_of(form), fix)] if form else []
    if not changes:
        return False
    print("This would let DHIS2 hold the present month and stocks of 0 (`check --fix` does it):")
    print("\n".join(f"         {change}" for change in changes))
    if not options.fix or not (options.yes or agreed(f"Change this at {where}?")):
        return False
    carry_out(client, changes)
    print(f"{len(changes)} objects of DHIS2 were changed.")
    return True


def agreed(question: str) -> bool:
    """Whether whoever sits at the terminal says yes; nobody there is a no."""
    if not sys.stdin.isatty():
        print(f"{question} Nobody is here to answer: say it with --yes.")
        return False
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes", "o", "oui")


def records(parts: Parts) -> Iterator[str]:
    """What was changed behind our back: in the audit, in the stores' movements."""
    remedy = "Restore the database from a backup."
    broken = Audit(parts.database).broken()
    if broken:
        yield f"audit: row {broken} was changed or removed. {remedy}"
    for each in chain.broken(parts.database):
        yield f"ledger: movement {each.number} of {each.unit}: {each.what}. {remedy}"


def install(settings: Settings, options: argparse.Namespace) -> int:
    """Put the program "Stock transaction" into DHIS2, after showing what of it lacks there."""
    from loaders.store_program import lacking, put

    parts = Parts.open(settings)
    form = store_form_of(parts.country)
    if form is None:
        print('The country\'s configuration names no form that stores write to ([[forms]] role = "store").')
        return 2
    with parts.client() as client:
        metadata = lacking(client, names_of(form))
        if not metadata:
            print("The program is there, whole, at every store.")
            return 0
        print("This would be put into DHIS2 (POST /api/metadata):")
        print(json.dumps(metadata, ensure_ascii=False, indent=1))
        if not (options.yes or agreed(f"Put it to {settings.dhis2_url}?")):
            return 1
        put(client, metadata)
    print(f"Done: {', '.join(f'{len(objects)} {kind}' for kind, objects in metadata.items())}.")
    return 0


def backup(settings: Settings, options: argparse.Namespace) -> int:
    """Write everything that cannot be pulled anew to one file, while the desk runs."""
    from backup import back_up

    found = back_up(settings, options.file, options.snapshot)
    print(f"{options.file}: {found.rows:,} rows, checksum {found.checksum}.")
    print("Whoever can read it can open the accounts' tokens: keep it as safe as the machine.")
    return 0


def restore(settings: Settings, options: argparse.Namespace) -> int:
    """Bring a backup back; what is there is put aside."""
    from backup import restore as bring_back

    found = bring_back(settings, options.file)
    print(f"{options.file} is back: {found.rows:,} rows, checksum {found.checksum}.")
    return 0


def export(settings: Settings, options: argparse.Namespace) -> int:
    """Write the rows of a comparison, as whoever runs the installation sees them: everything."""
    from dashboard.api.compare import asked
    from dashboard.i18n import use
    from dashboard.pages.compare_sheets import sheets_shown
    from dashboard.row_files import NOTES, write_rows
    from dashboard.takeaway import answers_shown, rows_shown, take

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
    lines, where = content.count("\n"), options.out or "the output"
    print(f"The definitions are written to {where} ({options.format}, {lines:,} lines).", file=sys.stderr)
    return 0
