"""The examples in the docstrings run and show what they say."""

import doctest
import importlib
import pkgutil

import pytest

import attnbook
from attnbook import core, data, nn

MODULES = sorted(module.name for module in pkgutil.walk_packages(attnbook.__path__, "attnbook."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


@pytest.mark.parametrize(
    "public",
    [getattr(module, name) for module in (core, data, nn) for name in module.__all__ if not name.isupper()],
    ids=lambda public: public.__qualname__,
)
def test_everything_public_has_a_sentence_and_every_function_and_module_an_example(public: object) -> None:
    written = public.__doc__ or ""
    assert written.splitlines()[0].endswith("."), "the first line is one sentence"
    if isinstance(public, type) and issubclass(public, tuple | core.Scorer):
        return  # a record: its fields are its documentation
    assert ">>> " in written
