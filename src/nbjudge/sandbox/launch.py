"""Starts a worker, in the box with its filter of system calls or, for who trusts the students, without one."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
from typing import Any

from nbjudge.sandbox import seccomp
from nbjudge.sandbox.box import ENVIRONMENT, Limits, box, without_box

__all__ = ["launch"]

Started = tuple[subprocess.Popen[bytes], tempfile.TemporaryDirectory[str] | None, int]


def launch(limits: Limits, check_from: str, sandbox: bool) -> Started:
    """Start a worker.

    Returns:
        What was started, its folder if it has no box, and the id of the box's first process where there is no filter
        and its processes have to be counted, else 0.
    """
    if not sandbox:
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        environment = ENVIRONMENT | {"HOME": folder.name, "TMPDIR": folder.name}
        return _begin(without_box(limits, check_from), env=environment, cwd=folder.name), folder, 0
    program = seccomp.program()
    reading, writing = os.pipe()
    inside = 0
    try:
        if program is None:
            command = [*box(limits, check_from, None)]
            command[1:1] = ["--info-fd", str(writing)]
            passed = writing
        else:
            os.write(writing, program)  # less than a pipe holds
            os.close(writing)
            writing = -1
            command = box(limits, check_from, reading)
            passed = reading
        popen = _begin(command, pass_fds=[passed])
        if program is None:
            os.close(writing)
            writing = -1
            with open(reading, "rb", closefd=False) as told, contextlib.suppress(ValueError, KeyError):
                inside = json.load(told)["child-pid"]  # to the end: it writes in several pieces
        return popen, None, inside
    finally:
        for descriptor in (reading, writing):
            if descriptor >= 0:
                os.close(descriptor)


def _begin(command: list[str], **more: Any) -> subprocess.Popen[bytes]:
    options: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    options |= {"bufsize": 0, "start_new_session": True, **more}
    started: subprocess.Popen[bytes] = subprocess.Popen(command, **options)
    return started
