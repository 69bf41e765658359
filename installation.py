"""What an installation of Tandem consists of, opened for its settings."""

from dataclasses import dataclass
from datetime import timedelta

from accounts.access import Access, Books
from accounts.directory import Dhis2Directory
from accounts.scope import Scope, Unit
from accounts.vault import Vault
from countries import Country, Form, load_country
from dashboard.cache import Cache
from dashboard.queries import Figures
from ledger.audit import Audit
from ledger.database import Database
from ledger.failures import LoginFailures
from ledger.people import People
from ledger.sessions import Lifetime, Sessions
from ledger.tokens import Tokens
from loaders.dhis2 import Basic, Client, Limits, Token
from loaders.snapshot import Snapshots
from loaders.store_form import FormNames
from settings import Settings, signing_key


@dataclass(frozen=True)
class Parts:
    """What an installation consists of, opened for its settings."""

    settings: Settings
    country: Country
    database: Database
    snapshots: Snapshots

    @classmethod
    def open(cls, settings: Settings) -> "Parts":
        """Open them; the database is brought up to date."""
        settings.data.mkdir(parents=True, exist_ok=True)
        database = Database.open(settings.database_url or settings.data / "tandem.sqlite3")
        database.migrate()
        snapshots = Snapshots(settings.data / "snapshot")
        return cls(settings, load_country(settings.country), database, snapshots)

    def access(self) -> Access:
        """Who may come in."""
        lifetime = Lifetime(
            timedelta(minutes=self.settings.idle_minutes), timedelta(hours=self.settings.session_hours)
        )
        books = Books(
            People(self.database),
            Sessions(self.database, lifetime),
            Tokens(self.database),
            LoginFailures(self.database),
            Audit(self.database),
        )
        return Access(books, Dhis2Directory(self.settings.dhis2_url), Vault(signing_key(self.settings)))

    def figures(self) -> Figures:
        """The figures as pages and interface ask for them."""
        cache = Cache(self.settings.data / "cache", signing_key(self.settings))
        return Figures(self.snapshots, self.country, cache)

    def client(self) -> Client:
        """The DHIS2 that is synced from, as the account that syncs."""
        given = self.settings
        known_as = (
            Token(given.dhis2_token)
            if given.dhis2_token
            else Basic(given.dhis2_user or "", given.dhis2_password or "")
        )
        limits = Limits(parallel=given.dhis2_connections)
        return Client(given.dhis2_url, known_as, limits, memory=given.data / "answers")


def everything(figures: Figures) -> Scope:
    """The scope of the installation's own command line: all units, all data sets."""
    tops = figures.holding().units.query("parent.isna()")
    return Scope.of([Unit(row.id, row.path, row.level) for row in tops.itertuples()], None)


def store_form_of(country: Country) -> Form | None:
    """The form that a country's stores write to; None where none is configured."""
    return next((form for form in country.forms if form.role == "store"), None)


def names_of(form: Form) -> FormNames:
    """What that form and its columns are called in DHIS2."""
    return FormNames(form.data_set, form.measures)
