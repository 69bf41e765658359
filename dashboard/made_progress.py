"""How far something is that the worker makes for whoever asked; assets/behaviour/5-making.js fills it."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import t

TEXTS = ("waiting", "making", "ready", "failed", "cancelled", "close", "cancel")


def made_progress(name: str, fetch: str, said: Mapping[str, str]) -> Component:
    """The box with its bar: it stays in sight while one goes on reading, and calls off what is not ready.

    Args:
        name: the box's id; its parts are called after it.
        fetch: the words of the link to what was made.
        said: the words for each of `TEXTS`.
    """
    link = {"href": "#", "className": "btn button primary", "hidden": True}
    return html.Div(
        [
            html.P(id=f"{name}-text", role="status"),
            html.Progress(id=f"{name}-bar", max="1", value="0", **{"aria-labelledby": f"{name}-text"}),
            html.A(fetch, id=f"{name}-file", **link),
            html.Button(said["cancel"], type="button", id=f"{name}-end", className="button"),
            *(html.Span(said[each], hidden=True, **{"data-making": each}) for each in TEXTS),
            html.Span(t("making.step"), hidden=True, **{"data-making": "step"}),
        ],
        id=name,
        className="brief no-print",
        hidden=True,
    )
