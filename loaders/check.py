"""`python app.py check`: whether a DHIS2 has and allows what Tandem needs, and what to do where it does not.

Why each point matters is told by the remedies; the behaviour behind them is DHIS2's own (Web API 2.40 to
2.43): a zero of an element whose zero is not significant is not stored and deletes what was there; analytics
leave zeros out; a form without open future periods refuses the current month.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pandas as pd

from countries import Country
from loaders.dhis2 import Client
from loaders.errors import SourceError
from loaders.findings import Finding, Severity, found
from loaders.mapping import Mapping, resolve
from loaders.pull import Source, examine_source

OLD_ANALYTICS = timedelta(days=2)
CLOCKS_APART = timedelta(minutes=10)


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
        *_account(source),
        *_levels(source, country),
        *_forms(source),
        *source.mapping.findings,
        *_zeros(source.mapping, source),
        *_items(source, country),
    ]


def _server(source: Source) -> Iterator[Finding]:
    system = source.system
    named = f"DHIS2 {system.version} ({system.url})"
    if system.dialect.proven:
        yield found("ok", "version_supported", "server", named)
    else:
        yield found("warning", "version_unproven", "server", named)
    off = abs(system.time.astimezone(UTC) - source.pulled_at)
    if off > CLOCKS_APART:
        yield found("note", "clocks_differ", "clock", minutes=round(off.total_seconds() / 60))
    else:
        yield found("ok", "clocks_agree", "clock")
    yield _analytics(source)


def _analytics(source: Source) -> Finding:
    at = source.system.analytics_at
    if at is None:
        return found("note", "analytics_never", "analytics")
    age = source.system.time.astimezone(UTC) - at
    if age > OLD_ANALYTICS:
        return found("note", "analytics_old", "analytics", days=age.days)
    return found("ok", "analytics_fresh", "analytics", when=f"{at:%Y-%m-%d %H:%M}")


def _account(source: Source) -> Iterator[Finding]:
    who = source.me.username
    tops = source.units.loc[source.units["parent"].isna(), "id"]
    if set(tops) & set(source.roots):
        yield found("ok", "sees_all", "account", who)
    else:
        names = source.units.loc[source.units["id"].isin(source.roots), "name"]
        yield found("warning", "sees_part", "account", who, units=_some(names))
    if source.me.may("ALL"):
        yield found("warning", "superuser", "account", who)
    hidden = source.forms.loc[~source.forms["readable"] & source.forms["id"].isin(source.data_sets), "name"]
    for name in hidden:
        yield found("error", "values_hidden", "form", name)


def _levels(source: Source, country: Country) -> Iterator[Finding]:
    there = {int(level) for level in source.units["level"].unique()}
    wanted = {level.level: level.name[country.languages[0]] for level in country.levels}
    for level in sorted(set(wanted) - there):
        yield found("error", "level_empty", "levels", level=level, name=wanted[level])
    for level in sorted(there - set(wanted)):
        yield found("warning", "level_unnamed", "levels", level=level)
    if there == set(wanted):
        yield found("ok", "levels_found", "levels", count=len(there))
    if not source.units["longitude"].notna().any():
        yield found("note", "no_coordinates", "units")


def _forms(source: Source) -> Iterator[Finding]:
    assigned = source.mapping.assignments["form"].astype("str").value_counts()
    asked = source.mapping.form_items["form"].value_counts()
    for key, name in zip(source.mapping.forms["form"], source.mapping.forms["name"], strict=True):
        units = int(assigned.get(key, 0))
        if not units:
            yield found("error", "form_unassigned", "form", name)
        else:
            yield found("ok", "form_found", "form", name, elements=int(asked.get(key, 0)), units=units)


def _zeros(mapping: Mapping, source: Source) -> Iterator[Finding]:
    """A stock of nothing that is not stored looks like a report that never came."""
    used = source.elements.loc[source.elements["id"].isin(mapping.cells["element"])]
    forms = ", ".join(mapping.forms["name"])
    lossy = used.loc[~used["zero_is_significant"], "name"]
    if len(lossy):
        yield found("error", "zeros_lost", "elements", forms, count=len(lossy), elements=_some(lossy))
    elif len(used):
        yield found("ok", "zeros_kept", "elements", forms, count=len(used))


def _items(source: Source, country: Country) -> Iterator[Finding]:
    there = set(source.mapping.items["code"])
    for pair in country.pairs.values():
        reported = [code for codes in pair.reported.values() for code in codes]
        lacking = [code for code in (*pair.services, *pair.commodities, *reported) if code not in there]
        if lacking:
            yield found("error", "codes_absent", "pair", pair.id, codes=_some(lacking))


def _store(source: Source, country: Country) -> Iterator[Finding]:
    """The forms that stores write to."""
    mapping = resolve(country, source.metadata, role="store")
    yield from mapping.findings
    yield from _zeros(mapping, source)
    forms = source.forms.loc[source.forms["id"].isin(mapping.forms["data_set"])]
    for name in forms.loc[forms["open_future_periods"] < 1, "name"]:
        yield found("error", "form_closed", "form", name)
    for name in forms.loc[~forms["writable"], "name"]:
        yield found("note", "form_not_writable", "form", name)


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
        yield found("error", "values_refused", "values", problem=problem.what, remedy=problem.remedy)
    else:
        yield found("ok", "values_readable", "values")


def _some(names: Iterable[str] | pd.Series, most: int = 5) -> str:
    every = [str(name) for name in names]
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")
