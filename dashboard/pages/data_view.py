"""The parts of the Data page, made from the status of the data."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import dash_bootstrap_components as dbc
import pandas as pd
from dash import html
from dash.development.base_component import Component

from countries import Country
from dashboard import i18n
from dashboard.i18n import t, tn
from dashboard.pages import data_faults, data_words
from dashboard.sync_status import Aside, SyncStatus, severe_first

FAULTS_SHOWN = 50
FAULTS_OPEN = 3  # more are one click away, so that what was put aside is seen too


def progress(status: SyncStatus) -> list[Component]:
    """The sync at work, or why the one that was asked for does not begin."""
    job = status.running
    if job is None:
        return []
    if status.unclaimed:
        return [_notice([t("data.no_worker"), " ", t("data.no_worker_remedy")], "warning")]
    if job.status == "queued":
        return [_notice([t("data.queued")])]
    bar = html.Progress(value=str(job.done), max=str(max(job.total, 1)), **{"aria-label": t("data.syncing")})
    share = i18n.percent(job.done / job.total) if job.total else ""
    at = " · ".join(each for each in (share, _step(job.note)) if each)
    return [_notice([html.B(t("data.syncing")), " ", bar, f" {at}"])]


def _notice(parts: Sequence[Any], kind: str = "light") -> Component:
    return dbc.Alert(list(parts), color=kind, className=f"notice {kind}")


def _step(note: str) -> str:
    """What the sync is at, in the reader's words."""
    steps = {
        "metadata": t("data.step_metadata"),
        "values": t("data.step_values"),
        "changes": t("data.step_changes"),
        "tables": t("data.step_tables"),
        "waiting": t("data.step_waiting"),
    }
    return steps.get(note, note)


def report(status: SyncStatus, country: Country) -> list[Component]:
    """All that the page says beside the progress."""
    parts = [_failure(status)]
    if status.snapshot is None:
        return [*parts, _nothing_yet(status)] if status.running is None else [*parts, html.P(t("data.first"))]
    parts += [_old(status), _freshness(status, country), _counts(status)]
    if status.details:
        parts += [
            _findings(status.report.get("findings", ())),
            _faults(status.report.get("faults", ()), country),
        ]
        parts += [_aside(status.aside)] if status.aside else []
    return parts


def _failure(status: SyncStatus) -> Component:
    """Why the last sync did not succeed; the figures shown are then those of the one before."""
    if status.failure is None:
        return html.Div(hidden=True)
    remedy = t("data.failed_sync") if status.may_sync else t("data.failed_wait")
    said: list[Any] = [html.B(t("data.failed")), " ", remedy]
    if status.details or status.may_sync:
        why = html.P(" ".join(status.failure), lang="en")
        said.append(html.Details([html.Summary(t("data.failed_detail")), why], open=status.may_sync))
    return _notice(said, "warning")


def _old(status: SyncStatus) -> Component:
    """That the figures are older than they should be, where no failure says so already."""
    if not status.old or status.failure is not None:
        return html.Div(hidden=True)
    remedy = t("data.old_sync") if status.may_sync else t("data.old_ask")
    return _notice([html.B(t("data.old")), " ", remedy], "warning")


def _nothing_yet(status: SyncStatus) -> Component:
    remedy = t("data.nothing_yet_sync") if status.may_sync else t("data.nothing_yet_ask")
    return html.Div([html.H2(t("data.nothing_yet")), html.P(remedy)], className="empty")


def _freshness(status: SyncStatus, country: Country) -> Component:
    """The newest month of each form, the age of the sync, where the data is from."""
    snapshot = status.snapshot
    assert snapshot is not None  # noqa: S101 (report() asked before)
    source = snapshot.manifest["source"]
    newest = [
        _kpi(i18n.month(month), t("data.newest", form=form)) for form, month in _newest(status, country)
    ]
    synced = _kpi(i18n.ago(snapshot.synced_at, datetime.now(UTC)), local(snapshot.synced_at, country))
    told = [
        t("data.source", version=source["version"], url=source["url"]),
        t("data.version", n=snapshot.version),
    ]
    took = status.report.get("seconds")
    if took is not None:
        told.append(t("data.took", duration=duration(took)))
    return _panel(
        t("data.freshness"), [html.Div([*newest, synced], className="kpis"), html.P(" · ".join(told))]
    )


def _newest(status: SyncStatus, country: Country) -> list[tuple[str, int]]:
    if status.snapshot is None:
        return []
    months = status.snapshot.manifest.get("newest_month", {})
    forms = status.snapshot.read("forms", ["form", "name"])
    names = dict(zip(forms["form"].astype(str), forms["name"].astype(str), strict=True))
    wanted = (each for each in country.forms if months.get(each.key))
    return [(names.get(each.key, each.data_set), months[each.key]) for each in wanted]


def _counts(status: SyncStatus) -> Component:
    """How much there is, how much of it the last sync brought, and over how much wire."""
    counts, report_ = status.snapshot.manifest.get("counts", {}) if status.snapshot else {}, status.report
    held = {
        "org_units": t("data.org_units"),
        "items": t("data.items"),
        "values": t("data.values"),
        "reports": t("data.reports"),
        "rejected": t("data.rejected"),
    }
    held_kpis = [_kpi(i18n.number(counts[name]), words) for name, words in held.items() if name in counts]
    moved = {"changed": "data.changed", "deleted": "data.deleted", "requests": "data.requests"}
    told = [tn(key, report_[name]) for name, key in moved.items() if report_.get(name) is not None]
    if report_.get("wire_bytes") is not None:
        told.append(t("data.wire", size=size(report_["wire_bytes"])))
    return _panel(t("data.counts"), [html.Div(held_kpis, className="kpis"), html.P(" · ".join(told))])


def _findings(findings: Sequence[Mapping[str, str]]) -> Component:
    """What the examination of the source found, the worst first."""
    if not findings:
        return html.Div(hidden=True)
    marks = {"error": "out", "warning": "low", "note": "unknown", "ok": "enough"}
    words = {
        "error": t("data.error"),
        "warning": t("data.warning"),
        "note": t("data.note"),
        "ok": t("data.ok"),
    }
    rows = [
        [
            html.Span(words.get(each["severity"], ""), className=f"status {marks.get(each['severity'], '')}"),
            *data_words.finding(each),
        ]
        for each in severe_first(findings)
    ]
    head = [t("data.severity"), t("data.where"), t("data.what"), t("data.remedy")]
    return _panel(t("data.findings"), [_table(t("data.findings"), head, rows)])


def _faults(faults: Sequence[Mapping[str, Any]], country: Country) -> Component:
    """What went wrong on the way and what became of it."""
    if not faults:
        return _panel(t("data.faults"), [html.P(t("data.no_faults"), className="muted")])
    rows = [
        [
            local(datetime.fromisoformat(each["at"]), country),
            each["asked"],
            html.Span([data_faults.kind(each), html.Div(each["detail"], lang="en", className="muted small")]),
            data_faults.outcome(each),
        ]
        for each in faults[:FAULTS_SHOWN]
    ]
    head = [t("data.when"), t("data.asked"), t("data.what"), t("data.outcome")]
    said, each = html.Summary(tn("data.faults_met", len(faults))), _table(t("data.faults"), head, rows)
    folded = html.Details([said, each], className="fold", open=len(faults) <= FAULTS_OPEN)
    return _panel(t("data.faults"), [folded])


def _aside(aside: Aside) -> Component:
    """The rows kept aside: why, and which."""
    if not aside.total:
        return _panel(t("data.aside"), [html.P(t("data.none_aside"), className="muted")])
    why = [[i18n.number(row.rows), *data_words.aside(row)] for row in aside.reasons.itertuples()]
    rows = [
        [row.source, row.unit, row.item, _month(row.month), row.value, data_words.aside(row)[0]]
        for row in aside.rows.itertuples()
    ]
    first = t("data.first_rows", n=i18n.number(len(rows)), total=i18n.number(aside.total))
    head = [
        t("data.from"),
        t("data.unit"),
        t("data.item"),
        t("data.month"),
        t("data.value"),
        t("data.reason"),
    ]
    return _panel(
        t("data.aside"),
        [
            html.P(t("data.aside_text")),
            _table(t("data.aside"), [t("data.rows"), t("data.reason"), t("data.remedy")], why),
            html.H3(first),
            _table(first, head, rows),
        ],
    )


def _month(value: object) -> str:
    return "–" if pd.isna(value) else i18n.month(int(str(value)))


def _panel(title: str, parts: Sequence[Component]) -> Component:
    return html.Section([html.H2(title), *parts], className="panel")


def _kpi(value: str, words: str) -> Component:
    return html.Div([html.B(value), html.Span(words)], className="kpi")


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> Component:
    cells = [html.Tr([html.Td(_cell(each)) for each in row]) for row in rows]
    table = dbc.Table(
        [html.Thead(html.Tr([html.Th(each, scope="col") for each in head])), html.Tbody(cells)],
        className="table",
    )
    return html.Div(table, className="scroll", tabIndex="0", role="region", **{"aria-label": title})


def _cell(value: Any) -> Any:
    return value if isinstance(value, Component) else "" if value is None else str(value)


def local(when: datetime, country: Country) -> str:
    """A moment in the country's time."""
    return i18n.moment(when.astimezone(ZoneInfo(country.time_zone)))


def duration(seconds: float) -> str:
    """`12 s`, or `3 min 20 s`."""
    whole = round(seconds)
    if whole < 90:
        return t("data.seconds", seconds=i18n.number(seconds, 1 if seconds < 10 else 0))
    return t("data.minutes", minutes=whole // 60, seconds=whole % 60)


def size(count: float) -> str:
    """A number of bytes as people read it: `14 kB`, `1.4 MB`."""
    return f"{i18n.number(count / 1e6, 1)} MB" if count >= 1e6 else f"{i18n.number(count / 1e3)} kB"
