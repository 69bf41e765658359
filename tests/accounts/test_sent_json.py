"""What is taken for JSON of a request's body."""

import pytest
from flask import Flask

from accounts.guard import sent_json


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('{"unit": "Zo\\u00eb \\ud83d\\ude00"}', {"unit": "Zoë \U0001f600"}),
        ('{"unit": "\\ud800"}', None),
        ('{"\\uDFFF": 1}', None),
        ('["\\\\ud800"]', ["\\ud800"]),
        ("[" * 100_000, None),
        ("", None),
        (b"\xff\xff", None),
    ],
)
def test_only_what_can_be_written_down_again_is_taken(body, found):
    with Flask("any").test_request_context(method="POST", data=body):
        assert sent_json() == found
