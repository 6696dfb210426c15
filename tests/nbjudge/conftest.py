"""What several tests of the command begin with."""

from pathlib import Path

import pytest
from tests.nbjudge import courses


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that nobody has handed anything in to; whoever grades in one works on a copy."""
    folder = tmp_path_factory.mktemp("fresh") / "attention"
    made = courses.typed("new", folder)
    assert made.returncode == 0, made.stderr
    # Always the same, so that what fails here fails again. Other seeds are tried where that costs little: test_mutants.
    (folder / "private" / "seed").write_text("5eed" * 16, encoding="ascii")
    return folder
