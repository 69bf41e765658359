"""Requests that the pages' callbacks would send, made from what the application registered."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dash import Dash

Values = Mapping[str, Any]


def on_the_server(dash: Dash) -> list[str]:
    """Every callback that the server answers, by its output."""
    return [output for output, asked in dash.callback_map.items() if "callback" in asked]


def request_for(dash: Dash, output: str, values: Values) -> dict[str, Any]:
    """The body that the renderer would send.

    Args:
        dash: the application.
        output: the callback, as `on_the_server` names it.
        values: "id.property" to value; whatever is not there is null. Of a pattern's members one is sent.
    """
    asked = dash.callback_map[output]
    inputs = [_part(each, values) for each in asked["inputs"]]
    return {
        "output": output,
        "outputs": _outputs(output),
        "inputs": inputs,
        "state": [_part(each, values) for each in asked["state"]],
        "changedPropIds": [_changed(inputs[0])],
    }


def _outputs(output: str) -> Any:
    names = [name for name in output.strip(".").split("...") if name]
    each = [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in names]
    return each if output.startswith("..") else each[0]


def _part(wanted: Mapping[str, str], values: Values) -> Any:
    name, prop = wanted["id"], wanted["property"]
    if name.startswith("{"):
        member = {key: 1 if isinstance(value, list) else value for key, value in json.loads(name).items()}
        return [{"id": member, "property": prop, "value": values.get(f"{name}.{prop}")}]
    return {"id": name, "property": prop, "value": values.get(f"{name}.{prop}")}


def _changed(part: Any) -> str:
    one = part[0] if isinstance(part, list) else part
    name = json.dumps(one["id"], separators=(",", ":")) if isinstance(one["id"], dict) else one["id"]
    return f"{name}.{one['property']}"


def texts(body: Any) -> Iterator[str]:
    """Every text in an answer, keys included."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict):
        for key, value in body.items():
            yield str(key)
            yield from texts(value)
    elif isinstance(body, list):
        for value in body:
            yield from texts(value)
