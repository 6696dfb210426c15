"""The course folder: where everything lies, how it is made, and how a file is written that no crash can halve."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbjudge.subject import Subject, SubjectError, find

__all__ = ["Course", "RefusalError", "alone", "create", "opened", "scratch_folder", "write"]

SEED_BYTES = 32
CONFIG = '''\
"""The settings of nbgrader for this course, for `jupyter lab`, `nbgrader export` and the like in this folder.

Grade with `{command} grade`. Should somebody run `nbgrader autograde` instead, the last lines see to it that
student code runs in the sandbox there, too, and never in the process that writes the marks.
"""

import os

c = get_config()  # noqa: F821 (nbgrader defines it)

c.CourseDirectory.course_id = {name!r}
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
{more}'''


class RefusalError(Exception):
    """A command was not carried out; the words say why, and what to do."""


@dataclass(frozen=True)
class Course:
    """A course folder, which is an nbgrader course with a private part."""

    folder: Path

    @property
    def private(self) -> Path:
        """What only the teacher may read: seed, hidden properties, results."""
        return self.folder / "private"

    @property
    def seed(self) -> str:
        """The private seed, from which all random inputs come."""
        return (self.private / "seed").read_text(encoding="ascii").strip()

    @property
    def subject(self) -> Subject:
        """What the course is about."""
        try:
            return find((self.private / "subject").read_text(encoding="utf-8").strip())
        except FileNotFoundError:
            words = "was made by an earlier version of the grader, which this one cannot go on with"
            raise RefusalError(f"{self.folder} {words}: grade it with that version, or make a new course") from None
        except SubjectError as error:
            raise RefusalError(f"{self.private / 'subject'}: {error}") from None

    @property
    def assignments(self) -> list[str]:
        """The names of the assignments that the course has, in order."""
        return sorted(path.parent.name for path in (self.folder / "source").glob("*/*.ipynb"))

    def source(self, assignment: str) -> Path:
        """The teacher's notebook."""
        return self.folder / "source" / assignment / f"{assignment}.ipynb"

    def release(self, assignment: str) -> Path:
        """The notebook that was handed out."""
        return self.folder / "release" / assignment / f"{assignment}.ipynb"

    def hidden(self, chapter: str) -> Path:
        """The teacher's hidden properties."""
        return self.private / "hidden" / f"{chapter}.py"

    def results(self, assignment: str) -> Path:
        """The folder with one file per student."""
        return self.private / "results" / assignment

    def roster(self, assignment: str) -> Path:
        """The roster that was last given with --roster."""
        return self.private / "rosters" / f"{assignment}.csv"

    def reports(self, assignment: str) -> Path:
        """The folder of the lists and the overview."""
        return self.folder / "reports" / assignment

    def handed_in(self, assignment: str, student: str) -> Path:
        """A student's file, byte by byte as it came."""
        return self.folder / "handed-in" / assignment / f"{plain(student)}.ipynb"

    def submitted(self, assignment: str, student: str) -> Path:
        """A student's notebook after its repair, where nbgrader looks for it."""
        return self.folder / "submitted" / plain(student) / assignment / f"{assignment}.ipynb"

    def feedback(self, assignment: str, student: str) -> Path:
        """A student's feedback page."""
        return self.folder / "feedback" / plain(student) / f"{assignment}.html"


def plain(student: str) -> str:
    """Return a student's id if it is the name of one file and no more, else refuse."""
    if not student or student.startswith(".") or set(student) & {"/", "\\", "\0"}:
        raise RefusalError(f"{student!r} cannot be the name of a student's file")
    return student


def write(path: Path, content: bytes | str, mode: int = 0o644) -> None:
    """Write a file so that a crash at any moment leaves the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")  # one command at a time writes here, so one name is enough
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8", "replace") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)  # the new name, too, must reach the disk
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def alone(course: Course) -> Iterator[None]:
    """Keep other commands off this course meanwhile.

    The lock is the kernel's: it ends with the process, however that ends, so a killed command leaves none behind. What
    the file says is only for the words.
    """
    try:
        import fcntl
    except ImportError:
        raise RefusalError("grading needs Linux, or on Windows its WSL") from None

    with open(course.private / "lock", "a+", encoding="utf-8") as file:
        os.chmod(file.fileno(), 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise RefusalError(
                f"another command is at work on this course ({file.read().strip()}): "
                "wait for it, or stop it there with Ctrl-C"
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {os.uname().nodename}, since {datetime.now():%H:%M on %d %B}")
        file.flush()
        yield


@contextmanager
def scratch_folder(course: Course) -> Iterator[Path]:
    """Make a folder to unpack a download in: beside the course, where there is room, and taken away again."""
    for left in course.private.glob("download-*"):  # by a command that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"download-{os.getpid()}-", dir=course.private) as scratch:
        yield Path(scratch)


def opened(folder: Path, new: str = "the grader's command `new COURSE`") -> Course:
    """Return the course in a folder, or refuse if there is none.

    Args:
        folder: The folder.
        new: What makes a course, for the words of the refusal.
    """
    course = Course(folder.resolve())
    if not (course.private / "seed").is_file():
        raise RefusalError(
            f"{folder} is no course folder, for there is no private/seed in it: go to the course folder, name it with "
            f"--course, or make one with {new}"
        )
    if len(course.seed) < SEED_BYTES:
        raise RefusalError(f"{course.private / 'seed'} is empty or cut short: restore it from a backup")
    return course


def create(folder: Path, subject: Subject, config: str = "") -> Course:
    """Make a course folder without assignments, or what is missing of one; nothing that is there is changed.

    Args:
        folder: Where; its name becomes the course's.
        subject: What it is about.
        config: More lines for nbgrader_config.py.
    """
    course = Course(folder.resolve())
    if course.folder.exists() and not course.folder.is_dir():
        raise RefusalError(f"{folder} is a file, not a folder: give the course another name")
    begun = {path.name for path in course.folder.iterdir()} if course.folder.is_dir() else set()
    if not (course.private / "seed").exists() and begun - {"private"}:
        raise RefusalError(f"{folder} is no course folder and not empty: give the course a folder of its own")
    course.private.mkdir(parents=True, exist_ok=True)
    course.private.chmod(0o700)
    if not (course.private / "seed").exists():
        write(course.private / "subject", f"{subject.module}\n")
        write(course.private / "seed", secrets.token_hex(SEED_BYTES) + "\n", mode=0o600)
    if not (course.folder / "nbgrader_config.py").exists():
        settings = CONFIG.format(command=subject.command, name=course.folder.name, more=config)
        write(course.folder / "nbgrader_config.py", settings)
    for name in ("source", "release", "submitted", "autograded", "feedback", "handed-in", "reports"):
        (course.folder / name).mkdir(exist_ok=True)
    return course
