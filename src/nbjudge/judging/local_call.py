"""Calls the student's function in this process and says in words why no value came, where it did not."""

from __future__ import annotations

import contextlib
import inspect
import io
import linecache
import traceback
import warnings
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

import numpy as np

from nbjudge.judging.spec import Outcome
from nbjudge.judging.timeout import with_timeout

__all__ = ["LocalCall", "NotPlainError", "plain"]

DEEPEST = 4  # how deep a tuple of tuples may be
LONGEST = 160  # characters of a message or a line that are shown
KEPT = 2000  # characters of what the function prints
FOREIGN = {
    "torch": "a torch tensor",
    "jax": "a JAX array",
    "jaxlib": "a JAX array",
    "tensorflow": "a TensorFlow tensor",
}


class NotPlainError(TypeError):
    """A value that is not of the kinds that `Outcome` allows."""


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value as `Outcome` has it; raise :class:`NotPlainError`, with the end of a sentence, if it cannot be."""
    if value is None or type(value) in {bool, int, float, str}:
        return value
    if isinstance(value, np.generic):
        value = np.asarray(value)
    if isinstance(value, np.ndarray):
        if isinstance(value, np.ma.MaskedArray):
            raise NotPlainError("returned a masked array, but a plain array was expected")
        if value.dtype.kind not in "biuf":
            hint = ": are all rows equally long?" if value.dtype.kind == "O" else ""
            raise NotPlainError(f"returned an array of {value.dtype}, but numbers were expected{hint}")
        return value.item() if value.ndim == 0 else np.array(value, subok=False)
    if isinstance(value, tuple | list | dict):
        if depth == DEEPEST:
            raise NotPlainError("returned something nested too deeply")
        if isinstance(value, dict):
            return {str(key): plain(item, depth + 1) for key, item in value.items()}
        return (tuple if isinstance(value, tuple) else list)(plain(item, depth + 1) for item in value)
    for module, words in FOREIGN.items():
        if type(value).__module__.partition(".")[0] == module:
            raise NotPlainError(f"returned {words}: compute with NumPy (np.…) all the way, or return a NumPy array")
    if inspect.isgenerator(value):
        raise NotPlainError("is a generator, because it says yield: build the array and return it")
    if inspect.iscoroutine(value):
        value.close()
        raise NotPlainError("is async, and so returned no value: write def without async")
    if callable(value):
        raise NotPlainError("returned a function: call it, and return what it gives")
    raise NotPlainError(f"returned a {type(value).__name__}, but numbers or arrays were expected")


class _Printed(io.TextIOBase):
    """Keeps the beginning of what is printed."""

    def __init__(self) -> None:
        self.text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += str(text)[: max(0, KEPT - len(self.text))]
        return len(text)


class LocalCall:
    """A `Call` to a function of this process: copies its arguments, stops it in time and keeps what it prints."""

    def __init__(self, function: Callable[..., Any], seconds: float) -> None:
        self._function = function
        self._seconds = seconds
        self._recorder = _Printed()

    @property
    def printed(self) -> str:
        """The beginning of all that the function printed so far."""
        return self._recorder.text

    def __call__(self, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Outcome:
        """Call the function once."""
        copies = tuple(_copy(value) for value in arguments)
        named = {name: _copy(value) for name, value in options.items()}
        if words := _signature_mismatch(self._function, copies, named):
            return Outcome(trouble=words)
        before = len(self.printed)
        # The function of the student may warn as it likes: what matters is what it returns.
        with contextlib.redirect_stdout(self._recorder), contextlib.redirect_stderr(self._recorder):
            came = with_timeout(lambda: _quietly(self._function, copies, named), self._seconds)
        if came.late:
            words = f"did not come back within {self._seconds:g} seconds: is there a loop that never ends?"
            return Outcome(trouble=words, lost=True)
        after = tuple(np.array(v, subok=False) if isinstance(v, np.ndarray) else v for v in copies)
        if came.error is not None:
            stopped = isinstance(came.error, KeyboardInterrupt)  # who presses stop means all of it
            return Outcome(trouble=_error_words(came.error, self._function), lost=stopped, after=after)
        if came.value is None and len(self.printed) > before:
            return Outcome(trouble="prints its result but returns nothing: end it with return", after=after)
        try:
            return Outcome(plain(came.value), after=after)
        except NotPlainError as error:
            return Outcome(trouble=str(error), after=after)


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def _quietly(function: Callable[..., Any], arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments, **options)


def _signature_mismatch(function: Callable[..., Any], arguments: tuple[Any, ...], options: Mapping[str, Any]) -> str:
    """Say how the function's parameters differ from what it is called with; "" if they fit."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return ""  # a function of another language; calling it will tell
    try:
        signature.bind(*arguments, **options)
    except TypeError:
        count = f"{len(arguments)} argument{'s' * (len(arguments) != 1)}"
        names = f" and with {', '.join(f'{name}=…' for name in options)}" if options else ""
        takes = ", ".join(map(str, signature.parameters)) or "nothing"
        return f"is called with {count}{names}, but its parameters are: {takes}. See the first line of the task"
    return ""


def _error_words(error: BaseException, function: Callable[..., Any]) -> str:
    """Tell an exception of the student's: what, and where in the student's own text."""
    where = _place(error, function)
    if type(error) is NotImplementedError:  # its heirs mean something else, such as a kernel that takes no input()
        other = _helper(error, function)
        return f"calls {other}, which is not written yet" if other else "is not written yet"
    if isinstance(error, KeyboardInterrupt):
        return "was stopped by hand"
    if isinstance(error, SystemExit):
        return f"ends the whole program{where}: use return instead of exit"
    if isinstance(error, RecursionError):
        return f"calls itself without end{where}"
    if isinstance(error, MemoryError):
        return f"wants more memory than there is{where}"
    return f"stopped with {type(error).__name__}{_message(error)}{where}"


def _message(error: BaseException) -> str:
    try:
        text = str(error).strip().splitlines()
    except Exception:  # an exception of the student's own, with a __str__ that fails
        return ""
    return f": {_short(text[0])}" if text else ""


def _innermost(error: BaseException, function: Callable[..., Any]) -> tuple[FrameType, int] | None:
    """Find the innermost line of the student's: in the function, or in another one of the same notebook."""
    space = getattr(function, "__globals__", None)
    found = [(frame, line) for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_globals is space]
    return found[-1] if space is not None and found else None


def _helper(error: BaseException, function: Callable[..., Any]) -> str:
    """Return the name of the other function of the notebook in which it happened; "" if it was in this one."""
    found = _innermost(error, function)
    code = getattr(function, "__code__", None)
    return "" if found is None or found[0].f_code is code else found[0].f_code.co_name


def _place(error: BaseException, function: Callable[..., Any]) -> str:
    """Say in which line it happened, of which function, and what stands there."""
    found = _innermost(error, function)
    if found is None:
        return ""
    frame, line = found
    text = _short(linecache.getline(frame.f_code.co_filename, line, frame.f_globals).strip())
    other = _helper(error, function)
    inside = f" of {other}" if other else ""
    return f" in line {line}{inside}" + (f": `{text}`" if text else "")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
