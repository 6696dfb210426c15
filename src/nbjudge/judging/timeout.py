"""Calls a function here, but not for ever: whatever it does, even swallow every exception, it is stopped in time.

A second thread watches. When time is up it raises an exception in the thread of the call, and each such exception asks
for the next one as it is made. Code that catches it meets another as soon as it has left its `try`, and so on until it
has left the function. In the main thread a signal is sent as well, which ends waiting and sleeping. What cannot be
stopped is a single built-in function that never comes back to Python, such as `sum(itertools.count())`.
"""

from __future__ import annotations

import _thread
import ctypes
import signal
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

__all__ = ["CallResult", "with_timeout"]

AGAIN = 0.05  # seconds until the watching thread tries again
watched_threads: set[int] = set()


def _raiser(thread: int, exception: type[BaseException] | None) -> Callable[[], None]:
    """Return what raises an exception in a thread as soon as Python looks for one there, or takes it back.

    What is returned is C all the way: Python never looks, and so never raises, inside it.
    """
    function = ctypes.pythonapi["PyThreadState_SetAsyncExc"]  # a function of its own, because its types are set
    function.restype = None
    return partial(function, ctypes.c_ulong(thread), None if exception is None else ctypes.py_object(exception))


def _alarm(thread: int) -> type[BaseException]:
    """Return a new kind of exception each of which asks for the next one, for as long as `__init__` is not set back."""

    class TimeIsUp(BaseException):
        """Time is up."""

    TimeIsUp.__init__ = _raiser(thread, TimeIsUp)  # type: ignore[assignment]
    return TimeIsUp


class CallResult:
    """What came of a call: a value, an exception, or neither because time was up."""

    def __init__(self) -> None:
        self.value: Any = None
        self.error: BaseException | None = None
        self.late = False
        self.running = True
        self.watched = False  # from the moment on in which another thread watches
        self.left = False  # that thread has done its last


class _Bell:
    """Stands in for the handler of Ctrl-C and of the stop button while a call in the main thread is watched."""

    def __init__(self, came: CallResult, alarm: type[BaseException]) -> None:
        self._came = came
        self._alarm = alarm
        self._before: Any = None
        if threading.current_thread() is threading.main_thread() and hasattr(signal, "pthread_kill"):
            self._before = signal.getsignal(signal.SIGINT)
        if self._before is not None:
            signal.signal(signal.SIGINT, self._handle)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._came.late:
            if self._came.running:
                raise self._alarm
        elif callable(self._before):
            self._before(number, frame)  # somebody pressed stop

    def ring(self, thread: int) -> None:
        """Interrupt what the thread waits for."""
        if self._before is not None:
            signal.pthread_kill(thread, signal.SIGINT)

    def restore(self) -> None:
        """Put the handler back that was there."""
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)


def with_timeout(call: Callable[[], Any], seconds: float) -> CallResult:
    """Return what comes of a call that is stopped after so many seconds; raises nothing."""
    came = CallResult()
    seconds = min(max(0.0, float(seconds)), threading.TIMEOUT_MAX)  # with any other number a lock would wait for ever
    thread = threading.get_ident()
    if thread in watched_threads:  # a watched function that watches a function: the outer one has the clock
        try:
            came.value = call()
        except BaseException as error:
            came.error = error
        return came
    alarm = _alarm(thread)
    quiet = BaseException.__init__
    sound, still = _raiser(thread, alarm), _raiser(thread, None)
    bell = _Bell(came, alarm)
    # Locks of C, not of Python: an exception cannot come half-way through them. Each is held until what it says is so.
    done, gone = _thread.allocate_lock(), _thread.allocate_lock()
    done.acquire()
    gone.acquire()

    def watch() -> None:
        came.watched = True
        if not done.acquire(True, seconds):
            came.late = True
            while came.running:
                sound()
                bell.ring(thread)
                if done.acquire(True, AGAIN):
                    break
        came.left = True
        gone.release()

    def finish(patience: float) -> None:
        if done.locked():
            done.release()
        if came.watched and not came.left:
            gone.acquire(True, patience)
        still()
        watched_threads.discard(thread)
        bell.restore()

    # An exception of ours may still be under way when the call has come to its end. Python does not look for one
    # between two assignments: they end the chain, and what still comes is caught around `finish`, which may run twice.
    watched_threads.add(thread)
    try:
        came.watched = _thread.start_new_thread(watch, ()) is not None
        came.value = call()
        came.running, alarm.__init__ = False, quiet  # type: ignore[method-assign]
    except BaseException as error:
        came.running, alarm.__init__ = False, quiet  # type: ignore[method-assign]
        came.error = error
    try:
        try:
            finish(-1)
        except alarm:
            finish(1)
    except alarm:
        finish(1)
    return came
