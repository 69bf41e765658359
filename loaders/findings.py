"""What an examination of a source found: what, where, how bad, and what to do.

A finding is a code and its arguments; `WORDS` says it in English. Pages say it in the reader's language, by
the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning", "note", "ok"]

WORDS: Mapping[str, tuple[str, str]] = {
    "version_supported": ("The version and the calendar are supported.", ""),
    "version_unproven": (
        "This version is newer than those Tandem was tried with (2.40 to 2.43).",
        "Compare some totals with DHIS2's own before relying on them.",
    ),
    "clocks_agree": ("The clocks agree.", ""),
    "clocks_differ": (
        "The clocks of DHIS2 and of this machine differ by {minutes} minutes.",
        "Changes are asked for by DHIS2's clock; set both by NTP all the same.",
    ),
    "analytics_never": (
        "DHIS2's analytics tables were never built.",
        "Schedule 'Analytics table' in DHIS2's Scheduler. Tandem reads raw values and does not depend on it.",
    ),
    "analytics_old": (
        "DHIS2's analytics are {days} days old: its own dashboards lag.",
        "Schedule 'Analytics table' in DHIS2's Scheduler. Tandem reads raw values and does not depend on it.",
    ),
    "analytics_fresh": ("DHIS2's analytics were built on {when} UTC.", ""),
    "sees_all": ("It sees the values of the whole hierarchy.", ""),
    "sees_part": (
        "It sees the values of {units} only, not of the whole hierarchy.",
        "Give it the top unit as data view unit, unless that is intended.",
    ),
    "superuser": (
        "It is a superuser.",
        "Use an account of its own with a role for reading; a stolen token could then change nothing.",
    ),
    "values_hidden": ("The account may not read its values.", "Share the data set with it: 'can view data'."),
    "values_readable": ("Raw values can be read.", ""),
    "values_refused": ("{problem}", "{remedy}"),
    "level_empty": (
        "No unit stands at level {level} ({name}).",
        "Correct [[levels]] in country.toml, or the account's units.",
    ),
    "level_unnamed": (
        "Units stand at level {level}, which the configuration does not name.",
        "Add the level to [[levels]] in country.toml.",
    ),
    "levels_found": ("All {count} levels have units.", ""),
    "no_coordinates": (
        "No unit has coordinates: there will be no map.",
        "Import them in DHIS2's Maintenance app.",
    ),
    "form_absent": (
        "No data set has the code or name '{data_set}' among those this account may read ({there}).",
        "Correct data_set in country.toml, or let the account read the data set.",
    ),
    "form_period": (
        "Data set '{data_set}' is {period_type}; forms by {known} are read.",
        "Name another data set in country.toml.",
    ),
    "form_meaningless": (
        "It has no element that the configuration gives a meaning.",
        "Check country.toml against the form.",
    ),
    "form_unassigned": (
        "It is assigned to no unit this account sees.",
        "Assign it in DHIS2's Maintenance app.",
    ),
    "form_found": ("Found, with {elements} elements, at {units} units.", ""),
    "form_closed": (
        "It does not take values of the current month (openFuturePeriods is 0).",
        "Set 'Open future periods for data entry' of the data set to 1.",
    ),
    "form_not_writable": (
        "This account may not write to it.",
        "Stores write as themselves; nothing to do unless this account shall.",
    ),
    "element_without_rule": (
        "Element '{element}' falls under no rule and is not read.",
        "Add a rule in country.toml, or ignore it.",
    ),
    "element_without_options": (
        "Element '{element}' has no option combos.",
        "Run 'Update category option combinations' in DHIS2's Data Administration.",
    ),
    "option_absent": (
        "Element '{element}' has no option combo named {lacking}; it has {there}.",
        "Correct [forms.measures] in country.toml, or the category options in DHIS2.",
    ),
    "element_elsewhere": (
        "Options of element '{element}' mean something else in a form before it, which holds for both.",
        "Give the options the same measures in both forms of country.toml.",
    ),
    "zeros_lost": (
        "{count} elements do not store zeros: {elements}. A stock-out would read as a missing report.",
        "Tick 'Store zero data values' of these data elements in DHIS2.",
    ),
    "zeros_kept": ("All {count} elements store zeros.", ""),
    "program_absent": (
        "No program has the code or name '{program}' among those this account may read ({there}).",
        "Correct program in events.toml, or let the account read the program's data.",
    ),
    "program_element_absent": (
        "Program '{program}' has no data elements with the codes or names {elements}.",
        "Correct [programs.elements] in events.toml, or the program in DHIS2.",
    ),
    "store_values_unread": ("What stores report could not be read: {problem}", "{remedy}"),
    "events_unread": ("Events could not be read: {problem}", "{remedy}"),
    "codes_absent": (
        "No element has the code {codes}.",
        "Correct pairs.toml, or the elements' codes in DHIS2.",
    ),
}


@dataclass(frozen=True)
class Finding:
    """One finding.

    Attributes:
        severity: `error` (figures will be absent or wrong), `warning` (some may be), `note` (good to know),
        `ok`. code: a key of `WORDS`. about: the kind of thing: `server`, `clock`, `analytics`, `account`,
        `levels`, `units`, `form`, `elements`,
            `pair`, `values`.
        named: which one; empty where there is one only.
        arguments: what fills the holes in the words.
    """

    severity: Severity
    code: str
    about: str
    named: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """The thing, in English."""
        return f"{self.about} '{self.named}'" if self.named else self.about

    @property
    def what(self) -> str:
        """What was found, in English."""
        return WORDS[self.code][0].format(**self.arguments)

    @property
    def remedy(self) -> str:
        """Who should do what, in English; empty when nothing needs doing."""
        return WORDS[self.code][1].format(**self.arguments)

    def as_dict(self) -> dict[str, Any]:
        """For JSON: code and arguments for pages, the English words for programs and logs."""
        told = {
            name: getattr(self, name)
            for name in ("severity", "code", "about", "named", "where", "what", "remedy")
        }
        return told | {"arguments": dict(self.arguments)}


def found(severity: Severity, code: str, about: str, named: str = "", **arguments: object) -> Finding:
    """A finding whose arguments may be anything that has a text."""
    return Finding(severity, code, about, named, {name: str(value) for name, value in arguments.items()})
