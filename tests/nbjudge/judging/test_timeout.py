"""Whatever a function does, even swallow every exception, it is stopped in time, and nothing of the watch is left."""

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from nbjudge.judging.timeout import watched_threads, with_timeout

SECONDS = 0.1


def loops() -> None:
    while True:
        pass


def swallows() -> None:
    while True:
        try:
            len("")
        except BaseException:
            continue


def swallows_asleep() -> None:
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            continue


def swallows_twice() -> None:
    while True:
        try:
            while True:
                try:
                    time.sleep(0.01)
                except BaseException:
                    continue
        except BaseException:
            continue
        finally:
            time.sleep(0.001)


def suppresses() -> None:
    while True:
        with contextlib.suppress(BaseException):
            while True:
                sum(range(100))


def begins_again() -> None:
    try:
        while True:
            time.sleep(0.001)
    except BaseException:
        begins_again()


def works_on_in_the_handler() -> None:
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            try:
                time.sleep(0.01)
            except BaseException:
                continue


def never_leaves_the_end() -> None:
    try:
        pass
    finally:
        while True:
            try:
                time.sleep(0.01)
            finally:
                continue  # noqa: B012


def answers_late() -> int:
    try:
        while True:
            pass
    except BaseException:
        return 5


def turns_it_into_something_else() -> None:
    try:
        while True:
            pass
    except BaseException:
        raise ValueError("mine") from None


STUBBORN = [
    *(loops, swallows, swallows_asleep, swallows_twice, suppresses, begins_again, works_on_in_the_handler),
    *(never_leaves_the_end, answers_late, turns_it_into_something_else),
]


def in_main_thread(call: Callable[[], Any]) -> Any:
    assert threading.current_thread() is threading.main_thread()
    return call()


def in_another_thread(call: Callable[[], Any]) -> Any:
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(call()))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.parametrize("place", [in_main_thread, in_another_thread])
@pytest.mark.parametrize("function", STUBBORN)
def test_an_endless_function_is_stopped(function: Callable[[], Any], place: Callable[..., Any]) -> None:
    handler, trace, threads = signal.getsignal(signal.SIGINT), sys.gettrace(), threading.active_count()
    begin = time.monotonic()
    came = place(lambda: with_timeout(function, SECONDS))
    assert came.late
    assert SECONDS <= time.monotonic() - begin < 10 * SECONDS
    assert (signal.getsignal(signal.SIGINT), sys.gettrace(), threading.active_count()) == (handler, trace, threads)
    assert not watched_threads


def test_a_sleeper_is_woken_in_the_main_thread() -> None:
    begin = time.monotonic()
    nap = 30 if hasattr(signal, "pthread_kill") else 1  # Windows wakes no sleeper, but does not forget the time either
    assert with_timeout(lambda: time.sleep(nap), SECONDS).late
    assert time.monotonic() - begin < 5


def test_what_comes_in_time_comes_unchanged() -> None:
    came = with_timeout(lambda: 3, SECONDS)
    assert (came.value, came.error, came.late) == (3, None, False)
    came = with_timeout(lambda: 1 / 0, SECONDS)
    assert isinstance(came.error, ZeroDivisionError)
    assert not came.late


def test_nothing_is_raised_after_the_call_has_ended() -> None:
    for length in range(200):
        came = with_timeout(lambda length=length: time.sleep(1e-5 * length), 0.001)
        assert came.late or came.error is None
    time.sleep(0.06)  # longer than the watching thread waits between two tries


def test_whoever_presses_stop_is_heard() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may start tests with the signal ignored
    try:
        came = with_timeout(lambda: signal.raise_signal(signal.SIGINT), SECONDS)
    finally:
        signal.signal(signal.SIGINT, before)
    assert isinstance(came.error, KeyboardInterrupt)
    assert not came.late


def test_a_nested_timeout_leaves_the_clock_to_the_outer() -> None:
    assert with_timeout(lambda: with_timeout(loops, 60), SECONDS).late
    assert with_timeout(lambda: with_timeout(lambda: 3, 60).value, SECONDS).value == 3


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_a_time_that_has_passed_already_is_not_waited_for(seconds: float) -> None:
    assert with_timeout(loops, seconds).late


@pytest.mark.parametrize("seconds", [1e12, float("inf")])
def test_who_has_all_the_time_of_the_world_still_comes_back(seconds: float) -> None:
    assert with_timeout(lambda: 3, seconds).value == 3
