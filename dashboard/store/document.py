"""The desk's document: the frame of every page, an empty place for the desk, and its scripts.

It holds no figures and no names: browsers keep it, and show it where there is no server.
"""

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from accounts.cookies import proof_name
from dashboard import bundle, i18n, shell
from dashboard.i18n import t
from dashboard.page import Page
from dashboard.store.words import words

PATH = "/store"
THEME_COLOUR = "#0072b2"


def desk_document(pages: Sequence[Page], icon: str, version: str, credit: str) -> str:
    """The whole document, in the reader's language.

    Args:
        pages: those of the rail.
        icon: the address of the icon.
        version: of all that the desk consists of.
        credit: whose figures these are.
    """
    shown = next(page for page in pages if page.path == PATH)
    trusted = {
        "head": bundle.head_script(),
        "languages": _languages(),
        "rail": shell.plain_rail(pages, shown),
    }
    plain = _said() | {
        "title": t(shown.title_key),
        "version": version,
        "icon": icon,
        "credit": credit,
        "sheets": bundle.desk_sheets().address,
        "scripts": bundle.desk_scripts().address,
        "words": words(i18n.language()).address,
    }
    document = _template()
    for name, content in (trusted | {name: escape(text) for name, text in plain.items()}).items():
        document = document.replace("{%" + name + "%}", content)
    return document


@cache
def _template() -> str:
    return Path(__file__).with_name("document.html").read_text(encoding="utf-8")


def _said() -> dict[str, str]:
    """The few words that stand there before any script has run."""
    return {
        "lang": i18n.language(),
        "proof": proof_name(),
        "colour": THEME_COLOUR,
        "skip": t("shell.skip"),
        "language": t("shell.language"),
        "theme": t("shell.theme"),
        "account": t("shell.account"),
        "profile": t("shell.profile"),
        "log_out": t("shell.log_out"),
        "loading": t("shell.loading"),
        "no_script": t("shell.no_script"),
    }


def _languages() -> str:
    return "".join(_language(each) for each in i18n.LANGUAGES)


def _language(each: str) -> str:
    title = escape(t("shell.in_french") if each == "fr" else t("shell.in_english"))
    on = ' class="on" aria-current="true"' if each == i18n.language() else ""
    address = f"{PATH}?{urlencode({'lang': each})}"
    return f'<a href="{address}" lang="{each}" hreflang="{each}" title="{title}"{on}>{each.upper()}</a>'
