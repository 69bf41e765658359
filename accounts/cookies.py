"""The cookies of an installation. Cookies know no port, so at a port of its own their names carry it.

Two installations on one host would otherwise take each other's: who logs in to one would leave the other.
The port is the one that the browser asks for, whatever the server listens on behind a proxy or a container.
"""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask, has_request_context, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response

SESSION, FORM, PROOF = "tandem", "tandem_form", "_csrf_token"
PORT = re.compile(r":([0-9]{1,5})$")
USUAL_PORTS = ("80", "443", "8050")


def named(name: str) -> str:
    """What a cookie is called at the address that is asked for: `tandem`, and `tandem-8060` at port 8060."""
    found = PORT.search(request.host) if has_request_context() else None
    return name if found is None or found[1] in USUAL_PORTS else f"{name}-{found[1]}"


def proof_name() -> str:
    """The readable cookie whose token our own scripts send back with every callback."""
    return named(PROOF)


@dataclass(frozen=True)
class Cookie:
    """The cookie that holds a session's secret. Under https its name binds it to this host alone."""

    secure: bool
    seconds: int

    @property
    def name(self) -> str:
        """Browsers refuse `__Host-` cookies that another host or path tries to plant."""
        return named(f"__Host-{SESSION}" if self.secure else SESSION)

    def hand_over(self, response: Response, secret: str) -> None:
        """Give the browser the secret of its session."""
        limits: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": self.secure, "path": "/"}
        response.set_cookie(self.name, secret, max_age=self.seconds, **limits)

    def take_back(self, response: Response) -> None:
        """Make the browser forget it."""
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="Lax")


class FormSessions(SecureCookieSessionInterface):
    """Flask's own session, which holds what forms are proved with, under a name of the port as well."""

    def get_cookie_name(self, app: Flask) -> str:
        """Its name at the address that is asked for."""
        return named(str(app.config["SESSION_COOKIE_NAME"]))
