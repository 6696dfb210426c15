"""Which submissions are alike, once what was handed out and what everybody writes is taken away.

Code is compared by runs of tokens in which names count as names, whatever they are called, so that renaming hides
nothing; answers in words are compared by runs of words. A run that stands in the released notebook is not counted, and
one that many submissions share counts little: three students who divide by √d have not copied from each other.
"""

from __future__ import annotations

import io
import json
import keyword
import math
import re
import tokenize
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

__all__ = ["Pair", "Passage", "compare"]

TOKENS, WORDS = 10, 5  # the length of a run, in code and in prose
LONGEST = 20_000  # the tokens of one cell that are read
MOST_READ = 60_000  # the runs of one notebook that are kept; an honest one has a twentieth of it
MOST_CELLS = 3  # of one notebook, in which a run that they repeat is shown
MOST_SHOWN = 40  # passages of a pair, those with the most lines
COMMON = 0.1  # a run that a larger part of the class has says nothing
FEW = 4  # and neither does this many or fewer keep a run from counting
LEAST = 0.5  # from this share on a pair is shown
FEWEST = 8  # and from this many shared runs on: two lines may be alike by chance
SKIPPED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
QUOTES = "'\""
LOOSE = re.compile(r"[^\W\d]\w*|\d[\w.]*|[^\s\w]")
Token = tuple[str, int]  # what counts, and its line
Run = tuple[str, ...]
Places = dict[Run, dict[int, set[int]]]  # the lines of a run in each cell that has it


@dataclass(frozen=True)
class Passage:
    """One cell of a pair's two submissions, with the lines that both share (counted from 0)."""

    task: str
    one: str
    other: str
    one_lines: frozenset[int]
    other_lines: frozenset[int]


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike.

    Attributes:
        one: A student.
        other: Another student.
        share: How much of the shorter submission's own text stands in the other one, from 0 to 1; rare runs count more.
        runs: How many runs they share.
        passages: Where, cell by cell.
    """

    one: str
    other: str
    share: float
    runs: int
    passages: tuple[Passage, ...]


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _code(source: str) -> list[Token]:
    """Return the tokens of Python code, names made alike, without comments and texts that stand alone."""
    found: list[Token] = []
    try:
        fresh = True  # at the beginning of a statement
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.ERRORTOKEN and token.string[0] in QUOTES:
                raise tokenize.TokenError  # each of thousands would be looked for its end to the end of the line
            if token.type in SKIPPED:
                fresh = True if token.type != tokenize.COMMENT else fresh
                continue
            if token.type == tokenize.STRING and fresh:
                continue
            fresh = False
            plain = token.type == tokenize.NAME and not keyword.iskeyword(token.string)
            found.append(("name" if plain else token.string, token.start[0] - 1))
    except (tokenize.TokenError, SyntaxError, ValueError):
        found = []
        for number, line in enumerate(source.split("\n")):
            words = LOOSE.findall(line.partition("#")[0])
            found += [
                ("name" if word.isidentifier() and not keyword.iskeyword(word) else word, number) for word in words
            ]
    return found


def _prose(source: str) -> list[Token]:
    return [(word, n) for n, line in enumerate(source.split("\n")) for word in re.findall(r"\w+", line.lower())]


def _runs(cell: Mapping[str, Any]) -> Iterable[tuple[Run, frozenset[int]]]:
    """Return each run of a cell, and the lines that it covers."""
    code = cell.get("cell_type") == "code"
    source = _source(cell)[: 10 * LONGEST]
    tokens = (_code(source) if code else _prose(source))[:LONGEST]
    length = TOKENS if code else WORDS
    for start in range(len(tokens) - length + 1):
        window = tokens[start : start + length]
        kind = "code" if code else "words"
        yield (kind, *(text for text, _ in window)), frozenset(line for _, line in window)


def _own_cells(notebook: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the cells in which a student writes, under the name of their task; added cells are told by number."""
    cells = []
    for number, cell in enumerate(notebook.get("cells", []), start=1):
        about = cell.get("metadata", {}).get("nbgrader", {})
        if about.get("solution") or not about:
            cells.append((str(about.get("grade_id", f"cell {number}")).removesuffix("-solution"), cell))
    return cells


def _added(item: tuple[int, tuple[str, Mapping[str, Any]]]) -> bool:
    return not item[1][1].get("metadata", {}).get("nbgrader")


def compare(notebooks: Mapping[str, Mapping[str, Any]], release: str, *, least: float = LEAST) -> list[Pair]:
    """Return the pairs of submissions that are alike, the most alike first.

    Args:
        notebooks: The repaired notebook of each student.
        release: The text of the released notebook, whose runs are not counted.
        least: The share from which on a pair is returned.
    """
    released = json.loads(release)["cells"]
    handed_out = {run for cell in released for run, _ in _runs(cell)}
    printed = {line.strip() for cell in released for line in _source(cell).splitlines()}
    cells = {student: _own_cells(notebook) for student, notebook in notebooks.items()}
    places: dict[str, Places] = {}
    owners: dict[Run, list[str]] = defaultdict(list)
    for student in sorted(notebooks):
        own: Places = defaultdict(lambda: defaultdict(set))
        room = MOST_READ
        # Cells of their own come last: nobody hides an answer behind much else.
        for number, (_, cell) in sorted(enumerate(cells[student]), key=_added):
            for run, lines in islice(_runs(cell) if room else (), room):
                room -= 1
                if run not in handed_out:
                    own[run][number].update(lines)
        places[student] = own
        for run in own:
            owners[run].append(student)

    most = max(FEW, COMMON * len(notebooks))
    weight = {run: 1 + math.log(most / len(who)) for run, who in owners.items() if len(who) <= most}
    total = {student: sum(weight.get(run, 0.0) for run in own) for student, own in places.items()}
    shared: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for run, who in owners.items():
        if run in weight:
            for i, one in enumerate(who):
                for other in who[i + 1 :]:
                    shared[one, other].append(run)

    pairs = []
    for (one, other), runs in shared.items():
        share = sum(weight[run] for run in runs) / min(total[one], total[other])
        if share >= least and len(runs) >= FEWEST:
            passages = _passages(cells[one], cells[other], places[one], places[other], runs, printed)
            pairs.append(Pair(one, other, share, len(runs), passages))
    return sorted(pairs, key=lambda pair: (-pair.share, -pair.runs, pair.one, pair.other))


def _passages(
    one_cells: list[tuple[str, Mapping[str, Any]]],
    other_cells: list[tuple[str, Mapping[str, Any]]],
    one_places: Places,
    other_places: Places,
    runs: Iterable[Run],
    printed: Container[str],
) -> tuple[Passage, ...]:
    """Return each two cells that share a run, with the lines of all the runs that they share, but for printed lines."""

    def own(source: str, numbers: Iterable[int]) -> frozenset[int]:
        lines = source.split("\n")
        return frozenset(number for number in numbers if lines[number].strip() not in printed)

    lines: dict[tuple[int, int], tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for run in runs:
        for one, one_lines in islice(one_places[run].items(), MOST_CELLS):
            for other, other_lines in islice(other_places[run].items(), MOST_CELLS):
                lines[one, other][0].update(one_lines)
                lines[one, other][1].update(other_lines)
    shown = sorted(lines.items(), key=lambda item: -len(item[1][0] | item[1][1]))[:MOST_SHOWN]
    return tuple(
        Passage(
            one_cells[one][0],
            source := _source(one_cells[one][1]),
            source_there := _source(other_cells[other][1]),
            own(source, found),
            own(source_there, there),
        )
        for (one, other), (found, there) in sorted(shown)
    )
