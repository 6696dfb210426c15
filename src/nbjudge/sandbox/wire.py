"""Frames of plain values and arrays: what crosses between the grader and a student's code, and nothing else.

A frame is a fixed head, a header in JSON that says what the value is made of, and the bytes of its arrays one after
the other. Reading one builds numbers, text, lists and arrays only; no byte in it can name a class or a function.
The same file runs beside the student's code, where it knows only Python and NumPy.
"""

from __future__ import annotations

import json
import math
import struct
import types
from typing import Any

import numpy as np

__all__ = ["HEAD", "LARGEST", "StrangeError", "WireError", "body_size", "pack", "unpack"]

MAGIC = b"ATN1"
HEAD = struct.Struct("<4sIQ")  # the magic, the length of the header, the length of the arrays
LARGEST = 64 * 1024 * 1024  # bytes of the arrays of one frame
LARGEST_HEADER = 4 * 1024 * 1024
DEEPEST = 32
MOST = 100_000  # items of one frame
LONGEST = 200_000  # characters of one text
BITS = 8192  # of one whole number
AXES = 32
KINDS = {
    name: np.dtype(name).newbyteorder("<")
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64"),
    )
}


class WireError(Exception):
    """The bytes are no frame."""


class StrangeError(Exception):
    """The value is nothing that may cross; the message ends a sentence that begins with "your function returned".

    Attributes:
        code: The same in one word, for whoever must not trust the sentence.
    """

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


STRANGE = {
    "function": "a function: call it, or return what it computes",
    "class": "a class",
    "module": "a module",
    "generator": "a generator: write return instead of yield, or put list(…) around it",
    "coroutine": "a coroutine: write def instead of async def",
    "tensor": "a torch tensor, not an array",
    "set": "a set, whose order is nobody's: return an array or a list",
    "bytes": "bytes, not text or numbers",
    "complex": "complex numbers: take the square root or the power of a number that is not negative",
    "objects": "an array of Python objects (have its rows different lengths?)",
    "kind": "an array of a type that no exercise asks for: use float or int",
    "masked": "a masked array, not a plain one",
    "deep": "lists within lists within lists, deeper than any exercise asks for",
    "many": "far more values than any exercise asks for",
    "large": "an array far larger than any exercise asks for",
    "other": "an object that is neither an array nor a number",
}


def strange(code: str) -> StrangeError:
    """Return the error that refuses a value, with its words."""
    return StrangeError(code, STRANGE[code])


_SINGLE: tuple[tuple[tuple[type, ...], str], ...] = (
    ((complex,), "complex"),
    ((set, frozenset), "set"),
    ((bytes, bytearray, memoryview), "bytes"),
    ((types.FunctionType, types.BuiltinFunctionType, types.MethodType, np.ufunc), "function"),
    ((types.GeneratorType, map, filter, zip, range), "generator"),
    ((types.CoroutineType, types.AsyncGeneratorType), "coroutine"),
    ((types.ModuleType,), "module"),
    ((type,), "class"),
)


class _Writer:
    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0
        self.items = 0

    def tree(self, value: Any, depth: int) -> Any:
        # What a value is, its type says: `isinstance` would ask the value itself, which may lie.
        kind = type(value)
        self.items += 1
        if self.items > MOST:
            raise strange("many")
        if depth > DEEPEST:
            raise strange("deep")
        if value is None or kind is bool:
            return value
        if issubclass(kind, np.ma.MaskedArray):
            raise strange("masked")
        if issubclass(kind, np.ndarray):
            return {"a": self.array(np.ndarray.view(value, np.ndarray))}
        if issubclass(kind, np.generic):
            return {"g": self.array(np.asarray(value))}
        if issubclass(kind, int):
            return self.whole(int.__pos__(value))
        if issubclass(kind, float):
            return float.__pos__(value)
        if issubclass(kind, str):
            return self.text(str.__str__(value))
        if issubclass(kind, list):
            return [self.tree(item, depth + 1) for item in self.few(list(list.__iter__(value)))]
        if issubclass(kind, tuple):
            return {"t": [self.tree(item, depth + 1) for item in self.few(list(tuple.__iter__(value)))]}
        if issubclass(kind, dict):
            pairs = self.few(list(dict.items(value)))
            return {"d": [[self.tree(key, depth + 1), self.tree(item, depth + 1)] for key, item in pairs]}
        if kind.__name__ in ("Tensor", "Parameter") and str(kind.__module__).startswith("torch"):
            raise strange("tensor")
        raise strange(next((code for kinds, code in _SINGLE if issubclass(kind, kinds)), "other"))

    def few(self, items: list[Any]) -> list[Any]:
        if self.items + len(items) > MOST:
            raise strange("many")
        return items

    def whole(self, value: int) -> Any:
        if value.bit_length() > BITS:
            raise strange("large")
        return value if value.bit_length() <= 53 else {"i": hex(value)}

    def text(self, value: str) -> str:
        if len(value) > LONGEST:
            raise strange("many")
        return value

    def array(self, value: np.ndarray) -> list[Any]:
        if value.dtype.kind == "c":
            raise strange("complex")
        if value.dtype.kind == "O":
            raise strange("objects")
        name = value.dtype.name
        if name not in KINDS:
            raise strange("kind")
        self.size += value.size * value.dtype.itemsize  # before it is copied: strides can make it look endless
        if self.size > LARGEST:
            raise strange("large")
        self.parts.append(value.astype(KINDS[name]).tobytes())
        return [name, *value.shape]


def pack(value: Any) -> bytes:
    """Return the frame of a value, or raise `StrangeError`, in words, if there is something in it that may not cross.

    >>> unpack(pack({"scores": [1, 2.5, None], "shape": (2, 3)}))
    {'scores': [1, 2.5, None], 'shape': (2, 3)}
    >>> pack(lambda: 0)
    Traceback (most recent call last):
    nbjudge.sandbox.wire.StrangeError: a function: call it, or return what it computes
    """
    writer = _Writer()
    header = json.dumps(writer.tree(value, 0), separators=(",", ":")).encode("ascii")
    if len(header) > LARGEST_HEADER:
        raise strange("many")
    return HEAD.pack(MAGIC, len(header), writer.size) + header + b"".join(writer.parts)


def body_size(head: bytes) -> int:
    """Return how many bytes follow the head of a frame, or raise `WireError` if no frame begins like this."""
    if len(head) != HEAD.size:
        raise WireError("the head of a frame is cut off")
    magic, header, arrays = HEAD.unpack(head)
    if magic != MAGIC:
        raise WireError("no frame begins like this")
    if header > LARGEST_HEADER or arrays > LARGEST:
        raise WireError("the frame is larger than any may be")
    return int(header + arrays)


class _Reader:
    def __init__(self, arrays: memoryview) -> None:
        self.arrays = arrays
        self.place = 0
        self.items = 0

    def value(self, tree: Any, depth: int) -> Any:
        self.items += 1
        if self.items > MOST or depth > DEEPEST:
            raise WireError("the frame holds more than any may hold")
        if tree is None or isinstance(tree, bool | float | str):
            return tree
        if isinstance(tree, int):
            if tree.bit_length() > BITS:
                raise WireError("a number in the frame is longer than any may be")
            return tree
        if isinstance(tree, list):
            return [self.value(item, depth + 1) for item in tree]
        if not isinstance(tree, dict) or len(tree) != 1:
            raise WireError("the frame's header says nothing that has a meaning")
        ((mark, inner),) = tree.items()
        if mark == "i" and isinstance(inner, str) and len(inner) <= BITS // 4 + 3:
            return int(inner, 16)
        if mark in ("a", "g"):
            array = self.array(inner)
            return array if mark == "a" else array.reshape(())[()]
        if mark == "t" and isinstance(inner, list):
            return tuple(self.value(item, depth + 1) for item in inner)
        if mark == "d" and isinstance(inner, list):
            return {self.value(key, depth + 1): self.value(item, depth + 1) for key, item in inner}
        raise WireError("the frame's header says nothing that has a meaning")

    def array(self, inner: Any) -> np.ndarray:
        if not isinstance(inner, list) or not inner or not isinstance(inner[0], str) or inner[0] not in KINDS:
            raise WireError("an array in the frame has no type")
        kind, shape = KINDS[inner[0]], inner[1:]
        if len(shape) > AXES or any(type(size) is not int or not 0 <= size <= LARGEST for size in shape):
            raise WireError("an array in the frame has no shape")
        length = math.prod(shape) * kind.itemsize
        piece = self.arrays[self.place : self.place + length]
        if len(piece) != length:
            raise WireError("an array in the frame is cut off")
        self.place += length
        if kind.kind == "b":  # a byte other than 0 and 1 would make a truth value that is neither
            return np.asarray(np.frombuffer(piece, np.uint8).reshape(shape) != 0)
        return np.frombuffer(piece, kind).reshape(shape).astype(kind.newbyteorder("="))


def unpack(frame: bytes | bytearray) -> Any:
    """Return the value of one whole frame; whatever the bytes are, it raises nothing but `WireError`."""
    if body_size(bytes(frame[: HEAD.size])) != len(frame) - HEAD.size:
        raise WireError("the frame is not as long as it says")
    _, header, _ = HEAD.unpack_from(frame)
    start = HEAD.size + header
    try:
        reader = _Reader(memoryview(frame)[start:])
        value = reader.value(json.loads(bytes(frame[HEAD.size : start]).decode("ascii")), 0)
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise WireError(f"the frame's header cannot be read ({type(error).__name__})") from None
    if reader.place != len(reader.arrays):
        raise WireError("the frame is not as long as it says")
    return value
