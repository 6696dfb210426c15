"""The examples in the docstrings run and show what they say."""

import doctest
import importlib
import pkgutil

import pytest

import attnbook
from attnbook.core import Scorer

MODULES = sorted(module.name for module in pkgutil.walk_packages(attnbook.__path__, "attnbook."))
PUBLIC = {
    f"{name.removeprefix('attnbook.')}.{public}": getattr(importlib.import_module(name), public)
    for name in MODULES
    if name.startswith(("attnbook.core.", "attnbook.data.", "attnbook.nn."))
    for public in getattr(importlib.import_module(name), "__all__", [])
    if not public.isupper()
}


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


@pytest.mark.parametrize("name", PUBLIC)
def test_public_names_have_a_sentence_and_an_example(name: str) -> None:
    public = PUBLIC[name]
    written = public.__doc__ or ""
    assert written.splitlines()[0].endswith("."), "the first line is one sentence"
    if isinstance(public, type) and issubclass(public, tuple | Scorer):
        return  # a record: its fields are its documentation
    assert ">>> " in written
