"""What everything does that writes notebooks from texts: write what is stale, or with --check only name it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path


def stale(texts: dict[Path, str], present: Iterable[Path]) -> list[Path]:
    """Return the files that are not what their text makes, and those that are present and have none."""
    changed = [path for path, text in texts.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    return changed + sorted(set(present) - set(texts))


def main(
    about: str | None,
    root: Path,
    generate: Callable[[Path], dict[Path, str]],
    changes: Callable[[dict[Path, str]], list[Path]],
    *,
    made_from: str,
    command: str,
    errors: tuple[type[Exception], ...],
) -> int:
    """Bring the generated files in step; return 1 if an author has something to mend, or --check found one stale.

    Args:
        about: What the command does.
        root: The project.
        generate: Makes the path and text of every file.
        changes: Says which of them are stale.
        made_from: What a file is made from, "chapter" or "text".
        command: What to run to bring them in step.
        errors: What `generate` raises to tell an author something.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--check", action="store_true", help="only name what is stale, and exit with 1")
    check = parser.parse_args().check
    try:
        texts = generate(root)
    except errors as error:
        print(error, file=sys.stderr)
        return 1
    changed = changes(texts)
    for path in changed:
        name = path.relative_to(root).as_posix()
        if check:
            print(f"{name} is not what its {made_from} makes: run `{command}`.", file=sys.stderr)
        elif path in texts:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(texts[path].encode())
            print(f"wrote {name}")
        else:
            path.unlink()
            print(f"removed {name}, which has no {made_from}")
    return int(check and bool(changed))
