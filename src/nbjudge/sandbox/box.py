"""The box in which a student's code runs: bubblewrap around Python and NumPy and nothing else, with limits.

In the box there is no network, no other process, no home, no project, no course and nothing of /etc but where
libraries are. Nothing can be written but a small /tmp that ends with the box. Whoever breaks out of Python finds no
more than that.
Where the box cannot be built, grading refuses, in words that say what to do.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from nbjudge.sandbox import seccomp, wire, worker

__all__ = ["ENVIRONMENT", "MISSING", "Limits", "NoSandboxError"]
__all__ += ["box", "explain", "find", "weakness", "without_box"]

TEMPORARY = 16 * 1024 * 1024  # bytes that can be written into /tmp, and so the largest file
MISSING = (
    "there is no sandbox on this machine: install bubblewrap (Debian, Ubuntu: `sudo apt install bubblewrap`; Fedora: "
    "`sudo dnf install bubblewrap`; on macOS and Windows it runs in a Linux container or in WSL)"
)
DOES_NOT_WORK = (
    "bubblewrap is here, but could not build a sandbox ({reason}): the system must let it make user namespaces. Ubuntu "
    "24.04 wants an AppArmor profile for bwrap (`sudo apt install apparmor-profiles`, then copy "
    "/usr/share/apparmor/extra-profiles/bwrap-userns-restrict to /etc/apparmor.d and restart apparmor); a container "
    "must be started with `--security-opt seccomp=unconfined`"
)
DOES_NOT_START = (
    "bubblewrap built a sandbox, but Python and NumPy did not start in it ({reason}): install the grader with another "
    "Python, for example the system's own (`python3 -m venv`), and grade with that"
)
# One thread each: a second one would be refused, and sixty students share the machine.
ENVIRONMENT = {
    **{"HOME": "/tmp", "TMPDIR": "/tmp", "PATH": "/usr/bin", "LANG": "C.UTF-8"},
    **{"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
}
PYTHON = ("-I", "-S", "-B", "-X", "utf8")  # nothing of the environment, the user's folders or .pth files
DEVICES = ("null", "zero", "random", "urandom")


class NoSandboxError(RuntimeError):
    """There is no sandbox here; the message says what to do."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes:
        seconds_per_call: For one call of one function.
        seconds_per_cell: For one cell.
        seconds: For the whole submission.
        memory: Bytes of memory.
        output: Bytes of what it prints that are kept; the rest is read and dropped.
    """

    seconds_per_call: float = 10
    seconds_per_cell: float = 20
    seconds: float = 120
    memory: int = 2 * 1024**3
    output: int = 64 * 1024


def find() -> str | None:
    """Return the path of bubblewrap, or None."""
    return shutil.which("bwrap") if sys.platform == "linux" else None


def explain(reason: str = "") -> str:
    """Return what is missing for a sandbox, or went wrong with it, and what to do, as the end of a sentence."""
    if find() is None:
        return MISSING
    words = DOES_NOT_WORK if reason.startswith("bwrap:") else DOES_NOT_START
    return words.format(reason=reason.strip() or "no reason given")


def weakness() -> str:
    """Return in words what this machine's sandbox lacks; "" if nothing."""
    if seccomp.program() is None:
        return (
            f"no system call filter is known for {platform.machine()}: processes of student code are counted from "
            "outside and stopped, instead of refused"
        )
    if not _knows_size(find() or ""):
        return "this bubblewrap is old and cannot limit a temporary folder: student code gets none at all"
    return ""


@cache
def _knows_size(bwrap: str) -> bool:
    if not bwrap:
        return True
    shown = subprocess.run([bwrap, "--help"], capture_output=True, text=True, check=False, timeout=30)
    return "--size BYTES" in shown.stdout + shown.stderr


def _interpreter() -> str:
    # The base of a virtual environment, where its links lead: what is bound into the box has the same name there.
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable) or sys.executable)


def _packages() -> list[str]:
    folder = Path(np.__file__).resolve().parent
    return [str(path) for path in (folder, folder.with_name("numpy.libs")) if path.is_dir()]


def _libraries() -> list[str]:
    """Return the folders of the system's libraries and of Python's own, each once, none within another."""
    found = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"]
    base = {"installed_base": sys.base_prefix, "base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    found += [os.path.join(os.path.realpath(sys.base_prefix), "lib")]
    found += [os.path.realpath(sysconfig.get_path(name, vars=base)) for name in ("stdlib", "platstdlib")]
    folders = sorted({path for path in found if os.path.isdir(path) and not os.path.islink(path)}, key=len)
    return [path for path in folders if not any(path.startswith(f"{other}/") for other in folders if other != path)]


@cache
def _tree() -> tuple[str, ...]:
    """Return the arguments that lay out the box's files: whatever is not named here does not exist in it."""
    arguments: list[str] = []
    for path in ("/lib", "/lib64"):
        if os.path.islink(path):
            arguments += ["--symlink", os.readlink(path), path]
    libraries = _libraries()
    for path in libraries:
        arguments += ["--ro-bind", path, path]
    for path in ("/etc/ld.so.cache", "/etc/alternatives"):
        arguments += ["--ro-bind-try", path, path]
    masks = [
        str(folder)
        for library in libraries
        for pattern in ("site-packages", "dist-packages", "python*/site-packages", "python*/dist-packages")
        for folder in Path(library).glob(pattern)
        if folder.is_dir() and not folder.is_symlink()
    ]
    for path in masks:  # whatever else is installed, the tasks and the grader among it
        arguments += ["--tmpfs", path]
    for path in (_interpreter(), *_packages()):
        arguments += ["--ro-bind", path, path]
    for path in masks:
        arguments += ["--remount-ro", path]
    for module in (worker, wire):
        arguments += ["--ro-bind", str(module.__file__), f"/grader/{Path(str(module.__file__)).name}"]
    for device in DEVICES:
        arguments += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    return tuple(arguments)


def _worker(limits: Limits, check_from: str, script: str) -> list[str]:
    bounds = f"{limits.memory},{int(limits.seconds) + 1},{TEMPORARY}"
    return [*PYTHON, script, os.path.dirname(_packages()[0]), bounds, check_from]


def box(limits: Limits, check_from: str, filter_fd: int | None) -> list[str]:
    """Return the command that runs the worker in the box; `filter_fd` brings the filter of system calls."""
    bwrap = find()
    if bwrap is None:
        raise NoSandboxError(MISSING)
    command = [bwrap, "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    command += ["--uid", "1000", "--gid", "1000", "--hostname", "sandbox", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        command += ["--setenv", name, value]
    # First of all, for the project itself may lie in /tmp.
    command += ["--size", str(TEMPORARY), "--tmpfs", "/tmp"] if _knows_size(bwrap) else ["--dir", "/tmp"]
    command += _tree()
    command += ["--remount-ro", "/", "--chdir", "/tmp"]
    if filter_fd is not None:
        command += ["--seccomp", str(filter_fd)]
    return [*command, "--", _interpreter(), *_worker(limits, check_from, "/grader/worker.py")]


def without_box(limits: Limits, check_from: str) -> list[str]:
    """Return the command that runs the worker as a plain process, for who trusts the students."""
    return [_interpreter(), *_worker(limits, check_from, str(worker.__file__))]
