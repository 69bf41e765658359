"""A server that says what it was told to, and a client of it that has little patience."""

import pytest

from loaders.dhis2 import Basic, Client
from tests.loaders.scripted_server import HASTY, ScriptedServer


@pytest.fixture
def server():
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def client(server):
    with Client(server.url, Basic("awa", "s3cret"), HASTY) as client:
        yield client
