"""The Web API, a module for each subject.

A module may hold `blueprint` (its routes) and `install(app)` (its tables, its part in the life of a request).
"""

from __future__ import annotations

from types import ModuleType

from demo import faults, jobs
from demo.api import (
    analytics,
    analytics_outliers,
    audits,
    completeness,
    data_approvals,
    data_entry,
    data_store,
    data_value_imports,
    data_value_sets,
    data_values,
    expressions,
    files,
    follow_up,
    front_page,
    lock_exceptions,
    messages,
    metadata,
    metadata_changes,
    metadata_exchange,
    min_max,
    organisation_units,
    outliers,
    people,
    sign_in,
    system,
    tracker_export,
    tracker_import,
    value_marks,
)

MODULES: list[ModuleType] = [
    system,
    sign_in,
    people,
    organisation_units,
    metadata,
    data_value_sets,
    analytics,
    min_max,
    outliers,
    follow_up,
    data_store,
    files,
    data_values,
    completeness,
    data_entry,
    messages,
    tracker_import,
    tracker_export,
    expressions,
    metadata_changes,
    metadata_exchange,
    front_page,
    analytics_outliers,
    data_value_imports,
    value_marks,
    audits,
    lock_exceptions,
    data_approvals,
    jobs,
    faults,
]
