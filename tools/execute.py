"""Execute pages side by side, and keep their outputs where Sphinx, which would take one after the other, finds them."""

from __future__ import annotations

import asyncio
import math
import os
import queue
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

TIMEOUT = 600  # seconds a cell may take, as in _config.yml
MOST = 4  # pages at once: the larger ones need a gigabyte


def execute(sources: Iterable[Path], folder: Path, environment: Mapping[str, str]) -> None:
    """Execute the pages without outputs in the cache, one on each processor.

    A page that fails is left to Sphinx, which executes it once more and says why.
    """
    from jupyter_cache import get_cache
    from myst_nb.core.read import read_myst_markdown_notebook

    async def all_of_them() -> None:
        cache, free = get_cache(folder), asyncio.Semaphore(min(os.cpu_count() or 1, MOST))
        notebooks = {source: read_myst_markdown_notebook(source.read_text(encoding="utf-8")) for source in sources}
        waiting = {source: notebook for source, notebook in notebooks.items() if needs_outputs(cache, notebook)}
        await asyncio.gather(*(run(*page, cache, free, environment) for page in waiting.items()))

    asyncio.run(all_of_them())


def needs_outputs(cache: Any, notebook: Any) -> bool:
    """Whether there are cells, and not these very ones in the cache."""
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return any(cell.cell_type == "code" for cell in notebook.cells)
    return False


async def run(source: Path, notebook: Any, cache: Any, free: asyncio.Semaphore, environment: Mapping[str, str]) -> None:
    """Execute one page when a processor is free, and put its outputs into the cache if it ends well."""
    from jupyter_cache.base import CacheBundleIn
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal

    async with free:
        with tempfile.TemporaryDirectory() as folder:
            # One process asks for all kernels: jupyter_client then gives no two of them the same port. A kernel would
            # warn that it talks to this machine in the clear; times in the cells would hide these from the cache.
            options: dict[str, Any] = {"extra_arguments": ["--log-level=ERROR"], "record_timing": False}
            client = NotebookClient(notebook, timeout=TIMEOUT, resources={"metadata": {"path": folder}}, **options)
            client.on_notebook_start = patient(client)
            start = time.monotonic()
            try:
                await client.async_execute(env=dict(environment))
            except (CellControlSignal, RuntimeError):  # a cell failed, or the kernel did
                return
    bundle = CacheBundleIn(notebook, str(source), data={"execution_seconds": time.monotonic() - start})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def patient(client: Any) -> Callable[..., None]:
    """Return a hook by which a client looks for a reply each second, and not only when it is woken.

    While a client waits for the reply to a cell, a widget that shows output may write to the kernel, on the same
    socket. A reply that comes at that moment wakes nobody: the client would wait until the cell's time is over.
    """

    def start(**_: Any) -> None:
        channel = client.kc.shell_channel
        receive = channel.get_msg

        async def get_msg(timeout: float | None = None) -> Any:
            end = math.inf if timeout is None else time.monotonic() + timeout
            while True:
                try:
                    return await receive(timeout=max(0.0, min(1.0, end - time.monotonic())))
                except queue.Empty:
                    if time.monotonic() >= end:
                        raise

        channel.get_msg = get_msg

    return start
