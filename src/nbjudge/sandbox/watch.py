"""What can be seen of a box from outside: its processes, its files, and whether the machine ran out of memory."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping

__all__ = ["children", "crowded", "littered", "out_of_memory", "set_seconds"]

LITTER = 2000  # files in the box: an empty one takes none of its bytes, but a kilobyte of the machine's memory
CROWD = 8  # processes and threads in a box without a filter; its own are two


def children(process: int) -> list[int]:
    """Return the processes that a process has started and that are still there."""
    with contextlib.suppress(OSError), open(f"/proc/{process}/task/{process}/children", encoding="ascii") as found:
        return [int(child) for child in found.read().split()]
    return []


def littered(root: str) -> bool:
    """Return whether more files lie in the box than any exercise makes: their number has no other limit."""
    try:
        about = os.statvfs(f"{root}/tmp")
    except OSError:  # it has just ended
        return False
    return about.f_files - about.f_ffree > LITTER


def crowded(inside: int) -> bool:
    """Return whether the box holds more processes and threads than it may, where no filter refuses them."""
    try:
        mine = os.readlink(f"/proc/{inside}/ns/pid")
    except OSError:
        return False
    count = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{name}/ns/pid") == mine:
                count += len(os.listdir(f"/proc/{name}/task"))
    return count > CROWD


def out_of_memory() -> int:
    """Return how many processes the kernel has killed for want of memory since the machine started."""
    counts: Mapping[str, str] = {}
    with contextlib.suppress(OSError, ValueError), open("/proc/vmstat", encoding="ascii") as file:
        counts = dict(line.split() for line in file)
    return int(counts.get("oom_kill", 0))


def set_seconds(process: int, seconds: int) -> None:
    """Limit the processor time of a worker, which its filter keeps it from doing itself."""
    if sys.platform == "linux":
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(process, resource.RLIMIT_CPU, (seconds, seconds))
