import threading

import pytest

from loaders.behind import Behind


@pytest.fixture
def behind():
    behind = Behind(2)
    yield behind
    behind.end()


def test_pieces_are_done_in_their_order_while_the_owner_goes_on(behind):
    done, may_go_on = [], threading.Event()

    def first():
        may_go_on.wait(20)
        done.append("first")

    behind.do(first)
    behind.do(lambda: done.append("second"))
    assert done == []
    may_go_on.set()
    behind.settle()
    assert done == ["first", "second"]


def test_who_comes_with_one_too_many_waits_until_an_earlier_one_is_done(behind):
    may_go_on, came_in = threading.Event(), threading.Event()
    behind.do(lambda: may_go_on.wait(20) or None)
    behind.do(lambda: None)
    third = threading.Thread(target=lambda: (behind.do(lambda: None), came_in.set()))
    third.start()
    assert not came_in.wait(0.05)
    may_go_on.set()
    third.join(20)
    assert came_in.is_set()


def test_what_a_piece_fails_with_is_raised_once_where_one_waits_for_it(behind):
    def fail():
        raise OSError("the disk is full")

    behind.do(fail)
    with pytest.raises(OSError, match="disk is full"):
        behind.settle()
    behind.settle()


def test_at_the_end_what_is_under_way_is_finished_and_the_rest_is_not_begun():
    behind, begun, may_go_on, done = Behind(3), threading.Event(), threading.Event(), []

    def first():
        begun.set()
        may_go_on.wait(20)
        done.append("first")

    behind.do(first)
    behind.do(lambda: done.append("second"))
    begun.wait(20)
    end = threading.Thread(target=behind.end)
    end.start()
    while not behind._begun[1].cancelled():
        threading.Event().wait(0.001)
    may_go_on.set()
    end.join(20)
    assert done == ["first"]
