"""What the environment says, and what is wrong with it."""

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Variable = Mapping[str, Any]  # the metadata of a field of Settings: name, read, default, meaning, secret


def given_text(environment: Mapping[str, str], of: Variable) -> str:
    """What the environment says for one variable; a secret may come from the file that `NAME_FILE` names."""
    name = of["name"]
    path = environment.get(f"{name}_FILE", "").strip() if of["secret"] else ""
    text = environment.get(name, "").strip()
    if not path:
        return text
    if text:
        raise ValueError(f"{name}_FILE is set too: keep one of the two")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise ValueError(f"the file of {name}_FILE, {path}, cannot be read ({reason})") from None


def refusal(environment: Mapping[str, str], of: Variable, problem: ValueError) -> str:
    """One line that names the variable, what was given and what to write instead."""
    text = environment.get(of["name"], "").strip()
    shown = "(hidden)" if of["secret"] else repr(re.sub(r"//[^/@]*@", "//(hidden)@", text))
    return f"{of['name']} is {shown}: {problem}."


def unknown_names(environment: Mapping[str, str], variables: Iterable[Variable]) -> list[str]:
    """A line for each `TANDEM_…` name that is no setting: a misspelled one would be ignored in silence."""
    known = []
    for each in variables:
        known += [each["name"], f"{each['name']}_FILE"] if each["secret"] else [each["name"]]
    lines = []
    for name in sorted(set(environment) - set(known)):
        if name.startswith("TANDEM_"):
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}" if near else "docs/settings.md lists those there are"
            lines.append(f"{name} is no setting: {hint}.")
    return lines


def credential_problems(environment: Mapping[str, str]) -> list[str]:
    """What is wrong with the way the account of a DHIS2 of one's own is given."""

    def given(name: str) -> bool:
        return bool(environment.get(name, "").strip() or environment.get(f"{name}_FILE", "").strip())

    token, user, password = (given(f"TANDEM_DHIS2_{name}") for name in ("TOKEN", "USER", "PASSWORD"))
    if token and (user or password):
        return ["TANDEM_DHIS2_TOKEN is set beside TANDEM_DHIS2_USER or _PASSWORD: keep the token alone."]
    if user != password:
        missing, present = ("PASSWORD", "USER") if user else ("USER", "PASSWORD")
        problem = f"TANDEM_DHIS2_{missing} is not set, but TANDEM_DHIS2_{present} is"
        return [f"{problem}: set both, or TANDEM_DHIS2_TOKEN alone."]
    if given("TANDEM_DHIS2_URL") and not (token or user):
        account = "set the token of an account that may read the data, or TANDEM_DHIS2_USER and _PASSWORD"
        return [f"TANDEM_DHIS2_TOKEN is not set, but TANDEM_DHIS2_URL is: {account}."]
    return []


def certificate_problems(environment: Mapping[str, str]) -> list[str]:
    """What is wrong with the way a certificate and its key are given: one without the other."""
    cert, key = (environment.get(f"TANDEM_TLS_{name}", "").strip() for name in ("CERT", "KEY"))
    if bool(cert) == bool(key):
        return []
    missing, present = ("KEY", "CERT") if cert else ("CERT", "KEY")
    return [f"TANDEM_TLS_{missing} is not set, but TANDEM_TLS_{present} is: set both, or neither."]
