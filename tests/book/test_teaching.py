"""The page for teachers says what is so: sections, minutes, exercises, commands and files."""

import json
import math
import re
from pathlib import Path

import pytest
from tests import budgets

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
CHAPTERS = [path.stem for path in budgets.CHAPTERS.values()]
AROUND = ("Summary", "Exercises", "Further reading")


def minutes(chapter: str) -> dict[str, int]:
    """The sections of a chapter, and how long they take by the rule that the page states."""
    counted: dict[str, list[float]] = {}
    title = ""
    for cell in json.loads((ROOT / "notebooks" / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            counted.setdefault(title, []).append(1 / 3)
            continue
        for part in re.split(r"(?m)^(?=## )", source):
            if heading := re.match(r"## (.*)", part):
                title = heading[1]
            formulas = re.findall(r"\$\$.*?\$\$", part, re.DOTALL)
            words = re.findall(r"\b[A-Za-z][\w’'-]*", re.sub(r"\$\$.*?\$\$", "", part, flags=re.DOTALL))
            counted.setdefault(title, []).append(len(words) / 220 + len(formulas) / 2)
    return {title: math.ceil(sum(parts)) for title, parts in counted.items() if title and not title.endswith(AROUND)}


def title_of(chapter: str) -> str:
    return re.search(r"^# (.+)$", (ROOT / "book" / f"{chapter}.md").read_text(encoding="utf-8"), re.MULTILINE)[1]


def table(chapter: str) -> dict[str, int]:
    """What the page says of a chapter's sections; those of a chapter without a number stand under its title."""
    own = PAGE.partition(f"### {title_of(chapter)}\n")[2].partition("\n#")[0]
    number = rf"{int(chapter[:2])}\.\d+ " if chapter[0].isdigit() else ""
    rows = re.findall(rf"^\| ({number}[^|]+?) \| [^|]{{20,}} \| (\d+) \|$", PAGE if number else own, re.MULTILINE)
    return {title: int(count) for title, count in rows}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_section_has_a_goal_and_its_minutes(chapter: str) -> None:
    assert table(chapter) == minutes(chapter)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_exercise_meets_a_mistake(chapter: str) -> None:
    exercises = set(re.findall(r"^:label: (ex-[\w-]+)$", (ROOT / "book" / f"{chapter}.md").read_text("utf-8"), re.M))
    number = int(chapter[:2]) if chapter[0].isdigit() else f"\\*{title_of(chapter)}\\*"
    mistakes = re.findall(rf"^\| {number} \| .+ \| \{{ref\}}`([\w-]+)` \|$", PAGE, re.MULTILINE)
    assert sorted(mistakes) == sorted(exercises)
    assert len(exercises) >= 5


def test_syllabuses_name_sections_that_exist() -> None:
    there = {title.split()[0] for chapter in CHAPTERS for title in minutes(chapter)}
    named = set(re.findall(r"\b[1-9]\.\d+\b", PAGE.partition("## Goals")[0]))
    assert named - there == set()
    assert len(named) > 15


SYLLABUSES = PAGE.partition("## Syllabuses")[2].partition("\n## ")[0]


def planned() -> list[tuple[str, int, str]]:
    """Each row of a syllabus: its first cell, its minutes, and the cells that name sections or whole chapters."""
    rows: list[tuple[str, int, str]] = []
    for table in re.findall(r"(?:^\|.*\n)+", SYLLABUSES, re.MULTILINE):
        head, _, *body = [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in table.splitlines()]
        where = next(i for i, name in enumerate(head) if name in {"where", "sections", "page"})
        rows += [(row[0], int(row[head.index("minutes")]), row[where]) for row in body]
    return rows


def read(where: str) -> int:
    """The minutes of one reader for sections such as `2.1 to 2.5, 3.2`, or for a whole chapter that is linked."""
    found = {title.split()[0]: count for chapter in CHAPTERS for title, count in minutes(chapter).items()}
    total = sum(
        sum(minutes(name).values()) for name in re.findall(r"\{doc\}`(?:[^`<]*<)?(\w+)", where) if name in CHAPTERS
    )
    for chapter, first, last in re.findall(r"\b(\d+)\.(\d+)(?: to \d+\.(\d+))?", where):
        total += sum(found[f"{chapter}.{section}"] for section in range(int(first), int(last or first) + 1))
    return total


def test_syllabuses_plan_twice_the_minutes_of_one_reader() -> None:
    rows = planned()
    assert len(rows) > 30
    for name, count, where in rows:
        assert count == 2 * read(where) or where == "{doc}`the book's first page <index>`", name
        assert count <= 90 or not name[0].isdigit(), name


def test_the_syllabus_of_a_term_has_every_chapter_in_its_order() -> None:
    term = SYLLABUSES.partition("**A term of fourteen weeks.**")[2]
    pages = [re.search(r"<(\w+)>", where) for _, _, where in planned() if where.startswith("{doc}") and where in term]
    assert [page[1] for page in pages if page] == CHAPTERS


def test_assignments_are_promised_for_three_chapters_only() -> None:
    assert set(re.findall(r"assignment `(\w+)`", PAGE)) == {"01_cognitive", "02_scoring", "03_alignment"}


def test_the_commands_on_the_page_exist() -> None:
    from attnbook.classroom.subject import SUBJECT
    from nbjudge import cli

    told = [line.split() for line in re.findall(r"^attnbook-grade [^#\n]*", PAGE, re.MULTILINE)]
    assert {words[1] for words in told} == {"doctor", "new", "grade", "report"}
    for words in told:
        arguments = cli.parser(SUBJECT).parse_args(words[1:])
        assert arguments is not None
    for option in set(re.findall(r"`(--[a-z-]+)`", PAGE)):
        with pytest.raises(SystemExit) as stopped:
            cli.parser(SUBJECT).parse_args(["grade", "--help"])
        assert stopped.value.code == 0
        assert option in cli.parser(SUBJECT).format_help() + _help("grade") + _help("report")


def _help(command: str) -> str:
    import contextlib
    import io

    from attnbook.classroom.subject import SUBJECT
    from nbjudge import cli

    written = io.StringIO()
    with contextlib.redirect_stdout(written), contextlib.suppress(SystemExit):
        cli.parser(SUBJECT).parse_args([command, "--help"])
    return written.getvalue()


def test_as_many_attacks_are_tested_as_the_page_says() -> None:
    from tests.nbjudge.hostile import HOSTILE

    assert "More than a hundred hostile and broken submissions" in PAGE
    assert len({attack.name for attack in HOSTILE}) > 100


def test_the_files_on_the_page_are_there() -> None:
    for path in re.findall(r"`(notebooks/[\w/.]+)`", PAGE):
        assert (ROOT / path).exists(), path


def test_the_lecture_of_ninety_minutes_takes_no_more() -> None:
    sections = {title.split()[0]: count for chapter in CHAPTERS for title, count in minutes(chapter).items()}
    lecture = PAGE.partition("**One lecture, 90 minutes.**")[2].partition("\n\n**")[0]
    rows = re.findall(r"^\| (\d+) \| .+ \| ([^|]+) \|$", lecture, re.MULTILINE)
    for planned, where in rows:
        named = re.findall(r"\b\d\.\d+\b", where)
        assert not named or int(planned) == 2 * sum(sections[name] for name in named), where
    assert sum(int(planned) for planned, _ in rows) <= 90
    assert len(rows) > 4


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_has_ten_questions_with_their_answers(chapter: str) -> None:
    title = title_of(chapter)
    asked, _, answered = (
        PAGE.partition(f"### {title}, in ten questions\n")[2].partition("\n#")[0].partition("```{admonition} ")
    )
    for part in (asked, answered):
        assert re.findall(r"^(\d+)\. \S", part, re.MULTILINE) == [str(number) for number in range(1, 11)]
