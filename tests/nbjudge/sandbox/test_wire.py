"""What crosses the line comes out as it went in; of other bytes comes nothing but data or `WireError`."""

from __future__ import annotations

import json
import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nbjudge.sandbox import wire

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.integers(-(2**3000), 2**3000)
DTYPES = st.sampled_from(sorted(wire.KINDS)).map(np.dtype)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
ARRAYS = hnp.arrays(DTYPES, SHAPES)
KEYS = st.integers() | st.text() | st.booleans() | st.none()
VALUES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same down to types, signs of zero and NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, float):
        return (math.isnan(one) and math.isnan(other)) or (
            one == other and math.copysign(1, one) == math.copysign(1, other)
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one), list(other)) and same(list(one.values()), list(other.values()))
    return bool(one == other)


@given(VALUES)
def test_plain_values_and_arrays_survive_exactly(value: Any) -> None:
    assert same(wire.unpack(wire.pack(value)), value)


@pytest.mark.parametrize("value", [0.0, -0.0, math.nan, math.inf, -math.inf, 2**8000, -(2**53) - 1, "\ud800\0", (), {}])
def test_the_odd_ones_survive_too(value: Any) -> None:
    assert same(wire.unpack(wire.pack([value])), [value])


def test_the_comparison_of_these_tests_sees_differences() -> None:
    pairs = [(1, True), (1, 1.0), (0.0, -0.0), ([1], (1,)), (np.ones(2), np.ones((1, 2))), ({1: 2}, {1: 3})]
    assert not any(same(one, other) for one, other in pairs)


@given(hnp.arrays(st.sampled_from([">f8", "<f4", ">i4", "bool"]).map(np.dtype), (3, 4)), st.booleans())
def test_memory_order_and_byte_order_do_not_matter(array: np.ndarray, turned: bool) -> None:
    got = wire.unpack(wire.pack(array.T[::2] if turned else array))
    assert got.dtype.isnative
    assert got.flags.writeable
    np.testing.assert_array_equal(got, array.T[::2] if turned else array)


def test_what_comes_out_belongs_to_nobody_else() -> None:
    frame = bytearray(wire.pack((np.zeros(3), np.ones(2, bool))))
    one, other = wire.unpack(frame)
    one += 1
    other[0] = False
    again = wire.unpack(frame)
    assert same(again, (np.zeros(3), np.ones(2, bool)))


def test_numbers_of_numpy_remain_numbers_of_numpy() -> None:
    assert same(wire.unpack(wire.pack(np.float32(1.5))), np.float32(1.5))
    assert same(wire.unpack(wire.pack(np.bool_(True))), np.bool_(True))


class Liar(np.ndarray):
    shape = property(lambda self: (7,))  # type: ignore[assignment]

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("student code was called")

    __eq__ = tobytes = astype = view = __array__  # type: ignore[assignment]


def test_subclasses_are_taken_without_asking_them() -> None:
    class Text(str):
        __slots__ = ()
        __str__ = __repr__ = __iter__ = Liar.__array__  # type: ignore[assignment]

    class Number(float):
        __float__ = __repr__ = __pos__ = __eq__ = Liar.__array__  # type: ignore[assignment]

    class Whole(int):
        __pos__ = __int__ = __index__ = __repr__ = Liar.__array__  # type: ignore[assignment]

    class Many(list[Any]):
        __iter__ = __len__ = Liar.__array__  # type: ignore[assignment]

    liar = np.ndarray.__new__(Liar, (2,), buffer=np.array([1.0, 2.0]))
    sent = [liar, Text("a"), Number(-0.0), Whole(7), Many([1])]
    assert same(wire.unpack(wire.pack(sent)), [np.array([1.0, 2.0]), "a", -0.0, 7, [1]])


async def coroutine() -> None: ...


def test_all_else_is_refused_in_words() -> None:
    unawaited = coroutine()
    tensor = type("Tensor", (), {"__module__": "torch"})()
    loop: list[Any] = []
    loop.append(loop)
    refused = {
        "function": [len, lambda: 0, np.exp, [].append],
        "class": [int, np.ndarray],
        "module": [math],
        "generator": [(i for i in "a"), map(len, ""), range(3)],
        "coroutine": [unawaited],
        "tensor": [tensor, {"a": (tensor,)}],
        "set": [{1}, frozenset()],
        "bytes": [b"", memoryview(b"")],
        "complex": [1j, np.ones(2) * 1j, np.complex64(1)],
        "objects": [np.array([None, {}])],
        "kind": [np.array(["a"]), np.zeros(2, "datetime64[s]"), np.longdouble(1), np.zeros(1, [("a", int)])],
        "masked": [np.ma.masked_equal([1, 2], 1)],
        "deep": [loop],
        "many": [[0] * (wire.MOST + 1), "a" * (wire.LONGEST + 1), [["a"] * 1000] * 1000],
        "large": [np.lib.stride_tricks.as_strided(np.zeros(1), (10**9,), (0,)), 1 << 10_000, [np.zeros(2**22)] * 3],
        "other": [object(), Ellipsis, pickle.Pickler],
    }
    refused["class"].append(refused["other"].pop())
    for code, values in refused.items():
        for value in values:
            with pytest.raises(wire.StrangeError) as caught:
                wire.pack(value)
            assert (caught.value.code, str(caught.value)) == (code, wire.STRANGE[code])
    assert set(refused) == set(wire.STRANGE)
    unawaited.close()


@given(st.binary())
def test_no_bytes_do_harm(data: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.unpack(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(sorted(wire.KINDS)),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["a", "g", "t", "d", "i", "x"]), inner, max_size=2)
    ),
)


@given(JSON, st.binary(max_size=40))
def test_no_header_does_harm(tree: Any, arrays: bytes) -> None:
    header = json.dumps(tree).encode()
    try:
        value = wire.unpack(wire.HEAD.pack(wire.MAGIC, len(header), len(arrays)) + header + arrays)
    except wire.WireError:
        return
    wire.pack(value)  # only what may be sent is ever received


@given(VALUES, st.data())
def test_a_damaged_frame_is_data_or_refused(value: Any, data: st.DataObject) -> None:
    frame = bytearray(wire.pack(value))
    place = data.draw(st.integers(0, len(frame) - 1))
    frame[place] = data.draw(st.integers(0, 255))
    try:
        wire.unpack(frame)
    except wire.WireError:
        return
    with pytest.raises(wire.WireError):
        wire.unpack(frame[:-1])


def head(header: int, arrays: int, magic: bytes = wire.MAGIC) -> bytes:
    return wire.HEAD.pack(magic, header, arrays)


@pytest.mark.parametrize(
    "start",
    [head(4, 10 << 30), head(2**32 - 1, 0), head(0, 2**64 - 1), head(2, 0, b"PICK"), b"", b"ATN1", head(1, 1)[:-1]],
)
def test_the_head_alone_gives_away_what_is_no_frame(start: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.body_size(start)


def test_the_largest_frames_are_allowed() -> None:
    assert wire.body_size(head(wire.LARGEST_HEADER, wire.LARGEST)) == wire.LARGEST_HEADER + wire.LARGEST


@pytest.mark.parametrize(
    "header",
    [
        "[" * 100_000,
        "9" * 5000,
        '{"i": "' + "f" * 5000 + '"}',
        '{"a": ["float64", 1000000000]}',
        '{"a": ["float64", -1]}',
        '{"a": ["float64", 1.0]}',
        '{"a": ["float64", true]}',
        '{"a": ["object"]}',
        '{"a": ["float64"' + ", 1" * 40 + "]}",
        '{"a": ["float64", 0, 60000000, 60000000, 60000000, 60000000]}',
        '{"d": [[[1], 2]]}',
        '{"d": [1]}',
        '{"t": 1}',
        '{"t": [], "d": []}',
        "[" + "0," * wire.MOST + "0]",
        "\x00",
        "",
    ],
)
def test_hostile_headers(header: str) -> None:
    data = header.encode()
    with pytest.raises(wire.WireError):
        wire.unpack(head(len(data), 0) + data)


def test_a_truth_value_is_true_or_false() -> None:
    data = b'{"a": ["bool", 2]}'
    got = wire.unpack(head(len(data), 2) + data + b"\x07\x00")
    assert same(got, np.array([True, False]))
    assert got.tobytes() == b"\x01\x00"
