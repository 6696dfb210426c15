"""What several tests of the command begin with."""

import os
from pathlib import Path

import pytest
from tests.nbjudge import courses, small

from nbjudge.nbgrader.gradebook import Books


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that nobody has handed anything in to; whoever grades in one works on a copy."""
    folder = tmp_path_factory.mktemp("fresh") / "attention"
    made = courses.typed("new", folder)
    assert made.returncode == 0, made.stderr
    # Always the same, so that what fails here fails again. Other seeds are tried where that costs little: test_mutants.
    (folder / "private" / "seed").write_text("5eed" * 16, encoding="ascii")
    return folder


@pytest.fixture(scope="session")
def gradebook_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A gradebook with the small assignment, made where no environment is activated: nbgrader must be shown alembic."""
    folder = tmp_path_factory.mktemp("gradebook")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PATH", "/usr/bin:/bin")
        with Books(folder) as books:  # two seconds, therefore made once
            books.add_assignment(small.assignment())
        assert os.environ["PATH"] == "/usr/bin:/bin"
    return (folder / "gradebook.db").read_bytes()
