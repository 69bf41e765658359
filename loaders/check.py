"""`python app.py check`: whether a DHIS2 has and allows what Tandem needs, and what to do where it does not.

Why each point matters is told by the remedies; the behaviour behind them is DHIS2's own (Web API 2.40 to 2.43): a zero
of an element whose zero is not significant is not stored and deletes what was there; analytics leave zeros out; a form
without open future periods refuses the current month.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pandas as pd

from countries import Country
from loaders.dhis2 import Client, Me
from loaders.errors import SourceError
from loaders.findings import Finding, Severity
from loaders.mapping import Mapping, resolve
from loaders.pull import Source, examine_source

OLD_ANALYTICS = timedelta(days=2)


def examine(client: Client, country: Country) -> list[Finding]:
    """Examine a DHIS2 for what the country's configuration needs; the worst findings first.

    Raises:
        SourceError: nothing can be examined: the server does not answer, or does not let us in.
    """
    source = examine_source(client, country)
    findings = [*findings_of(source, country), *_store(source, country), *_sample(client, source)]
    order: tuple[Severity, ...] = ("error", "warning", "note", "ok")
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def findings_of(source: Source, country: Country) -> list[Finding]:
    """What can be said of a DHIS2 whose metadata is pulled already; part of every sync's report."""
    return [
        *_server(source),
        *_account(source.me, source),
        *_levels(source, country),
        *_forms(source),
        *source.mapping.findings,
        *_zeros(source.mapping, source),
        *_items(country, source),
    ]


def _server(source: Source) -> Iterator[Finding]:
    system = source.system
    where = f"DHIS2 {system.version} at {system.url}"
    if not system.dialect.proven:
        what = "This version is newer than those Tandem was tried with (2.40 to 2.43)."
        yield Finding("warning", where, what, "Compare some totals with DHIS2's own before relying on them.")
    else:
        yield Finding("ok", where, "The version and the calendar are supported.")
    yield _clock(source)
    yield _analytics(source)


def _clock(source: Source) -> Finding:
    off = abs(source.system.time.astimezone(UTC) - source.pulled_at)
    if off > timedelta(minutes=10):
        what = f"The clocks of DHIS2 and of this machine differ by {off.total_seconds() / 60:.0f} minutes."
        return Finding(
            "note", "clock", what, "Changes are asked for by DHIS2's clock; set both by NTP all the same."
        )
    return Finding("ok", "clock", "The clocks agree.")


def _analytics(source: Source) -> Finding:
    at, where = source.system.analytics_at, "analytics"
    remedy = (
        "Schedule 'Analytics table' in DHIS2's Scheduler. Tandem reads raw values and does not depend on it."
    )
    if at is None:
        return Finding("note", where, "DHIS2's analytics tables were never built.", remedy)
    age = source.system.time.astimezone(UTC) - at
    if age > OLD_ANALYTICS:
        return Finding(
            "note", where, f"DHIS2's analytics are {age.days} days old: its own dashboards lag.", remedy
        )
    return Finding("ok", where, f"DHIS2's analytics were built on {at:%Y-%m-%d %H:%M} UTC.")


def _account(me: Me, source: Source) -> Iterator[Finding]:
    where = f"account {me.username!r}"
    tops = source.units.loc[source.units["parent"].isna(), "id"]
    if not set(tops) & set(source.roots):
        names = source.units.loc[source.units["id"].isin(source.roots), "name"].tolist()
        what = f"It sees the values of {', '.join(names)} only, not of the whole hierarchy."
        yield Finding(
            "warning", where, what, "Give it the top unit as data view unit, unless that is intended."
        )
    else:
        yield Finding("ok", where, "It sees the values of the whole hierarchy.")
    if me.may("ALL"):
        remedy = (
            "Use an account of its own with a role for reading; a stolen token could then change nothing."
        )
        yield Finding("warning", where, "It is a superuser.", remedy)
    hidden = source.forms.loc[~source.forms["readable"] & source.forms["id"].isin(source.data_sets), "name"]
    for name in hidden:
        yield Finding(
            "error",
            f"form {name!r}",
            "The account may not read its values.",
            "Share the data set with it: 'can view data'.",
        )


def _levels(source: Source, country: Country) -> Iterator[Finding]:
    there = set(source.units["level"].unique())
    wanted = {level.level: level.name[country.languages[0]] for level in country.levels}
    for level in sorted(set(wanted) - there):
        what = f"No unit stands at level {level} ({wanted[level]})."
        yield Finding("error", "levels", what, "Correct [[levels]] in country.toml, or the account's units.")
    for level in sorted(there - set(wanted)):
        what = f"Units stand at level {level}, which the configuration does not name."
        yield Finding("warning", "levels", what, "Add the level to [[levels]] in country.toml.")
    if there == set(wanted):
        yield Finding("ok", "levels", f"All {len(there)} levels have units.")
    if not source.units["longitude"].notna().any():
        yield Finding(
            "note",
            "coordinates",
            "No unit has coordinates: there will be no map.",
            "Import them in DHIS2's Maintenance app.",
        )


def _forms(source: Source) -> Iterator[Finding]:
    assigned = source.mapping.assignments["form"].astype("str").value_counts()
    for form in source.mapping.forms.itertuples():
        where, units = f"form {form.name!r}", int(assigned.get(form.form, 0))
        if not units:
            yield Finding(
                "error",
                where,
                "It is assigned to no unit this account sees.",
                "Assign it in DHIS2's Maintenance app.",
            )
        else:
            elements = source.mapping.cells.loc[
                source.mapping.cells["form"] == form.form, "element"
            ].nunique()
            yield Finding("ok", where, f"Found, with {elements} elements, at {units} units.")


def _zeros(mapping: Mapping, source: Source) -> Iterator[Finding]:
    """A stock of nothing that is not stored looks like a report that never came."""
    used = source.elements.loc[source.elements["id"].isin(mapping.cells["element"])]
    lossy = used.loc[~used["zero_is_significant"], "name"]
    if len(lossy):
        what = f"{len(lossy)} elements do not store zeros: {_some(lossy)}. A stock-out would read as a missing report."
        yield Finding(
            "error", "zeros", what, "Tick 'Store zero data values' of these data elements in DHIS2."
        )
    elif len(used):
        yield Finding("ok", "zeros", f"All {len(used)} elements store zeros.")


def _items(country: Country, source: Source) -> Iterator[Finding]:
    there = set(source.mapping.items["code"])
    for pair in country.pairs.values():
        codes = [
            *pair.services,
            *pair.commodities,
            *(code for many in pair.reported.values() for code in many),
        ]
        lacking = [code for code in codes if code not in there]
        if lacking:
            what = f"No element has the code {_some(lacking)}."
            yield Finding(
                "error", f"pair {pair.id!r}", what, "Correct pairs.toml, or the elements' codes in DHIS2."
            )


def _store(source: Source, country: Country) -> Iterator[Finding]:
    """The forms that stores write to."""
    mapping = resolve(country, source.metadata, role="store")
    yield from mapping.findings
    yield from _zeros(mapping, source)
    for form in source.forms.loc[source.forms["id"].isin(mapping.forms["data_set"])].itertuples():
        where = f"form {form.name!r}"
        if form.open_future_periods < 1:
            what = "It does not take values of the current month (openFuturePeriods is 0)."
            yield Finding(
                "error", where, what, "Set 'Open future periods for data entry' of the data set to 1."
            )
        if not form.writable:
            yield Finding(
                "note",
                where,
                "This account may not write to it.",
                "Stores write as themselves; nothing to do unless this account shall.",
            )


def _sample(client: Client, source: Source) -> Iterator[Finding]:
    """Whether values can be read at all, by asking for one."""
    params = [("dataSet", form) for form in source.data_sets] + [("orgUnit", unit) for unit in source.roots]
    day = datetime.now(UTC)
    dates = [
        ("startDate", f"{day.year - 1}-01-01"),
        ("endDate", f"{day.year}-12-31"),
        ("children", "true"),
        ("limit", "1"),
    ]
    if not source.data_sets:
        return
    try:
        client.get("/api/dataValueSets", [*params, *dates])
    except SourceError as problem:
        yield Finding("error", "values", problem.what, problem.remedy)
    else:
        yield Finding("ok", "values", "Raw values can be read.")


def _some(names: Iterable[str] | pd.Series, most: int = 5) -> str:
    every = [str(name) for name in names]
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")
