"""Who does the grading: processes of this machine, or a Dask cluster. Work and results are plain data.

The process that keeps the results never touches a submission: its workers do, each in a process of its own, and a
worker that dies takes nothing with it. Whose work was under way is graded again, each alone; whose worker then dies
twice is reported as not graded. So one submission can neither stop the others nor cost them a point.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any, Protocol

from nbjudge.grading.grade import grade_submission
from nbjudge.grading.job import Graded, Job
from nbjudge.recording.records import not_graded, specs_version

__all__ = ["Pool", "Processes", "grade_all", "grade_job"]

GRACE = 60  # seconds beyond a submission's own limit after which its worker counts as stuck
TRIES = 2  # alone, for memory may have been short for a moment
DIED = "the process that graded it died twice, while it graded nothing else (out of memory?)"


class Pool(Protocol):
    """Something that works."""

    capacity: int  # how many jobs it is given at a time

    def start(self, alone: bool) -> Executor:
        """Return an executor; `alone`: one that works at one job at a time."""
        ...

    def stop(self, executor: Executor) -> None:
        """End it now, whatever it is doing."""
        ...

    def died(self, error: BaseException) -> bool:
        """Whether this is what a job ends with whose worker died."""
        ...


def grade_job(job: Job) -> Graded:
    """Grade one submission, wherever this runs."""
    one, options = job.submission, job.options
    failed = partial(not_graded, one.student, job.assignment)
    assert one.notebook is not None
    try:
        if job.version != specs_version(job.assignment.subject):
            words = f"the machine that was to grade it has another version of {job.assignment.subject.distribution}"
            return Graded(failed(words))
        about: dict[str, Any] = {"student": one.student, "seed": options.seed, "sandbox": options.sandbox}
        return grade_submission(one.notebook, job.assignment, limits=options.limits, **about)
    except Exception as error:  # ours, not the student's: it must not cost a point
        return Graded(failed(f"the grader failed at it: {type(error).__name__}: {error}"))


def grade_all(
    pool: Pool, jobs: Sequence[Job], grade: Callable[[Job], Graded] = grade_job
) -> Generator[tuple[Job, Graded]]:
    """Grade the jobs and yield each with its result, as they come; closing it ends the work at once."""
    waiting, suspects = deque(jobs), deque[Job]()
    deaths: Counter[str] = Counter()  # of those that were graded alone
    while waiting or suspects:
        alone = bool(suspects)
        queue = suspects if alone else waiting
        executor = pool.start(alone)
        under_way: dict[Future[Graded], Job] = {}
        dead: list[Job] = []
        broken = False
        try:
            while (queue or under_way) and not broken:
                while queue and len(under_way) < (1 if alone else pool.capacity):
                    try:
                        under_way[executor.submit(grade, queue[0])] = queue[0]
                    except Exception as error:  # the worker died since, at nothing
                        if not pool.died(error):
                            raise
                        broken = True
                        break
                    queue.popleft()
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    job = under_way.pop(future)
                    failure = CancelledError() if future.cancelled() else future.exception()
                    if failure is None:
                        yield job, future.result()
                    elif pool.died(failure):
                        dead.append(job)
                        broken = True
                    else:
                        raise failure
            # A dead process leaves the others' answers behind, too: which of them it was shows when each works alone.
            dead += under_way.values()
        finally:
            pool.stop(executor)
        for job in dead:
            deaths[job.submission.student] += alone
            if deaths[job.submission.student] < TRIES:
                suspects.append(job)
            else:
                yield job, Graded(not_graded(job.submission.student, job.assignment, DIED))


class Processes:
    """Processes of this machine."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.capacity = 2 * workers  # so that nobody waits while the results are written

    def start(self, alone: bool) -> Executor:
        """Return a pool of processes; they are started afresh, for a fork would share locks and files with us."""
        context = multiprocessing.get_context("spawn")
        return _Watched(1 if alone else self.workers, mp_context=context, initializer=_begin, initargs=(os.getpid(),))

    def stop(self, executor: Executor) -> None:
        """Kill them: what they were doing is done again another time."""
        for child in multiprocessing.active_children():
            child.kill()
        executor.shutdown(wait=True, cancel_futures=True)

    def died(self, error: BaseException) -> bool:
        """Whether a worker process died."""
        return isinstance(error, BrokenProcessPool)


class _Watched(ProcessPoolExecutor):
    def submit(self, fn: Any, /, *args: Any, **options: Any) -> Any:
        return super().submit(_watched, fn, *args, **options)


def _watched(function: Any, job: Job) -> Graded:
    # A worker that is stuck in spite of all limits ends itself, and counts as one that died.
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        faulthandler.dump_traceback_later(job.options.limits.seconds + GRACE, exit=True, file=nowhere)
        try:
            return function(job)  # type: ignore[no-any-return]
        finally:
            faulthandler.cancel_dump_traceback_later()


def _begin(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    threading.Thread(target=_outlive_nobody, args=(parent,), daemon=True).start()
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("500")  # when memory runs out, the kernel takes a worker, not the one that keeps the results
    except OSError:
        pass  # not Linux


def _outlive_nobody(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
