"""Find the sandbox in which students' code is graded, and install one where that can be done: tools/sandbox.py."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys

from attnbook.classroom.grading import sandbox


def on_debian_as_root() -> bool:
    """Return whether the system's own packages may be installed, and one of them is bubblewrap."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    about = platform.freedesktop_os_release()
    return "debian" in (about.get("ID", ""), *about.get("ID_LIKE", "").split())


def install() -> None:
    """Try to install bubblewrap, saying what is being done."""
    print("No sandbox found; installing bubblewrap ...", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "bubblewrap"]
    subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    """Make sure of a sandbox, or say in one sentence what is missing; the tests are what fails then."""
    if sandbox.find() is None and on_debian_as_root():
        install()
    if trouble := sandbox.trouble():
        print(f"The tests of grading need a sandbox, but {trouble}.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
