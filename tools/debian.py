"""Install one of the system's own packages, where that may be done."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Collection

__all__ = ["install"]

PATIENCE = 120  # seconds for which another installation is waited for


def install(package: str, systems: Collection[str] = ("debian",)) -> bool:
    """Install a package on one of these systems, as root, and return whether it is there now."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    if platform.freedesktop_os_release().get("ID") not in systems:
        return False
    print(f"Installing {package} ...", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    options = ["-qq", "-o", f"DPkg::Lock::Timeout={PATIENCE}"]
    subprocess.run(["apt-get", "update", *options], env=quiet, check=False)
    command = ["apt-get", "install", *options, "-y", "--no-install-recommends", package]
    return subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode == 0
