"""What an installation can set, by environment variable.

Every variable is one field of `Settings`: its name, its default, how its text is read and what it means stand
together, and `docs/settings.md` is printed from them (`python -m settings`). Wrong values are refused at
start, all at once, each with its name, its value (a secret's is hidden) and what to write instead.

A secret may also be given as a file that holds it: `TANDEM_DHIS2_TOKEN_FILE=/run/secrets/token`.
"""

import contextlib
import dataclasses
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from settings.embedded import running
from settings.environment import (
    certificate_problems,
    credential_problems,
    given_text,
    refusal,
    unknown_names,
)
from settings.values import (
    country_folder,
    database_address,
    day,
    folder,
    long_secret,
    one_of,
    plain,
    readable_file,
    web_address,
    whole_number,
    yes_or_no,
)

EMBEDDED_URL = "http://127.0.0.1:8085"
# Every fresh DHIS2 has this account, and so has the embedded one; it opens nothing but the demonstration.
EMBEDDED_ACCOUNT = {"dhis2_user": "admin", "dhis2_password": "district"}


class SettingsError(Exception):
    """One or more settings are wrong; the message has a line for each."""


def variable(
    name: str, read: Callable[[str], Any], default: str, meaning: str, *, secret: bool = False
) -> Any:
    """A field of `Settings`, read from `name` with `read`; `default` is text too, and empty means none."""
    metadata = {"name": name, "read": read, "default": default, "meaning": meaning, "secret": secret}
    return field(default=read(default) if default else None, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """The settings of one installation; made by `Settings.from_environment`."""

    root: Path = variable(
        "TANDEM_DATA", folder, "data", "Folder of all that is kept; each country has its own folder in it."
    )
    country: str = variable(
        "TANDEM_COUNTRY",
        country_folder,
        "civ",
        "Which folder of `countries/` describes the source, or the path of one elsewhere.",
    )
    dhis2_url: str = variable(
        "TANDEM_DHIS2_URL",
        web_address,
        EMBEDDED_URL,
        "Address of the DHIS2 to read. Left out, `./run` starts the embedded one there, or at the next free "
        "port; commands beside it then ask it where it is.",
    )
    dhis2_token: str | None = variable(
        "TANDEM_DHIS2_TOKEN", plain, "", "Personal access token of the account that syncs.", secret=True
    )
    dhis2_user: str | None = variable(
        "TANDEM_DHIS2_USER", plain, "", "Name of the account that syncs, where there is no token."
    )
    dhis2_password: str | None = variable("TANDEM_DHIS2_PASSWORD", plain, "", "Its password.", secret=True)
    dhis2_connections: int = variable(
        "TANDEM_DHIS2_CONNECTIONS",
        whole_number(1, 8),
        "4",
        "Requests at a time; halved while the server is slow.",
    )
    database_url: str | None = variable(
        "DATABASE_URL",
        database_address,
        "",
        "Database of sessions, jobs and entries: `postgresql://…`. "
        "Left out, an SQLite file in the country's folder.",
        secret=True,
    )
    secret_key: str | None = variable(
        "SECRET_KEY",
        long_secret,
        "",
        "Key that signs sessions and cached figures. Left out, one is made and kept in the country's folder. "
        "Several machines must share one.",
        secret=True,
    )
    host: str = variable(
        "TANDEM_HOST", plain, "127.0.0.1", "Address to listen on; `0.0.0.0` for every network."
    )
    port: int = variable("TANDEM_PORT", whole_number(1, 65535), "8050", "Port to listen on.")
    tls_cert: Path | None = variable(
        "TANDEM_TLS_CERT",
        readable_file,
        "",
        "Certificate (PEM, with its chain): Tandem then answers by https alone. Other machines' browsers run "
        "the store without a network only where they came by https.",
    )
    tls_key: Path | None = variable("TANDEM_TLS_KEY", readable_file, "", "The certificate's key (PEM).")
    workers: int = variable("TANDEM_WORKERS", whole_number(1, 64), "2", "Web processes.")
    threads: int = variable(
        "TANDEM_THREADS", whole_number(1, 64), "8", "Requests at a time in each web process."
    )
    proxies: int = variable(
        "TANDEM_PROXIES",
        whole_number(0, 9),
        "0",
        "Web servers of yours that stand before it and say where people come from (`X-Forwarded-For`, "
        "`-Proto`, `-Host`); 0: what such headers say is not believed.",
    )
    sync_minutes: int = variable(
        "TANDEM_SYNC_MINUTES",
        whole_number(0, 100_000),
        "360",
        "Minutes between two syncs by itself; 0: only when asked.",
    )
    idle_minutes: int = variable(
        "TANDEM_SESSION_IDLE_MINUTES",
        whole_number(1, 1440),
        "30",
        "A session unused for so long has to log in again.",
    )
    session_hours: int = variable(
        "TANDEM_SESSION_HOURS", whole_number(1, 168), "12", "A session lasts this long at most."
    )
    secure_cookies: bool = variable(
        "TANDEM_SESSION_SECURE",
        yes_or_no,
        "no",
        "`yes` where people come by https: cookies then travel by https alone. With a certificate of its own "
        "it is `yes` unless this says otherwise.",
    )
    address: str | None = variable(
        "TANDEM_ADDRESS",
        plain,
        "",
        "Where people reach this Tandem, as https://tandem.example.org; letters lead there.",
    )
    digest: str = variable(
        "TANDEM_DIGEST",
        one_of("no", "mail", "dhis2", "both"),
        "no",
        "How those responsible (role `told_of_alerts`) hear of new alerts once a month: `mail`, a message in "
        "`dhis2`, `both`, or `no`.",
    )
    smtp_host: str | None = variable("TANDEM_SMTP_HOST", plain, "", "The mail server that letters go to.")
    smtp_port: int = variable("TANDEM_SMTP_PORT", whole_number(1, 65535), "587", "Its port.")
    smtp_tls: str = variable(
        "TANDEM_SMTP_TLS",
        one_of("starttls", "tls", "no"),
        "starttls",
        "How letters travel there: `starttls`, `tls` from the first byte, or `no` (a server nearby).",
    )
    smtp_user: str | None = variable("TANDEM_SMTP_USER", plain, "", "Name of the account at the mail server.")
    smtp_password: str | None = variable("TANDEM_SMTP_PASSWORD", plain, "", "Its password.", secret=True)
    smtp_from: str | None = variable("TANDEM_SMTP_FROM", plain, "", "Whom letters are from.")
    follow_up: bool = variable(
        "TANDEM_FOLLOW_UP",
        yes_or_no,
        "no",
        "`yes`: a value with an open alert is marked for follow-up in DHIS2, and unmarked when somebody says "
        "what it was. The account that syncs then needs the right to enter data.",
    )
    today: date | None = variable(
        "TANDEM_TODAY",
        day,
        "",
        "The day that the embedded DHIS2 takes for today, as YYYY-MM-DD; for tests and demonstrations.",
    )

    @property
    def data(self) -> Path:
        """This country's folder: its snapshot, database, cache and secret key."""
        return self.root / Path(self.country).name

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Reads and checks every setting.

        Args:
            environment: Usually `os.environ`. An empty value counts as left out.

        Raises:
            SettingsError: With one line for each wrong setting.
        """
        variables = [each.metadata for each in dataclasses.fields(cls)]
        problems = unknown_names(environment, variables)
        values: dict[str, Any] = {}
        for each in dataclasses.fields(cls):
            try:
                text = given_text(environment, each.metadata)
                if text:
                    values[each.name] = each.metadata["read"](text)
            except ValueError as problem:
                problems.append(refusal(environment, each.metadata, problem))
        problems += credential_problems(environment) + certificate_problems(environment)
        if problems:
            raise SettingsError("\n".join(problems))
        if "tls_cert" in values:
            values = {"secure_cookies": True, **values}
        if values.get("dhis2_url", EMBEDDED_URL) != EMBEDDED_URL:
            return cls(**values)
        if "dhis2_token" not in values:
            values = {**EMBEDDED_ACCOUNT, **values}
        found = cls(**values)
        here = None if "dhis2_url" in values else running(found.data)
        return dataclasses.replace(found, dhis2_url=here or EMBEDDED_URL)


def signing_key(settings: Settings) -> str:
    """The secret key that was set, or the one kept in the country's folder, made on first use (mode 0600)."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data / "secret.key"
    if not path.exists():
        keep_new_key(path)
    return path.read_text(encoding="ascii").strip()


def keep_new_key(path: Path) -> None:
    """Writes a new key to `path`, whole or not at all; of two processes at once the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # made readable for its owner alone
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
