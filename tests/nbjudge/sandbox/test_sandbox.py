"""The box: what is in it, what is not, what it may use, where it can be built, and what is said where it cannot."""

from __future__ import annotations

import errno
import itertools
import os
import platform
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sandbox as tool
from nbjudge.sandbox import box as sandbox
from nbjudge.sandbox import process, seccomp, watch, worker
from nbjudge.sandbox.box import Limits, NoSandboxError
from nbjudge.sandbox.process import LostError, Process

FRESH = itertools.count((1 << 30) + 1000 * os.getpid())


@pytest.fixture
def limits() -> Limits:
    """Limits that no other process on the machine has, by which its workers can be told."""
    return Limits(memory=next(FRESH))


@pytest.fixture
def box(limits: Limits) -> Iterator[Process]:
    started = Process(limits)
    yield started
    started.close()


def workers(limits: Limits) -> list[int]:
    """The processes that run under these limits, the ones around the box included."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            command = Path("/proc", name, "cmdline").read_bytes()
        except OSError:
            continue
        if f"{limits.memory},".encode() in command:
            found.append(int(name))
    return found


def gone(limits: Limits, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while workers(limits) and time.monotonic() < end:
        time.sleep(0.02)
    return not workers(limits)


def run(box: Process, code: str) -> list[str]:
    """Run a cell, and return what was raised in it."""
    return [note["words"] or note["kind"] for note in box.ask("cell", 1, code, seconds=20)["notes"]]


def value(box: Process, expression: str) -> Any:
    """Return what an expression is worth in there."""
    assert run(box, f"import os, sys\ndef get():\n    return {expression}") == []
    answer = box.ask("call", "get", (), {}, seconds=20)
    assert "value" in answer, answer
    return answer["value"]


def test_the_sandbox_works_here() -> None:
    assert process.trouble() == ""
    assert sandbox.weakness() == ""


def test_there_is_nothing_in_it_but_python_and_numpy(box: Process) -> None:
    top = {"dev", "etc", "grader", "lib", "tmp", "usr"}
    places = [sandbox._interpreter(), *sandbox._packages(), *sandbox._libraries(), "/lib64"]
    assert set(value(box, "os.listdir('/')")) <= top | {Path(place).parts[1] for place in places}
    assert set(value(box, "os.listdir('/etc')")) <= {"alternatives", "ld.so.cache"}
    assert value(box, "sorted(os.listdir('/dev'))") == ["null", "random", "urandom", "zero"]
    assert value(box, "sorted(os.listdir('/grader'))") == ["wire.py", "worker.py"]
    assert value(box, "sys.path[-1]") == str(Path(np.__file__).resolve().parents[1])
    assert set(value(box, "os.listdir(sys.path[-1])")) <= {"numpy", "numpy.libs"}
    assert value(box, "os.path.exists('/proc/self')") is False
    for inside in (
        worker.__file__,
        __file__,
        "/etc/passwd",
        "/etc/hostname",
        "/usr/bin/env",
        str(Path.home() / ".ssh"),
    ):
        assert value(box, f"os.path.exists({str(inside)!r})") is False


def test_it_is_nobody_nowhere(box: Process) -> None:
    assert value(box, "(os.getuid(), os.getgid(), os.getcwd(), os.uname().nodename)") == (1000, 1000, "/tmp", "sandbox")
    assert value(box, "set(os.environ) - {'PWD'} == " + repr(set(sandbox.ENVIRONMENT))) is True
    # Of a project that lies in /tmp, the way to NumPy is there.
    bound = [Path(place).parts for place in (sandbox._interpreter(), *sandbox._packages(), *sandbox._libraries())]
    assert set(value(box, "os.listdir('/tmp')")) == {parts[2] for parts in bound if parts[1] == "tmp"}


def test_it_holds_no_file_but_its_own(box: Process) -> None:
    assert run(box, "import os\ndef held(number):\n    os.fstat(number)\n    return number") == []
    answers = [box.ask("call", "held", (number,), {}, seconds=20) for number in range(worker.OPEN_FILES)]
    assert [answer["value"] for answer in answers if "value" in answer] == [0, 1, 2, worker.LINE, worker.LINE + 1]


def test_it_shares_nothing_of_the_machine_with_its_grader(limits: Limits, box: Process) -> None:
    inner = max(workers(limits))  # the worker itself: it was started last
    for kind in ("user", "pid", "net", "ipc", "uts", "mnt", "cgroup"):
        assert os.readlink(f"/proc/{inner}/ns/{kind}") != os.readlink(f"/proc/self/ns/{kind}"), kind
    about = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{inner}/status").read_text().splitlines() if ":\t" in line
    )
    assert {int(about[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
    assert (about["NoNewPrivs"], about["Seccomp"]) == ("1", "2")
    assert value(box, "os.getsid(0)") > 0  # of its own: no terminal outside can be typed into
    flags = "(sys.flags.isolated, sys.flags.no_site, sys.flags.ignore_environment, sys.flags.dont_write_bytecode)"
    assert value(box, flags) == (1, 1, 1, 1)


def test_no_descriptor_is_taken_from_who_watches_over_it(box: Process) -> None:
    seize = (
        "import ctypes\nc = ctypes.CDLL(None)\nwatcher = c.syscall(434, 1, 0)\n"
        "taken = [number for number in range(64) if c.syscall(438, watcher, number, 0) >= 0]"
    )
    assert run(box, seize) == []
    assert value(box, "taken") == []


def test_only_numpy_is_in_the_interpreter(box: Process) -> None:
    found = value(box, "[f for f, _, files in os.walk(sys.base_prefix) if f.endswith('-packages') and os.listdir(f)]")
    assert all(os.path.samefile(folder, Path(np.__file__).parents[1]) for folder in found)


def test_only_a_small_folder_can_be_written(box: Process) -> None:
    write = "for place in {places}:\n    try:\n        open(place + '/x', 'w')\n    except OSError:\n        continue\n"
    beside = os.path.dirname(sandbox._packages()[0])
    places = ["/", "/dev", "/etc", "/grader", "/usr/lib", *([] if beside.startswith("/tmp/") else [beside])]
    assert run(box, write.format(places=places) + "    raise ValueError(place)") == []
    find = "[d for d, inside, files in os.walk('/') if os.access(d, os.W_OK) and not d.startswith('/tmp')]"
    assert value(box, find) == []
    files = [sandbox._interpreter(), np.__file__, worker.__file__ and "/grader/worker.py", os.__file__]
    assert value(box, f"[place for place in {files!r} if os.access(place, os.W_OK)]") == []
    assert run(box, write.format(places=["/tmp"]) + "    raise ValueError(place)") == ["/tmp"]
    full = "for i in range(40):\n    open(f'/tmp/{i}', 'wb').write(bytes(1 << 20))"
    assert run(box, full) == ["[Errno 28] No space left on device"]


def test_limits_hold_from_the_start_and_cannot_be_raised(limits: Limits, box: Process) -> None:
    names = ("AS", "FSIZE", "NOFILE", "CORE", "NPROC")
    bounds = [limits.memory, sandbox.TEMPORARY, worker.OPEN_FILES, 0, 0]
    ask = "[getattr(__import__('resource'), 'getrlimit')(getattr(__import__('resource'), 'RLIMIT_' + n)) for n in {}]"
    assert value(box, ask.format(names)) == [(bound, bound) for bound in bounds]
    seconds = int(limits.seconds) + 1
    assert resource.prlimit(max(workers(limits)), resource.RLIMIT_CPU) == (seconds, seconds)
    raising = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))"
    assert run(box, raising) == ["not allowed to raise maximum limit"]
    assert run(box, "kept = bytearray(2 << 30)") == ["MemoryError"]


def test_no_process_no_thread_no_socket(box: Process) -> None:
    refused = "[Errno 1] Operation not permitted"
    assert run(box, "import os\nos.fork()") == [refused]
    assert run(box, "import subprocess\nsubprocess.Popen(['true'])") == [refused]
    assert run(box, "import threading\nthreading.Thread(target=print).start()") == ["can't start new thread"]
    assert run(box, "import socket\nsocket.socket()") == [refused]
    assert run(box, "import socket\nsocket.socketpair()") == [refused]
    assert run(box, "import os\nos.memfd_create('x')") == [refused]


def test_what_is_printed_is_read_and_its_beginning_kept(limits: Limits) -> None:
    box = Process(Limits(memory=limits.memory, output=1000))
    run(box, "print('begin')\nfor _ in range(100):\n    print('x' * 100_000)")
    box.close()
    assert box.output.startswith(b"begin\nxxx")
    assert len(box.output) == 1000
    assert box.printed > 1_000_000


def test_a_call_without_end_leaves_nothing_running(limits: Limits) -> None:
    box = Process(limits)
    assert workers(limits)
    start = time.monotonic()
    with pytest.raises(LostError, match="slow"):
        box.ask("cell", 1, "while True:\n    pass", seconds=0.3)
    assert 0.3 <= time.monotonic() - start < 5
    assert gone(limits)


def test_a_worker_without_a_grader_ends_by_itself(limits: Limits) -> None:
    for sandboxed in (True, False):
        box = Process(limits, sandbox=sandboxed)
        box.close(patience=20)
        assert box._popen.returncode == 0
        box.close()
    assert not workers(limits)


def test_how_it_ended_is_known(limits: Limits) -> None:
    for code, signal_number in (("os.abort()", signal.SIGABRT), ("os._exit(7)", 0), ("os._exit(256 + 137)", 11)):
        box = Process(limits)
        with pytest.raises(LostError, match="died") as caught:
            box.ask("cell", 1, f"import os\n{code}", seconds=20)
        assert caught.value.signal == signal_number
    assert gone(limits)


def test_a_request_larger_than_the_pipe_arrives(box: Process) -> None:
    assert run(box, "def total(x):\n    return x.sum()") == []
    answer = box.ask("call", "total", (np.ones(500_000),), {}, seconds=20)
    assert answer["value"] == 500_000
    assert answer["after"][0].shape == (500_000,)


def test_an_answer_that_does_not_name_its_question_is_none(box: Process) -> None:
    forging = (
        'import os, struct\ndef forge():\n    header = b\'{"d":[["value",1.0],["after",{"t":[]}]]}\'\n'
        "    os.write(41, struct.pack('<4sIQ', b'ATN1', len(header), 0) + header)\n    return 2.0\n"
    )
    assert run(box, forging) == []
    with pytest.raises(LostError, match="garbage"):
        box.ask("call", "forge", (), {}, seconds=20)


def test_an_answer_must_name_its_own_question(box: Process) -> None:
    """What it keeps of an earlier question is worth nothing, and no name can be guessed."""
    forging = (
        "import os, struct, sys\nkept = []\ndef forge():\n    frame = sys._getframe()\n"
        "    while 'token' not in frame.f_locals.get('request', {}):\n        frame = frame.f_back\n"
        "    kept.append(frame.f_locals['request']['token'])\n    if len(kept) == 1:\n        return 2.0\n"
        '    header = b\'{"d":[["value",1.0],["after",{"t":[]}],["token","%s"]]}\' % kept[0].encode()\n'
        "    os.write(41, struct.pack('<4sIQ', b'ATN1', len(header), 0) + header)\n    return 2.0\n"
    )
    assert run(box, forging) == []
    assert box.ask("call", "forge", (), {}, seconds=20)["value"] == 2.0
    with pytest.raises(LostError, match="garbage"):
        box.ask("call", "forge", (), {}, seconds=20)


def test_it_ends_with_its_grader(limits: Limits) -> None:
    code = (
        "import sys, time\nfrom nbjudge.sandbox.process import Process\n"
        "from nbjudge.sandbox.box import Limits\n"
        f"box = Process(Limits(memory={limits.memory}))\nprint('ready', flush=True)\n"
        "box.ask('cell', 1, 'while True: pass', seconds=600)\n"
    )
    grader = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert grader.stdout is not None
    with grader.stdout:
        assert grader.stdout.readline() == b"ready\n"
        assert len(workers(limits)) >= 2
        grader.kill()
        grader.wait()
    assert gone(limits)


def test_without_bubblewrap_grading_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert sandbox.find() is None
    assert "apt install bubblewrap" in process.trouble()
    with pytest.raises(NoSandboxError, match="there is no sandbox on this machine"):
        Process(Limits())


def test_a_bubblewrap_that_may_not_is_told_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    trouble = process.trouble()
    assert "(bwrap: setting up uid map: Permission denied)" in trouble
    assert "AppArmor" in trouble


def test_a_python_that_does_not_start_is_told_with_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_tree", sandbox._tree.__wrapped__)
    monkeypatch.setattr(sandbox, "_packages", lambda: [str(Path(np.__file__).parent / "linalg")])
    trouble = process.trouble()
    assert "did not start in it (ModuleNotFoundError: No module named 'numpy')" in trouble


def test_a_program_that_is_no_worker_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho ready --size BYTES\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(NoSandboxError, match=r"did not start in it \(it began with something else"):
        Process(Limits())


def test_an_old_bubblewrap_gets_no_folder_to_write_in(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_knows_size", lambda bwrap: False)
    assert "cannot limit a temporary folder" in sandbox.weakness()
    box = Process(limits)
    assert run(box, "open('/tmp/x', 'w')") == ["[Errno 30] Read-only file system: '/tmp/x'"]
    box.close()


def test_without_a_filter_processes_are_counted(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "program", lambda machine=None: None)
    assert "counted from outside" in sandbox.weakness()
    box = Process(limits)
    assert run(box, "x = 1") == []
    # For root RLIMIT_NPROC does not count: there the counting does it. Everybody else is refused.
    many = "import os, time\nfor _ in range(20):\n    if not os.fork():\n        time.sleep(60)\ntime.sleep(60)"
    if os.geteuid() == 0:
        with pytest.raises(LostError, match="crowd"):
            box.ask("cell", 1, many, seconds=20)
    else:
        assert run(box, many.replace("time.sleep(60)", "pass")) == ["[Errno 11] Resource temporarily unavailable"]
        box.close()
    assert gone(limits)


@pytest.mark.parametrize("generation", range(3))
def test_whoever_is_killed_from_outside_is_known(limits: Limits, generation: int) -> None:
    box = Process(limits)
    family = [box._popen.pid]
    family += watch.children(family[0])
    family += watch.children(family[1])
    threading.Timer(0.2, os.kill, (family[generation], signal.SIGKILL)).start()
    with pytest.raises(LostError, match="killed"):
        box.ask("cell", 1, "while True:\n    pass", seconds=20)
    assert gone(limits)


def test_without_a_filter_only_a_lack_of_memory_kills(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    """There whoever is found killed may have done it himself; the kernel counts whom it kills."""
    monkeypatch.setattr(seccomp, "program", lambda machine=None: None)
    kills = iter([3, 3, 3, 4])
    monkeypatch.setattr(watch, "out_of_memory", lambda: next(kills))
    for why in ("died", "killed"):
        with pytest.raises(LostError, match=why):
            Process(limits).ask("cell", 1, "import os\nos.kill(os.getpid(), 9)", seconds=20)


def test_without_a_box_the_same_worker_answers(limits: Limits) -> None:
    plain = Process(limits, check_from="attnbook.classroom", sandbox=False)
    assert value(plain, "os.getcwd()").startswith(tempfile.gettempdir())
    assert value(plain, "sys.argv") == [""]
    assert "PATH" in sandbox.ENVIRONMENT
    assert value(plain, "os.environ['HOME'] == os.getcwd()") is True
    assert run(plain, "import torch") == ["torch is not there when your notebook is graded: only Python and NumPy are"]
    assert run(plain, "from attnbook.classroom import check\ncheck('x', 1)") == []
    assert run(plain, "from attnbook import core") != []
    assert run(plain, "kept = bytearray(6 << 30)") == ["MemoryError"]
    folder = value(plain, "os.getcwd()")
    with pytest.raises(LostError, match="slow"):
        plain.ask("cell", 1, "while True:\n    pass", seconds=0.3)
    assert gone(limits)
    assert not os.path.exists(folder)


def test_windows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.sys, "platform", "win32")
    for boxed in (True, False):
        with pytest.raises(NoSandboxError, match="WSL"):
            Process(Limits(), sandbox=boxed)


def judged(program: bytes, architecture: int, number: int, *arguments: int) -> int:
    """Run a filter as the kernel does, and return its verdict on a system call."""
    data = struct.pack("=IIQ6Q", number, architecture, 0, *arguments, *[2**32 - 1] * (6 - len(arguments)))
    lines = list(struct.iter_unpack("=HBBI", program))
    place = loaded = 0
    while True:
        code, jump_true, jump_false, k = lines[place]
        place += 1
        if code == seccomp.LOAD:
            (loaded,) = struct.unpack_from("=I", data, k)
        elif code == seccomp.AND:
            loaded &= k
        elif code in (seccomp.EQUAL, seccomp.AT_LEAST):
            holds = loaded == k if code == seccomp.EQUAL else loaded >= k
            place += jump_true if holds else jump_false
        else:
            assert code == seccomp.RETURN
            return int(k)


@pytest.mark.parametrize("machine", sorted(seccomp.REFUSED))
def test_the_filter_refuses_what_it_names_and_nothing_else(machine: str) -> None:
    program = seccomp.program(machine)
    assert program is not None
    here = seccomp.ARCHITECTURES[machine]
    refused = seccomp.REFUSED[machine]
    for number in range(500):
        verdict = judged(program, here, number)
        if number == refused["clone3"]:
            assert verdict == seccomp.REFUSE | errno.ENOSYS
        else:
            assert verdict == (seccomp.REFUSE | errno.EPERM if number in refused.values() else seccomp.ALLOW)
    for argument, mask, value, numbers in seccomp.REFUSED_WITH.values():
        number = numbers[machine == "aarch64"]
        before = [value] * argument  # in another place it does no harm
        for bits in (value, value + mask + 1):
            assert judged(program, here, number, *before, bits) == seccomp.REFUSE | errno.EPERM
        assert judged(program, here, number, *before, value + 1) == seccomp.ALLOW
    elsewhere = next(value for name, value in seccomp.ARCHITECTURES.items() if name != machine)
    assert judged(program, elsewhere, 0) == seccomp.KILL
    if machine == "x86_64":
        assert judged(program, here, seccomp.X32 + 57) == seccomp.REFUSE | errno.ENOSYS


def test_no_door_of_the_kernel_is_forgotten_on_either_machine(box: Process) -> None:
    doors = {"clone", "clone3", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp"}
    doors |= {"unshare", "setns", "mount", "umount2", "pivot_root", "socket", "socketpair", "bpf", "perf_event_open"}
    doors |= {"io_uring_setup", "io_uring_enter", "io_uring_register", "userfaultfd", "open_by_handle_at"}
    doors |= {
        "add_key",
        "request_key",
        "keyctl",
        "memfd_create",
        "memfd_secret",
        "shmget",
        "semget",
        "msgget",
        "mq_open",
    }
    doors |= {"timer_create", "seccomp", "fadvise64", "readahead", "mincore", "cachestat", "preadv2"}
    for machine in seccomp.REFUSED:
        assert set(seccomp.REFUSED[machine]) >= doors, machine
    assert set(seccomp.REFUSED["x86_64"]) >= {"fork", "vfork"}
    numbers = [number for name, number in seccomp.REFUSED.get(platform.machine(), {}).items() if name != "clone3"]
    knock = (
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\nopened = []\n"
        f"for number in {numbers}:\n    ctypes.set_errno(0)\n"
        "    if c.syscall(number, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 1:\n        opened.append(number)"
    )
    assert run(box, knock) == []
    assert value(box, "opened") == []


def test_the_filter_knows_machines_by_both_their_names() -> None:
    assert seccomp.program("arm64") == seccomp.program("aarch64") != seccomp.program("AMD64".lower())
    assert seccomp.program("riscv64") is None


@pytest.mark.slow
def test_it_works_for_an_ordinary_user_with_a_python_of_her_own() -> None:
    """Everything is copied to where an ordinary user may read: a Python outside /usr, and packages in /tmp."""
    home = Path(tempfile.mkdtemp())
    try:
        home.chmod(0o755)
        interpreter = Path(os.path.realpath(sys._base_executable))  # type: ignore[attr-defined]
        library = Path("lib", f"python{sys.version_info[0]}.{sys.version_info[1]}")
        left_out = shutil.ignore_patterns("site-packages", "dist-packages", "test", "__pycache__", "config-*")
        shutil.copytree(Path(os.path.realpath(sys.base_prefix), library), home / "python" / library, ignore=left_out)
        for shared in Path(os.path.realpath(sys.base_prefix), "lib").glob("libpython*.so*"):
            shutil.copy(shared, home / "python" / "lib")
        (home / "python" / "bin").mkdir()
        python = shutil.copy(interpreter, home / "python" / "bin")
        packages = home / "project" / ".venv" / "packages"
        for folder in map(Path, sandbox._packages()):
            shutil.copytree(folder, packages / folder.name, ignore=shutil.ignore_patterns("tests", "__pycache__"))
        ours = packages / "nbjudge" / "sandbox"
        ours.mkdir(parents=True)
        for folder in (ours, ours.parent):
            (folder / "__init__.py").touch()
        for name in ("box", "launch", "process", "seccomp", "watch", "wire", "worker"):
            shutil.copy(Path(str(sandbox.__file__)).with_name(f"{name}.py"), ours)
        code = (
            "import os\nfrom nbjudge.sandbox import box as sandbox, process\n"
            "from nbjudge.sandbox.process import Process\n"
            "assert os.getuid() != 0 and sandbox.__file__.startswith(os.environ['PYTHONPATH'])\n"
            "assert process.trouble() == '', process.trouble()\n"
            "box = Process(sandbox.Limits())\n"
            "print(box.ask('cell', 1, 'import os\\nos.fork()\\nopen(\"/mine\", \"w\")', seconds=20))\n"
        )
        become = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] if os.geteuid() == 0 else []
        environment = {"PYTHONPATH": str(packages), "PATH": os.environ["PATH"]}
        done = subprocess.run(
            [*become, python, "-c", code],
            env=environment,
            cwd="/",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "Operation not permitted" in done.stdout
        assert "Read-only file system" in done.stdout
    finally:
        shutil.rmtree(home)


def test_the_tool_installs_what_is_missing_or_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tool.debian, "install", lambda package, systems: asked.append(package))
    monkeypatch.setattr(tool.process, "trouble", lambda: "")
    assert tool.main() == 0
    assert (asked, capsys.readouterr().err) == ([], "")

    monkeypatch.setattr(tool.box, "find", lambda: None)
    monkeypatch.setattr(tool.process, "trouble", lambda: sandbox.MISSING)
    assert tool.main() == 0
    assert asked == ["bubblewrap"]
    assert "sudo apt install bubblewrap" in capsys.readouterr().err
