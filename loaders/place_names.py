"""Places of two systems that bear the same name but for its spelling, within places already matched.

Names are only compared below the same parent: a country has many "PS 1". What is found is a suggestion. It
may be taken by itself only where a country says so, and never where two places have the name: a wrong match
mixes the figures of two places and nobody sees it.

Source: GOFR, the facility reconciliation of iHRIS (match below matched parents, by name, one to one).
"""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

COLUMNS = ["left", "right", "unambiguous", "automatic"]


def normalised(name: str) -> str:
    """A name without accents, capitals, punctuation and doubled spaces; dots join what they part.

    >>> normalised("C.S.  Kadiolo"), normalised("San-Pédro"), normalised("SAN PEDRO")
    ('cs kadiolo', 'san pedro', 'san pedro')
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]|_", " ", re.sub(r"[.'’]", "", letters)).split())


def suggestions(left: pd.DataFrame, right: pd.DataFrame, *, automatic: bool = False) -> pd.DataFrame:
    """Pairs of places below one parent whose normalised names are equal.

    Args:
        left: `id, name, parent` of one system.
        right: the same of the other, parents as the first system names them.
        automatic: whether the country lets a pair be taken that nobody looked at.

    Returns:
        `left, right, unambiguous, automatic`: ids; whether neither place has another partner; whether the
        pair may be taken by itself.

    >>> left = pd.DataFrame([["a", "C.S. Kadiolo", "d"]], columns=["id", "name", "parent"])
    >>> right = pd.DataFrame([["x", "CS Kadiolo", "d"]], columns=["id", "name", "parent"])
    >>> suggestions(left, right).values.tolist()
    [['a', 'x', True, False]]
    """
    keyed = [side.assign(key=[normalised(name) for name in side["name"]]) for side in (left, right)]
    named = [side[side["key"] != ""] for side in keyed]
    pairs = named[0].merge(named[1], on=["key", "parent"], suffixes=("_left", "_right"))
    found = pd.DataFrame({"left": pairs["id_left"], "right": pairs["id_right"]})
    alone = ~(found["left"].duplicated(keep=False) | found["right"].duplicated(keep=False))
    return found.assign(unambiguous=alone, automatic=alone & automatic)[COLUMNS]
