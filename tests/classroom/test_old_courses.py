"""A course folder from before the grader became `nbjudge`: students' code never runs outside the sandbox there."""

from types import SimpleNamespace

import pytest
from nbgrader.converters.base import NbGraderException
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from nbjudge.nbgrader.preprocessor import RepairingExporter

# What such a folder says in its nbgrader_config.py.
SETTINGS = """
from attnbook.classroom.grading.settings import configure

configure(c)
"""


def test_old_settings_still_put_students_code_into_the_sandbox():
    space = {"c": Config()}
    exec(SETTINGS, space)
    named = [space["c"].Autograde.exporter_class, *space["c"].Autograde.autograde_preprocessors]
    assert named[0] == "nbjudge.nbgrader.preprocessor.RepairingExporter"
    assert "nbjudge.nbgrader.preprocessor.SandboxedTests" in named
    assert "nbgrader.preprocessors.Execute" not in named
    assert all(import_item(name) for name in named)


def test_an_old_folder_is_refused_in_words(tmp_path):
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "seed").write_text("0" * 64)
    exporter = SimpleNamespace(parent=SimpleNamespace(coursedir=SimpleNamespace(root=str(tmp_path))))
    with pytest.raises(NbGraderException, match=r"made by an earlier version of the grader.*make a new course"):
        RepairingExporter.course.fget(exporter)
