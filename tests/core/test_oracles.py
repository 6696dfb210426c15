"""Shipped functions do what their formulas say; the checks reject each planted fault and accept what is right."""

import functools
import importlib

import pytest
from tests.core.machinery import Function, chapters

CHECKS = {
    check.removeprefix("check_"): (getattr(module, check), importlib.import_module(f"attnbook.core.{name}"))
    for name, module in chapters().items()
    for check in vars(module)
    if check.startswith("check_") and hasattr(importlib.import_module(f"attnbook.core.{name}"), check[6:])
}
FAULTS = [
    pytest.param(name, functools.partial(function, fault=fault), id=f"{name}: {fault}")
    for module in chapters().values()
    for name, (function, faults) in module.FAULTS.items()
    for fault in faults
]
RIGHT = [
    pytest.param(name, function, id=f"{name}: {function.__name__}")
    for module in chapters().values()
    for name, function in [*((name, f) for name, (f, _) in module.FAULTS.items()), *getattr(module, "RIGHT", [])]
]


@pytest.mark.parametrize("name", CHECKS)
def test_does_what_its_formula_says(name: str) -> None:
    check, module = CHECKS[name]
    check(getattr(module, name))


@pytest.mark.parametrize(("name", "implementation"), FAULTS)
def test_planted_fault_is_rejected(name: str, implementation: Function) -> None:
    with pytest.raises(AssertionError):
        CHECKS[name][0](implementation)


@pytest.mark.parametrize(("name", "implementation"), RIGHT)
def test_right_implementation_is_accepted(name: str, implementation: Function) -> None:
    CHECKS[name][0](implementation)


def test_changed_inputs_are_rejected_for_that() -> None:
    def in_place(query, keys):  # type: ignore[no-untyped-def]
        query /= query.shape[-1] ** 0.5
        return query @ keys.swapaxes(-1, -2)

    with pytest.raises(AssertionError, match="changed in place"):
        CHECKS["scaled_dot"][0](in_place)
