"""The files of a download, folder or zip, without unpacking it: a name in it never becomes a path on the disk.

Links are not followed, devices and pipes not opened, and what a zip says of its own sizes is not believed. Zips within
zips are kept in a scratch folder under names made here.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

from nbjudge.course.folder import RefusalError
from nbjudge.intake.entries import Budget, Contents, Entry, TooLargeError
from nbjudge.wording import printable

__all__ = ["DownloadError", "contents", "damage", "open_zip", "walk_names"]

MOST_FILES = 50_000  # in the download
LARGEST_ZIP = 300_000_000  # bytes of a student's zip
LARGEST_LIST = 4_000_000  # bytes of the list of contents in a student's zip
DEEPEST = 3  # zips within zips
IGNORED = re.compile(r"__MACOSX|\.DS_Store|\._.*|\.ipynb_checkpoints|Thumbs\.db|desktop\.ini|\.git", re.IGNORECASE)


class DownloadError(RefusalError):
    """The download as a whole cannot be used; the message says why and what to do."""


def contents(path: Path, scratch: Path) -> Contents:
    """Return what is in a download.

    Raises:
        DownloadError: If it is neither a folder nor a zip that can be opened.
    """
    found = Contents()
    scratch.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        _folder(path.resolve(), (), found, scratch)
    elif not path.exists():
        raise DownloadError(f"there is no {path}")
    elif not path.is_file():
        raise DownloadError(f"{path} is neither a folder nor a file")
    elif zipfile.is_zipfile(path):
        try:
            archive = zipfile.ZipFile(path)
        except Exception as error:  # zipfile raises many kinds
            raise DownloadError(f"{path} is a damaged zip ({error}): download it again") from error
        _members(archive.infolist(), partial(_from_zip, archive), found, scratch)
    else:
        raise DownloadError(f"{path} is neither a folder nor a zip: give what the learning platform downloads")
    if found.outside > MOST_FILES:
        raise DownloadError(f"{path} holds more than {MOST_FILES} files: is it the folder of the submissions?")
    return found


def _folder(folder: Path, above: tuple[str, ...], found: Contents, scratch: Path) -> None:
    """List a folder, following no link."""
    names = sorted(os.listdir(folder))
    kept = [name for name in names if not IGNORED.fullmatch(name)]
    if not kept and above:
        found.folders.append(above)
    looks = [(folder / name).lstat() for name in kept]
    same = Counter((about.st_dev, about.st_ino) for about in looks)  # a student's own second name for a file is no harm
    for name, about in zip(kept, looks, strict=True):
        path, parts = folder / name, (*above, name)
        if stat.S_ISDIR(about.st_mode):
            if len(parts) > 12 or found.outside > MOST_FILES:
                found.aside.append((parts, "it is in too many folders"))
            elif path != scratch.resolve():
                _folder(path, parts, found, scratch)
        elif stat.S_ISLNK(about.st_mode):
            found.aside.append((parts, "it is a link to another place, and links are not followed"))
        elif not stat.S_ISREG(about.st_mode):
            found.aside.append((parts, "it is a pipe, a socket or a device, not a file"))
        elif about.st_nlink > same[about.st_dev, about.st_ino]:
            found.aside.append((parts, "it is a hard link: its content also belongs to a file elsewhere"))
        else:
            when = tuple(time.localtime(about.st_mtime)[:6])
            whole = len(kept) == 1 and not above
            _add(Entry(parts, when, partial(_from_file, path), Budget(), whole=whole), found, scratch)


def _from_file(path: Path, most: int) -> bytes:
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("it is not a file any more")
        return file.read(most)


def _from_kept(path: Path, member: zipfile.ZipInfo, most: int) -> bytes:
    """Open a student's zip only while it is read: a class has more zips than a process may have open."""
    with zipfile.ZipFile(path) as archive:
        return _from_zip(archive, member, most)


def _from_zip(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    with archive.open(member) as file:
        return file.read(most)


def _add(entry: Entry, found: Contents, scratch: Path) -> None:
    """Keep a file, or what is in it if it is a zip."""
    found.outside += entry.depth == 1
    if not entry.parts[-1].lower().endswith(".zip"):
        found.files.append(entry)
    elif words := open_zip(entry, found, scratch):
        found.aside.append((entry.parts, words))


def open_zip(entry: Entry, found: Contents, scratch: Path) -> str:
    """List what is in a zip that a student handed in, and return "", or in words why that cannot be."""
    if entry.depth >= DEEPEST:
        return f"it is a zip in a zip in a zip, and {DEEPEST} is the limit"
    try:
        entry.budget.count(0)  # no more is read of whoever has used it up
        data = entry.read(LARGEST_ZIP)
        if not data:
            return "it is an empty file"
        if data[:4] == b"Rar!" or data[:2] == b"7z":
            return "it is no zip, but another kind of archive"
        end = data.rfind(b"PK\x05\x06")
        if end >= 0 and (b"PK\x06\x07" in data[end - 20 : end] or _number(data[end + 12 : end + 16]) > LARGEST_LIST):
            return "it lists more files than a submission has"
        handle, kept = tempfile.mkstemp(suffix=".zip", dir=scratch)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        with zipfile.ZipFile(kept) as archive:
            members = archive.infolist()
        if not entry.whole:
            entry.budget.count(len(members))
    except TooLargeError as error:
        return str(error)
    except Exception as error:  # a damaged zip raises many kinds
        return damage(error)
    _members(members, partial(_from_kept, Path(kept)), found, scratch, entry)
    return ""


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def damage(error: Exception) -> str:
    """Return in words what keeps a member of a zip from being read."""
    if isinstance(error, RuntimeError) and "password" in str(error):
        return "it is locked with a password"
    if isinstance(error, NotImplementedError):
        return "it is packed in a way that cannot be unpacked here"
    return "it is damaged"


def _members(
    members: Sequence[zipfile.ZipInfo],
    fetch: Callable[[zipfile.ZipInfo, int], bytes],
    found: Contents,
    scratch: Path,
    outer: Entry | None = None,
) -> None:
    """List a zip. The download's own members each have a budget of their own: they are different students'."""
    above = outer.parts if outer else ()
    students = not outer or outer.whole
    if students and len(members) > MOST_FILES:
        found.aside.append((above, f"it holds {len(members)} files, and {MOST_FILES} is the limit"))
        return
    folders: set[tuple[str, ...]] = set() if members else {above}
    filled: set[tuple[str, ...]] = {()}
    seen: set[tuple[str, ...]] = set()
    for member in members:
        inner = tuple(part for part in re.split(r"[/\\]+", _name(member)) if part not in {"", "."})
        if any(IGNORED.fullmatch(part) for part in inner):
            continue
        parts = (*above, *inner)
        filled.update(parts[:length] for length in range(len(parts)))
        if words := _fault(member, inner):
            found.aside.append(((*above, *(part for part in inner if part != "..")), words))
        elif member.is_dir():
            folders.add(parts)
        else:
            if parts in seen:
                found.doubled.append(parts)
            seen.add(parts)
            budget = outer.budget if outer and not students else Budget()
            depth = outer.depth + 1 if outer else 1
            whole = students and len(members) == 1
            _add(Entry(parts, member.date_time, partial(fetch, member), budget, depth, whole), found, scratch)
    found.folders += sorted(folders - filled)


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; many programs write UTF-8 and forget to say so."""
    if not member.flag_bits & 0x800:
        try:
            return member.orig_filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return member.orig_filename


def _fault(member: zipfile.ZipInfo, inner: tuple[str, ...]) -> str:
    """Return in words why a member of a zip is left aside, "" if it is a plain file or folder."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    written = _name(member)
    if ".." in inner or not inner or PurePosixPath(written).is_absolute() or re.match(r"[A-Za-z]:|\\", written):
        return f"its path leads out of the zip (“{printable(written)}”)"
    if "\0" in written:
        return "its name holds a character that no name may have"
    if kind == stat.S_IFLNK:
        return "it is a link to another place, and links are not followed"
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "it is a pipe, a socket or a device, not a file"
    if member.flag_bits & 1:
        return "it is locked with a password"
    return ""


def walk_names(found: Contents) -> Iterator[tuple[str, ...]]:
    """Return every path in a download, whatever it was."""
    yield from (entry.parts for entry in found.files)
    yield from found.folders
    yield from (parts for parts, _ in found.aside if parts)
