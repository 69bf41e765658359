"""How scripts, styles and answers reach the browser: small, and never twice.

A mobile link of 400 kbit/s is what a district has. So plotly.js is answered with its basic bundle, and every
script of Dash with the file that `scripts/frontend.py` has compressed beforehand; our own assets are
compressed once for each version of theirs, and answers made on the spot quickly. What is named by its version
is kept by the browser for a year; of the rest it asks each time whether it changed, and hears 304.
"""

import gzip
import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path

import brotli
from dash.fingerprint import build_fingerprint, check_fingerprint
from flask import Flask, Response, request

from dashboard import bundle
from dashboard.bundle import Bundle
from dashboard.reader import READER
from dashboard.store import files

SUITES = "/_dash-component-suites/"
ASSETS = "/assets/"
BOOTSTRAP = (
    "/assets/bootstrap-5.3.8.min.css"  # the styles of dash-bootstrap-components, packed without its reset
)
ICON = "/_favicon.ico"  # Dash adds its version to the address
BUILT = Path(__file__).parent.parent / "build" / "frontend"
ENCODINGS = {"br": ".br", "gzip": ".gz"}
WORTH_COMPRESSING = 500  # bytes; below, the header costs what the body saves
COMPRESSIBLE = {
    "application/javascript",
    "application/json",
    "application/problem+json",
    "application/manifest+json",
    "image/svg+xml",
}
KINDS = {".css": "text/css", ".wasm": "application/wasm"}
YEAR = 31_536_000
CHARTED = {"/"}  # pages that draw charts at once
CHART_LIBRARY = "plotly/package_data/plotly.min.js"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Built:
    """The packed scripts and styles: which there are, by their path, and in which folder."""

    folder: Path
    files: frozenset[str] = frozenset()

    @classmethod
    def read(cls, folder: Path) -> "Built":
        """What lies in `folder`; nothing when it was made for another Dash or plotly."""
        try:
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            what = "%s is missing, so pages load slowly and lack Bootstrap's styles: run ./run --prepare."
            log.warning(what, folder)
            return cls(folder)
        stale = [name for name, made in manifest["versions"].items() if version(name) != made]
        if stale:
            log.warning("%s was made for another version of %s: run ./run --prepare.", folder, stale[0])
            return cls(folder)
        return cls(folder, frozenset(manifest["files"]))

    @cached_property
    def tags(self) -> Mapping[str, str]:
        """A short hash of each file's content, for its ETag."""
        return {
            each: hashlib.sha256((self.folder / each).read_bytes()).hexdigest()[:16] for each in self.files
        }

    def response(self, path: str) -> Response | None:
        """The packed file at `path`, in the best encoding that the browser takes; None for any other."""
        named, fingerprinted = check_fingerprint(path)
        if named not in self.files:
            return None
        encoding = best_encoding()
        source = self.folder / (named + ENCODINGS.get(encoding, ""))
        kind = KINDS.get(Path(named).suffix, "application/javascript")
        answer = Response(source.read_bytes(), mimetype=kind)
        if encoding:
            answer.headers["Content-Encoding"] = encoding
        answer.vary.add("Accept-Encoding")
        answer.set_etag(self.tags[named], weak=True)
        keep(answer, for_long=fingerprinted or f"/{named}".startswith((BOOTSTRAP, READER)))
        return answer.make_conditional(request)


@dataclass
class Compressor:
    """Compresses answers; remembers those that were made from a file, by path and version."""

    kept: dict[tuple[str, str, str], bytes] = field(default_factory=dict)

    def __call__(self, response: Response) -> Response:
        """An `after_request` hook."""
        told = response.cache_control.public  # by what was packed
        if request.path.startswith((ASSETS, ICON)) and response.status_code in (200, 304) and not told:
            keep(response, for_long=bool({"m", "v"} & {*request.args}))
        encoding = best_encoding()
        if not self.worth(response):
            return response
        response.vary.add("Accept-Encoding")
        tag = response.get_etag()[0]
        if tag:  # the same content in any encoding: a strong tag would make browsers load it again
            response.set_etag(tag, weak=True)
        if encoding:
            response.set_data(self.compressed(response, encoding, tag))
            response.headers["Content-Encoding"] = encoding
        return response

    @staticmethod
    def worth(response: Response) -> bool:
        """Whether an answer has a text of some length that is not compressed yet; streams are left alone."""
        if response.status_code != 200 or "Content-Encoding" in response.headers:
            return False
        if not (response.mimetype.startswith("text/") or response.mimetype in COMPRESSIBLE):
            return False
        streamed = response.is_streamed and not response.direct_passthrough
        return not streamed and (response.content_length or 0) >= WORTH_COMPRESSING

    def compressed(self, response: Response, encoding: str, tag: str | None) -> bytes:
        """The body in `encoding`: as small as can be for a file, quickly for the rest."""
        from_file = response.direct_passthrough and tag is not None
        if not from_file:
            return encode(response.get_data(), encoding, thorough=False)
        key = (request.path, str(tag), encoding)
        if key not in self.kept:
            response.direct_passthrough = False
            self.kept[key] = encode(response.get_data(), encoding, thorough=True)
        response.direct_passthrough = False
        return self.kept[key]


def encode(content: bytes, encoding: str, *, thorough: bool) -> bytes:
    """`content` as brotli or gzip; `thorough` takes a hundred times longer and saves another fifth."""
    if encoding == "br":
        return brotli.compress(content, quality=11 if thorough else 5)
    return gzip.compress(content, 9 if thorough else 8, mtime=0)


def bootstrap() -> str:
    """The link to Bootstrap's styles, with the time they were packed; empty where they were not.

    They hold what our pages ask for.
    """
    packed = BUILT / BOOTSTRAP[1:]
    made = int(packed.stat().st_mtime) if packed.exists() else 0
    return f'<link rel="stylesheet" href="{BOOTSTRAP}?m={made}">' if made else ""


def bundled(joined: Bundle) -> Response:
    """One of our own bundles, in the best encoding that the browser takes."""
    encoding = best_encoding()
    if encoding not in joined.packed:
        content = joined.text.encode()
        joined.packed[encoding] = encode(content, encoding, thorough=True) if encoding else content
    answer = Response(joined.packed[encoding], mimetype=joined.kind)
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    answer.vary.add("Accept-Encoding")
    answer.set_etag(joined.version, weak=True)
    keep(answer, for_long=request.args.get("v") == joined.version)
    return answer.make_conditional(request)


@cache
def chart_library() -> str:
    """The address of plotly.js, with its version and the time it was packed: browsers keep it."""
    packed = BUILT / SUITES[1:] / CHART_LIBRARY
    made = int(packed.stat().st_mtime) if packed.exists() else 0
    return SUITES + build_fingerprint(CHART_LIBRARY, version("plotly").replace(".", "_"), made)


def best_encoding() -> str:
    """`br` or `gzip`, what the browser takes of them; empty when neither."""
    accepted = request.accept_encodings
    return next((each for each in ENCODINGS if accepted.quality(each) > 0), "")


def keep(response: Response, *, for_long: bool) -> None:
    """Lets browsers keep what is named by its version for a year; the rest they ask about each time.

    A name without a version may mean another file after an upgrade, and Dash's parts must fit each other.
    """
    control = response.cache_control
    control.public = True
    control.no_cache = None if for_long else True
    control.max_age = YEAR if for_long else None
    if for_long:
        control.immutable = True


def hasten(response: Response) -> Response:
    """Has the browser load the chart library beside the first scripts."""
    if request.path in CHARTED and response.status_code == 200 and response.mimetype == "text/html":
        response.headers.add("Link", f"<{chart_library()}>; rel=preload; as=script; fetchpriority=low")
    return response


def install(server: Flask, folder: Path = BUILT) -> None:
    """Serve what was packed in `folder`, and compress the rest.

    Call it after the guard was installed: what is served here has to pass it first.
    """
    built = Built.read(folder)

    own = {each.path: each for each in (bundle.scripts(), bundle.sheets(), *files.bundles())}

    @server.before_request
    def serve_built() -> Response | None:
        if request.method not in ("GET", "HEAD"):
            return None
        joined = own.get(request.path)
        return bundled(joined) if joined else built.response(request.path[1:])

    server.after_request(Compressor())
    server.after_request(hasten)
