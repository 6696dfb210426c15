"""attnbook-grade: makes a course folder, grades a download, writes the reports, and says what a machine lacks."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbjudge.course.folder import RefusalError

__all__ = ["main"]

ABOUT = """\
Grade the assignments of the book "Attention You Can Run".

Students' code runs in a sandbox that knows neither the tests nor the marks. One command can be stopped at any moment,
by Ctrl-C or by a power cut; give it again and it goes on where it was.

An evening with sixty students:

  attnbook-grade doctor                                  is everything here?
  attnbook-grade new attention-2026                      once, makes the course folder
  cd attention-2026
  attnbook-grade grade 02_scoring ~/Downloads/submissions.zip --roster ~/Downloads/grades.csv
  jupyter lab                                            mark the answers in words: nbgrader > Formgrader
  attnbook-grade report 02_scoring                       lists and feedback, with your marks
"""
STATES = """\
Afterwards each student is in one of three states:
  final                      all points are there; the lists have them
  waits for a person         the code is graded; an answer in words is to be marked by hand (jupyter lab, Formgrader)
  not graded, because ...    the reason stands there; the cell in the lists is EMPTY, never 0

Exit code: 0 if everybody is graded, 2 if somebody is not, 1 if nothing was done and the message says why.
"""
NEW = """\
Make a course folder, which is also a course of nbgrader:

  attnbook-grade new attention-2026

It writes into attention-2026/
  private/seed         the secret from which all random inputs come; keep it, and keep it to yourself
  private/             hidden properties and results: for you only
  source/  release/    the notebooks, yours with solutions, and the ones to hand out
  gradebook.db         the marks, as nbgrader keeps them
  nbgrader_config.py   nbgrader's settings

Give it again to add new assignments of the book. Nothing that is there is changed.
"""
GRADE = f"""\
Grade what students handed in:

  attnbook-grade grade 02_scoring ~/Downloads/submissions.zip
  attnbook-grade grade 02_scoring collected/ --roster gradebook_export.csv --workers 4

DOWNLOAD is a zip or a folder: what Canvas or Moodle gives as "download all submissions", or one folder or file per
student. What can be repaired is repaired, and said. Grade the same download twice and nothing happens twice; grade a
newer download and only who handed in something else is graded anew. Who is missing in it keeps their marks. Marks
that you gave by hand stay.

It writes
  reports/02_scoring/canvas.csv, moodle.csv   to import into the learning platform
  reports/02_scoring/overview.html            the class at a glance; similarity.html: who is like whom
  reports/02_scoring/status.csv               everybody with state and reason
  reports/02_scoring/feedback.zip             with Moodle: all feedback pages, to upload at once
  feedback/STUDENT/02_scoring.html            one page for each student
  gradebook.db                                for nbgrader's own pages

{STATES}"""
REPORT = """\
Write the lists, the feedback pages and the overview anew from the gradebook, after marking by hand:

  attnbook-grade report 02_scoring

Nothing is graded by this, and it may be given as often as you like.
"""
DOCTOR = """\
Say in sentences what is here and what is missing: the sandbox (bubblewrap), nbgrader, Dask.

  attnbook-grade doctor
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    raw: dict[str, Any] = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
    whole = argparse.ArgumentParser("attnbook-grade", description=ABOUT, epilog=STATES, **raw)
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")

    new = commands.add_parser("new", help="make a course folder", description=NEW, **raw)
    new.add_argument("course", metavar="COURSE", type=Path, help="the folder to make")
    new.add_argument(
        "--assignments",
        metavar="FOLDER",
        type=Path,
        help="notebooks/assignments of the book (default: that of the clone which this command is installed from)",
    )

    grade = commands.add_parser("grade", help="grade a download", description=GRADE, **raw)
    grade.add_argument("assignment", metavar="ASSIGNMENT", help="for example 02_scoring")
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
    report = commands.add_parser("report", help=words, description=REPORT, **raw)
    report.add_argument("assignment", metavar="ASSIGNMENT", help="for example 02_scoring")
    _course(report)

    commands.add_parser("doctor", help="say what is here and what is missing", description=DOCTOR, **raw)
    return whole


def _course(command: argparse.ArgumentParser) -> None:
    command.add_argument("--course", metavar="FOLDER", type=Path, default=Path(), help="the course folder (default: .)")


def _workers(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of workers: give 1 or more")
    return int(text)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return the exit code."""
    command_line = parser()
    given, more = command_line.parse_known_args(arguments)
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
    except RefusalError as refusal:
        print(f"attnbook-grade: {refusal}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "attnbook":
            raise
        advice = "in the clone of the book, pip install -e '.[classroom]'"
        print(f"attnbook-grade: {error.name} is not installed: {advice}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # what showed the output has been closed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print("Stopped, because nobody read on. Give the same command again to go on.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. What was graded is kept: give the same command again to go on.", file=sys.stderr)
        return 2
