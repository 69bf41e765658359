"""The log-in page and the log-out: plain HTML that needs no script."""

import logging
from collections.abc import Callable, Sequence
from html import escape
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, make_response, redirect, request, session
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from accounts import Person, current
from accounts.access import Access
from accounts.cookies import Cookie
from accounts.guard import address
from accounts.refusals import NobodyToAskError, TooManyFailuresError, WrongPasswordError
from countries import Country
from dashboard import i18n
from dashboard.application import YEAR, document
from dashboard.i18n import t, tn

LONGEST_NAME = 255
LONGEST_PASSWORD = 1000
NONE_ASKED = "/"
log = logging.getLogger(__name__)
FirstPage = Callable[[Person], str]

MARKS = '<i class="mark-services"></i><i class="mark-commodities"></i>'
NO_PAGES = ("/login", "/logout", "/_", "/api/", "/assets/")


def install(server: Flask, access: Access, cookie: Cookie, country: Country, begins: FirstPage) -> None:
    """Add `/login` and `/logout` to the server.

    Args:
        server: the Flask application, its guard installed.
        access: knows who is signed in.
        cookie: that of the session.
        country: whose figures one will see; the log-in page says so.
        begins: the page at which a person begins who asked for none.
    """
    server.add_url_rule("/login", "login", _ask(country, begins), methods=["GET"])
    server.add_url_rule("/login", "log_in", _log_in(access, cookie, country, begins), methods=["POST"])
    server.add_url_rule("/logout", "log_out", _log_out(access, cookie), methods=["POST"])


def _ask(country: Country, begins: FirstPage) -> Callable[[], AnyResponse]:
    def ask() -> AnyResponse:
        person = current()
        return redirect(_led_to(person, begins), 303) if person else _page(country)

    return ask


def _led_to(person: Person | None, begins: FirstPage) -> str:
    """The page that was asked for; a person who asked for none begins at the own first one."""
    asked = wanted_page()
    return begins(person) if person and asked == NONE_ASKED else asked


def _log_in(access: Access, cookie: Cookie, country: Country, begins: FirstPage) -> Callable[[], AnyResponse]:
    def log_in() -> AnyResponse:
        username = request.form.get("username", "").strip()[:LONGEST_NAME]
        password = request.form.get("password", "")[:LONGEST_PASSWORD]
        if not username or not password:
            return _page(country, t("login.incomplete"), status=400)
        try:
            secret = access.sign_in(username, password, address())
        except TooManyFailuresError as refusal:
            minutes = -(-refusal.seconds // 60)
            response = _page(country, tn("login.wait", minutes), status=429)
            response.headers["Retry-After"] = str(refusal.seconds)
            return response
        except WrongPasswordError:
            return _page(country, t("login.wrong"), status=401)
        except NobodyToAskError as problem:
            log.warning("Nobody can log in: %s", problem)
            return _page(country, t("login.no_dhis2"), status=503)
        return _welcome(access, cookie, secret, begins)

    return log_in


def _welcome(access: Access, cookie: Cookie, secret: str, begins: FirstPage) -> AnyResponse:
    """Hand over the new session. Whatever the browser held before ends here, a planted session included."""
    before = request.cookies.get(cookie.name, "")
    if before:
        access.sign_out(before, address())
    session.clear()
    person = access.by_session(secret)
    response = redirect(_led_to(person, begins), 303)
    cookie.hand_over(response, secret)
    _greet(response, person)
    return response


def _greet(response: AnyResponse, person: Person | None) -> None:
    """Speak the language that the person uses in DHIS2, unless this browser has chosen one already."""
    chosen = i18n.COOKIE in request.cookies or "lang=" in wanted_page()
    if person and not chosen and person.language[:2] in i18n.LANGUAGES:
        response.set_cookie(i18n.COOKIE, person.language[:2], max_age=YEAR, samesite="Lax", httponly=True)


def _log_out(access: Access, cookie: Cookie) -> Callable[[], AnyResponse]:
    def log_out() -> AnyResponse:
        access.sign_out(request.cookies.get(cookie.name, ""), address())
        session.clear()
        response = redirect("/login", 303)
        cookie.take_back(response)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return log_out


def wanted_page() -> str:
    """The page that was asked for before the log-in: a path of ours, never another host."""
    asked = request.values.get("next", NONE_ASKED)
    try:
        parts = urlsplit(asked.replace("\\", "/"))
    except ValueError:  # "//[" begins an address that is none
        return NONE_ASKED
    foreign = parts.scheme or parts.netloc or not asked.startswith("/") or asked.startswith(("//", "/\\"))
    return NONE_ASKED if foreign or not asked.isprintable() or parts.path.startswith(NO_PAGES) else asked


def _page(country: Country, problem: str = "", status: int = 200) -> Response:
    notice = f'<p class="notice warning" role="alert">{escape(problem)}</p>' if problem else ""
    wanted = wanted_page()
    body = (
        f'<div class="login panel">{_heading(country)}{notice}'
        f'<form method="post" action="/login">{_hidden("csrf_token", generate_csrf())}'
        + _hidden("next", wanted)
        + _field("username", t("login.username"), 'type="text" autocomplete="username" autocapitalize="none"')
        + _field("password", t("login.password"), 'type="password" autocomplete="current-password"')
        + f'<button type="submit" class="button primary">{escape(t("login.log_in"))}</button></form>'
        f'<p class="muted">{escape(t("login.which_account"))}</p>{_languages(wanted)}</div>'
    )
    response = make_response(document(t("login.title"), body), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _heading(country: Country) -> str:
    """Which installation this is, and whose figures it shows: of invented ones, that they are invented."""
    credit = country.credit.get(i18n.language(), "")
    whose = f'<p class="notice whose">{escape(credit)}</p>' if credit else ""
    name = escape(country.name[i18n.language()])
    return (
        f'<h1 class="brand">{MARKS}Tandem<small>{name}</small></h1>'
        f'<p class="muted">{escape(t("login.promise"))}</p>{whose}'
    )


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _field(name: str, label: str, attributes: str) -> str:
    typed = escape(request.form.get(name, "")) if name == "username" else ""
    kept = f' value="{typed}"' if typed else ""
    return (
        f'<div class="field"><label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" {attributes} required{kept}></div>'
    )


def _languages(wanted: str) -> str:
    names: Sequence[tuple[str, str]] = (("fr", "Français"), ("en", "English"))
    links = (
        f'<b lang="{each}">{name}</b>'
        if each == i18n.language()
        else f'<a href="/login?{escape(urlencode({"next": wanted, "lang": each}))}" lang="{each}">{name}</a>'
        for each, name in names
    )
    return f'<nav aria-label="{escape(t("shell.language"))}" class="languages">{" ".join(links)}</nav>'
