"""Who is signed in and what they may see: log-in against DHIS2, sessions, API tokens, and the one guard."""

from accounts.guard import current
from accounts.person import Person
from accounts.scope import Scope, Unit

__all__ = ["Person", "Scope", "Unit", "current"]
