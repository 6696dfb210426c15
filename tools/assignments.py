"""Write notebooks/assignments/release from the teacher's texts, one way: python tools/assignments.py [--check]."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from attnbook.classroom import specs
from attnbook.classroom.grading.authoring import AuthorError, release, teachers, written
from attnbook.classroom.grading.hidden import HiddenError, properties
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
    changed = [path for path, text in texts.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    return changed + sorted(set(folder.glob("*/*.ipynb")) - set(texts))


def main() -> int:
    """Write what is stale, or only name it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only name what is stale, and exit with 1")
    check = parser.parse_args().check
    try:
        texts = generate(ROOT)
    except (AuthorError, HiddenError, specs.UnknownTaskError) as error:
        print(error, file=sys.stderr)
        return 1
    changed = stale(texts, ROOT / "notebooks" / "assignments" / "release")
    for path in changed:
        name = path.relative_to(ROOT).as_posix()
        if check:
            print(f"{name} is not what its text makes: run `make assignments`.", file=sys.stderr)
        elif path in texts:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(texts[path].encode())
            print(f"wrote {name}")
        else:
            path.unlink()
            print(f"removed {name}, which has no text")
    return int(check and bool(changed))


if __name__ == "__main__":
    sys.exit(main())
