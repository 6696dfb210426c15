"""Code that looks around, writes and calls home."""

from tests.nbjudge.attacks import TALE, Hostile

__all__ = ["ATTACKS"]

FIND = f"""
    import os, re
    seen = []
    for folder, inside, files in os.walk("/"):
        inside[:] = [name for name in inside if name not in ("usr", "lib", "numpy")]
        seen += [os.path.join(folder, name) for name in inside + files]
    wanted = re.compile(
        "ipynb$|gradebook|passwd$|shadow|attnbook|torch|scipy|hidden|submitted|/seed$|^/proc|^/sys|^/run|ssh"
    )
    loot = [path for path in seen if wanted.search(path)]
    assert not loot, f"{TALE} {{loot[:3]}}"
"""

ATTACKS = [
    Hostile("looks for everything", FIND, spoils="none"),
    Hostile("looks for what is installed", f"""
        import importlib.util
        for name in ("attnbook.core", "torch", "scipy", "sklearn", "nbgrader", "pip", "setuptools", "IPython"):
            try:
                __import__(name)
            except ImportError:
                continue
            raise RuntimeError("{TALE} " + name)
        """, spoils="none"),
    Hostile("reads the list of users", "print(open('/etc/passwd').read())", spoils="none", says="FileNotFoundError"),
    Hostile("reads the kernel's list of processes", "print(open('/proc/self/environ').read())", spoils="none",
            says="FileNotFoundError"),
    Hostile("reads the environment", f"import os\nassert set(os.environ) <= {{'HOME', 'TMPDIR', 'PATH', 'LANG', 'PWD', "
            f"'OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS', 'MKL_NUM_THREADS'}}, f'{TALE} {{os.environ}}'", spoils="none"),
    Hostile("reads the hidden properties", "print(open('COURSE/private/hidden/x.py').read())", spoils="none",
            says="FileNotFoundError"),
    Hostile("reads another submission", "print(open('COURSE/submitted/ada/x.ipynb').read())", spoils="none",
            says="FileNotFoundError"),
    Hostile("writes another submission", "open('COURSE/submitted/ada/x.ipynb', 'w').write('{}')", spoils="none",
            says="FileNotFoundError"),
    Hostile("writes the gradebook", "import sqlite3\nbook = sqlite3.connect('COURSE/gradebook.db')\n"
            "book.execute('update grade set manual_score = 100')", spoils="none", says="stopped with"),
    Hostile("writes everywhere", f"""
        import os
        written = []
        for folder in [folder for folder, _, _ in os.walk("/") if not folder.startswith("/tmp")]:
            try:
                open(os.path.join(folder, "mine"), "w").close()
                written.append(folder)
            except OSError:
                pass
        assert not written, f"{TALE} {{written}}"
        """, spoils="none", slow=True),
    Hostile("mounts and unshares", f"""
        import ctypes
        c = ctypes.CDLL(None)
        done = [c.unshare(0x10000000), c.mount(b"none", b"/tmp", b"tmpfs", 0, 0), c.umount(b"/tmp")]
        done += [c.ptrace(0, 0, 0, 0)]
        done += [c.chroot(b"/tmp"), c.setuid(0), c.shmget(0, 1 << 30, 0o1600), c.memfd_create(b"x", 0)]
        assert set(done) == {{-1}}, f"{TALE} {{done}}"
        """, spoils="none"),
    Hostile("network of this machine", "import socket\nsocket.create_connection(('127.0.0.1', 22), 1)", spoils="none",
            says="PermissionError"),
    Hostile("network outside", "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/')", spoils="none",
            says="stopped with"),
]  # fmt: skip
