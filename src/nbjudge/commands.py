"""What the commands do, one function each: given what was typed, they return the exit code."""

from __future__ import annotations

import argparse
import errno
import os
import shlex
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TextIO

from sqlalchemy.exc import DatabaseError

from nbjudge import doctor as examination
from nbjudge.course.assignment import Assignment
from nbjudge.course.folder import Course, RefusalError, alone, create, opened, scratch_folder, write
from nbjudge.grading.executors import Pool, Processes, grade_all
from nbjudge.grading.job import Options
from nbjudge.grading.progress import Progress
from nbjudge.intake.collect import collect, wrong_assignment
from nbjudge.intake.submission import Download
from nbjudge.nbgrader.authoring import AuthorError, load
from nbjudge.nbgrader.gradebook import Books
from nbjudge.nbgrader.settings import config_text
from nbjudge.recording import records
from nbjudge.recording.record import catch_up, record
from nbjudge.recording.selection import Selection, select
from nbjudge.reports.enrolment import NOT_GRADED, wrong_roster
from nbjudge.reports.report import make_report, summary, write_report
from nbjudge.reports.roster import roster_text
from nbjudge.sandbox import process
from nbjudge.sandbox.box import Limits
from nbjudge.subject import Subject

__all__ = ["doctor", "grade", "new", "report"]

DISK = {
    errno.ENOSPC: "the disk is full: make room",
    errno.EDQUOT: "your quota is used up: make room",
    errno.EACCES: "it may not be written: see to its permissions",
    errno.EPERM: "it may not be written: see to its permissions",
    errno.EROFS: "its disk may only be read: copy the course to another one",
}


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """Say in words that a disk is full or may not be written, wherever that shows first."""
    kept = "Nothing is lost: give the same command again afterwards."
    try:
        yield
    except OSError as error:
        if error.errno not in DISK:
            raise
        raise RefusalError(f"{error.filename or folder}: {DISK[error.errno]}. {kept}") from None
    except DatabaseError as error:
        words = str(error.orig)
        raise RefusalError(f"{folder / 'gradebook.db'}: {words}. {kept}") from None


def _author(given: Path | None, subject: Subject) -> Path:
    """Return the author's folder of assignments."""
    folder = given or Path(subject.assignments or os.curdir)
    if any((folder / "source").glob("*.md")):
        return folder
    if given:
        raise RefusalError(f"{given} has no source/*.md in it: give the folder of the assignments")
    if not subject.assignments:
        raise RefusalError("give the folder of the assignments, with source/*.md in it: --assignments FOLDER")
    inside = "/".join(folder.parts[-2:])
    raise RefusalError(
        f"the assignments are not beside the package, for it is not installed from a clone of {subject.title}: "
        f"clone it, and give its folder with --assignments CLONE/{inside}"
    )


def _course(given: argparse.Namespace) -> Course:
    """Return the course in the given folder, or refuse if it is about another subject."""
    course = opened(given.course, f"`{given.subject.command} new COURSE`")
    if (subject := course.subject) != given.subject:
        raise RefusalError(f"{given.course} is a course of {subject.title}: its command is {subject.command}")
    return course


def new(given: argparse.Namespace, out: TextIO) -> int:
    """Make a course folder, or add to one the assignments that have come since."""
    subject: Subject = given.subject
    author = _author(given.assignments, subject)
    try:
        found = [load(author, path.stem, subject) for path in sorted((author / "source").glob("*.md"))]
    except AuthorError as error:
        raise RefusalError(str(error)) from None
    with _disk(given.course):
        create(given.course, subject, config_text())
        course = _course(given)
        with alone(course):
            added = [one for one in found if one.name not in course.assignments]
            with Books(course.folder) as books:
                for assignment in added:
                    _add(course, assignment, books)
    for assignment in added:
        print(f"{assignment.name}: {len(assignment.tasks)} tasks", file=out)
    if not added:
        print(f"{given.course} has all assignments already; nothing was changed.", file=out)
        return 0
    print(f"The course is in {course.folder}. Hand out what lies in its release/, and nothing else.", file=out)
    print(f"Then: cd {shlex.quote(str(given.course))}; {subject.command} grade {added[0].name} DOWNLOAD", file=out)
    return 0


def _add(course: Course, assignment: Assignment, books: Books) -> None:
    """Write an assignment's files; the teacher's notebook last, for it says that all is there."""
    books.add_assignment(assignment)
    if assignment.hidden:
        write(course.hidden(assignment.chapter), assignment.hidden, mode=0o600)
    write(course.release(assignment.name), assignment.release)
    write(course.source(assignment.name), assignment.source, mode=0o600)


def _assignment(course: Course, name: str) -> Assignment:
    if name not in course.assignments:
        has = ", ".join(course.assignments) or "none yet"
        raise RefusalError(f"the course has no assignment {name}; it has: {has}")
    try:
        return load(course.folder, name, course.subject)
    except AuthorError as error:
        raise RefusalError(str(error)) from None


def _roster(path: Path | None) -> bytes | None:
    try:
        data = path.read_bytes() if path else None
    except OSError as error:
        raise RefusalError(f"the roster {path} cannot be read: {error.strerror}") from None
    if data and data.startswith(b"PK\x03\x04"):
        raise RefusalError(f"the roster {path} is an Excel file or a zip: give the CSV file that the platform exports")
    return data


@contextmanager
def _pool(given: argparse.Namespace) -> Iterator[Pool]:
    if given.scheduler:
        from nbjudge.grading.cluster import Cluster

        with closing(Cluster(given.scheduler, given.subject, trust=given.trust_students)) as cluster:
            try:
                yield cluster
            except CancelledError:
                raise RefusalError(
                    "the cluster went away. What was graded is kept: give the same command again to go on"
                ) from None
    else:
        trouble = process.trouble()
        if trouble and not given.trust_students:
            raise RefusalError(
                f"nothing is graded, because {trouble}. Should you accept that students' code "
                "can read, change and send away all that you can: --trust-students"
            )
        yield Processes(given.workers or _processors())


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def grade(given: argparse.Namespace, out: TextIO) -> int:
    """Grade a download: it is taken in, selected from, graded, recorded and reported."""
    course = _course(given)
    assignment = _assignment(course, given.assignment)
    name = assignment.name
    if not given.download.exists():
        raise RefusalError(f"there is no {given.download}: give the zip or the folder that students' work is in")
    with _disk(course.folder), alone(course), _pool(given) as pool:
        roster = _roster(given.roster)
        names = [name, *(other for other in course.assignments if other != name)]
        with scratch_folder(course) as scratch:
            download = collect(given.download, names, scratch, records.known_ids(course, name))
        _refuse(download, name, given, roster)
        if roster is not None:
            write(course.roster(name), roster, mode=0o600)
        options = Options(course.seed, Limits(), sandbox=not given.trust_students)
        earlier = records.load_all(course, assignment)
        complete = {student for student in earlier if course.submitted(name, student).exists()}
        selection = select(download, assignment, options, earlier, complete, again=given.again)
        for one in selection.records:
            records.save(course, name, one)
        _announce(download, selection, given, out)
        with Books(course.folder) as books:
            books.add_assignment(assignment)
            catch_up(course, assignment, books)
            with Progress(len(selection.jobs), out) as progress, closing(grade_all(pool, selection.jobs)) as results:
                for job, graded in results:
                    record(course, job, graded, books)
                    progress.step()
            return _report(course, assignment, books, out)


def _refuse(download: Download, assignment: str, given: argparse.Namespace, roster: bytes | None) -> None:
    """Refuse what is another assignment's download, or another class's roster."""
    if not download.submissions:
        raise RefusalError(f"in {given.download} there is nobody's work: is it the right download?")
    if words := wrong_assignment(download, assignment):
        raise RefusalError(f"in {given.download} {words}: is it the right download? Nothing was changed")
    if roster is not None:
        known = {one.student: (one.name, one.lms) for one in download.submissions}
        if words := wrong_roster(known, roster_text(roster)):
            raise RefusalError(f"{given.roster}: {words}. Nothing was changed")


def _announce(download: Download, selection: Selection, given: argparse.Namespace, out: TextIO) -> None:
    print(f"{given.assignment}: {len(download.submissions)} students in {given.download}", file=out)
    for words in download.notes:
        print(f"  {words}", file=out)
    if selection.unchanged:
        print(f"  {selection.unchanged} are graded already, from the same files", file=out)
    for name, why in selection.kept:
        print(f"  {name} keeps the marks that are there, for in this download {why}", file=out)


def _report(course: Course, assignment: Assignment, books: Books, out: TextIO, *, interim: bool = False) -> int:
    """Write lists and pages, say where they are, and return the exit code."""
    listed = course.roster(assignment.name)
    roster = roster_text(listed.read_bytes()) if listed.exists() else None
    kept = records.load_all(course, assignment)
    notebooks = records.notebooks(course, assignment, kept)
    found = make_report(assignment, kept, notebooks, books.marks(assignment), roster, waiting=interim)
    write_report(course, assignment, found)
    print("\n".join(summary(course, assignment, found)), file=out)
    return 2 if any(row.state == NOT_GRADED for row in found.rows) else 0


def report(given: argparse.Namespace, out: TextIO) -> int:
    """Write lists and pages anew."""
    course = _course(given)
    assignment = _assignment(course, given.assignment)
    with _disk(course.folder), alone(course), Books(course.folder) as books:
        if not any(course.results(assignment.name).glob("*.json")):
            raise RefusalError(f"nothing is graded yet: {given.subject.command} grade {assignment.name} DOWNLOAD")
        catch_up(course, assignment, books)
        return _report(course, assignment, books, out, interim=given.interim)


def doctor(given: argparse.Namespace, out: TextIO) -> int:
    """Say what is here."""
    lines, able = examination.examine(given.subject)
    print("\n".join(lines), file=out)
    return 0 if able else 1
