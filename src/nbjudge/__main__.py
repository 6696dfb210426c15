"""The command of a course that has none of its own: python -m nbjudge SUBJECT {doctor,new,grade,report}."""

from __future__ import annotations

import sys

from nbjudge import cli
from nbjudge.subject import SubjectError, find


def main() -> int:
    """Carry out a command for the subject that the first argument names."""
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(f"{__doc__}\n\nSUBJECT is the module that declares SUBJECT = Subject(…).", file=sys.stderr)
        return 1
    try:
        subject = find(sys.argv[1])
    except SubjectError as error:
        print(f"nbjudge: {error}", file=sys.stderr)
        return 1
    return cli.main(subject, sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
