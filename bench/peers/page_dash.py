"""The page in plain Dash, with its defaults: `python page_dash.py FIGURES PORT`.

What a first version is like: a heading, two charts, a table of the places below, and one callback.
"""

import json
import sys
from pathlib import Path
from typing import Any

from dash import ALL, Dash, Input, Output, ctx, dcc, html

PLACES: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
TOP = next(iter(PLACES))

app = Dash(__name__)


def chart(place: dict[str, Any], side: str) -> dict[str, Any]:
    """A figure of one side."""
    return {"data": [{"x": place["months"], "y": place[side], "name": side}]}


def rows(place: dict[str, Any]) -> list[html.Tr]:
    """The places below, each with a button that leads there."""
    return [
        html.Tr(
            [
                html.Td(html.Button(row["name"], id={"place": row["id"]}, className="below")),
                html.Td(row["services"]),
                html.Td(row["commodities"]),
            ]
        )
        for row in place["below"]
    ]


app.layout = html.Div(
    [
        html.H1(PLACES[TOP]["name"], id="name"),
        dcc.Graph(id="services", figure=chart(PLACES[TOP], "services")),
        dcc.Graph(id="commodities", figure=chart(PLACES[TOP], "commodities")),
        html.Table(html.Tbody(rows(PLACES[TOP]), id="rows")),
    ]
)


@app.callback(
    Output("name", "children"),
    Output("services", "figure"),
    Output("commodities", "figure"),
    Output("rows", "children"),
    Input({"place": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def drill(_: list[int | None]) -> tuple[str, dict[str, Any], dict[str, Any], list[html.Tr]]:
    """Goes to the place that was clicked."""
    place = PLACES[ctx.triggered_id["place"]]
    return place["name"], chart(place, "services"), chart(place, "commodities"), rows(place)


app.run(port=int(sys.argv[2]))
