"""The grader's end of the line to a worker: asks, waits no longer than it means to, and believes nothing.

Each request carries a fresh random token, and an answer must bring it back: what was sent before anybody asked is no
answer. A worker that is late, gone or talks nonsense is killed with all that it started, and never asked again.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import signal
import sys
import time
from typing import Any

from nbjudge.sandbox import seccomp, watch, wire
from nbjudge.sandbox.box import Limits, NoSandboxError, explain
from nbjudge.sandbox.launch import launch

__all__ = ["LostError", "Process", "trouble"]

START = 60.0  # seconds for Python and NumPy to start; student code does not run yet, so a slow machine may be slow
STEP = 0.1  # seconds between looks at the clock
CHUNK = 1 << 16
ENDED = {
    "slow": f"nothing came of it within {START:g} seconds",
    "died": "it ended at once",
    "killed": "it was killed from outside (is the machine out of memory?)",
    "garbage": "it began with something else than the worker",
}


class LostError(Exception):
    """The worker will not answer any more.

    Attributes:
        why: "slow", "died", "killed" (by somebody else than itself), "garbage", "crowd" or "litter".
        signal: The signal that ended it, or 0.
    """

    def __init__(self, why: str, number: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.signal = number


class Process:
    """A worker with a student's code in it, in the box or, for who trusts the students, without one."""

    def __init__(self, limits: Limits, *, check_from: str = "", sandbox: bool = True) -> None:
        """Start it, and wait until it is ready.

        Args:
            limits: What it may use.
            check_from: The module from which notebooks import `check`; the worker has one that does nothing.
            sandbox: False starts it as a plain process.

        Raises:
            NoSandboxError: If it cannot be started; no student code has run by then.
        """
        if sys.platform == "win32":
            raise NoSandboxError(explain())
        self.output = bytearray()
        self.printed = 0
        self._limits = limits
        self._kills_itself = not sandbox or seccomp.program() is None  # or could
        self._kills = watch.out_of_memory()
        self._popen, self._folder, self._inside = launch(limits, check_from, sandbox)
        self._root = ""  # the box as it is seen from outside
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        assert self._popen.stderr is not None
        self._requests, self._answers, self._prints = (
            stream.fileno() for stream in (self._popen.stdin, self._popen.stdout, self._popen.stderr)
        )
        os.set_blocking(self._requests, False)
        os.set_blocking(self._prints, False)
        self._open = {self._answers, self._prints}
        self._ended = False  # by itself
        try:
            hello = self._receive(time.monotonic() + START)
        except LostError as lost:
            said = bytes(self.output).decode("utf-8", "replace").strip().splitlines()
            reason = said[-1] if said else ENDED[lost.why]
            raise NoSandboxError(explain(reason) if sandbox else f"Python and NumPy did not start: {reason}") from lost
        if hello != {"ready": True}:
            self.close()
            raise NoSandboxError(explain(ENDED["garbage"]))
        if sandbox:
            for first in watch.children(self._popen.pid):
                self._root = f"/proc/{first}/root"
                for inner in watch.children(first):
                    watch.set_seconds(inner, int(limits.seconds) + 1)

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, do: str, *with_: Any, seconds: float) -> dict[str, Any]:
        """Send a request and return the answer.

        Raises:
            LostError: If none came in time, or something that is none. The worker is dead then.
        """
        token = secrets.token_hex(16)
        deadline = time.monotonic() + seconds
        self._send(wire.pack({"do": do, "with": with_, "token": token}), deadline)
        answer = self._receive(deadline)
        if not isinstance(answer, dict) or answer.pop("token", None) != token:
            raise self._lost("garbage")
        return answer

    def close(self, *, patience: float = 0.25) -> None:
        """Hang up, and kill it and everything that it started, should it not be gone within so many seconds."""
        if self._popen.returncode is not None:
            return
        assert self._popen.stdin is not None
        with contextlib.suppress(OSError):
            self._popen.stdin.close()
        # Who goes by himself is buried by his parents; for the children of the killed, a container may have nobody.
        self._ended = self._linger(patience)
        # In the box, the first process takes all others with it, and dies with bubblewrap; without one, the group goes.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.kill()
        self._popen.wait()
        for stream in (self._popen.stdout, self._popen.stderr):
            assert stream is not None
            stream.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _linger(self, seconds: float) -> bool:
        """Wait for its end, but leave its number taken, so that no stranger gets it and is killed in its place."""
        if not hasattr(os, "waitid"):  # macOS, before Python 3.13
            return False
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if os.waitid(os.P_PID, self._popen.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
                return True
            time.sleep(0.001)
        return False

    def _lost(self, why: str) -> LostError:
        self.close(patience=1.0 if why == "died" else 0.0)
        code = self._popen.returncode if why == "died" and self._ended else 0
        # Bubblewrap reports a signal as a shell does.
        number = -code if code < 0 else code - 128 if code > 128 else 0
        if number == signal.SIGKILL and (not self._kills_itself or watch.out_of_memory() > self._kills):
            why = "killed"
        return LostError(why, number)

    def _wait(self, deadline: float, *, writing: bool = False) -> tuple[bool, bool]:
        """Wait for the line; take what was printed out of the way. Returns whether it can be read and written."""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise self._lost("slow")
            if self._inside and watch.crowded(self._inside):
                raise self._lost("crowd")
            if self._root and watch.littered(self._root):
                raise self._lost("litter")
            poll = select.poll()
            for descriptor in self._open:
                poll.register(descriptor, select.POLLIN)
            if writing:
                poll.register(self._requests, select.POLLOUT)
            ready = dict(poll.poll(min(left, STEP) * 1000))
            if self._prints in ready:
                self._drain()
            if self._answers in ready or self._requests in ready:
                return self._answers in ready, self._requests in ready

    def _drain(self) -> None:
        try:
            printed = os.read(self._prints, CHUNK)
        except BlockingIOError:
            return
        if not printed:
            self._open.discard(self._prints)
        self.printed += len(printed)
        self.output += printed[: max(self._limits.output - len(self.output), 0)]

    def _send(self, frame: bytes, deadline: float) -> None:
        view = memoryview(frame)
        while view:
            spoke, free = self._wait(deadline, writing=True)
            if spoke:  # nobody asked yet: either a forgery, or the end
                raise self._lost("garbage" if os.read(self._answers, 1) else "died")
            if free:
                try:
                    view = view[os.write(self._requests, view) :]
                except BlockingIOError:
                    continue
                except OSError:
                    raise self._lost("died") from None

    def _take(self, length: int, deadline: float) -> bytearray:
        taken = bytearray()
        while len(taken) < length:
            self._wait(deadline)
            part = os.read(self._answers, min(length - len(taken), CHUNK))
            if not part:
                raise self._lost("died")
            taken += part
        return taken

    def _receive(self, deadline: float) -> Any:
        head = self._take(wire.HEAD.size, deadline)
        try:
            frame = head + self._take(wire.body_size(bytes(head)), deadline)
            return wire.unpack(frame)
        except wire.WireError:
            raise self._lost("garbage") from None


def trouble() -> str:
    """Build a sandbox and start a worker in it; return "" if that works, else in words why not and what to do."""
    try:
        Process(Limits(seconds=60)).close()
    except (NoSandboxError, OSError) as error:
        return str(error)
    return ""
