"""Our own scripts and styles as they travel: one file of each, named by what is in it, packed once.

Each file under `assets/` is about one thing; a browser on a slow link would ask for them one by one. The
first sheets are also written into the page itself, so that its first words need no other answer.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parent.parent / "assets"
HEAD_ASSETS = "head"  # written into the page, ahead of everything
DESK_ASSETS = "store"  # loaded by the stores' desk alone
DESK_SHARES = ("1-tokens.css", "2-shell.css", "3-parts.css", "0-elements.js")
FIRST_SHEETS = ("1-tokens.css", "2-shell.css", "3-parts.css", "4-compare.css")


@dataclass(frozen=True)
class Bundle:
    """Several files as one.

    Attributes:
        path: where it is served, without its version.
        kind: its MIME type.
        text: the files one after the other, in the order of their names.
    """

    path: str
    kind: str
    text: str
    packed: dict[str, bytes] = field(default_factory=dict, compare=False)

    @property
    def version(self) -> str:
        """A short hash of the content."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    @property
    def address(self) -> str:
        """Where browsers find exactly this content, and may keep it."""
        return f"{self.path}?v={self.version}"


def _files(kind: str) -> list[Path]:
    apart = {HEAD_ASSETS, DESK_ASSETS}
    found = (path for path in ASSETS.rglob(f"*.{kind}") if not apart & {*path.parts})
    return sorted(found, key=lambda path: str(path.relative_to(ASSETS)))


def _joined(files: Iterable[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@cache
def scripts() -> Bundle:
    """All our scripts."""
    return Bundle("/assets/tandem.js", "application/javascript", _joined(_files("js")))


@cache
def sheets() -> Bundle:
    """All our styles."""
    return Bundle("/assets/tandem.css", "text/css", tight(_joined(_files("css"))))


@cache
def desk_scripts() -> Bundle:
    """The scripts of the stores' desk, with the few of the other pages' that it uses."""
    return Bundle("/assets/store.js", "application/javascript", _joined(_desk_files("js")))


@cache
def desk_sheets() -> Bundle:
    """The styles of the stores' desk."""
    return Bundle("/assets/store.css", "text/css", tight(_joined(_desk_files("css"))))


def _desk_files(kind: str) -> list[Path]:
    shared = [path for path in _files(kind) if path.name in DESK_SHARES]
    return shared + sorted((ASSETS / DESK_ASSETS).glob(f"[0-9]*.{kind}"))


@cache
def first_sheets() -> str:
    """The styles of what is seen first, for the page itself."""
    return tight(_joined(path for path in _files("css") if path.name in FIRST_SHEETS))


@cache
def head_script() -> str:
    """The script that has to run before the first paint, for the page itself."""
    return _joined(sorted((ASSETS / HEAD_ASSETS).glob("*.js")))


def tight(styles: str) -> str:
    """A style sheet without its comments and the white space that means nothing."""
    styles = re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)
    styles = re.sub(r"\s+", " ", styles)
    return re.sub(r" ?([{};]) ?", r"\1", styles).strip()
