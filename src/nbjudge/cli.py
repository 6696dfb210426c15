"""The command line: make a course folder, grade a download, write the reports, say what a machine lacks."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbjudge.course.folder import RefusalError
from nbjudge.judging.catalogue import UnknownTaskError
from nbjudge.subject import Subject, SubjectError

__all__ = ["main"]

ABOUT = """\
Grade the assignments of {title}.

Students' code runs in a sandbox that knows neither the tests nor the marks. One command can be stopped at any moment,
by Ctrl-C or by a power cut; give it again and it goes on where it was.

An evening with sixty students:

  {command} doctor\tis everything here?
  {command} new course-2026\tonce, makes the course folder
  cd course-2026
  {command} grade {example} ~/Downloads/submissions.zip --roster ~/Downloads/grades.csv
  jupyter lab\tmark the answers in words: nbgrader > Formgrader
  {command} report {example}\tlists and feedback, with your marks
"""
STATES = """\
Afterwards each student is in one of three states:
  final\tall points are there; the lists have them
  waits for a person\tthe code is graded; an answer in words is to be marked by hand (jupyter lab, Formgrader)
  not graded, because ...\tthe reason stands there; the cell in the lists is EMPTY, never 0

Exit code: 0 if everybody is graded, 2 if somebody is not, 1 if nothing was done and the message says why.
"""
NEW = """\
Make a course folder, which is also a course of nbgrader:

  {command} new course-2026

It writes into course-2026/
  private/seed\tthe secret from which all random inputs come; keep it, and keep it to yourself
  private/\thidden properties and results: for you only
  source/\trelease/    the notebooks, yours with solutions, and the ones to hand out
  gradebook.db\tthe marks, as nbgrader keeps them
  nbgrader_config.py\tnbgrader's settings

Give it again to add new assignments. Nothing that is there is changed.
"""
GRADE = """\
Grade what students handed in:

  {command} grade {example} ~/Downloads/submissions.zip
  {command} grade {example} collected/ --roster gradebook_export.csv --workers 4

DOWNLOAD is a zip or a folder: what Canvas or Moodle gives as "download all submissions", or one folder or file per
student. What can be repaired is repaired, and said. Grade the same download twice and nothing happens twice; grade a
newer download and only who handed in something else is graded anew. Who is missing in it keeps their marks. Marks
that you gave by hand stay.

It writes
  reports/{example}/canvas.csv, moodle.csv\tto import into the learning platform
  reports/{example}/overview.html\tthe class at a glance; similarity.html: who is like whom
  reports/{example}/status.csv\teverybody with state and reason
  reports/{example}/feedback.zip\tall feedback pages, for Moodle or Canvas to upload at once
  feedback/STUDENT/{example}.html\tone page for each student
  gradebook.db\tfor nbgrader's own pages

"""
REPORT = """\
Write the lists, the feedback pages and the overview anew from the gradebook, after marking by hand:

  {command} report {example}

Nothing is graded by this, and it may be given as often as you like. With --interim the lists for the platform also
have the points so far of those whose answers in words you have not marked yet.
"""
DOCTOR = """\
Say in sentences what is here and what is missing: the sandbox (bubblewrap), nbgrader, Dask.

  {command} doctor
"""


def _filled(text: str, subject: Subject) -> str:
    """Return a help text with the subject's names in it, and what stands behind tabs in one column."""
    lines = text.format(command=subject.command, example=subject.example, title=subject.title).split("\n")
    width = max((len(line.partition("\t")[0]) for line in lines if "\t" in line), default=0) + 2
    return "\n".join(
        f"{left:<{width}}{right}" if tab else left for left, tab, right in (x.partition("\t") for x in lines)
    )


def parser(subject: Subject) -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    about, states, new_, grade_, report_, doctor_ = (
        _filled(text, subject) for text in (ABOUT, STATES, NEW, GRADE, REPORT, DOCTOR)
    )
    raw: dict[str, Any] = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
    whole = argparse.ArgumentParser(subject.command, description=about, epilog=states, **raw)
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")

    new = commands.add_parser("new", help="make a course folder", description=new_, **raw)
    new.add_argument("course", metavar="COURSE", type=Path, help="the folder to make")
    new.add_argument(
        "--assignments",
        metavar="FOLDER",
        type=Path,
        help="the folder of the assignments (default: that of the clone which this command is installed from)",
    )

    grade = commands.add_parser("grade", help="grade a download", description=grade_, epilog=states, **raw)
    grade.add_argument("assignment", metavar="ASSIGNMENT", help=f"for example {subject.example}")
    grade.add_argument("download", metavar="DOWNLOAD", type=Path, help="a zip or a folder")
    _course(grade)
    grade.add_argument(
        "--roster",
        metavar="CSV",
        type=Path,
        help="everybody who is enrolled, as Canvas or Moodle exports it; it is remembered",
    )
    grade.add_argument("--workers", metavar="N", type=_workers, help="how many at a time (default: one per processor)")
    grade.add_argument(
        "--scheduler", metavar="ADDRESS", help="let a Dask cluster do it, for example tcp://192.168.0.5:8786"
    )
    grade.add_argument(
        "--trust-students",
        action="store_true",
        help="run their code WITHOUT a sandbox: it can then read, change and send away all that you can",
    )
    grade.add_argument("--again", action="store_true", help="grade everybody in the download anew")

    words = "write lists and feedback after marking by hand"
    report = commands.add_parser("report", help=words, description=report_, **raw)
    report.add_argument("assignment", metavar="ASSIGNMENT", help=f"for example {subject.example}")
    _course(report)
    report.add_argument(
        "--interim",
        action="store_true",
        help="tell the platform also the points so far of those whose answers are still to be marked",
    )

    commands.add_parser("doctor", help="say what is here and what is missing", description=doctor_, **raw)
    return whole


def _course(command: argparse.ArgumentParser) -> None:
    command.add_argument("--course", metavar="FOLDER", type=Path, default=Path(), help="the course folder (default: .)")


def _workers(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of workers: give 1 or more")
    return int(text)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(subject: Subject, arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return the exit code.

    Args:
        subject: What the course is about.
        arguments: What was typed behind the command; None takes it from the command line.
    """
    for stream in (sys.stdout, sys.stderr):  # where a letter cannot be shown, a question mark can
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    command_line = parser(subject)
    given, more = command_line.parse_known_args(arguments)
    given.subject = subject
    if more:
        command_line.error(f"it is not clear what {' '.join(more)} means. A path with a blank in it stands in quotes")
    for name in ("SIGTERM", "SIGHUP"):  # a closed terminal stops as cleanly as Ctrl-C
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    os.umask(0o077)  # marks and hidden properties are nobody else's
    try:
        from nbjudge import commands  # loads nbgrader, which not everybody has

        command = getattr(commands, given.command)
        code = int(command(given, sys.stdout))
        sys.stdout.flush()
        return code
    except (RefusalError, SubjectError, UnknownTaskError) as refusal:
        print(f"{subject.command}: {refusal}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in {"nbjudge", *(name.partition(".")[0] for name in subject.decides)}:
            raise
        print(f"{subject.command}: {error.name} is not installed: {subject.installing('classroom')}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # what showed the output has been closed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print("Stopped, because nobody read on. Give the same command again to go on.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. What was graded is kept: give the same command again to go on.", file=sys.stderr)
        return 2
