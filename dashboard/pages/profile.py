"""Profile: who one is here, and the tokens with which one's scripts read the same figures."""

from collections.abc import Callable
from typing import Any

import dash_bootstrap_components as dbc
from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from accounts import Person, current
from accounts.guard import address
from dashboard.i18n import day, t
from dashboard.page import Page
from ledger.audit import Audit
from ledger.tokens import Token, Tokens

PATH = "/profile"
MOST_TOKENS = 20
UnitNames = Callable[[Person], list[str]]
Shown = tuple[Any, Any, Any]


def page(tokens: Tokens, audit: Audit, unit_names: UnitNames) -> Page:
    """The profile page; `unit_names` names the units that somebody may see."""
    return Page(
        path=PATH,
        title_key="profile.title",
        layout=layout,
        register=lambda application: _register(application, Desk(tokens, audit), unit_names),
        icon="☺",
        rail=False,
    )


class Desk:
    """What somebody may do with their own tokens."""

    def __init__(self, tokens: Tokens, audit: Audit) -> None:
        self._tokens = tokens
        self._audit = audit

    def of(self, person: Person) -> list[Token]:
        """The tokens of a person that still work."""
        return self._tokens.of(person.username)

    def make(self, person: Person, name: str) -> Component:
        """Make a token and show it this once, or say why not."""
        if not name.strip():
            return dbc.Alert(t("profile.need_name"), color="warning")
        if len(self.of(person)) >= MOST_TOKENS:
            return dbc.Alert(t("profile.too_many", most=MOST_TOKENS), color="warning")
        text = self._tokens.make(person.username, name)
        self._audit.append(person.username, "token made", address(), name=name.strip()[:100])
        return dbc.Alert(
            [html.P(t("profile.copy_now")), html.Code(text, id="profile-new-token")], color="success"
        )

    def revoke(self, person: Person, number: int) -> Component | None:
        """End a token of this person; nobody else's can be named."""
        if not self._tokens.revoke(number, person.username):
            return None
        self._audit.append(person.username, "token revoked", address(), token=number)
        return dbc.Alert(t("profile.revoked"), color="success")


def layout() -> Component:
    """The page before its first answer; it names nobody."""
    making = [
        html.Label(t("profile.token_name"), htmlFor="profile-name"),
        dbc.Input(id="profile-name", maxLength=100, autoComplete="off"),
        dbc.Button(t("profile.make"), id="profile-make", className="button primary", n_clicks=0),
    ]
    return html.Div(
        [
            html.H1(t("profile.title")),
            html.Section([html.H2(t("profile.you")), html.Dl(id="profile-person")], className="panel"),
            html.Section(
                [
                    html.H2(t("profile.tokens")),
                    html.P(t("profile.tokens_text")),
                    html.Div(making, className="field"),
                    html.Div(id="profile-said", role="status"),
                    html.Div(id="profile-tokens"),
                ],
                className="panel",
            ),
        ],
        className="profile",
    )


def _register(application: Dash, desk: Desk, unit_names: UnitNames) -> None:
    @application.callback(
        Output("profile-person", "children"), Input("address", "pathname"), State("address", "search")
    )
    def show_person(path: str | None, _search: str | None) -> Any:
        return _person(_somebody(), unit_names) if path == PATH else no_update

    @application.callback(
        Output("profile-said", "children"),
        Output("profile-tokens", "children"),
        Output("profile-name", "value"),
        Input("profile-make", "n_clicks"),
        Input({"kind": "profile-revoke", "token": ALL}, "n_clicks"),
        State("profile-name", "value"),
    )
    def act(_made: int | None, _revoked: list[int | None], name: str | None) -> Shown:
        person, asked = _somebody(), ctx.triggered_id
        said: Any = None
        if asked == "profile-make" and _made:
            said = desk.make(person, str(name or ""))
        elif isinstance(asked, dict) and any(_revoked):
            said = desk.revoke(person, _number(asked))
        return said, _table(desk.of(person)), "" if said else no_update


def _somebody() -> Person:
    person = current()
    if person is None:  # the guard stands before every callback
        raise PreventUpdate
    return person


def _number(asked: dict[str, Any]) -> int:
    token = asked.get("token")
    return token if isinstance(token, int) else 0


def _person(person: Person, unit_names: UnitNames) -> list[Component]:
    return [
        html.Dt(t("profile.account")),
        html.Dd(f"{person.name} ({person.username})"),
        html.Dt(t("profile.units")),
        html.Dd(", ".join(unit_names(person)) or "–"),
    ]


def _table(tokens: list[Token]) -> Component:
    if not tokens:
        return html.P(t("profile.none"), className="muted")
    names = t("profile.name"), t("profile.begins"), t("profile.made"), t("profile.ends"), t("profile.used")
    head = html.Tr([*(html.Th(name, scope="col") for name in names), html.Th()])
    return html.Table([html.Thead(head), html.Tbody([_row(token) for token in tokens])], className="table")


def _row(token: Token) -> Component:
    used = day(token.used_at) if token.used_at else t("profile.never")
    cells = (token.name, html.Code(f"{token.shown}…"), day(token.made_at), day(token.ends_at), used)
    revoke = dbc.Button(
        t("profile.revoke"), id={"kind": "profile-revoke", "token": token.id}, className="button", n_clicks=0
    )
    return html.Tr([*(html.Td(cell) for cell in cells), html.Td(revoke)])
