"""Files that are no notebooks, and downloads that mean harm, each with the words that a teacher must be told."""

import io
import json
import stat
import zipfile
from collections.abc import Callable

NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def zipped(members: dict[str, bytes], **options) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def large(size: int) -> bytes:
    """Return a notebook of this many bytes."""
    return NOTEBOOK[:-1] + b" " * (size - len(NOTEBOOK)) + NOTEBOOK[-1:]


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty"),
    "blank": (b"\n \n", "the file is empty"),
    "cut off": (NOTEBOOK[:40], "the file breaks off in line 1"),
    "cut off in a string": (b'{"cells": [{"source": "abc', "the file breaks off in line 1"),
    "a comma too many": (b'{"cells": [],\n}', "the file is damaged in line 2"),
    "nested": (b"[" * 100_000, "nested more deeply"),
    "nested objects": (b'{"a":' * 100_000, "nested more deeply"),
    "a huge number": (b'{"cells": ' + b"9" * 5000 + b"}", "more digits"),
    "a million lists": (b"[" + b"[]," * 4_500_000 + b"[]]", "more pieces than can be read"),
    "a list": (b"[1, 2]", "holds JSON, but not a notebook"),
    "an object": (b'{"name": "Ada"}', "holds JSON, but not a notebook"),
    "cells are no list": (b'{"cells": {"a": 1}}', "holds JSON, but not a notebook"),
    "no cells": (NOTEBOOK, "nothing in its cells"),
    "three thousand cells": (json.dumps({"cells": [{}] * 3000}).encode(), "3000 cells"),
    "a script": (b"import numpy as np\n\ndef f(x):\n    return x\n", "a Python script"),
    "a web page": (b"<!DOCTYPE html>\n<html><body>02_scoring</body></html>", "a web page"),
    "a zip": (zipped({"a.ipynb": NOTEBOOK}), "a zip file"),
    "a PDF": (b"%PDF-1.7 ...", "a PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "prose": ("Liebe Frau Müller, anbei meine Lösung".encode(), "does not hold JSON"),
    "noise": (bytes(range(128, 256)) * 8, "does not hold JSON"),
    "a conflict": (b'{"cells": [\n<<<<<<< HEAD\n]}', "merge conflict"),
}


def _special(name: str, data: bytes, kind: int) -> Callable[[bytes], bytes]:
    def make(honest: bytes) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("honest.ipynb", honest)
            member = zipfile.ZipInfo(name)
            member.create_system = 3
            member.external_attr = (kind | 0o777) << 16
            archive.writestr(member, data)
        return target.getvalue()

    return make


def _with(members: dict[str, bytes]) -> Callable[[bytes], bytes]:
    return lambda honest: zipped({"honest.ipynb": honest, **members})


def _raw_name(name: str) -> Callable[[bytes], bytes]:
    """A zip whose member has a name that `zipfile` would not write."""

    def make(honest: bytes) -> bytes:
        written = "x" * len(name.encode())
        return zipped({"honest.ipynb": honest, written: honest}).replace(written.encode(), name.encode())

    return make


def _locked(honest: bytes) -> bytes:
    data = bytearray(zipped({"honest.ipynb": honest, "mallory.ipynb": honest}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rfind(mark) + offset] |= 1
    return bytes(data)


def _liar(honest: bytes) -> bytes:
    """A zip whose member says that it is small."""
    data = bytearray(zipped({"honest.ipynb": honest, "mallory.ipynb": b"{" + b" " * 5_000_000}))
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


def _twice(honest: bytes) -> bytes:
    data = zipped({"honest.ipynb": honest, "mallory.ipynb": b"{}", "mallorz.ipynb": b"{ }"})
    return data.replace(b"mallorz", b"mallory")


def _nested(depth: int, inner: bytes) -> bytes:
    for _ in range(depth):
        inner = zipped({"more.zip": inner})
    return inner


BOMB = zipped({f"b{number}.ipynb": b" " * 900_000 for number in range(8)})
HUGE = zipped({"a.ipynb": b" " * 1_500_000})
MANY = zipped({f"f{number}": b"" for number in range(4900)})

# What makes the download from an honest student's notebook, and the words that must be told. The test's limits are
# 1 MB for a file, 2 MB for a zip and 3 MB for all that is in it.
DOWNLOADS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a path up": (_with({"../../mallory.ipynb": b"{}"}), "its path leads out of the zip"),
    "a path up in the middle": (_with({"mallory/../../x.ipynb": b"{}"}), "its path leads out of the zip"),
    "an absolute path": (_with({"/etc/mallory.ipynb": b"{}"}), "its path leads out of the zip"),
    "a drive": (_with({"C:/mallory.ipynb": b"{}"}), "its path leads out of the zip"),
    "a drive without slash": (_with({"C:mallory.ipynb": b"{}"}), "its path leads out of the zip"),
    "backslashes": (_raw_name("..\\..\\mallory.ipynb"), "its path leads out of the zip"),
    "a share": (_raw_name("\\\\server\\mallory.ipynb"), "its path leads out of the zip"),
    "dots as a name": (_with({"..": b"{}"}), "its path leads out of the zip"),
    "a link": (_special("mallory.ipynb", b"/etc/passwd", stat.S_IFLNK), "it is a link to another place"),
    "a linked folder": (_special("mallory", b"/etc", stat.S_IFLNK), "it is a link to another place"),
    "a device": (_special("mallory.ipynb", b"", stat.S_IFCHR), "it is a pipe, a socket or a device"),
    "a pipe": (_special("mallory.ipynb", b"", stat.S_IFIFO), "it is a pipe, a socket or a device"),
    "the gradebook": (_with({"gradebook.db/a.ipynb": b"{}"}), "Handed in under the name “gradebook.db”"),
    "a long name": (_with({f"{'m' * 300}.ipynb": b"{}"}), "Handed in under the name “mmm"),
    "control characters": (_raw_name("mal\x1b[2J\nlory.ipynb"), "Handed in under the name “mal\ufffd[2J\ufffdlory”"),
    "a name written backwards": (_with({"mal\u202eyrol.ipynb": b"{}"}), "Handed in under the name “mal\ufffdyrol”"),
    "a nul in a name": (_raw_name("mallory.ipynb\0.txt"), "its name holds a character that no name may have"),
    "locked": (_locked, "it is locked with a password"),
    "a name twice": (_twice, "is there more than once"),
    "a large file": (_with({"mallory.ipynb": b" " * 1_500_000}), "it has more than 1 MB"),
    "a file that lies about its size": (_liar, "“mallory.ipynb” could not be used: it"),
    "a bomb": (_with({"mallory.zip": BOMB}), "it unpacks to more than 3 MB"),
    "a bomb in a zip": (_with({"mallory.zip": HUGE}), "it has more than 1 MB"),
    "zips without end": (_with({"mallory.zip": _nested(12, b"")}), "it is a zip in a zip in a zip"),
    "a path up in a student's zip": (
        _with({"mallory.zip": zipped({"../honest.ipynb": b"{}"})}),
        "“mallory.zip/honest.ipynb” could not be used: its path leads out of the zip (“../honest.ipynb”)",
    ),
    "six thousand files": (
        _with({"mallory.zip": zipped({f"f{number}": b"" for number in range(6000)})}),
        "“mallory.zip” could not be used: it holds more than 5000 files",
    ),
    "eleven zips of almost five thousand files in a zip": (
        _with({"mallory.zip": zipped({"x.ipynb": b"{}", **{f"{n}.zip": MANY for n in range(11)}})}),
        "“mallory.zip/1.zip” was left: it holds more than 5000 files",
    ),
    "zips of almost five thousand files in a folder": (
        _with({f"mallory/{n}.zip": MANY for n in range(11)}),
        "no notebook (.ipynb) was handed in, only",
    ),
    "no zip": (_with({"mallory.zip": b"hello"}), "“mallory.zip” could not be used: it is damaged"),
    "an empty zip": (_with({"mallory.zip": zipped({})}), "the folder is empty"),
    "an empty file": (_with({"mallory.zip": b""}), "it is an empty file"),
}
