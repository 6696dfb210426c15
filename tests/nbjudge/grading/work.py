"""Work for worker processes in tests; a module of its own, since each of them loads it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from nbjudge.grading.job import Graded, Job


def lethal(job: Job) -> Graded:
    """Kill the process for some students: always for one, the first time for another."""
    student = job.submission.student
    tries = Path(job.options.seed) / student
    with tries.open("a") as file:
        file.write(f"{os.getpid()}\n")
    if student == "killer" or (student == "unlucky" and len(tries.read_text().split()) == 1):
        os._exit(9)
    time.sleep(0.05)
    return Graded({"state": "graded", "student": student})


def endless(job: Job) -> Graded:
    Path(job.options.seed, str(os.getpid())).touch()
    if job.submission.student == "first":
        return Graded({})
    time.sleep(30)
    raise AssertionError
