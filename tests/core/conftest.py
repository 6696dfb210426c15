"""What the tests of the mathematics share."""

import pytest
from hypothesis import settings

# Failing comparisons inside the oracles show the two sides, as they would in a test.
pytest.register_assert_rewrite("tests.core.oracles")

# The same examples in every run, so that a test that fails here fails there too.
settings.register_profile("book", max_examples=50, deadline=None, derandomize=True, database=None)
settings.load_profile("book")
