"""What a sync found and kept aside, in the reader's language, by the codes of the loaders.

Where a code is new to the catalogues, the loaders' own English words are shown rather than nothing.
"""

import json
from collections.abc import Mapping
from typing import Any

from dashboard.i18n import t

TEXTS = frozenset(
    {
        "finding.version_supported",
        "finding.version_unproven",
        "finding.version_unproven_remedy",
        "finding.clocks_agree",
        "finding.clocks_differ",
        "finding.clocks_differ_remedy",
        "finding.analytics_never",
        "finding.analytics_never_remedy",
        "finding.analytics_old",
        "finding.analytics_old_remedy",
        "finding.analytics_fresh",
        "finding.sees_all",
        "finding.sees_part",
        "finding.sees_part_remedy",
        "finding.superuser",
        "finding.superuser_remedy",
        "finding.values_hidden",
        "finding.values_hidden_remedy",
        "finding.values_readable",
        "finding.values_refused",
        "finding.values_refused_remedy",
        "finding.level_empty",
        "finding.level_empty_remedy",
        "finding.level_unnamed",
        "finding.level_unnamed_remedy",
        "finding.levels_found",
        "finding.no_coordinates",
        "finding.no_coordinates_remedy",
        "finding.form_absent",
        "finding.form_absent_remedy",
        "finding.form_period",
        "finding.form_period_remedy",
        "finding.form_meaningless",
        "finding.form_meaningless_remedy",
        "finding.form_unassigned",
        "finding.form_unassigned_remedy",
        "finding.form_found",
        "finding.form_closed",
        "finding.form_closed_remedy",
        "finding.form_not_writable",
        "finding.form_not_writable_remedy",
        "finding.element_without_rule",
        "finding.element_without_rule_remedy",
        "finding.element_without_options",
        "finding.element_without_options_remedy",
        "finding.option_absent",
        "finding.option_absent_remedy",
        "finding.element_elsewhere",
        "finding.element_elsewhere_remedy",
        "finding.zeros_lost",
        "finding.zeros_lost_remedy",
        "finding.zeros_kept",
        "finding.codes_absent",
        "finding.codes_absent_remedy",
        "aside.foreign_option",
        "aside.foreign_option_remedy",
        "aside.foreign_attribute",
        "aside.foreign_attribute_remedy",
        "aside.unknown_unit",
        "aside.unknown_unit_remedy",
        "aside.not_assigned",
        "aside.not_assigned_remedy",
        "aside.wrong_period",
        "aside.wrong_period_remedy",
        "aside.no_number",
        "aside.no_number_remedy",
        "aside.rule_broken",
        "aside.rule_broken_remedy",
        "finding.program_absent",
        "finding.program_absent_remedy",
        "finding.program_element_absent",
        "finding.program_element_absent_remedy",
        "finding.store_values_unread",
        "finding.store_values_unread_remedy",
        "finding.events_unread",
        "finding.events_unread_remedy",
        "aside.event_unit",
        "aside.event_unit_remedy",
        "aside.event_item",
        "aside.event_item_remedy",
        "aside.event_kind",
        "aside.event_kind_remedy",
        "aside.event_quantity",
        "aside.event_quantity_remedy",
        "aside.event_expiry",
        "aside.event_expiry_remedy",
        "aside.event_day",
        "aside.event_day_remedy",
        "about.server",
        "about.clock",
        "about.analytics",
        "about.account",
        "about.levels",
        "about.units",
        "about.form",
        "about.elements",
        "about.pair",
        "about.values",
        "about.program",
    }
)


def finding(found: Mapping[str, Any]) -> tuple[str, str, str]:
    """Where, what and what to do, of a finding as the sync's report has it."""
    where = say(f"about.{found.get('about', '')}", found["where"])
    if found.get("named") and where != found["where"]:
        where = f"{where}: {found['named']}"
    code, arguments = found.get("code", ""), found.get("arguments", {})
    what = say(f"finding.{code}", found["what"], **arguments)
    return where, what, say(f"finding.{code}_remedy", found["remedy"], **arguments)


def aside(row: Any) -> tuple[str, str]:
    """Why a row was kept aside, and what to do; `row` has code, arguments (JSON), reason and remedy."""
    arguments = json.loads(row.arguments or "{}")
    reason = say(f"aside.{row.code}", row.reason, **arguments)
    return reason, say(f"aside.{row.code}_remedy", row.remedy, **arguments)


def say(key: str, otherwise: str, **arguments: Any) -> str:
    """The catalogue's text for a key; `otherwise` where it has none or lacks an argument."""
    if key not in TEXTS:
        return otherwise
    try:
        return t(key, **arguments)
    except KeyError:
        return otherwise
