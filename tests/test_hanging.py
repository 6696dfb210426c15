"""What `tests/hanging.py` and the setting in pyproject.toml make of a test that never ends: one more try, no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = "[pytest]\nfaulthandler_exit_on_timeout = true\nfaulthandler_timeout = 1\n"
HOOKS = "from tests.hanging import pytest_handlecrashitem, pytest_terminal_summary\n"
TESTS = """
import time
from pathlib import Path

def test_once():
    if not (first := Path("seen")).exists():
        first.touch()
        time.sleep(60)

def test_always():
    time.sleep(60)

def test_never():
    pass
"""


def test_a_test_that_hangs_is_run_once_more(tmp_path: Path) -> None:
    files = {"pytest.ini": SETTINGS + f"pythonpath = {ROOT}\n", "conftest.py": HOOKS, "test_it.py": TESTS}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "1", "--dist", "worksteal"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, timeout=60)
    told = [line.rpartition("::")[2] for line in run.stdout.splitlines() if "run once more" in line]
    assert told == ["test_once", "test_always"]
    assert run.stdout.splitlines()[-1].startswith("1 failed, 2 passed, 2 rerun")
    assert run.returncode == 1
    assert 'test_it.py", line 11 in test_always' in run.stderr, "where it stood"
