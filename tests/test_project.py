"""What the files around the book say agrees: versions, commands, licences, workflows."""

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.budgets import CHAPTERS

import lock

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDED = [Requirement(line) for line in PYPROJECT["project"]["dependencies"]]
EXTRAS = [Requirement(line) for lines in PYPROJECT["project"]["optional-dependencies"].values() for line in lines]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


LOCKED = lock.pins(read("requirements.lock"))
TARGET = re.compile(r"^([a-z]+):.*?(?:  ## (.+))?$", re.MULTILINE)


def recipe(target: str) -> list[str]:
    """The commands of one target of the Makefile."""
    rule = re.search(rf"^{target}:.*\n((?:\t.*\n)*)", read("Makefile"), re.MULTILINE)
    assert rule, f"the Makefile has no target {target}"
    return [line.strip().removeprefix("@") for line in rule[1].splitlines()]


def test_the_lock_holds_all_that_the_package_asks_for() -> None:
    for requirement in NEEDED + EXTRAS:
        name = canonicalize_name(requirement.name)
        assert name in LOCKED, f"requirements.lock has no {name}: run `make lock`"
        assert requirement.specifier.contains(LOCKED[name]), f"{name} {LOCKED[name]} does not satisfy {requirement}"


def test_the_lock_says_what_and_not_where_from() -> None:
    for line in read("requirements.lock").splitlines():
        assert re.match(r"^[a-z0-9.-]+==[^\s;]+( ; .+)?$", line), line


@pytest.mark.parametrize(
    ("name", "besides"), [("requirements.txt", {"jupyter-book", "jupyterlab"}), ("binder/requirements.txt", set())]
)
def test_short_lists_pin_what_a_notebook_needs_as_the_lock_does(name: str, besides: set[str]) -> None:
    pinned = lock.pins(read(name))
    assert set(pinned) == {canonicalize_name(requirement.name) for requirement in NEEDED} | besides
    wrong = {package: (version, LOCKED[package]) for package, version in pinned.items() if version != LOCKED[package]}
    assert not wrong, f"{name} and requirements.lock disagree, run `make lock`: {wrong}"


def test_binder_can_keep_its_image() -> None:
    """A local reference among the requirements would install everything anew for every commit."""
    for line in read("binder/requirements.txt").splitlines():
        assert not re.match(r"^(-e|-r|-c|\.|/)", line), line
    assert "pip install --no-cache-dir --no-deps ." in read("binder/postBuild")
    assert (ROOT / "binder/postBuild").stat().st_mode & 0o100, "binder/postBuild must be executable"
    python = re.fullmatch(r"python-(3\.\d+)\n", read("binder/runtime.txt"))
    assert python
    assert f"Programming Language :: Python :: {python[1]}" in PYPROJECT["project"]["classifiers"]


def test_one_version_everywhere() -> None:
    assert yaml.safe_load(read("CITATION.cff"))["version"] == PYPROJECT["project"]["version"]


def test_one_title_everywhere() -> None:
    title = yaml.safe_load(read("_config.yml"))["title"]
    assert yaml.safe_load(read("CITATION.cff"))["title"] == title
    assert read("README.md").startswith(f"# {title}\n")


def test_make_help_lists_every_target() -> None:
    rules = dict(TARGET.findall(read("Makefile")))
    listed = re.search(r"^\.PHONY: (.+)$", read("Makefile"), re.MULTILINE)[1].split()
    assert sorted(rules) == sorted(listed)
    assert all(rules.values()), f"without a word of help: {[name for name, what in rules.items() if not what]}"


def test_the_makefile_only_calls_what_runs_without_make() -> None:
    for target in ("book", "test", "serve", "notebooks", "assignments", "lock", "bench", "lint", "format", "lab"):
        for command in recipe(target):
            assert re.match(r"^\$\(RUN\) (-m \w+|(tools|benchmarks)/\w+\.py)", command), command
            if script := re.search(r"(tools|benchmarks)/\w+\.py", command):
                assert (ROOT / script[0]).is_file(), script[0]


def test_the_readme_begins_with_the_two_commands() -> None:
    blocks = re.findall(r"^```\w*\n(.*?)^```", read("README.md"), re.MULTILINE | re.DOTALL)
    assert re.findall(r"^make \w+", blocks[0], re.MULTILINE) == ["make book", "make test"]


def test_the_readme_says_the_same_without_make() -> None:
    readme = read("README.md")
    for command in recipe("test"):
        plain = command.replace("$(RUN)", "python")
        assert plain in readme, f"README.md must name `{plain}` for those who have no make"


def test_the_readme_lists_what_there_is() -> None:
    chapters = [path.stem for path in CHAPTERS.values()]
    rows = re.findall(r"^\| (\d\d|–) [^|]*\| \[source\]\(book/(\w+)\.md\)", read("README.md"), re.MULTILINE)
    assert [name for _, name in rows] == chapters
    assert all(name[:2] == number if number != "–" else name.isalpha() for number, name in rows)
    told = re.findall(r"\| (\d+) \| [^|]+ \|$", read("README.md"), re.MULTILINE)
    exercises = [path.read_text(encoding="utf-8").count("\n```{exercise}") for path in CHAPTERS.values()]
    assert [int(count) for count in told] == exercises


def test_ci_runs_the_readmes_test_command_and_workflows_run_ci() -> None:
    phases = re.findall(r'^ *phase "[\w ]+" (.+)$', read(".ci/run"), re.MULTILINE)
    asked = {"make test", "side_by_side slow --ignore=tests/nbjudge", "slow tests/nbjudge", "make lint"}
    assert asked <= set(phases)
    assert phases[-1] == "build_elsewhere"
    assert (ROOT / ".ci/run").stat().st_mode & 0o100, ".ci/run must be executable"
    assert "run: .ci/run" in read(".github/workflows/test.yml")


@pytest.mark.parametrize("path", sorted((ROOT / ".github/workflows").glob("*.yml")), ids=lambda path: path.name)
def test_workflows_are_pinned_and_may_do_little(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for action in re.findall(r"uses: (\S+)", text):
        assert re.search(r"@[0-9a-f]{40}$", action), f"{action} is not pinned to a commit"
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_commit_hooks_need_no_network() -> None:
    hooks = yaml.safe_load(read(".pre-commit-config.yaml"))
    assert {repository["repo"] for repository in hooks["repos"]} == {"local"}
    entries = [hook["entry"] for repository in hooks["repos"] for hook in repository["hooks"]]
    assert all(entry.startswith(".venv/bin/") for entry in entries)


def test_licences_are_whole() -> None:
    assert "Section 8 -- Interpretation." in read("LICENSE")
    assert "Creative Commons Attribution 4.0 International" in read("LICENSE")
    assert read("LICENSE-CODE").startswith("MIT License\n")
    assert 'PROVIDED "AS IS"' in read("LICENSE-CODE")
    assert yaml.safe_load(read("CITATION.cff"))["license"] == ["CC-BY-4.0", "MIT"]


LONG_NAMES = {"book": 9, "browser": 12, "widgets": 9}  # those that were there before; may only shrink


def test_the_name_of_a_test_has_sixty_characters_at_most() -> None:
    long: Counter[str] = Counter()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and len(node.name) > 60:
                long[path.relative_to(ROOT / "tests").parts[0]] += 1
    assert all(long[room] <= LONG_NAMES.get(room, 0) for room in long), long
