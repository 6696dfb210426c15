"""Find the sandbox in which students' code is graded, and install one where that can be done: tools/sandbox.py."""

from __future__ import annotations

import sys

import debian
from nbjudge.sandbox import box, process


def main() -> int:
    """Make sure of a sandbox, or say in one sentence what is missing; the tests are what fails then."""
    if box.find() is None:
        debian.install("bubblewrap", systems=("debian", "ubuntu"))
    if trouble := process.trouble():
        print(f"The tests of grading need a sandbox, but {trouble}.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
