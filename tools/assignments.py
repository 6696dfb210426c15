"""Write notebooks/assignments/release from the teacher's texts, one way: python tools/assignments.py [--check]."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import generated
from attnbook.classroom import specs
from nbjudge.judging.hidden import HiddenError, properties
from nbjudge.nbgrader.authoring import AuthorError, release, teachers, written
from notebooks import INSTALL, settings

ROOT = Path(__file__).resolve().parent.parent


def generate(root: Path) -> dict[Path, str]:
    """Return the path and text of every notebook that is handed out."""
    folder = root / "notebooks" / "assignments"
    install = INSTALL.format(repository=settings(root)["repository"]["url"])
    texts = {}
    for source in sorted((folder / "source").glob("[0-9][0-9]_*.md")):
        name = source.stem
        chapter = name.split("_", 1)[1]
        hidden = folder / "hidden" / f"{chapter}.py"
        secret = hidden.read_text(encoding="utf-8") if hidden.is_file() else ""
        notebook = teachers(
            source.read_text(encoding="utf-8"),
            name,
            specs.tasks_of(chapter),
            hidden=properties(secret, hidden.relative_to(root).as_posix()),
            install=install,
            origin=source.relative_to(root).as_posix(),
        )
        texts[folder / "release" / name / f"{name}.ipynb"] = written(release(notebook))
    return texts


def stale(texts: dict[Path, str], folder: Path) -> list[Path]:
    """Return the notebooks that are not what their text makes, or have no text."""
    return generated.stale(texts, folder.glob("*/*.ipynb"))


def main() -> int:
    """Write what is stale, or only name it."""
    made = {"made_from": "text", "command": "make assignments"}
    changes = partial(stale, folder=ROOT / "notebooks" / "assignments" / "release")
    errors = (AuthorError, HiddenError, specs.UnknownTaskError)
    return generated.main(__doc__, ROOT, generate, changes, **made, errors=errors)


if __name__ == "__main__":
    sys.exit(main())
