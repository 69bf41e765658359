"""The headers that every answer carries: what a browser may load, run, embed and keep."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, Response, request

HSTS_SECONDS = 365 * 24 * 3600
STATIC_PATHS = ("/assets/", "/_dash-component-suites/")
DOCUMENTS = ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml")
NOT_MODIFIED = 304
# Whatever takes an answer of figures for a document may load nothing and stand in no frame.
NO_DOCUMENT = "default-src 'none'; frame-ancestors 'none'"
# A worker obeys the policy that came with its own script. The one that reads codes is the only place of all
# where WebAssembly may run; it sees pictures of the camera, and asks nobody but our own server.
WORKERS = {
    "/sw.js": "default-src 'none'; connect-src 'self'",
    "/reader.js": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
}
WITH_CAMERA = "/store"
"""The one page where a camera may be asked for: it reads codes on packs."""


@dataclass(frozen=True)
class Policy:
    """What the headers depend on.

    Attributes:
        script_hashes: the hashes of Dash's own inline scripts (`app.csp_hashes()`).
        https: whether people come by https; then browsers are told to come by nothing else.
    """

    script_hashes: tuple[str, ...]
    https: bool

    def content_security(self) -> str:
        """No script but our own and Dash's hashed ones, no eval, nothing from any other host.

        Styles have to be inline in places: plotly sets them on each element it draws.
        """
        scripts = " ".join(("'self'", *(f"'{each.strip(chr(39))}'" for each in self.script_hashes)))
        rules = {
            "default-src": "'none'",
            "script-src": scripts,
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data: blob:",
            "font-src": "'self' data:",
            "connect-src": "'self'",
            "manifest-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "object-src": "'none'",
            "frame-ancestors": "'self'",
        }
        return "; ".join(f"{name} {value}" for name, value in rules.items())

    def of_documents(self) -> dict[str, str]:
        """What goes with pages, by name."""
        return self.of_the_rest() | {
            "Content-Security-Policy": self.content_security(),
            # Callbacks learn the page's language and address from the Referer, so it must reach our own host.
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": permissions(),
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    def of_the_rest(self) -> dict[str, str]:
        """What goes with figures, scripts and files, which no browser runs as a page: few bytes."""
        fixed = {
            "Content-Security-Policy": NO_DOCUMENT,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        hsts = {"Strict-Transport-Security": f"max-age={HSTS_SECONDS}; includeSubDomains"}
        return {**fixed, **(hsts if self.https else {})}


def permissions(camera: str = "()") -> str:
    """What pages may ask a device for: nothing, but for the camera where codes are scanned."""
    return f"camera={camera}, geolocation=(), microphone=(), payment=(), usb=()"


def install(server: Flask, script_hashes: Iterable[str], https: bool) -> None:
    """Send the headers with every answer; to be called after the last callback was registered.

    "Not changed" goes out without them: the browser has them with the answer that it kept.
    """
    policy = Policy(tuple(script_hashes), https)
    of_documents, of_the_rest = policy.of_documents(), policy.of_the_rest()

    def send(response: Response) -> Response:
        if response.status_code != NOT_MODIFIED:
            response.headers.update(of_documents if response.mimetype in DOCUMENTS else of_the_rest)
            if request.path == WITH_CAMERA:
                response.headers["Permissions-Policy"] = permissions("(self)")
            if request.path in WORKERS:
                response.headers["Content-Security-Policy"] = WORKERS[request.path]
        if not request.path.startswith(STATIC_PATHS) and "Cache-Control" not in response.headers:
            page = response.mimetype == "text/html"
            response.headers["Cache-Control"] = "private, no-cache" if page else "no-store"
        return response

    server.after_request(send)
