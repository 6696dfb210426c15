"""What the tests of the mathematics share."""

from pathlib import Path

import pytest
from hypothesis import settings

# Failing comparisons inside the oracles show the two sides, as they would in a test.
for path in Path(__file__).parent.glob("[a-z]*.py"):
    pytest.register_assert_rewrite(f"tests.core.{path.stem}")

# The same examples in every run, so that a test that fails here fails there too.
settings.register_profile("book", max_examples=25, deadline=None, derandomize=True, database=None)
settings.load_profile("book")
