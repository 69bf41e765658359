"""The Web API, a module for each subject.

A module may hold `blueprint` (its routes) and `install(app)` (its tables, its part in the life of a request).
"""

from __future__ import annotations

from types import ModuleType

from demo import faults, jobs
from demo.api import metadata, organisation_units, people, sign_in, system

MODULES: list[ModuleType] = [system, sign_in, people, organisation_units, metadata, jobs, faults]
