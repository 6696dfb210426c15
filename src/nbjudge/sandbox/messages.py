"""What a worker's answer means, in words that can be shown to a student.

A call is given secret arguments, so nothing that comes back from it may be shown as it is: an exception's message, or
the name of its class, could spell them out, and who hands in again would know them. Python's and NumPy's own messages
are known here by their pattern, and of their numbers those are told that the arguments have as sizes; of all others
only the kind of the exception and the place in the student's text are told.
"""

from __future__ import annotations

import builtins
import os
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np

from nbjudge.judging.local_call import NotPlainError, plain
from nbjudge.judging.spec import Outcome
from nbjudge.repairing.python_text import around
from nbjudge.sandbox import wire

__all__ = ["ForgedError", "note", "outcome", "redact_sizes", "sizes", "why_lost"]

LONGEST = 160
MOST_LINES = 400  # of a cell whose lines are told: who fails in a line of his choice spells a number
PLACES = {
    "<shape>": r"\((?:\d{1,3}(?:, ?\d{1,3}){0,3},?)?\)",
    "<n>": r"-?\d{1,3}",
    "<type>": r"dtype\('(?:bool|u?int\d{1,2}|float\d\d)'\)",
    "<kind>": r"(?:int|float|str|bool|list|tuple|dict|set|NoneType|function|(?:numpy\.)?ndarray|"
    r"numpy\.(?:float|int)\d\d)",
}
# What Python and NumPy say of themselves; a <name> must stand in the student's own text.
MESSAGES = (
    r"operands could not be broadcast together with shapes (?:<shape> ?){2,3}",
    r"non-broadcastable output operand with shape <shape> doesn't match the broadcast shape <shape>",
    r"could not broadcast input array from shape <shape> into shape <shape>",
    r"cannot reshape array of size <n> into shape <shape>",
    r"matmul: Input operand \d has a mismatch in its core dimension \d, with gufunc signature "
    r"\(n\?,k\),\(k,m\?\)->\(n\?,m\?\) \(size <n> is different from <n>\)",
    r"matmul: Input operand \d does not have enough dimensions \(has \d, gufunc core with signature "
    r"\(n\?,k\),\(k,m\?\)->\(n\?,m\?\) requires \d\)",
    r"shapes <shape> and <shape> not aligned: <n> \(dim \d\) != <n> \(dim \d\)",
    r"(?:axis[12]?: )?axis <n> is out of bounds for array of dimension \d{1,2}|axes don't match array",
    r"zero-size array to reduction operation (?:maximum|minimum) which has no identity",
    r"array split does not result in an equal division",
    r"all the input array dimensions except for the concatenation axis must match exactly, but along dimension \d, "
    r"the array at index <n> has size <n> and the array at index <n> has size <n>",
    r"setting an array element with a sequence\. The requested array has an inhomogeneous shape after \d dimensions\. "
    r"The detected shape was <shape> \+ inhomogeneous part\.",
    r"index <n> is out of bounds for axis \d with size <n>",
    r"too many indices for array: array is \d{1,2}-dimensional, but \d{1,2} were indexed",
    r"The truth value of an array with more than one element is ambiguous\. Use a\.any\(\) or a\.all\(\)",
    r"only (?:integer scalar|length-1|0-dimensional) arrays can be converted to (?:a scalar index|Python scalars)",
    r"(?:assignment destination|output array) is read-only",
    r"Last 2 dimensions of the array must be square|Singular matrix",
    r"ufunc '\w{1,20}' not supported for the input types, and the inputs could not be safely coerced to any supported "
    r"types according to the casting rule ''safe''",
    r"slice indices must be integers or None or have an __index__ method",
    r"cannot convert float (?:infinity|NaN) to integer",
    r"Cannot cast ufunc '(?:divide|multiply|add|subtract|exp|power)' output from <type> to <type> with casting "
    r"rule 'same_kind'",
    r"(?:list|tuple|string|list assignment) index out of range",
    r"(?:float |integer )?division(?: or modulo)? by zero|math (?:domain|range) error",
    r"name '<name>' is not defined(?:\. Did you mean: '<name>'\?)?",
    r"(?:cannot access )?local variable '<name>' (?:referenced before assignment|"
    r"where it is not associated with a value)",
    r"'<kind>' object has no attribute '<name>'(?:\. Did you mean: '<name>'\?)?",
    r"'<kind>' object is not (?:callable|iterable|subscriptable)|object of type '<kind>' has no len\(\)",
    r"module 'numpy(?:\.linalg)?' has no attribute '<name>'",
    r"unsupported operand type\(s\) for [-+*/@%&|^<>=]{1,3}: '<kind>' and '<kind>'",
    r"bad operand type for unary -: '<kind>'",
    r"<name>\(\) missing \d required positional arguments?: '<name>'(?:(?:, |,? and )'<name>'){0,3}",
    r"<name>\(\) takes (?:from \d to )?\d positional arguments? but \d (?:was|were) given",
    r"<name>\(\) got an unexpected keyword argument '<name>'",
    r"not enough values to unpack \(expected \d, got \d\)|too many values to unpack \(expected \d\)",
    r"<name> is not there when your notebook is graded: only Python and NumPy are",
    r"can't start new thread",
)


def _pattern(message: str) -> re.Pattern[str]:
    for place, pattern in PLACES.items():
        message = message.replace(place, pattern)
    return re.compile(message.replace("<name>", r"(\w{1,40})"))


PATTERNS = tuple(_pattern(message) for message in MESSAGES)
HOMES = (os.path.expanduser("~"), os.path.dirname(os.path.dirname(np.__file__)))
PATH = re.compile(r"(?<![\w.<…])/(?:[^\s'\"/]+/)+([^\s'\"/]*)")
NUMBERS = re.compile(r"\([\d, ]+\)|(?<!\w)\d{2,}(?!\w)")  # shapes, and what is more than an axis or a count


class ForgedError(Exception):
    """No worker of ours gives this answer: student code wrote it."""


def sizes(arguments: Iterable[Any]) -> frozenset[int]:
    """Return the numbers that an honest message on a call may tell: how many arguments there are, and how long."""
    given = list(arguments)
    arrays = [value for value in given if isinstance(value, np.ndarray)]
    found = {0, 1, len(given), *(size for array in arrays for size in (array.size, *array.shape))}
    return frozenset(found | {value for value in given if type(value) is int})


def redact_sizes(words: str, known: Collection[int], numbers: re.Pattern[str] = NUMBERS) -> str:
    """Return words in which … stands for each number that is no known size: a function could spell secrets in them.

    >>> redact_sizes("operands could not be broadcast together with shapes (3,4) (35,895) ", {3, 4})
    'operands could not be broadcast together with shapes (3,4) (…,…) '
    """

    def shown(found: re.Match[str]) -> str:
        return re.sub(r"\d+", lambda number: number[0] if int(number[0]) in known else "…", found[0])

    return numbers.sub(shown, words)


def _known(words: str, sources: Mapping[int, str], known: Collection[int]) -> str:
    """Return a message if it is one of Python's own that says nothing but sizes and names from the student's text."""
    for pattern in PATTERNS:
        if found := pattern.fullmatch(words):
            names = {name for name in found.groups() if name}
            text = set(re.findall(r"\w+", "\n".join(sources.values())))
            return redact_sizes(words, known) if names <= text else ""
    return ""


def _line(cell: Any, line: Any, sources: Mapping[int, str]) -> str:
    lines = sources.get(cell, "").split("\n") if type(cell) is int else []
    if type(line) is not int or not 0 < line <= len(lines) <= MOST_LINES:
        return ""
    text = lines[line - 1].strip()
    return f" in line {line} of its cell: `{_short(text)}`" if text and not text.startswith("#") else ""


def _short(text: str) -> str:
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _raised(what: Any, name: str, sources: Mapping[int, str], known: Collection[int]) -> Outcome:
    if not isinstance(what, dict) or not isinstance(what.get("kind"), str) or not isinstance(what.get("words"), str):
        raise ForgedError
    kind = what["kind"]
    if not isinstance(error := getattr(builtins, kind, None), type) or not issubclass(error, BaseException):
        raise ForgedError
    where = _line(what.get("cell"), what.get("line"), sources)
    ends = {
        "NotImplementedError": Outcome(trouble=_unwritten(what, name, sources), lost=True),
        "SystemExit": Outcome(trouble=f"ends the whole program{where}: use return instead of exit"),
        "RecursionError": Outcome(trouble=f"calls itself without end{where}"),
        "MemoryError": Outcome(trouble=f"wants more memory than it is given{where}"),
    }
    message = _known(what["words"], sources, known)
    return ends.get(kind) or Outcome(trouble=f"stopped with {kind}{f': {message}' if message else ''}{where}")


def _unwritten(what: Mapping[str, Any], name: str, sources: Mapping[int, str]) -> str:
    cell, line = what.get("cell"), what.get("line")
    if type(cell) is int and type(line) is int and (helper := around(sources.get(cell, ""), line)) not in ("", name):
        return f"calls {helper}, which is not written yet"
    return "is not written yet"


def outcome(
    answer: Mapping[str, Any], name: str, sent: int, sources: Mapping[int, str], known: Collection[int] = ()
) -> Outcome:
    """Return what a call brought.

    Args:
        answer: The worker's answer; whatever it is, it is data.
        name: The function that was called.
        sent: How many positional arguments it was given.
        sources: The student's cells by number.
        known: The sizes that a message may tell, as `sizes` finds them.

    Raises:
        ForgedError: If no worker gives this answer.
    """
    if "value" in answer:
        after = answer.get("after")
        if not isinstance(after, tuple) or len(after) != sent:
            raise ForgedError
        try:
            return Outcome(plain(answer["value"]), after=after)
        except NotPlainError as error:
            return Outcome(trouble=str(error), after=after)
    if answer.get("missing") is True:
        return Outcome(trouble=f"is missing: no cell that could be run defines {name}", lost=True)
    if answer.get("uncallable") is True:
        return Outcome(trouble=f"is missing: {name} is the name of a value", lost=True)
    if "strange" in answer:
        words = wire.STRANGE.get(answer["strange"]) if isinstance(answer["strange"], str) else None
        if words is None:
            raise ForgedError
        return Outcome(trouble=f"returned {words}")
    return _raised(answer.get("raised"), name, sources, known)


def why_lost(why: str, signal: int, seconds: float) -> str:
    """Return in words why a worker does not answer, as the end of a sentence that begins with "your function"."""
    if why == "slow":
        return f"did not come back within {seconds:g} seconds: is there a loop that never ends?"
    if why == "garbage":
        return "wrote to the line on which the grader listens, and was stopped"
    if why == "litter":
        return "made thousands of files, and was stopped"
    if why == "crowd":
        return "started other programs, and was stopped"
    ends = {4: "an illegal instruction", 6: "an abort", 7: "a bus error", 11: "a segmentation fault"}
    return f"ended Python{f' with {ends[signal]}' if signal in ends else ''}, so that nothing came back"


def _without_paths(words: str, sources: Mapping[int, str]) -> str:
    """Return words without folders of this machine, which are nobody's business; the student's own paths stay."""
    for home in sorted({sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix), *HOMES}, key=len, reverse=True):
        words = words.replace(f"{home}/", "…/") if len(home) > 1 else words
    text = "\n".join(sources.values())
    return PATH.sub(lambda found: found[0] if found[0] in text else f"…/{found[1]}", words)


def note(what: Any, sources: Mapping[int, str]) -> str:
    """Return what a cell's answer tells of one mishap; cells know no secret, so their messages may be shown."""
    if not isinstance(what, dict) or not all(isinstance(what.get(key), str) for key in ("kind", "words")):
        raise ForgedError
    if not what["kind"]:
        return _short(what["words"])
    where = _line(what.get("cell"), what.get("line"), sources).replace(" in ", "", 1).replace(" of its cell", "", 1)
    kind = what["kind"] if what["kind"].isidentifier() else "an error"
    words = f"{kind[:40]}{': ' if what['words'] else ''}{_short(_without_paths(what['words'], sources))}"
    return f"{where} stopped with {words}" if where else words
