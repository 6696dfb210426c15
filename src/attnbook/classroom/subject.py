"""What the grader, `nbjudge`, is told of this book, and the command `attnbook-grade`."""

from pathlib import Path

from attnbook.theme import DARK, LIGHT
from nbjudge.subject import Subject

__all__ = ["SUBJECT", "main"]

SUBJECT = Subject(
    "attnbook.classroom.subject",
    'the book "Attention You Can Run"',
    command="attnbook-grade",
    example="02_scoring",
    key="attnbook",
    check_from="attnbook.classroom",
    tasks="attnbook.classroom.specs",
    decides=("attnbook.core", "attnbook.classroom"),
    distribution="attnbook",
    install="in the clone of the book, pip install -e '.[{extras}]'",
    assignments=str(Path(__file__).resolve().parents[3] / "notebooks" / "assignments"),
    regenerate="run `make assignments`",
    light=LIGHT,
    dark=DARK,
)


def main() -> int:
    """Carry out an `attnbook-grade` command."""
    from nbjudge import cli  # the teacher's side, which students do not load

    return cli.main(SUBJECT)
