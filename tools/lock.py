"""Resolve every pinned version anew, for all platforms at once: python tools/lock.py."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)", re.MULTILINE)
DIRECT = ("requirements.txt", "binder/requirements.txt")


def pins(text: str) -> dict[str, str]:
    """Return name → version of every pin in a requirements file; of several for one name, the first."""
    found: dict[str, str] = {}
    for match in PINNED.finditer(text):
        found.setdefault(match["name"], match["version"])
    return found


def follow(text: str, locked: dict[str, str]) -> str:
    """Return a requirements file with the lock's versions in place of its own."""
    return PINNED.sub(lambda match: f"{match['name']}=={locked[match['name']]}", text)


def main() -> int:
    """Write requirements.lock from pyproject.toml, and the versions of the short files from it."""
    uv = shutil.which("uv")
    if uv is None:
        print("`make lock` needs uv: install it with `python -m pip install uv`.", file=sys.stderr)
        return 1
    # Neither annotations nor addresses: the lock says what to install, not where from or what for.
    options = ["--all-extras", "--universal", "--python-version", "3.11", "--upgrade", "--no-annotate"]
    options += ["--no-header", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    command = [uv, "pip", "compile", *options, "pyproject.toml", "--output-file", str(LOCK)]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        return 1
    locked = pins(LOCK.read_text(encoding="utf-8"))
    for name in DIRECT:
        path = ROOT / name
        path.write_text(follow(path.read_text(encoding="utf-8"), locked), encoding="utf-8")
    print("Wrote requirements.lock and the versions in", " and ".join(DIRECT) + ".")
    return 0


if __name__ == "__main__":
    sys.exit(main())
