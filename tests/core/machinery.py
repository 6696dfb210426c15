"""What the tests of the mathematics share.

Each module of `attnbook.core` has its own module here, with a `check_` for each function: what its formula must do, as
a check that takes an implementation. `test_oracles.py` gives it the shipped function; the implementations of FAULTS, to
be rejected with each fault and accepted without; and those of RIGHT, written in other ways, to be accepted. Every
expected number comes from loops written after the formula in the book, from SciPy, or by hand: never from the package.
"""

import importlib
import math
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

Function = Callable[..., Any]


# (batch axes, queries, keys, query width, key width): all different, so that no axis can be taken for another.
SHAPES = [((), 1, 6, 2, 3), ((), 3, 4, 5, 2), ((2,), 3, 5, 4, 6), ((3, 2), 2, 4, 3, 5)]


# Those that hypothesis compares.
NEAR = {"rtol": 1e-8, "atol": 1e-8}


def chapters() -> dict[str, ModuleType]:
    """The modules beside this one that hold checks and faults, by the name of the module of `core` they are about."""
    folder = Path(__file__).parent
    names = sorted(path.stem for path in folder.glob("[a-z]*.py") if not path.stem.startswith("test_"))
    others = {"conftest", Path(__file__).stem}
    return {name: importlib.import_module(f"tests.core.{name}") for name in names if name not in others}


def close(actual: Any, expected: Any, *, what: str = "") -> None:
    np.testing.assert_allclose(np.asarray(actual), np.asarray(expected), rtol=1e-9, atol=1e-12, err_msg=what)


def quietly(function: Function, *inputs: Any, **options: Any) -> Any:
    """Call without NumPy's warnings (what they warn of is asserted) and assert that the arrays are left alone."""
    arrays = [value for value in [*inputs, *options.values()] if isinstance(value, np.ndarray)]
    before = [array.copy() for array in arrays]
    with np.errstate(all="ignore"):
        result = function(*inputs, **options)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy, err_msg="an input was changed in place")
    return result


def inner(x: np.ndarray, y: np.ndarray) -> float:
    return math.fsum(float(a) * float(b) for a, b in zip(x, y, strict=True))


def norm(x: np.ndarray) -> float:
    return math.sqrt(inner(x, x))


def ones(*shape: int, dtype: str = "float64") -> np.ndarray:
    return np.ones(shape, dtype=dtype)


def leaf(values: Any) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def numbers(*shape: int, size: float = 5.0) -> st.SearchStrategy[np.ndarray]:
    return arrays("float64", shape, elements=st.floats(-size, size, allow_subnormal=False))
