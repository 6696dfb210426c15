"""A Dask cluster does the grading: the same work as on this machine, on several."""

from __future__ import annotations

import logging
from concurrent.futures import Executor
from typing import Any

from nbjudge.course.folder import RefusalError
from nbjudge.recording.records import specs_version
from nbjudge.sandbox import process
from nbjudge.subject import Subject

__all__ = ["Cluster"]

PATIENCE = 20  # seconds within which the scheduler must answer and have a worker
TALKATIVE = ("asyncio", "distributed", "distributed.client", "tornado.application")  # what they say, we say in words


def look(subject: Subject) -> dict[str, str]:
    """Return what a worker has: run on each of them before any work is given away."""
    return {"version": specs_version(subject), "sandbox": process.trouble()}


class Cluster:
    """The workers of a Dask scheduler.

    When a worker dies, Dask gives its work to another one by itself.
    """

    def __init__(self, address: str, subject: Subject, *, trust: bool) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise RefusalError(
                f"--scheduler needs Dask, which is not installed here: {subject.installing('cluster')}"
            ) from None
        try:
            for name in TALKATIVE:
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)
            client: Any = Client
            self.client = client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError):
            raise RefusalError(
                f"no Dask scheduler answers at {address}: start one with `dask scheduler` and give the address that it "
                "prints, such as tcp://192.168.0.5:8786"
            ) from None
        try:
            self.capacity = 2 * self._check(subject, trust)
        except BaseException:
            self.close()
            raise

    def _check(self, subject: Subject, trust: bool) -> int:
        """Refuse unless every worker can grade, else return how many jobs they work at together."""
        try:
            self.client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise RefusalError(
                "the scheduler has no worker: start one on each machine with `dask worker ADDRESS`"
            ) from None
        troubles = []
        for worker, found in self.client.run(look, subject, on_error="return").items():
            if isinstance(found, BaseException) and "ModuleNotFoundError" in repr(found):
                advice = f"there, {subject.installing('classroom', 'cluster')}"
                troubles.append(f"{worker} lacks a package ({found}): {advice}")
            elif isinstance(found, BaseException):
                troubles.append(f"{worker} cannot run it: {type(found).__name__}: {found}")
            elif found["version"] != specs_version(subject):
                troubles.append(f"{worker} has another version of {subject.distribution}: install the same one there")
            elif found["sandbox"] and not trust:
                troubles.append(f"{worker} cannot use a sandbox: {found['sandbox']}")
        if troubles:
            raise RefusalError("not every worker of the cluster can grade:\n  " + "\n  ".join(sorted(troubles)))
        return sum(self.client.nthreads().values())

    def start(self, alone: bool) -> Executor:
        """Return the cluster as an executor."""
        executor: Executor = self.client.get_executor()
        return executor

    def stop(self, executor: Executor) -> None:
        """Take back what was given and is not done."""
        executor.shutdown(wait=False)

    def died(self, error: BaseException) -> bool:
        """Whether workers died of a job, one after the other, until Dask gave it up."""
        from distributed import KilledWorker

        return isinstance(error, KilledWorker)

    def close(self) -> None:
        """Say good-bye to the scheduler, which goes on."""
        self.client.close()
