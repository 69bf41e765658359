"""Who may do what, as the country's configuration says."""

from accounts import Person
from accounts.person import SUPERUSER
from countries import Country

SYNCHRONISE, SEE_DETAILS = "synchronise", "see_data_page"
ANNOTATE, EDIT_TIPS = "annotate", "edit_tips"


def may(person: Person, country: Country, role: str) -> bool:
    """Whether a person has a role of the configuration; superusers have them all, others none unnamed."""
    return person.may(country.roles.get(role) or SUPERUSER)
