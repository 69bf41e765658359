"""What a page of the dashboard is: an address, a title, a layout and its callbacks."""

from collections.abc import Callable
from dataclasses import dataclass

from dash import Dash
from dash.development.base_component import Component


@dataclass(frozen=True)
class First:
    """What of a page the first answer holds as plain HTML, to be read before any script has come.

    Attributes:
        main: the page's part; empty where the page has nothing to say before its callbacks answer.
        controls: the top bar's part.
        choices: what is chosen in it, in a few words; a narrow window has room for no more.
    """

    main: str = ""
    controls: str = ""
    choices: str = ""


def nothing() -> list[Component]:
    """The controls of a page that has none in the top bar."""
    return []


def to_everybody() -> bool:
    """A page that the rail lists whoever looks."""
    return True


@dataclass(frozen=True)
class Page:
    """One page, built by its module's ``page(...)`` from the parts it needs; `create_dash` is given them all.

    Attributes:
        path: its address (``/data``); the page at ``/`` is the first one after log-in.
        title_key: the catalogue's key of its name, in the rail and in the browser's tab.
        layout: what it shows before its callbacks have answered; called in a request, in the reader's
            language, and without figures or names of people, because browsers keep it.
        register: adds its callbacks to the application.
        first: what can be read of it at once; called in the request for the document.
        controls: what it puts into the top bar (place, period, ...).
        icon: one character that stands before its name in the rail.
        rail: whether the left rail lists it.
        offered: whether the rail lists it for whoever asks; called in a request.
        apart: whether it is a document of its own, to which a link loads the browser anew.
    """

    path: str
    title_key: str
    layout: Callable[[], Component]
    register: Callable[[Dash], None]
    controls: Callable[[], list[Component]] = nothing
    first: Callable[[], First] = First
    icon: str = "·"
    rail: bool = True
    offered: Callable[[], bool] = to_everybody
    apart: bool = False
