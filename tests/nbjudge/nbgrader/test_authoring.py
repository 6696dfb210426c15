"""From an author's text to what is handed out, and what an author is told who made a mistake."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import ClearMarkScheme, ClearSolutions, ComputeChecksums
from tests.nbjudge import small

import assignments
from nbjudge.judging.hidden import HiddenError, properties
from nbjudge.judging.spec import Property
from nbjudge.nbgrader import authoring
from nbjudge.nbgrader.authoring import AuthorError, load, release, teachers, written

NAME = small.NAME
INSTALL = "%pip install the package"
HIDDEN = """
from nbjudge.judging.spec import Property

HIDDEN = {"twice": (Property("secret", "keeps a secret", 4, lambda ask, generator: "", hidden=True),)}
"""


def made(text: str = small.TEXT, **options: Any) -> nbformat.NotebookNode:
    return teachers(text, NAME, small.TASKS, small.SUBJECT, **options)


def cell(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    return next(cell for cell in notebook.cells if cell.metadata.nbgrader.grade_id == name)


def test_the_teachers_notebook_is_nbgraders_and_keeps_everything() -> None:
    notebook = made(install=INSTALL, hidden=properties(HIDDEN))
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    text = written(notebook)
    assert all(words in text for words in ("return 2 * x", "Because 2 / 2 is 1", "BEGIN SOLUTION", "BEGIN MARK SCHEME"))
    assert notebook.metadata.tests == {"assignment": NAME, "chapter": "small", "minutes": 60}
    graded = {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points for c in notebook.cells if c.metadata.nbgrader.grade
    }
    assert graded == {"twice": 7.0, "half": 4.0, "why_half": 3.0, "try_it": 2.0}
    assert [c.metadata.tests.role for c in notebook.cells] == [
        *("text", "look", "given", "solution", "check", "solution", "check", "text", "words", "text", "experiment"),
    ]


def test_what_is_handed_out_has_stubs_and_no_secrets() -> None:
    notebook = release(made(install=INSTALL))
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert (
        cell(notebook, "twice-solution").source == "def twice(x):\n    '''Return 2 x.'''\n    raise NotImplementedError"
    )
    assert cell(notebook, "why_half").source == "*Write your answer here.*"
    assert cell(notebook, "try_it").source == "# Your experiment:"
    assert cell(notebook, "install").source == INSTALL
    text = written(notebook)
    assert not any(words in text for words in ("return 2 * x", "Because 2", "SOLUTION", "MARK SCHEME"))


def test_students_may_change_their_own_cells_only() -> None:
    for c in release(made(install=INSTALL)).cells:
        own = c.metadata.tests.role in {"solution", "words", "experiment"}
        assert c.metadata.nbgrader.locked is not own
        assert c.metadata.get("editable", True) is own
        assert c.metadata.deletable is False
        assert len(c.metadata.nbgrader.checksum) == 32


def test_nbgraders_own_steps_make_the_same_stubs() -> None:
    """A teacher who presses `Generate` in nbgrader's pages gives nothing away either."""
    notebook = made()
    for step in (ClearSolutions(), ClearMarkScheme(), ComputeChecksums()):
        notebook, _ = step.preprocess(notebook, {})
    text = written(notebook)
    assert not any(words in text for words in ("return 2 * x", "Because 2", "SOLUTION", "MARK SCHEME"))


def test_an_experiment_may_begin_with_something() -> None:
    start = "# Your experiment:\n"
    body = "x = 1  # start here\n### BEGIN SOLUTION\nsecret = x\n### END SOLUTION\n"
    scheme = "### BEGIN MARK SCHEME\n# one point each\n### END MARK SCHEME\n"
    notebook = made(small.TEXT.replace(start, body + scheme))
    assert "one point each" in cell(notebook, "try_it").source
    assert cell(release(notebook), "try_it").source.rstrip() == "x = 1  # start here\n# Your experiment:"


def test_the_same_text_makes_the_same_bytes() -> None:
    once, again = (written(release(made(install=INSTALL))) for _ in range(2))
    assert once == again
    assert once.endswith("}\n")
    edited = json.loads(written(release(made(small.TEXT.replace("Try something.", "Try it."), install=INSTALL))))
    before = json.loads(once)
    changed = [(a["id"], b["id"]) for a, b in zip(before["cells"], edited["cells"], strict=True) if a != b]
    assert len(changed) == 1
    ids = [c["id"] for c in before["cells"]]
    assert len(set(ids)) == len(ids)


def test_making_the_release_leaves_the_source_alone() -> None:
    notebook = made()
    before = written(notebook)
    release(notebook)
    assert written(notebook) == before


# What an author may get wrong: what to replace in a right text, by what, and the words that must come.
MISTAKES = {
    "unknown role": (
        "role: check\ntask: twice",
        "role: chek\ntask: twice",
        "line 39 (check(\"twice\", twice)): unknown role 'chek'",
    ),
    "role of another kind of cell": ("role: check\ntask: twice", "role: words\ntask: twice", "is for a markdown cell"),
    "metadata of its own": ("role: check\ntask: twice", "role: check\ntags: [x]\ntask: twice", "a cell has no 'tags'"),
    "no specification": (
        "task: twice",
        "task: thrice",
        "the task 'thrice' has no specification; this chapter has twice, half",
    ),
    "no mark": (
        "    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
        "    return 2 * x",
        "needs one line '### BEGIN",
    ),
    "no end": ("    return 2 * x\n    ### END SOLUTION", "    return 2 * x", "one line '### END SOLUTION' after it"),
    "mark out of place": (
        'check("twice", twice)',
        '### BEGIN SOLUTION\n### END SOLUTION\ncheck("twice", twice)',
        "would be handed out",
    ),
    "no docstring": ("    '''Return 2 x.'''\n", "", "the docstring of twice must stand before '### BEGIN SOLUTION'"),
    "another function": ("def twice(x)", "def double(x)", "must define the function twice once"),
    "no Python": ("return 2 * x", "return 2 *", "the solution is not Python: invalid syntax in line 4 of the cell"),
    "another check": ('check("twice", twice)', 'check("twice", half)', 'must hold one line, check("twice", twice)'),
    "no check": (
        '```{code-cell} ipython3\n---\nrole: check\ntask: half\n---\ncheck("half", half)\n```',
        "",
        "the check cells are for twice",
    ),
    "words without points": (', "points": 3', "", "needs points, which a person will give"),
    "points that are none": (', "points": 3', ', "points": "3"', "points is '3'; write a number"),
    "words without a name": (', "task": "why_half"', "", "needs a task with a name such as why_divide"),
    "words without a mark scheme": (
        "### BEGIN MARK SCHEME\nBecause 2 / 2 is 1.\n### END MARK SCHEME\n",
        "",
        "holds a mark scheme and",
    ),
    "words with a question": (
        "*Write your answer here.*",
        "Why?\n*Write your answer here.*",
        "and nothing else; the question stands before it",
    ),
    "an open mark scheme": ("### END MARK SCHEME\n", "", "each between its own BEGIN and END line"),
    "a mark scheme in prose": (
        "Try something.",
        "### BEGIN MARK SCHEME\nx\n### END MARK SCHEME",
        "mark schemes stand in cells that a person reads",
    ),
    "points that differ": (
        "role: check\ntask: twice",
        "role: check\ntask: twice\npoints: 5",
        "says 5 points, but the task's properties are worth 3",
    ),
    "points of prose": (
        "role: solution\ntask: half",
        "role: given\ntask: half",
        "task and points are not for the role 'given'",
    ),
    "two of a name": ('"why_half"', '"twice"', "2 cells are graded under the name 'twice'"),
    "no import": (
        "from tests.nbjudge.small import check",
        "",
        "the first given cell must say `from tests.nbjudge.small import check`",
    ),
    "a directive": ("Try something.", "```{note}\nx\n```", "'```{note}' means nothing in a notebook"),
    "a role of the book": ("Try something.", "See {ref}`x`.", "'{ref}`' means nothing in a notebook"),
    "nbgrader's hidden tests": (
        'check("half", half)',
        "### BEGIN HIDDEN TESTS",
        "hidden tests stand in hidden/<chapter>.py",
    ),
    "no front matter": (
        "assignment:\n  chapter: small\n  minutes: 60\n",
        "",
        "want `assignment: {chapter: scoring, minutes: 75}`",
    ),
    "another chapter": ("chapter: small", "chapter: large", "says chapter 'large', but its tasks are of 'small'"),
    "broken metadata": ('{"role": "words", ', '{"role": "words" ', "could not be read"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_an_author_is_told_what_to_mend_and_where(mistake: str) -> None:
    old, new, words = MISTAKES[mistake]
    assert old in small.TEXT
    with pytest.raises(AuthorError) as caught:
        made(small.TEXT.replace(old, new), origin="source/90_small.md")
    assert words in str(caught.value)
    assert all(line.startswith("source/90_small.md") for line in caught.value.sentences)


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = small.TEXT.replace("    ### BEGIN SOLUTION\n", "").replace(', "points": 3', "")
    with pytest.raises(AuthorError) as caught:
        made(text)
    assert len(caught.value.sentences) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 / 0", "the file cannot be run: ZeroDivisionError: division by zero"),
        ("x = (", "the file cannot be run: SyntaxError"),
        ("x = 1", "the file defines no HIDDEN"),
        ("HIDDEN = {'twice': (1,)}", "everything in HIDDEN['twice'] must be a Property with hidden=True"),
        (HIDDEN.replace(", hidden=True", ""), "must be a Property with hidden=True"),
    ],
)
def test_hidden_properties_that_cannot_be_used_are_told(text: str, words: str) -> None:
    with pytest.raises(HiddenError, match=r".") as caught:
        properties(text, "the file")
    assert words in str(caught.value)


def test_hidden_properties_must_fit_the_tasks() -> None:
    with pytest.raises(AuthorError, match=r"for tasks that it does not have: thrice"):
        made(hidden=properties(HIDDEN.replace('"twice"', '"thrice"')))
    with pytest.raises(AuthorError, match=r"the task twice has two properties called 'values'"):
        made(hidden=properties(HIDDEN.replace('"secret"', '"values"')))
    assert properties("  \n") == {}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    release_path = tmp_path / "release" / NAME / f"{NAME}.ipynb"
    for path in (tmp_path / "source", tmp_path / "hidden", release_path.parent):
        path.mkdir(parents=True)
    (tmp_path / "source" / f"{NAME}.md").write_text(small.TEXT, encoding="utf-8")
    (tmp_path / "hidden" / "small.py").write_text(HIDDEN, encoding="utf-8")
    text = written(release(made(install=INSTALL, hidden=properties(HIDDEN))))
    release_path.write_text(text, encoding="utf-8")
    return tmp_path


def test_an_assignment_is_loaded_with_all_that_grading_needs(folder: Path) -> None:
    found = load(folder, NAME, small.SUBJECT)
    assert (found.name, found.chapter, found.tasks, found.hidden) == (NAME, "small", ("twice", "half"), HIDDEN)
    assert "return 2 * x" in found.source
    assert INSTALL in found.source
    assert "return 2 * x" not in found.release
    assert cell(nbformat.reads(found.release, 4), "twice").metadata.nbgrader.points == 7
    assert [c["id"] for c in found.cells()] == [c.id for c in nbformat.reads(found.source, 4).cells]


def test_an_assignment_edited_by_hand_is_not_loaded(folder: Path) -> None:
    source = folder / "source" / f"{NAME}.md"
    source.write_text(small.TEXT.replace("Try something.", "Try it."), encoding="utf-8")
    with pytest.raises(AuthorError, match=r"is not what 90_small\.md makes: delete it, and it is made anew"):
        load(folder, NAME, small.SUBJECT)
    (folder / "release" / NAME / f"{NAME}.ipynb").unlink()
    made_anew = load(folder, NAME, small.SUBJECT)
    assert "Try it." in made_anew.release
    assert INSTALL not in made_anew.release


def test_an_assignment_is_loaded_from_a_course_as_well(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    given = load(folder, NAME, small.SUBJECT)
    course = tmp_path_factory.mktemp("course")
    files = {f"source/{NAME}/{NAME}.ipynb": given.source, f"release/{NAME}/{NAME}.ipynb": given.release}
    for name, text in (files | {"private/hidden/small.py": given.hidden}).items():
        path = course / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    assert load(course, NAME, small.SUBJECT) == given
    with pytest.raises(AuthorError, match=r"is missing, and so is"):
        load(course, "91_other", small.SUBJECT)


def test_the_tool_says_what_is_stale(folder: Path) -> None:
    path = folder / "release" / NAME / f"{NAME}.ipynb"
    text = path.read_text(encoding="utf-8")
    assert assignments.stale({path: text}, folder / "release") == []
    assert assignments.stale({path: text + " "}, folder / "release") == [path]
    assert assignments.stale({}, folder / "release") == [path]


def roles(pieces: Sequence[Property]) -> list[str]:
    return [piece.name for piece in pieces]


def test_the_small_assignment_is_what_these_tests_say() -> None:
    """Each mistake above is one change of a text that has none."""
    assert made(small.TEXT)
    assert [roles(task.properties) for task in small.TASKS] == [["values", "whole"]] * 2
    assert authoring.ANSWER == "*Write your answer here.*"
