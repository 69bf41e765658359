"""Everything that the desk consists of: what is kept on the device, under which version."""

import hashlib
from functools import cache

from dashboard import bundle, i18n
from dashboard.bundle import ASSETS, Bundle
from dashboard.store.words import words

ICONS = {192: "/assets/icons/desk-192.png", 512: "/assets/icons/desk-512.png"}
WORKER = ASSETS / bundle.DESK_ASSETS / "worker.js"


def bundles() -> list[Bundle]:
    """The scripts, the styles and the words of every language."""
    return [bundle.desk_scripts(), bundle.desk_sheets(), *(words(each) for each in i18n.LANGUAGES)]


@cache
def version() -> str:
    """A short hash of all of it: another one means another desk."""
    parts = [*(each.version for each in bundles()), bundle.head_script(), worker_text()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


@cache
def worker_text() -> str:
    """The service worker, without what it is told at start-up."""
    return WORKER.read_text(encoding="utf-8")


@cache
def reader_text() -> str:
    """The worker that reads codes, without what it is told at start-up."""
    return (WORKER.parent / "reader.js").read_text(encoding="utf-8")


def documents() -> dict[str, str]:
    """Where the service worker gets the desk's document of each language from."""
    return {each: f"/store?desk={each}" for each in i18n.LANGUAGES}


def kept(icon: str) -> list[str]:
    """The addresses of all that the service worker keeps, besides the documents."""
    return [*(each.address for each in bundles()), icon, *ICONS.values(), "/manifest.webmanifest"]
