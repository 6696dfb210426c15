"""The grader's end of the line to a worker: asks, waits no longer than it means to, and believes nothing.

Each request carries a fresh random token, and an answer must bring it back: what was sent before anybody asked is no
answer. A worker that is late, gone or talks nonsense is killed with all that it started, and never asked again.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

from nbjudge.sandbox import seccomp, wire
from nbjudge.sandbox.box import ENVIRONMENT, Limits, NoSandboxError, box, explain, without_box

__all__ = ["LostError", "Process", "trouble"]

START = 60.0  # seconds for Python and NumPy to start; student code does not run yet, so a slow machine may be slow
STEP = 0.1  # seconds between looks at the clock
CHUNK = 1 << 16
ENDED = {
    "slow": f"nothing came of it within {START:g} seconds",
    "died": "it ended at once",
    "garbage": "it began with something else than the worker",
}
LITTER = 2000  # files in the box: an empty one takes none of its bytes, but a kilobyte of the machine's memory
CROWD = 8  # processes and threads in a box without a filter; its own are two


class LostError(Exception):
    """The worker will not answer any more.

    Attributes:
        why: "slow", "died", "garbage", "crowd" or "litter".
        signal: The signal that ended it, or 0.
    """

    def __init__(self, why: str, number: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.signal = number


def _begin(command: list[str], **more: Any) -> subprocess.Popen[bytes]:
    options: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    options |= {"bufsize": 0, "start_new_session": True, **more}
    started: subprocess.Popen[bytes] = subprocess.Popen(command, **options)
    return started


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
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._inside = 0  # the id of the box's first process, where its processes have to be counted
        self._popen = self._start(check_from, sandbox)
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
        try:
            hello = self._receive(time.monotonic() + START)
        except LostError as lost:
            said = bytes(self.output).decode("utf-8", "replace").strip().splitlines()
            reason = said[-1] if said else ENDED[lost.why]
            raise NoSandboxError(explain(reason) if sandbox else f"Python and NumPy did not start: {reason}") from lost
        if hello != {"ready": True}:
            self.close()
            raise NoSandboxError(explain(ENDED["garbage"]))
        with contextlib.suppress(OSError, IndexError):
            bwrap = self._popen.pid
            with open(f"/proc/{bwrap}/task/{bwrap}/children", encoding="ascii") as children:
                self._root = f"/proc/{children.read().split()[0]}/root" if sandbox else ""

    def _start(self, check_from: str, sandbox: bool) -> subprocess.Popen[bytes]:
        if not sandbox:
            self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
            environment = ENVIRONMENT | {"HOME": self._folder.name, "TMPDIR": self._folder.name}
            return _begin(without_box(self._limits, check_from), env=environment, cwd=self._folder.name)
        program = seccomp.program()
        reading, writing = os.pipe()
        try:
            if program is None:
                command = [*box(self._limits, check_from, None)]
                command[1:1] = ["--info-fd", str(writing)]
                passed = writing
            else:
                os.write(writing, program)  # less than a pipe holds
                os.close(writing)
                writing = -1
                command = box(self._limits, check_from, reading)
                passed = reading
            popen = _begin(command, pass_fds=[passed])
            if program is None:
                os.close(writing)
                writing = -1
                with open(reading, "rb", closefd=False) as told, contextlib.suppress(ValueError, KeyError):
                    self._inside = json.load(told)["child-pid"]  # to the end: it writes in several pieces
            return popen
        finally:
            for descriptor in (reading, writing):
                if descriptor >= 0:
                    os.close(descriptor)

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
        self._linger(patience)
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

    def _linger(self, seconds: float) -> None:
        """Wait for its end, but leave its number taken, so that no stranger gets it and is killed in its place."""
        if not hasattr(os, "waitid"):  # macOS, before Python 3.13
            return
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if os.waitid(os.P_PID, self._popen.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
                return
            time.sleep(0.001)

    def _lost(self, why: str) -> LostError:
        self.close(patience=1.0 if why == "died" else 0.0)
        code = self._popen.returncode if why == "died" else 0
        # Bubblewrap reports a signal as a shell does.
        return LostError(why, -code if code < 0 else code - 128 if code > 128 else 0)

    def _wait(self, deadline: float, *, writing: bool = False) -> tuple[bool, bool]:
        """Wait for the line; take what was printed out of the way. Returns whether it can be read and written."""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise self._lost("slow")
            if self._inside and self._crowded():
                raise self._lost("crowd")
            if self._root and self._littered():
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

    def _littered(self) -> bool:
        """Return whether more files lie in the box than any exercise makes: their number has no other limit."""
        try:
            about = os.statvfs(f"{self._root}/tmp")
        except OSError:  # it has just ended
            return False
        return about.f_files - about.f_ffree > LITTER

    def _crowded(self) -> bool:
        """Return whether the box holds more processes and threads than it may, where no filter refuses them."""
        try:
            mine = os.readlink(f"/proc/{self._inside}/ns/pid")
        except OSError:
            return False
        count = 0
        for name in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if os.readlink(f"/proc/{name}/ns/pid") == mine:
                    count += len(os.listdir(f"/proc/{name}/task"))
        return count > CROWD


def trouble() -> str:
    """Build a sandbox and start a worker in it; return "" if that works, else in words why not and what to do."""
    try:
        Process(Limits(seconds=60)).close()
    except (NoSandboxError, OSError) as error:
        return str(error)
    return ""
