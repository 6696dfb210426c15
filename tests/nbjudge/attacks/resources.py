"""Code that takes all it can: memory, disk, processes, threads."""

from tests.nbjudge.attacks import Hostile

__all__ = ["ATTACKS"]

ATTACKS = [
    # Space.
    Hostile("6 GB at once", body="return bytearray(6 << 30)", spoils="first",
            says="wants more memory than it is given"),
    Hostile("6 GB in an array", body="import numpy as np\nreturn np.ones(6 << 27)", spoils="first",
            says="wants more memory than it is given"),
    Hostile("6 GB bit by bit", "kept = []\nwhile True:\n    kept.append(bytearray(1 << 20))", spoils="none",
            says="cell “kept = []”", slow=True),
    Hostile("prints without end", body="while True:\n    print('x' * 100_000)", spoils="first", slow=True,
            says="printed more than"),
    Hostile("prints 20 MB", "import os\nfor _ in range(200):\n    print('x' * 100_000)\n    os.write(1, b'y' * 1000)",
            spoils="none", says="printed more than"),
    Hostile("prints 20 MB as errors", "import sys\nfor _ in range(200):\n    sys.stderr.write('x' * 100_000)",
            spoils="none", says="printed more than"),
    Hostile("fills the disk", "file = open('/tmp/x', 'wb')\nwhile True:\n    file.write(bytes(1 << 20))", spoils="none",
            says="OSError"),
    Hostile("fills the disk with many files", "for i in range(100):\n    open(f'/tmp/{i}', 'wb').write(bytes(1 << 20))",
            spoils="none", says="OSError"),
    Hostile("makes a million empty files", """
        import os
        for i in range(10**6):
            os.mknod(f"/tmp/{i}")
        """, spoils="none", says="made thousands of files"),
    Hostile("makes a million empty files in a call", """
        import os
        def litter():
            for i in range(10**6):
                os.symlink("x" * 100, f"/tmp/{i}")
        """, "litter()\nreturn arguments[0]", spoils="first", says="made thousands of files"),
    Hostile("opens everything", "kept = [open('/dev/null') for _ in range(10_000)]", spoils="none", says="OSError"),
    # Processes.
    Hostile("fork bomb", "import os\nwhile True:\n    os.fork()", spoils="none", says="PermissionError"),
    Hostile("fork bomb of the C library", """
        import ctypes
        c = ctypes.CDLL(None)
        started = [c.fork(), c.vfork(), c.syscall(57), c.syscall(435, 0, 0)]
        assert set(started) == {-1}, started
        """, spoils="none"),
    Hostile("starts a program", "import subprocess\nsubprocess.run(['/bin/sh', '-c', 'id'])", spoils="none",
            says="PermissionError"),
    Hostile("shell line", "!rm -rf /\n%pip install torch", spoils="none", says="not Python"),
    Hostile("cell of another language", "%%bash\nrm -rf /", spoils="none", says="it is not run"),
    Hostile("thread bomb", "import threading, time\nwhile True:\n"
            "    threading.Thread(target=time.sleep, args=(99,)).start()", spoils="none",
            says="can't start new thread"),
    Hostile("daemon thread", "import threading\nthreading.Thread(target=print, daemon=True).start()", spoils="none",
            says="can't start new thread"),
    Hostile("raises its own limits", "import resource\nfor name in ('AS', 'CPU', 'FSIZE', 'NOFILE', 'NPROC'):\n"
            "    resource.setrlimit(getattr(resource, f'RLIMIT_{name}'), (resource.RLIM_INFINITY,) * 2)", spoils="none",
            says="ValueError"),
    Hostile("waits for the end", "import atexit, os\n"
            "atexit.register(lambda: open('COURSE/gradebook.db', 'w').write('x'))", spoils="none"),
]  # fmt: skip
