"""How the text of a setting is read.

Each reader returns the value, or raises ValueError with what to write instead.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`, both included."""

    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(f"it must be a whole number from {least} to {most}")
        return int(text)

    return read


def yes_or_no(text: str) -> bool:
    """`yes`, `true`, `on`, `1` or `no`, `false`, `off`, `0`, in any case."""
    words = {
        "yes": True,
        "true": True,
        "on": True,
        "1": True,
        "no": False,
        "false": False,
        "off": False,
        "0": False,
    }
    if text.lower() not in words:
        raise ValueError("it must be yes or no")
    return words[text.lower()]


def day(text: str) -> date:
    """A day written as 2019-10-15."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("it must be a day written as YYYY-MM-DD, such as 2019-10-15") from None


def folder(text: str) -> Path:
    """A folder; `~` is the home, and a relative path starts at the project's folder."""
    path = PROJECT / Path(text).expanduser()
    if path.exists() and not path.is_dir():
        raise ValueError("it must name a folder, and this is a file")
    return path


def readable_file(text: str) -> Path:
    """A file that can be read; `~` is the home, and a relative path starts at the project's folder."""
    path = PROJECT / Path(text).expanduser()
    try:
        path.read_bytes()
    except OSError as error:
        raise ValueError(f"it must name a file that can be read ({error.strerror})") from None
    return path


def country_folder(text: str) -> str:
    """The name of a folder of `countries/`, or the path of such a folder elsewhere."""
    if "/" in text and ((PROJECT / text).expanduser() / "country.toml").is_file():
        return str((PROJECT / text).expanduser())
    if not re.fullmatch(r"[a-z][a-z0-9-]*", text):
        raise ValueError(
            "it must be a folder of countries/, such as civ, or the path of a folder with a country.toml"
        )
    return text


def web_address(text: str) -> str:
    """The address of a DHIS2 without `/api` and without credentials."""
    wrong = ValueError("it must be the address of a DHIS2, such as https://dhis2.example.org/dhis")
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 (an impossible port raises ValueError here)
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise wrong
    if parts.username or parts.password:
        raise ValueError(
            "it must not hold a name or password: set TANDEM_DHIS2_USER and TANDEM_DHIS2_PASSWORD"
        )
    return re.sub(r"(/api)?/*$", "", text)


def database_address(text: str) -> str:
    """An SQLAlchemy address of SQLite or PostgreSQL; `postgresql://` gets the driver that we install."""
    if not re.match(r"(sqlite|postgresql(\+psycopg)?|postgres)://", text):
        raise ValueError("it must begin with sqlite:/// or postgresql://")
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)


def one_of(*words: str) -> Callable[[str], str]:
    """A reader of one of some words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"it must be one of: {', '.join(words)}")
        return text

    return read


def long_secret(text: str) -> str:
    """A signing key of at least 32 characters."""
    if len(text) < 32:
        raise ValueError("it must have at least 32 characters; leave it out to have one made and kept")
    return text


def plain(text: str) -> str:
    """Text as it is, in one line."""
    if not text.isprintable():
        raise ValueError("it must be one line of printable text")
    return text
