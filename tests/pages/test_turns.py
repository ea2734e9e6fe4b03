"""One run at a time, and nobody waits for ever."""

import threading

import pytest

from pages.parts import turns


def test_a_second_run_goes_ahead_when_its_patience_ends():
    with turns.in_turn() as first:
        assert first
        with turns.in_turn(patience=0.01) as second:
            assert not second
    with turns.in_turn(patience=0.01) as third:
        assert third


def test_a_turn_is_given_back_when_the_run_fails():
    with pytest.raises(KeyError), turns.in_turn():
        raise KeyError
    with turns.in_turn(patience=0.01) as came:
        assert came


def test_runs_that_wait_never_overlap():
    inside, most = [], []

    def run():
        with turns.in_turn(patience=20):
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
