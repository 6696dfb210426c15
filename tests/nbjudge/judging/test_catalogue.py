"""How the tasks of a course are found: by chapter, by name, and with words where there are none."""

import pytest
from tests.nbjudge import small, toys

from attnbook.classroom import specs
from nbjudge.judging.catalogue import Catalogue, UnknownTaskError


def test_the_tasks_of_a_chapter_are_those_of_its_module() -> None:
    assert Catalogue("tests.nbjudge").tasks_of("small") == small.TASKS
    assert Catalogue("tests.nbjudge").tasks_of("toys") == toys.TASKS


def test_every_task_is_found_by_its_name() -> None:
    found = specs.CATALOGUE
    names = found.names()
    assert len(set(names)) == len(names)
    assert set(found.chapters()) >= {"cognitive", "scoring", "alignment"}
    for name in names:
        assert found.task(name).name == name
        assert name in {item.name for item in found.tasks_of(found.task(name).chapter)}


def test_an_unknown_task_names_the_nearest() -> None:
    with pytest.raises(UnknownTaskError, match="did you mean 'scaled_dot'"):
        specs.task("scaled_dt")


@pytest.mark.parametrize("chapter", ["poetry", "../small", "attnbook.core", ""])
def test_an_unknown_chapter_names_those_there_are(chapter: str) -> None:
    with pytest.raises(UnknownTaskError, match=r"has tasks; there are: alignment, "):
        specs.tasks_of(chapter)


def test_a_package_that_is_not_there_is_named() -> None:
    with pytest.raises(
        UnknownTaskError, match="nowhere, the package of the tasks, cannot be used: No module named 'now"
    ):
        Catalogue("nowhere").tasks_of("small")


def test_an_error_in_a_specification_is_not_a_missing_one(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_tasks").mkdir()
    (tmp_path / "broken_tasks" / "__init__.py").touch()
    (tmp_path / "broken_tasks" / "first.py").write_text("import a_module_that_is_not_there\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="a_module_that_is_not_there"):
        Catalogue("broken_tasks").tasks_of("first")
