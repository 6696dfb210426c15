"""Code that ends Python, or never ends."""

from tests.nbjudge.attacks import Hostile

__all__ = ["ATTACKS"]

ATTACKS = [
    # Endings.
    Hostile("sys.exit in a cell", "import sys\nsys.exit(0)", spoils="none", says="SystemExit"),
    Hostile("sys.exit in a call", body="import sys\nsys.exit(0)", spoils="first", says="use return instead of exit"),
    Hostile("os._exit in a cell", "import os\nos._exit(0)", spoils="none", says="ended Python"),
    Hostile("os._exit in a call", body="import os\nos._exit(0)", spoils="first", says="ended Python"),
    Hostile("segmentation fault in a cell", "import ctypes\nctypes.string_at(0)", spoils="none",
            says="segmentation fault"),
    Hostile("segmentation fault in a call", body="import ctypes\nctypes.string_at(0)", spoils="first",
            says="segmentation fault"),
    Hostile("abort", body="import os\nos.abort()", spoils="first", says="an abort"),
    Hostile("kills all it can", "import os\nos.kill(-1, 9)", spoils="none", says="PermissionError"),
    Hostile("kills itself", body="import os\nos.kill(os.getpid(), 9)", spoils="first", says="PermissionError"),
    Hostile("ends as if it had been killed", body="import os\nos._exit(137)", spoils="first", says="ended Python"),
    Hostile("lets itself be killed", body="""
        import ctypes, fcntl, os, resource, signal
        c = ctypes.CDLL(None)
        ways = [
            lambda: signal.pthread_kill(signal.pthread_getthread(), 9),
            lambda: signal.raise_signal(9),
            lambda: fcntl.fcntl(os.pipe()[0], 10, 9),
            lambda: resource.setrlimit(resource.RLIMIT_CPU, (0, 0)),
            lambda: c.syscall(222, 0, (ctypes.c_int * 16)(0, 0, 9), (ctypes.c_long * 4)()),
            lambda: c.prctl(22, 1),
        ]
        for way in ways:
            try:
                way()
            except (OSError, AttributeError, ValueError):
                pass
        for _ in range(10**6):
            pass
        raise LookupError
        """, spoils="first", says="stopped with LookupError"),
    Hostile("stops itself", body="import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", spoils="first", slow=True,
            says="did not come back"),
    Hostile("crashes everywhere", "import os\nos._exit(1)", "import os\nos._exit(1)", says="ended Python"),
    Hostile("raises something that cannot be told", body="""
        class Mute(BaseException):
            def __str__(self):
                raise SystemExit
            __repr__ = __str__
        raise Mute
        """, spoils="first", says="stopped with BaseException"),
    Hostile("calls itself without end", body="return (lambda f: f(f))(lambda f: f(f))", spoils="first",
            says="calls itself without end"),
    Hostile("calls itself deeper than the stack", body="""
        import sys
        sys.setrecursionlimit(10**9)
        class Deep:
            def __repr__(self):
                return repr(self)
        return (lambda f: repr(f))(Deep())
        """, spoils="first"),
    # Time.
    Hostile("endless loop", body="while True:\n    pass", spoils="first", slow=True, says="did not come back"),
    Hostile("endless loop in a cell", "while True:\n    pass", spoils="none", slow=True, says="did not come back"),
    Hostile("endless loop that swallows interrupts", body="""
        import signal
        for number in range(1, 32):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
        """, spoils="first", slow=True, says="did not come back"),
    Hostile("sleeps", body="import time\ntime.sleep(10**6)", spoils="first", slow=True, says="did not come back"),
    Hostile("endless message", body="""
        class Long(Exception):
            def __str__(self):
                while True:
                    pass
        raise Long
        """, spoils="first", slow=True, says="did not come back"),
    Hostile("endless everywhere", "while True:\n    pass", "while True:\n    pass", slow=True,
            says="did not come back"),
    Hostile("a number too large to compute", body="return 10 ** 10 ** 10", spoils="first", slow=True),
    Hostile("executes an enormous text", 'exec("x = 1\\n" * 3_000_000)', spoils="none", slow=True),
    Hostile("compiles a tower of brackets", 'compile("(" * 10**6, "x", "eval")', spoils="none", says="stopped with"),
]  # fmt: skip
