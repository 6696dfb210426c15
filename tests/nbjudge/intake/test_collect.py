"""Downloads of every kind become students, with one notebook each; what cannot be used is told."""

import io
import json
import os
import random
import re
import socket
import stat
import time
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.nbjudge.hostile_files import DOWNLOADS, zipped

from nbjudge.intake import archives, entries, students
from nbjudge.intake import collect as intake
from nbjudge.intake.collect import DownloadError, collect, wrong_assignment
from nbjudge.intake.submission import Download, Submission
from nbjudge.reports.enrolment import match
from nbjudge.reports.roster import read_roster

A, B = "02_scoring", "01_cognitive"


def notebook(who: str = "", assignment: str = A) -> bytes:
    cells = [{"cell_type": "markdown", "source": who, "metadata": {}}]
    return json.dumps({"cells": cells, "metadata": {"attnbook": {"assignment": assignment}}, "nbformat": 4}).encode()


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def download(tmp_path: Path, files: dict[str, bytes], *, packed: bool) -> Download:
    if packed:
        path = tmp_path / "submissions.zip"
        path.write_bytes(zipped(files))
    else:
        path = written(tmp_path / "download", files)
    return collect(path, [A, B], tmp_path / "scratch")


def collected(tmp_path: Path, files: dict[str, bytes], *, packed: bool) -> tuple[Submission, ...]:
    return download(tmp_path, files, packed=packed).submissions


def found(everybody: Iterable[Submission]) -> dict[str, bytes | None]:
    return {one.student: one.notebook for one in everybody}


LAYOUTS = {
    "nbgrader": {"submitted/anna/02_scoring/02_scoring.ipynb": "anna", "submitted/ben/02_scoring/other.ipynb": "ben"},
    "nbgrader, inner": {"anna/02_scoring/02_scoring.ipynb": "anna", "ben/02_scoring/02_scoring.ipynb": "ben"},
    "folders": {"anna/mine.ipynb": "anna", "ben/deep/er/02_scoring (1).ipynb": "ben"},
    "folders in a folder": {"class of 1/anna/mine.ipynb": "anna", "class of 1/ben/02_scoring.ipynb": "ben"},
    "flat": {"anna.ipynb": "anna", "ben.ipynb": "ben"},
    "flat, assignment first": {"02_scoring_anna.ipynb": "anna", "02 Scoring - ben.ipynb": "ben"},
    "flat, assignment last": {"anna_02_scoring.ipynb": "anna", "ben-02-scoring.ipynb": "ben"},
    "flat in a folder": {"02_scoring/anna.ipynb": "anna", "02_scoring/ben.ipynb": "ben"},
    "odd endings": {"anna.ipynb.txt": "anna", "ben.IPYNB": "ben"},
}


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_people_make(tmp_path, layout, packed):
    files = {path: notebook(who) for path, who in LAYOUTS[layout].items()}
    everybody = download(tmp_path, files, packed=packed)
    assert found(everybody.submissions) == {"anna": notebook("anna"), "ben": notebook("ben")}
    assert list(everybody.notes) == []


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
@pytest.mark.parametrize("around", ["", "submissions/"])
def test_canvas(tmp_path, packed, around):
    names = {
        "muelleranna_4711_90210_02_scoring-2.ipynb": notebook("anna"),
        "muelleranna_4711_90190_02_scoring.ipynb": notebook("anna, older"),
        "oconnorben_LATE_4712_90300_my work.ipynb": notebook("ben"),
        "李小龙_4713_90400_02_scoring.ipynb": notebook("li"),
        "sharmaप्रिया_LATE_4717_90450_02_scoring.ipynb": notebook("priya"),
        "nunezcarla_4714_90600_report.pdf": b"%PDF",
        "zed_4715_90700_work.zip": zipped({"work/02_scoring.ipynb": notebook("zed"), "__MACOSX/work/._02.ipynb": b"x"}),
        "typerty_LATE_4716_text.html": b"<p>hello",
    }
    everybody = download(tmp_path, {around + name: data for name, data in names.items()}, packed=packed)
    people = {one.student: one for one in everybody.submissions}
    assert {name: one.notebook for name, one in people.items()} == {
        "muelleranna-4711": notebook("anna"),
        "oconnorben-4712": notebook("ben"),
        "4713": notebook("li"),
        "typerty-4716": None,
        "nunezcarla-4714": None,
        "zed-4715": notebook("zed"),
        "sharma-4717": notebook("priya"),
    }
    assert [name for name, one in people.items() if one.late] == ["oconnorben-4712", "sharma-4717", "typerty-4716"]
    assert people["muelleranna-4711"].lms == {
        "system": "canvas",
        "id": "4711",
        "name": "muelleranna",
        "path": "02_scoring-2.ipynb",
        "turn": [90210, 2],
    }
    assert people["4713"].name == "李小龙"
    assert list(people["4713"].notes) == []
    assert people["nunezcarla-4714"].trouble == "no notebook (.ipynb) was handed in, only “report.pdf”"
    assert (
        "2 notebooks were handed in: “02_scoring-2.ipynb” was taken, because it is the newest"
        in (people["muelleranna-4711"].notes[0])
    )
    assert people["typerty-4716"].trouble == "only text typed into the browser was handed in, and no notebook"
    assert everybody.notes == ()


def test_canvas_hides_the_names_of_all_or_of_nobody(tmp_path):
    hidden = {"LATE_anon_x7Ab2_90500_02_scoring.ipynb": notebook("x"), "anon_12345_90501_x.ipynb": notebook("y")}
    people = collected(tmp_path, hidden, packed=True)
    assert [(one.student, one.late) for one in people] == [("anonymous-12345", False), ("anonymous-x7Ab2", True)]
    assert all(one.lms["anonymous"] for one in people)
    named = {"anon_4711_90500_02_scoring.ipynb": notebook("x"), "ben_4712_90501_x.ipynb": notebook("y")}
    assert [one.student for one in collected(tmp_path, named, packed=True)] == ["anon-4711", "ben-4712"]


BEN = {"honestben_1002_555_02_scoring.ipynb": notebook("ben"), "amy_1003_556_02_scoring.ipynb": notebook("amy")}


@pytest.mark.parametrize(
    "mallory",
    [
        "honestben_1002_99999999_x_2001_557_02_scoring.ipynb",  # the sortable name “honestben_ 1002 _ 99999999 _x”
        "honestben_1002_99999999_2001_557_02_scoring.ipynb",
        "honestben_1002_99999999_02_scoring_2001_557_02_scoring.ipynb",
        "honestben_1002_99999999_LATE_2001_557_02_scoring.ipynb",
        "honestben_1002_2001_557_02_scoring.ipynb",
    ],
)
@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
def test_nobody_takes_anothers_number(tmp_path, mallory, packed):
    people = {one.student: one for one in collected(tmp_path, {**BEN, mallory: notebook("mallory")}, packed=packed)}
    assert people["honestben-1002"].notebook == notebook("ben")
    (note,) = people["honestben-1002"].notes
    assert mallory in note
    assert "can be read as another student's" in note


def test_one_number_with_two_names_is_for_a_person(tmp_path):
    two = {**BEN, "mallory_1002_99999999_02_scoring.ipynb": notebook("mallory")}
    amy, ben = collected(tmp_path, two, packed=True)
    assert amy.notebook == notebook("amy")
    assert ben.notebook is None
    assert "the same number comes with the names “honestben”, “mallory”" in ben.trouble


def test_numbers_in_the_name_of_a_file_cost_nobody_the_points(tmp_path):
    dated = {"ben_1002_555_hw_2024_11_final.ipynb": notebook("ben"), "amy_1003_556_2_3_x.ipynb": notebook("amy")}
    people = collected(tmp_path, dated, packed=True)
    assert [one.notebook for one in people] == [notebook("amy"), notebook("ben")]
    assert all("can be read as another student's" in one.notes[0] for one in people)
    two = {"ben_1002_555_1_2_x.ipynb": notebook("ben"), "ben_1002_557_1_2_y.ipynb": notebook("ben")}
    (ben,) = collected(tmp_path, two, packed=True)
    assert "look whose they are" in ben.trouble


def test_a_long_name_in_any_script_is_read_at_once(tmp_path):
    """One that Canvas did not write took 2 to the power of its length to be told from one that it did."""
    names = ("Константинопольская_Александра_Владимировна", "ஸ்ரீனிவாசராமானுஜன்ஐயங்கார்கும்பகோணம்", "ñ" * 60)
    start = time.monotonic()
    everybody = collected(tmp_path, {f"{name}.ipynb": notebook(name) for name in names}, packed=False)
    assert time.monotonic() - start < 10
    assert {one.name for one in everybody} == {unicodedata.normalize("NFC", name) for name in names}


@pytest.mark.parametrize(
    "name", ["a_{}_1_x.ipynb", "a_1_{}_x.ipynb", "anon_{}_1_x.ipynb", "Ann_{}_assignsubmission_file_x.ipynb"]
)
def test_a_number_without_end_in_a_name_stops_nothing(tmp_path, name):
    (one,) = collected(tmp_path, {name.format("9" * 5000): notebook("anna")}, packed=True)
    assert one.notebook == notebook("anna")
    for number in ("1", "9" * 5000):
        match({one.student: (one.name, one.lms)}, read_roster(f"Student,ID,Section\nAnna,{number},\n"))


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
@pytest.mark.parametrize("slash", ["_/", "/", "_"], ids=["folders", "newer folders", "flat"])
def test_moodle(tmp_path, packed, slash):
    files = {
        f"Anna-Lena Müller_1234567_assignsubmission_file{slash}02_scoring.ipynb": notebook("anna"),
        f"Ben O'Connor_1234568_assignsubmission_file{slash}work.zip": zipped({"a/b/x.ipynb": notebook("ben")}),
        f"علي حسن_1234569_assignsubmission_file{slash}02_scoring.ipynb": notebook("ali"),
        f"Carla_1234570_assignsubmission_onlinetext{slash}onlinetext.html": b"<p>here it is",
        "Participant_1234571_assignsubmission_file_/02_scoring.ipynb": notebook("blind"),
    }
    people = {one.student: one for one in collected(tmp_path, files, packed=packed)}
    assert {name: one.notebook for name, one in people.items()} == {
        "Anna-Lena-Muller-1234567": notebook("anna"),
        "Ben-O-Connor-1234568": notebook("ben"),
        "1234569": notebook("ali"),
        "Carla-1234570": None,
        "Participant-1234571": notebook("blind"),
    }
    assert people["Anna-Lena-Muller-1234567"].name == "Anna-Lena Müller"
    assert people["1234569"].lms == {
        "system": "moodle",
        "id": "1234569",
        "name": "علي حسن",
        "path": "02_scoring.ipynb",
    }
    assert people["Carla-1234570"].trouble == "only text typed into the browser was handed in, and no notebook"


def test_the_right_notebook_of_several(tmp_path):
    files = {
        "anna/a.ipynb": notebook("other", B),
        "anna/02_scoring-checkpoint.ipynb": notebook("old"),
        "anna/b.ipynb": notebook("right"),
        "anna/.ipynb_checkpoints/b-checkpoint.ipynb": notebook("hidden"),
        "anna/notes.json": b"{}",
        "ben/01_cognitive.ipynb": b"{}",
        "ben/02_scoring.ipynb": b"{}",
        "carl/01_cognitive/01_cognitive.ipynb": notebook("x", B),
        "carl/02_scoring/02_scoring.ipynb": notebook("carl"),
    }
    people = {one.student: one for one in collected(tmp_path, files, packed=True)}
    assert people["anna"].notebook == notebook("old")  # it says so, and its name does, too
    assert people["ben"].lms["path"] == "02_scoring.ipynb"
    assert people["carl"].notebook == notebook("carl")
    assert "it looks most like this assignment; left:" in people["anna"].notes[0]


def test_the_newest_attempt(tmp_path):
    old, new = tmp_path / "download/anna/old.ipynb", tmp_path / "download/anna/new.ipynb"
    written(tmp_path / "download", {"anna/old.ipynb": notebook("old"), "anna/new.ipynb": notebook("new")})
    written(tmp_path / "download", {"ben.ipynb": notebook("1"), "ben (1).ipynb": notebook("2")})
    os.utime(old, (1_600_000_000, 1_600_000_000))
    os.utime(new, (1_700_000_000, 1_700_000_000))
    everybody = collect(tmp_path / "download", A, tmp_path / "scratch").submissions
    assert found(everybody) == {"anna": notebook("new"), "ben": notebook("2")}
    assert list(everybody[0].notes) == [
        "2 notebooks were handed in: “new.ipynb” was taken, because it is the newest; left: “old.ipynb”."
    ]


def test_a_name_that_says_nothing(tmp_path):
    everybody = collected(tmp_path, {"02_scoring.ipynb": notebook("?"), "anna.ipynb": notebook("anna")}, packed=False)
    assert found(everybody) == {"02_scoring": notebook("?"), "anna": notebook("anna")}
    assert list(everybody[0].notes) == ["The name of the file does not say whose it is."]


def test_a_whole_course_folder(tmp_path):
    files = {
        "submitted/anna/02_scoring/02_scoring.ipynb": notebook("anna"),
        "source/02_scoring/02_scoring.ipynb": notebook("solution"),
        "gradebook.db": b"",
        "private/seed": b"secret",
    }
    everybody = download(tmp_path, files, packed=False)
    assert found(everybody.submissions) == {"anna": notebook("anna")}
    assert list(everybody.notes) == ["This is a whole course folder: only what is in submitted/ was looked at."]


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
def test_students_called_as_the_folders_of_a_course_hide_nobody(tmp_path, packed):
    names = ("submitted", "source", "release", "anna")
    files = {f"{name}/02_scoring/x.ipynb": notebook(name) for name in names}
    everybody = download(tmp_path, files, packed=packed)
    assert sorted(one.notebook for one in everybody.submissions) == sorted(map(notebook, names))
    assert everybody.notes == ()


@pytest.mark.parametrize(
    "names",
    [
        ("muelleranna_4711_9_a.ipynb", "oconnorben_4712_8_b.ipynb"),
        ("Anna M_71_assignsubmission_file/02.ipynb", "Ben O_72_assignsubmission_file/02.ipynb"),
    ],
    ids=["canvas", "moodle"],
)
def test_a_folder_of_downloads_is_no_class(tmp_path, names):
    """Else each zip would be a student, who stays on all lists."""
    class_of_two = {name: notebook(name) for name in names}
    files = {"submissions.zip": zipped(class_of_two), "submissions (2).zip": zipped(class_of_two), "essay.pdf": b"%PDF"}
    words = "are whole downloads of a class: give one of these: “submissions (2).zip”, “submissions.zip”"
    with pytest.raises(DownloadError, match=re.escape(words)):
        collected(tmp_path / "1", files, packed=False)
    del files["submissions (2).zip"], files["essay.pdf"]
    assert len(collected(tmp_path / "2", files, packed=False)) == 2  # nothing but the download: it is opened


def test_a_student_named_as_a_download_stops_nobody(tmp_path):
    files = {f"{name}/02_scoring.ipynb": notebook(name) for name in ("anna", "ben", "carla")}
    files |= {"eve/muelleranna_4711_9_a.ipynb": notebook("1"), "eve/oconnorben_4712_8_b.ipynb": notebook("2")}
    everybody = collected(tmp_path, files, packed=False)
    assert [one.student for one in everybody] == ["anna", "ben", "carla", "eve"]
    assert all(one.notebook for one in everybody)


def test_numbers_in_a_students_files_make_no_class(tmp_path):
    files = {"anna/task_1_1_a.ipynb": notebook(), "anna/task_1_2_b.ipynb": notebook(), "ben/x.ipynb": notebook("ben")}
    assert len(collected(tmp_path, files, packed=False)) == 2


def test_clutter_is_no_student(tmp_path):
    files = {
        "anna.ipynb": notebook("anna"),
        ".DS_Store": b"x",
        "__MACOSX/._anna.ipynb": b"x",
        ".ipynb_checkpoints/anna-checkpoint.ipynb": b"x",
        "Thumbs.db": b"x",
        "grades.csv": b"a,b",
    }
    for packed in (True, False):
        everybody = download(tmp_path, files, packed=packed)
        assert found(everybody.submissions) == {"anna": notebook("anna")}
        assert list(everybody.notes) == ["“grades.csv” is no notebook, and whose it is cannot be told; it was left."]


def test_empty_folders_and_other_files(tmp_path):
    (tmp_path / "download/ben").mkdir(parents=True)
    files = {"anna/scaled.py": b"x = 1", "anna/a.rar": b"Rar!", "carl/c.ipynb": notebook("c"), "dora/d.zip": b"Rar!x"}
    people = {one.student: one for one in collected(tmp_path, files, packed=False)}
    assert people["ben"].trouble == "the folder is empty: nothing was handed in"
    assert people["anna"].trouble == "no notebook (.ipynb) was handed in, only “a.rar”, “scaled.py”"
    assert people["dora"].trouble == "“dora/d.zip” could not be used: it is no zip, but another kind of archive"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("ben/", b"")
        archive.writestr("carl/c.ipynb", notebook("c"))
    (tmp_path / "x.zip").write_bytes(target.getvalue())
    people = {one.student: one for one in collect(tmp_path / "x.zip", A, tmp_path / "scratch").submissions}
    assert people["ben"].trouble == "the folder is empty: nothing was handed in"


def test_a_zip_under_a_false_name(tmp_path):
    files = {"anna.ipynb": zipped({"x/02_scoring.ipynb": notebook("anna")}), "ben.ipynb": notebook("ben")}
    people = {one.student: one for one in collected(tmp_path, files, packed=False)}
    assert people["anna"].notebook == notebook("anna")
    assert list(people["anna"].notes) == ["“anna.ipynb” is a zip, whatever its name says; it was opened."]


def test_names_in_zips_that_do_not_say_utf8(tmp_path):
    data = zipped({"Jürgen/a.ipynb": notebook("j"), "anna/a.ipynb": notebook("a")})
    path = tmp_path / "x.zip"
    path.write_bytes(data.replace("ü".encode(), "ü".encode()))
    with zipfile.ZipFile(path) as archive:
        flagged = archive.infolist()[0].flag_bits
    raw = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.find(mark)
        raw[place + offset + 1] &= ~(flagged >> 8) & 0xFF
    path.write_bytes(bytes(raw))
    assert [one.name for one in collect(path, A, tmp_path / "scratch").submissions] == ["Jürgen", "anna"]


def test_links_pipes_and_devices_in_a_folder(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(notebook("secret"))
    folder = written(tmp_path / "download", {"zoe/a.ipynb": notebook("zoe"), "twin/a.ipynb": notebook("twin")})
    (folder / "anna.ipynb").symlink_to(secret)
    (folder / "ben").symlink_to(tmp_path)
    (folder / "carl").mkdir()
    (folder / "carl/a.ipynb").hardlink_to(secret)
    (folder / "twin/b.ipynb").hardlink_to(folder / "twin/a.ipynb")
    os.mkfifo(folder / "dora.ipynb")
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(folder)  # the name of a socket may not be long
    try:
        server.bind("emil.ipynb")
        everybody = collect(folder, [A, B], tmp_path / "scratch").submissions
    finally:
        os.chdir(here)
        server.close()
    people = {one.student: one for one in everybody}
    assert [name for name, one in people.items() if one.notebook] == ["twin", "zoe"]
    link = "it is a link to another place, and links are not followed"
    assert people["anna"].trouble == f"“anna.ipynb” could not be used: {link}"
    assert people["ben"].trouble == f"“ben” could not be used: {link}"
    assert "it is a hard link" in people["carl"].trouble
    assert "it is a pipe, a socket or a device" in people["dora"].trouble
    assert "it is a pipe, a socket or a device" in people["emil"].trouble


@pytest.mark.parametrize("name", DOWNLOADS)
def test_hostile_downloads(tmp_path, name, monkeypatch):
    """Whatever a zip says, the honest student is found, what is wrong is told, and nothing is written outside."""
    make, words = DOWNLOADS[name]
    monkeypatch.setattr(archives, "LARGEST_ZIP", 2_000_000)
    monkeypatch.setattr(entries, "ROOM", 3_000_000)
    monkeypatch.setattr(entries.Entry.read, "__defaults__", (1_000_000,))
    monkeypatch.setattr(entries.Budget.__init__, "__defaults__", (3_000_000, 5_000))
    inside = tmp_path / "inside"
    (inside / "scratch").mkdir(parents=True)
    path = inside / "submissions.zip"
    path.write_bytes(make(notebook("x")))
    before = {one for one in tmp_path.rglob("*")}
    everybody = collect(path, [A, B], inside / "scratch")
    new = {one for one in tmp_path.rglob("*")} - before
    assert all(one.parent == inside / "scratch" and one.suffix == ".zip" for one in new)
    told = [*everybody.notes, *(line for one in everybody.submissions for line in (one.trouble, *one.notes))]
    assert any(words in line for line in told), told
    honest = {one.student: one for one in everybody.submissions}["honest"]
    assert honest.notebook == notebook("x")
    assert list(honest.notes) == []
    for one in everybody.submissions:
        assert bool(one.notebook) != bool(one.trouble)
        assert students.SAFE.fullmatch(one.student)
        assert not set("\x1b\n\u202e") & set(one.name + "".join(one.notes) + one.trouble)


def test_a_download_that_is_too_much_for_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "MOST_KEPT", 250)
    everybody = collected(tmp_path, {f"s{n}.ipynb": notebook() for n in range(3)}, packed=False)
    assert [bool(one.notebook) for one in everybody] == [True, False, False]
    assert everybody[2].trouble == "the notebooks before it have 250 bytes together: grade the download in parts"


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_FILES", 10)
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({f"s{n}.ipynb": b"{}" for n in range(12)}))
    assert list(collect(path, A, tmp_path / "scratch").notes) == [
        "The download itself: it holds 12 files, and 10 is the limit."
    ]


def test_what_is_no_download(tmp_path):
    with pytest.raises(DownloadError, match="there is no"):
        collect(tmp_path / "none.zip", A, tmp_path / "scratch")
    (tmp_path / "text.zip").write_bytes(b"hello")
    with pytest.raises(DownloadError, match="neither a folder nor a zip"):
        collect(tmp_path / "text.zip", A, tmp_path / "scratch")
    whole = zipped({"anna.ipynb": notebook()})
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DownloadError, match="neither a folder nor a zip"):
        collect(tmp_path / "cut.zip", A, tmp_path / "scratch")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DownloadError, match="neither a folder nor a file"):
        collect(tmp_path / "pipe", A, tmp_path / "scratch")


def test_ids_differ_in_any_spelling(tmp_path):
    composed, apart = unicodedata.normalize("NFC", "Zoë"), unicodedata.normalize("NFD", "Zoë")
    assert composed != apart
    files = {f"{name}/a.ipynb": notebook(name) for name in ("Anna", "anna", "ANNA", "con", "gradebook.db", "李", "王")}
    files |= {f"{composed}/a.ipynb": notebook("1"), f"{apart}/a.ipynb": notebook("2")}
    everybody = collected(tmp_path, files, packed=True)
    ids = [one.student for one in everybody]
    assert len(ids) == 8  # Zoë is one person, however she is written
    assert len({one.casefold() for one in ids}) == 8
    assert {one.name for one in everybody} == {
        "Anna",
        "anna",
        "ANNA",
        "con",
        "gradebook.db",
        "李",
        "王",
        composed,
    }
    (tmp_path / "again").mkdir()
    again = collected(tmp_path / "again", dict(reversed(files.items())), packed=True)
    assert {one.student: one.name for one in again} == {one.student: one.name for one in everybody}


def test_who_has_an_id_keeps_it_whoever_else_comes():
    anna, shouted, other = (students.Owner(f"name {name}", name, name) for name in ("anna", "ANNA", "Anna"))
    maiden, married = (
        students.Owner("canvas 7", name, f"{name}-7", lms={"system": "canvas", "id": "7", "name": name})
        for name in ("muelleranna", "schmidtanna")
    )
    known = students.identities([anna, maiden])
    assert known == {anna.key: "anna", maiden.key: "muelleranna-7"}
    later = students.identities([shouted, anna, married], known)
    assert {later[anna.key], later[married.key]} == {"anna", "muelleranna-7"}
    assert later[shouted.key].startswith("ANNA-")
    known |= later
    alone = students.identities([shouted, other], known)  # who is not there this time has an id all the same
    assert alone[shouted.key] == later[shouted.key]
    assert alone[other.key].startswith("Anna-")
    unnamed = students.Owner("name 02_scoring", "02_scoring.ipynb", "02_scoring", unnamed=True)
    assert students.identities([unnamed], {"name 02_scoring.ipynb": "02_scoring"}) == {unnamed.key: "02_scoring"}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=300).filter(lambda name: "\0" not in name), min_size=1, max_size=8))
def test_every_id_is_safe_and_nobody_elses(names):
    people = [students.Owner(f"name {name}", name, name) for name in names]
    people += [
        students.Owner(f"canvas {n}", name, f"{name}-{n}", lms={"name": name, "id": str(n)})
        for n, name in enumerate(names)
    ]
    ids = students.identities(people)
    assert len({one.casefold() for one in ids.values()}) == len({one.key for one in people})
    for one in ids.values():
        assert students.SAFE.fullmatch(one), one
        assert not students.RESERVED.fullmatch(one.split(".")[0]), one
    assert students.identities(people[::-1]) == ids


def test_somebody_who_takes_the_name_that_is_made_for_another():
    li = students.Owner("name 李", "李", "李")
    made = students.identities([li])[li.key]
    thief = students.Owner(f"name {made}", made, made)
    assert len(set(students.identities([li, thief]).values())) == 2


def test_more_zips_than_open_files_are_allowed(tmp_path):
    data = zipped({"a.ipynb": notebook("x")})
    folder = written(tmp_path / "download", {f"s{number:04}/work.zip": data for number in range(300)})
    before = len(os.listdir("/proc/self/fd"))
    everybody = collect(folder, A, tmp_path / "scratch").submissions
    assert len(everybody) == 300
    assert all(one.notebook for one in everybody)
    assert len(os.listdir("/proc/self/fd")) <= before + 1


def test_nothing_raises_on_damaged_zips(tmp_path):
    luck = random.Random(0)
    inner = zipped({"a/02_scoring.ipynb": notebook("a"), "b.ipynb": notebook("b") * 50})
    for number in range(150):
        damaged = bytearray(inner)
        for _ in range(luck.randrange(1, 12)):
            damaged[luck.randrange(len(damaged))] = luck.randrange(256)
        folder = written(tmp_path / f"d{number}", {"anna/w.zip": bytes(damaged), "honest/a.ipynb": notebook("h")})
        everybody = collect(folder, A, tmp_path / "scratch").submissions
        assert [one.student for one in everybody] == ["anna", "honest"]
        assert bool(everybody[0].trouble) != bool(everybody[0].notebook)


def test_what_is_inside_belongs_to_whose_it_is_in(tmp_path):
    """Nobody hands in for somebody else by giving a folder their name."""
    inside = {"ben/02_scoring/02_scoring.ipynb": notebook("a"), "ben_1_2_02_scoring.ipynb": notebook("a")}
    for packed in (True, False):
        files = {"anna/work.zip": zipped(inside), "ben/a.ipynb": notebook("ben")}
        files |= {f"carl/{name}": data for name, data in inside.items()}
        assert sorted(found(collected(tmp_path, files, packed=packed))) == ["anna", "ben", "carl"]


def test_the_mode_of_a_member_is_read():
    member = zipfile.ZipInfo("a.ipynb")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "a link" in archives._fault(member, ("a.ipynb",))


def test_metadata_count_more_than_a_file_name(tmp_path):
    files = {"anna/z.ipynb": notebook("other", B), "anna/a.ipynb": notebook("right"), "b/b.ipynb": b"{}"}
    assert found(collected(tmp_path, files, packed=True))["anna"] == notebook("right")


def test_another_assignments_download_is_told(tmp_path):
    other = {f"{name}.ipynb": notebook(name, B) for name in ("anna", "ben")}
    everybody = download(tmp_path / "1", other, packed=False)
    assert wrong_assignment(everybody, A) == f"all notebooks are those of {B}, and none is that of {A}"
    assert wrong_assignment(download(tmp_path / "2", other | {"cleo.ipynb": notebook("cleo")}, packed=False), A) == ""
    assert (
        wrong_assignment(download(tmp_path / "3", other | {"cleo.ipynb": b""}, packed=False), A) == ""
    )  # nobody knows what it was
    assert (
        wrong_assignment(download(tmp_path / "4", {"anna.ipynb": notebook("anna", B)}, packed=False), A) == ""
    )  # anna's mistake
    class_of_twelve = {f"s{n}.ipynb": notebook(f"s{n}", B) for n in range(11)}
    mixed = class_of_twelve | {"cleo.ipynb": notebook("cleo")}
    words = f"11 of 12 notebooks are those of {B}, and not of {A}"
    assert wrong_assignment(download(tmp_path / "6", mixed, packed=False), A) == words
    assert wrong_assignment(download(tmp_path / "7", class_of_twelve | {"x.ipynb": b""}, packed=False), A) == words
    papers = {"anna/a.pdf": b"%PDF", "ben/b.pdf": b"%PDF"}
    assert wrong_assignment(download(tmp_path / "5", papers, packed=False), A) == "nobody of 2 has a notebook (.ipynb)"
