"""JSON that is written already goes out as it was written: Dash would read and write all of it anew."""

from secrets import token_hex

from flask import Flask, Response, g


def placed(text: str) -> str:
    """A mark to give back from a callback; in the answer to this request JSON takes its place.

    Args:
        text: JSON, as it is to be sent.
    """
    mark = f"written-{token_hex(12)}"
    g.setdefault("written", {})[mark] = text
    return mark


def fill(response: Response) -> Response:
    """An `after_request` hook: JSON in the place of each mark."""
    texts: dict[str, str] = g.pop("written", {})
    if texts and response.mimetype == "application/json":
        body = response.get_data(as_text=True)
        for mark, text in texts.items():
            body = body.replace(f'"{mark}"', text, 1)
        response.set_data(body)
    return response


def install(server: Flask) -> None:
    """Fill before anything is packed: to be called after all others that look at answers."""
    server.after_request(fill)
