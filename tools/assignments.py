"""Write notebooks/assignments/release from the teacher's texts, one way: python tools/assignments.py [--check]."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import generated
from attnbook.classroom.subject import SUBJECT
from nbjudge.nbgrader import authoring
from notebooks import INSTALL, settings

ROOT = Path(__file__).resolve().parent.parent


def generate(root: Path) -> dict[Path, str]:
    """Return the path and text of every notebook that is handed out."""
    folder = root / "notebooks" / "assignments"
    install = INSTALL.format(repository=settings(root)["repository"]["url"])
    names = [path.stem for path in sorted((folder / "source").glob("[0-9][0-9]_*.md"))]
    made = [authoring.generate(folder, name, SUBJECT, install=install) for name in names]
    return {folder / "release" / one.name / f"{one.name}.ipynb": one.release for one in made}


def stale(texts: dict[Path, str], folder: Path) -> list[Path]:
    """Return the notebooks that are not what their text makes, or have no text."""
    return generated.stale(texts, folder.glob("*/*.ipynb"))


def main() -> int:
    """Write what is stale, or only name it."""
    made = {"made_from": "text", "command": "make assignments"}
    changes = partial(stale, folder=ROOT / "notebooks" / "assignments" / "release")
    return generated.main(__doc__, ROOT, generate, changes, **made, errors=(authoring.AuthorError,))


if __name__ == "__main__":
    sys.exit(main())
