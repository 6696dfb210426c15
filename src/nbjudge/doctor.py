"""What is here and what is missing, in sentences."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import sqlite3
import sysconfig
from pathlib import Path

from nbjudge.sandbox import box, process
from nbjudge.subject import Subject

__all__ = ["examine"]


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _sandbox() -> tuple[list[str], bool]:
    if trouble := process.trouble():
        refuses = "  Grading refuses without it, except with --trust-students."
        return [f"✗ {trouble[0].upper()}{trouble[1:]}.", refuses], False
    weakness = box.weakness()
    return [
        "✓ The sandbox works: Python and NumPy start in it.",
        f"! {weakness[0].upper()}{weakness[1:]}." if weakness else "✓ System calls are filtered, too (seccomp).",
    ], True


def _nbgrader(subject: Subject) -> tuple[list[str], bool]:
    version = _version("nbgrader")
    if not version:
        return [f"✗ nbgrader is not installed: {subject.installing('classroom')}"], False
    lines = [f"✓ nbgrader {version} keeps the marks (SQLite {sqlite3.sqlite_version})."]
    scripts = Path(sysconfig.get_path("scripts"))
    able = (scripts / "alembic").exists() or shutil.which("alembic") is not None
    if not able:
        lines.append("✗ Its helper alembic is missing: pip install --force-reinstall alembic")
    if shutil.which("jupyter") is None:
        lines.append(f"! The environment is not active; to mark by hand, start {scripts / 'jupyter'} lab.")
    return lines, able


def _dask(subject: Subject) -> list[str]:
    version = _version("distributed")
    if not version:
        return [f"– Dask is not installed; only --scheduler needs it: {subject.installing('cluster')}"]
    return [f"✓ Dask {version}: --scheduler can use a cluster."]


def examine(subject: Subject) -> tuple[list[str], bool]:
    """Return what there is to say, and whether grading is possible."""
    version = f"{subject.distribution} {_version(subject.distribution)}".strip()
    about = f"{version} with Python {platform.python_version()} on {platform.platform()}"
    sandbox, boxed = _sandbox()
    book, booked = _nbgrader(subject)
    lines = [about, *sandbox, *book, *_dask(subject)]
    lines.append("All is ready." if boxed and booked else "Mend what is marked with ✗, then ask again.")
    return lines, boxed and booked
