"""How many requests the client dares to have under way."""

import threading

from loaders.dhis2 import Client, Limits
from loaders.throttle import Throttle
from tests.loaders.scripted_server import Reply, ScriptedServer, as_json


def answers(throttle, seconds, times):
    for _ in range(times):
        throttle.answered(seconds)


def test_a_slow_server_gets_half_as_many_requests_and_at_last_one_at_a_time():
    throttle = Throttle(8, slow=10)
    answers(throttle, 12, 1)
    assert throttle.width == 4
    answers(throttle, 12, 5)
    assert throttle.width == 1


def test_a_single_slow_answer_among_many_quick_ones_changes_nothing():
    throttle = Throttle(8, slow=10)
    answers(throttle, 1, 20)
    answers(throttle, 12, 1)
    assert throttle.width == 8


def test_an_overloaded_server_gets_half_as_many_at_once():
    throttle = Throttle(8)
    throttle.strained()
    assert throttle.width == 4


def test_quick_answers_bring_the_number_back_step_by_step_and_no_further():
    throttle = Throttle(4)
    throttle.strained()
    answers(throttle, 0.1, 4)
    assert throttle.width == 3
    answers(throttle, 0.1, 100)
    assert throttle.width == 4


def test_who_waits_gets_a_turn_when_the_gate_widens():
    throttle = Throttle(2)
    throttle.strained()
    entered = threading.Event()

    def wait_for_a_turn():
        with throttle.turn():
            entered.set()

    with throttle.turn():
        waiting = threading.Thread(target=wait_for_a_turn)
        waiting.start()
        assert not entered.wait(0.05)
        answers(throttle, 0.1, 2)
        assert entered.wait(5)
    waiting.join(5)


def test_a_server_that_complains_is_asked_less_at_a_time():
    server = ScriptedServer()
    server.on("/api/me", Reply(b"", 503), as_json({"id": "a", "username": "a"}))
    with Client(server.url, None, Limits(parallel=4, backoff=0.001)) as client:
        client.me()
        assert client.throttle.width == 2
    server.close()
