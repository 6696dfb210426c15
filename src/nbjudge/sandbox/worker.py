"""Runs a student's cells and calls their functions: the only part of grading that stands beside student code.

It is started as a script with nothing but Python, NumPy and `wire` (see `sandbox`), reads requests from its standard
input and writes answers to its standard output. It knows no specification, no reference, no points, no other student.

Nothing rests on this file. Student code shares its process and can rewrite it, read its descriptors and answer in its
place; all that it can reach by that is to send other values, and values are what the grader judges. Two things follow:

* The arguments are sent back to show whether the function changed them. Who lies there pretends to have made a copy,
  which an honest `x.copy()` earns as well.
* Whoever keeps earlier answers can satisfy relations between calls, such as f(x + c) = f(x). So each task's first
  property asks for right values on random inputs of a private seed, and while it fails the others earn nothing.
"""

from __future__ import annotations
import __future__

import ast
import linecache
import os
import re
import sys
import types
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

__all__ = ["plain_python"]

# Kept under names of our own, so that an exercise that plays with `os` does not end in a puzzle.
_read, _write, _leave = os.read, os.write, os._exit
LINE = 40  # the lowest number of the descriptors of the line to the grader
OPEN_FILES = 64
LONGEST = 300  # characters of a message
MOST_NOTES = 5  # of one cell
ROOM = 2  # sixteenths of the memory: who fills it in one cell has some left for the functions of the others
MAGIC = re.compile(r"^(\s*)(%|!|\?|[\w.]+\s*\?{1,2}\s*$|\w+\s*=\s*[%!])")
CELL = re.compile(r"<cell (\d+)>")
RUNS = ("%%time", "%%timeit", "%%capture", "%%prun")  # magics above a cell that is Python all the same
_parsed = lru_cache(maxsize=1)(lambda source, name: ast.parse(source, name).body)  # a long cell takes seconds


def plain_python(source: str, name: str = "") -> tuple[str, str]:
    r"""Return a cell without what only IPython understands, and a note on what was left out.

    >>> plain_python("%matplotlib inline\nx = 1")
    ('pass\nx = 1', 'line 1 is left out: it is a command to the notebook, not Python')
    """
    if source.lstrip().startswith("%%"):
        first, _, rest = source.lstrip().partition("\n")
        if not first.startswith(RUNS):
            return "", f"it is not run: {first.split()[0][:20]} makes it something else than Python"
        source = "\n" + rest
    try:
        _parsed(source, name)
        return source, ""
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    lines, left_out = source.split("\n"), []
    for place, line in enumerate(lines):
        if found := MAGIC.match(line):
            lines[place] = f"{found[1]}pass"
            left_out.append(str(place + 1))
    if not left_out:
        return source, ""
    which = f"line {left_out[0]} is" if len(left_out) == 1 else f"lines {', '.join(left_out)} are"
    what = "it is a command" if len(left_out) == 1 else "they are commands"
    return "\n".join(lines), f"{which} left out: {what} to the notebook, not Python"


class _Absent:
    """Finds no module but Python's own and NumPy, and says so."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        """Refuse what is not there when graded."""
        root = name.partition(".")[0]
        if root != "numpy" and root not in sys.stdlib_module_names:
            words = f"{root} is not there when your notebook is graded: only Python and NumPy are"
            raise ModuleNotFoundError(words, name=root)


def _provide_check(name: str) -> None:
    """Provide the one import of every released notebook: the module of that name, with a `check` that does nothing."""
    parent: Any = None
    for end in [place for place, sign in enumerate(f"{name}.") if sign == "."]:
        module = types.ModuleType(name[:end])
        module.__path__ = []
        sys.modules[module.__name__] = module
        if parent is not None:
            setattr(parent, module.__name__.rpartition(".")[2], module)
        parent = module
    parent.check = lambda *arguments, **options: None


def _limit(memory: int, seconds: int, file: int) -> None:
    """Set the limits, before anything of the student's runs; none of them can be raised again."""
    try:
        import resource
    except ImportError:  # not a Unix
        return
    wanted = {"AS": memory, "CPU": seconds, "FSIZE": file, "NOFILE": OPEN_FILES, "CORE": 0, "NPROC": 0}
    for name, bound in wanted.items():
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (bound, bound))
        except (AttributeError, ValueError, OSError):  # this system has no such limit, or a lower one already
            continue


def _leave_room(parts: int) -> None:
    """Leave so many of sixteen parts of the memory unused."""
    try:
        import resource
    except ImportError:  # not a Unix
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_AS, (most - most // 16 * parts, most))


def raised(error: BaseException) -> dict[str, Any]:
    """Describe an exception: Python's own name for its kind, its message, and where in the notebook it arose."""
    kind = next((base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins"), "Exception")
    try:
        words = str(error)[:LONGEST]
    except BaseException:
        words = ""
    cell = line = 0
    trace = error.__traceback__
    while trace is not None:
        if found := CELL.fullmatch(trace.tb_frame.f_code.co_filename):
            cell, line = int(found[1]), trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SyntaxError):
        if found := CELL.fullmatch(str(error.filename)):
            cell, line = int(found[1]), error.lineno or 0
        words = str(error.msg)[:LONGEST]
    return {"kind": kind, "words": words, "cell": cell, "line": line}


class _Notebook:
    """The student's side: one module, in which the cells run one after the other."""

    def __init__(self, wire: Any) -> None:
        self.wire = wire
        self.module = types.ModuleType("__main__")
        self.module.__dict__["display"] = lambda *values, **options: None
        sys.modules["__main__"] = self.module

    def cell(self, number: int, text: Any) -> dict[str, Any]:
        """Run a cell by statements: one that fails (a picture, a missing package) does not take the rest along."""
        name = f"<cell {number}>"
        source, note = plain_python(text if type(text) is str else text.tobytes().decode(), name)
        notes: list[dict[str, Any]] = [{"kind": "", "words": note, "cell": number, "line": 0}] if note else []
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        try:
            statements = _parsed(source, name)
            flags = 0
            for statement in statements:
                if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                    for item in statement.names:
                        flags |= getattr(__future__, item.name).compiler_flag
        except BaseException as error:
            return {"notes": [*notes, raised(error)]}
        _leave_room(ROOM)
        for statement in statements:
            try:
                code = compile(ast.Module([statement], []), name, "exec", flags, dont_inherit=True)
                exec(code, self.module.__dict__)
            except Exception as error:
                notes.append(raised(error))
            except BaseException as error:  # sys.exit() and its like mean the cell
                notes.append(raised(error))
                break
        _leave_room(0)
        return {"notes": notes[:MOST_NOTES], "more": max(len(notes) - MOST_NOTES, 0)}

    def call(self, name: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> dict[str, Any]:
        """Call a function with arguments that are its own, and describe what came of it."""
        function = self.module.__dict__.get(name, self)
        if function is self:
            return {"missing": True}
        if not callable(function):
            return {"uncallable": True}
        try:
            value = function(*arguments, **options)
        except BaseException as error:
            return {"raised": raised(error)}
        try:
            self.wire.pack(value)
        except self.wire.StrangeError as error:
            return {"strange": error.code}
        return {"value": value, "after": arguments}


def _receive(line: int, length: int) -> bytes:
    parts = []
    while length:
        part = _read(line, min(length, 1 << 20))
        if not part:
            _leave(0)  # the grader is gone
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _send(line: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[_write(line, view) :]


def _answer(book: _Notebook, request: dict[str, Any]) -> dict[str, Any]:
    actions: dict[str, Any] = {"cell": book.cell, "call": book.call}
    try:
        return dict(actions[request["do"]](*request["with"]))
    except BaseException as error:  # something of ours was rewritten from inside
        return {"raised": raised(error)}


def main(arguments: Sequence[str]) -> None:
    """Serve one grader, until it hangs up."""
    packages, bounds, check_from = arguments
    _limit(*(int(bound) for bound in bounds.split(",")))
    # The line moves away from where print and input reach; what is printed goes where errors go.
    import fcntl

    requests, answers = (fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, LINE) for number in (0, 1))
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.dup2(2, 1)
    os.close(nowhere)
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    sys.path.append(packages)
    import wire

    del sys.path[0], sys.modules["wire"]
    sys.argv = [""]
    sys.meta_path.insert(0, _Absent)
    if check_from:
        _provide_check(check_from)
    book = _Notebook(wire)
    _send(answers, wire.pack({"ready": True}))
    while True:
        head = _receive(requests, wire.HEAD.size)
        request = wire.unpack(head + _receive(requests, wire.body_size(head)))
        answer = _answer(book, request)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                continue
        try:
            frame = wire.pack(answer | {"token": request["token"]})
        except wire.StrangeError as error:
            frame = wire.pack({"strange": error.code, "token": request["token"]})
        _send(answers, frame)


if __name__ == "__main__":
    main(sys.argv[1:])
