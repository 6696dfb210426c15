"""Say how far a long computation is, while it runs in a notebook, and leave nothing of it there."""

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

__all__ = ["progress"]

Item = TypeVar("Item")


def progress(items: Sequence[Item], told: str, *, seconds: float = 0.5) -> Iterator[Item]:
    """Hand on the items and, in a notebook, say from time to time how many are done; clear that away at the end."""
    ipython = sys.modules.get("IPython")  # a kernel has loaded it
    live, spoke = ipython is not None and ipython.get_ipython() is not None, time.monotonic()
    for done, item in enumerate(items):
        if live and time.monotonic() - spoke > seconds:
            _say(f"{told}: {done} of {len(items)}")
            spoke = time.monotonic()
        yield item
    if live:
        _say("")


def _say(line: str) -> None:
    from IPython.display import clear_output

    # What is said next takes the place of what was said before.
    clear_output(wait=bool(line))  # type: ignore[no-untyped-call]
    if line:
        print(line)
