"""The desk's words: the part of the catalogues that its scripts speak with, as one file a language.

The desk has no server to ask while there is no network, so each language travels whole and is kept with it.
"""

import json
from functools import cache

from dashboard import i18n
from dashboard.bundle import Bundle

SPOKEN = ("store.", "shell.")
GIVEN_TO = "window.tandemWords="


@cache
def words(language: str) -> Bundle:
    """Every text of the desk in a language, by its key: one form, or singular and plural."""
    texts = {
        key: forms[0] if len(forms) == 1 else list(forms)
        for key, forms in i18n.catalogue(language).items()
        if key.startswith(SPOKEN)
    }
    told = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    return Bundle(f"/assets/store-words-{language}.js", "application/javascript", f"{GIVEN_TO}{told};\n")
