"""The lists keep what the platform wrote, fill in what is final, and leave empty what is not: never a 0 for nothing."""

import csv
import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbjudge.reports.enrolment import Row, join, wrong_roster
from nbjudge.reports.exports import canvas, feedback_zip, moodle, status
from nbjudge.reports.roster import read_roster, roster_text

A = "02_scoring"


def on(system, number, name):
    return {"system": system, "id": str(number), "name": name}


def row(student, name, state="final", points=12.5, system="canvas", number=None, because=""):
    lms = on(system, number, name) if number else {}
    return Row(student, name, state, because, points, 20.0, lms)


ROWS = [
    row("muelleranna-4711", "müller anna".replace(" ", ""), number=4711),
    row("oconnorben-4712", "oconnorben", "waits for a person", 7.0, number=4712),
    row("zed-4713", "zed", "not graded", 9.0, number=4713, because="the file is empty"),
    row("full-4714", "full", points=20.0, number=4714),
    row("none-4715", "none", points=0.0, number=4715),
]
CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,01 Cognitive (5511),02 Scoring (5512),Final Score\r\n"
    ",,,,,Manual Posting,,(read only)\r\n"
    "    Points Possible,,,,,10,20,(read only)\r\n"
    '"Müller, Anna",4711,S1,anna@uni.example,"Section 1, evening",8,,80\r\n'
    '"O\'Connor, Ben",4712,S2,ben,Section 1,7,3,70\r\n'
    "Zed,4713,S3,zed,Section 1,,5,\r\n"
    "Absent Amy,4799,S4,amy,Section 1,,0,\r\n"
    "Full,4714,S5,full,Section 1,,,\r\n"
    "None,4715,S6,none,Section 1,,,\r\n"
    '"Student, Test",4800,,,Section 1,,,\r\n'
)


def table(text):
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))


def column(text, place):
    return [line[place] for line in table(text)]


def test_canvas_gets_its_own_file_back_with_one_column_filled():
    text = canvas(ROWS, A, CANVAS)
    assert text.startswith("\ufeffStudent,ID,")
    before, after = table(CANVAS), table(text)
    assert [[cell for n, cell in enumerate(line) if n != 6] for line in after] == [
        [cell for n, cell in enumerate(line) if n != 6] for line in before
    ]
    assert column(text, 6) == ["02 Scoring (5512)", "", "20", "12.5", "3", "5", "0", "20", "0", ""]


def test_a_column_that_canvas_does_not_know_is_told():
    (words,) = join(ROWS, CANVAS.replace("02 Scoring", "Homework 2"), A).notes
    assert words.startswith("The roster has no column 02_scoring, and Canvas makes a new assignment of it.")
    assert join([], "Name\nAnna\n", A).notes == []


def test_whom_canvas_excuses_stays_excused():
    excused = CANVAS.replace("Absent Amy,4799,S4,amy,Section 1,,0,", "Absent Amy,4799,S4,amy,Section 1,,EX,")
    excused = excused.replace("Full,4714,S5,full,Section 1,,,", "Full,4714,S5,full,Section 1,,EX,")
    assert column(canvas(ROWS, A, excused), 6)[6:8] == ["EX", "EX"]


def test_a_roster_without_the_assignment_gets_a_column():
    text = canvas(ROWS, "03_alignment", CANVAS)
    assert table(text)[0][-1] == "03_alignment"
    assert column(text, 8) == ["03_alignment", "", "20", "12.5", "", "", "", "20", "0", ""]
    assert column(text, 6) == column(CANVAS, 6)


def test_who_waits_is_told_only_if_asked_for():
    assert column(canvas(ROWS, A, CANVAS, waiting=True), 6)[4:6] == ["7", "5"]
    assert column(canvas(ROWS, A, None), 5) == [A, "20", "12.5", "20", "0"], "an empty cell would delete a grade"
    assert column(canvas(ROWS, A, None, waiting=True), 5) == [A, "20", "12.5", "7", "20", "0"]
    assert column(moodle(ROWS, A, None, waiting=True), 4) == ["Grade", "12.5", "7", "", "20", "0"]


def test_canvas_without_a_roster():
    assert table(canvas(ROWS, A, None))[:3] == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", A],
        ["    Points Possible", "", "", "", "", "20"],
        ["mülleranna", "4711", "", "", "", "12.5"],
    ]
    assert table(canvas([row("anna", "anna")], A, None))[2] == ["anna", "", "", "anna", "", "12.5"]


def test_everybody_on_the_roster_is_there():
    joined = join(ROWS, CANVAS, A)
    assert [one.student for one in joined.rows] == [
        "muelleranna-4711",
        "oconnorben-4712",
        "zed-4713",
        "4799",
        "full-4714",
        "none-4715",
    ]
    amy = joined.rows[3]
    assert (amy.name, amy.state, amy.because, amy.points) == (
        "Absent Amy",
        "not graded",
        "nothing was handed in",
        None,
    )
    assert joined.notes == []
    assert join(ROWS, None).rows == ROWS


def test_who_is_not_on_the_roster_is_told():
    stranger = row("guest", "Gast")
    twins = CANVAS + "Gast,1,,,S,,,\r\nGast,2,,,S,,,\r\n"
    for roster, others in ((CANVAS, 6), (twins, 8)):
        joined = join([*ROWS, stranger], roster, A)
        assert len(joined.rows) == others + 1
        words = "handed in, but is not on the roster, or cannot be told from another."
        assert joined.notes == [f"Gast (guest) {words}"]
        assert len({one.student for one in joined.rows}) == others + 1


@pytest.mark.parametrize(
    "student",
    [
        row("anna", "anna"),  # her login without the domain
        row("S1", "S1"),  # her number
        row("x1", "Anna Müller"),
        row("x1", "Müller Anna"),
        row("x1", "MULLER, anna"),
        row("x1", "mülleranna"),
    ],
    ids=lambda one: one.name,
)
def test_students_are_found_by_what_they_are_called(student):
    assert column(canvas([student], A, CANVAS), 6)[3] == "12.5"
    assert len(join([student], CANVAS).rows) == 6


def test_a_number_counts_more_than_a_name():
    swapped = [row("a", "Full", points=1.0, number=4715), row("b", "None", points=2.0, number=4714)]
    assert column(canvas(swapped, A, CANVAS), 6)[7:9] == ["2", "1"]


def test_two_for_one_line_get_nothing_and_are_told():
    same = [row("x1", "Anna Müller", points=1.0), row("x2", "Müller, Anna", points=2.0)]
    assert column(canvas(same, A, CANVAS), 6)[3] == ""
    assert len(join(same, CANVAS).notes) == 2


MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 1234567,Anna-Lena Müller,anna@uni.example,Submitted for grading,,20.00,Yes,"Monday, 3 March",-,\n'
    'Participant 1234568,"Ben ""B"" O\'Connor",ben@uni.example,Submitted,3,20.00,Yes,-,-,"Well, done\nand more"\n'
    "Participant 1234569,Carla,carla@uni.example,No submission,,20.00,Yes,-,-,\n"
)
GERMAN = (
    "\ufeffID,Vollständiger Name;x,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden\r\n"
    'Teilnehmer/in1234567,Anna,a@x.de,ok,,"20,00",Ja\r\n'
    'Teilnehmer/in1234568,Ben,b@x.de,ok,,"20,00",Nein\r\n'
)
LATVIAN = (
    "Identifikators;Pilns vārds;E-pasta adrese;Statuss;Vērtējums;Augstākais;Var mainīt\n"
    "Dalībnieks 1234567;Anna;a@x.lv;jā;;20,00;Jā\n"
    "Dalībnieks 1234568;Ben;b@x.lv;jā;;20,00;Jā\n"
)
MOODLERS = [
    row("Anna-1234567", "Anna", system="moodle", number=1234567),
    row("Ben-1234568", "Ben", "not graded", 5.0, system="moodle", number=1234568, because="the file is empty"),
]


def test_moodle_gets_its_own_worksheet_back():
    text = moodle(MOODLERS, A, MOODLE)
    assert text.replace(",12.5,", ",,") == MOODLE
    assert column(text, 4) == ["Grade", "12.5", "3", ""]


def test_moodle_gets_feedback_in_folders_of_its_names():
    known = {"Anna-1234567": on("moodle", 1234567, "Anna_B. Müller")}
    data = feedback_zip({"Anna-1234567": "<p>ä", "guest": ""}, known, A)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (path,) = archive.namelist()
        assert path == "Anna B. Müller_1234567_assignsubmission_file/02_scoring.html"
        assert archive.read(path).decode() == "<p>ä"
    assert path.split("/")[0].split("_")[1:] == ["1234567", "assignsubmission", "file"]  # as Moodle reads it
    assert data == feedback_zip({"Anna-1234567": "<p>ä"}, known, A)


def test_canvas_gets_feedback_named_like_its_own_files():
    known = {"x": on("canvas", 4711, "müller_anna") | {"turn": [90210, 0]}}
    with zipfile.ZipFile(io.BytesIO(feedback_zip({"x": "<p>ä"}, known, A))) as archive:
        (path,) = archive.namelist()
    numbers = [part for part in path.split("_") if part.isdecimal()]  # Canvas takes the first two
    assert numbers[:2] == ["4711", "90210"]
    assert path.endswith(".html")


@pytest.mark.parametrize(("roster", "place"), [(GERMAN, 4), (LATVIAN, 4)], ids=["German", "an unknown language"])
def test_other_languages_worksheets(roster, place):
    text = moodle(MOODLERS, A, roster)
    read = read_roster(text)
    assert read.kind == "moodle"
    assert [line[place] for line in read.lines[1:]] == ["12,5", ""]
    assert text == roster.replace(",ok,,", ',ok,"12,5",', 1).replace(";jā;;", ";jā;12,5;", 1)


def test_canvas_may_write_last_and_first_names_apart():
    apart = (
        "LastName,FirstName,ID,Section,02_scoring (1)\n    Points Possible,,,,20\nMüller,Anna,4711,S,\nLang,Zoë,9,S,1\n"
    )
    text = canvas([*ROWS[:1], row("z", "Zoe Lang", points=3.0)], A, apart)
    assert text == apart.replace("4711,S,", "4711,S,12.5").replace("9,S,1", "9,S,3")


def test_what_the_platform_expects_is_compared():
    assert join(MOODLERS, GERMAN).notes == ["The platform lets nobody change the grade of 1 on the roster."]
    assert join(MOODLERS, MOODLE.replace("20.00", "100.00")).notes == [
        "The platform expects 100.00 points, but there are 20: set it to 20."
    ]
    assert join(ROWS, CANVAS.replace(",10,20,", ",10,25,"), A).notes == [
        "The platform expects 25 points, but there are 20: set it to 20."
    ]


def test_moodle_without_a_worksheet():
    assert table(moodle(MOODLERS, A, None)) == [
        [
            *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade"),
            *("Grade can be changed", "Last modified (submission)", "Last modified (grade)", "Feedback comments"),
        ],
        ["Participant 1234567", "Anna", "", "", "12.5", "20", "Yes", "", "", ""],
        ["Participant 1234568", "Ben", "", "", "", "20", "Yes", "", "", ""],
    ]


def test_the_other_platforms_roster_empties_no_cells():
    assert len(table(canvas([], A, MOODLE))) == 2, "nobody's cell is emptied"
    assert len(table(moodle([], A, CANVAS))) == 7


def test_a_plain_list_of_names():
    plain = "Vorname;Nachname;Matrikelnummer\r\nAnna;Müller;31\r\nZoë;Lang;32\r\n"
    joined = join([row("x", "Lang Zoe")], plain)
    assert [(one.name, one.state) for one in joined.rows] == [("Anna Müller", "not graded"), ("Zoë Lang", "final")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_spreadsheet_may_have_saved_it(delimiter, encoding):
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(table(CANVAS))
    read = read_roster(roster_text(target.getvalue().encode(encoding)))
    assert read.kind == "canvas"
    assert [one.name for one in read.students][:2] == ["Müller, Anna", "O'Connor, Ben"]
    assert read.delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  \n", "The roster is empty."),
        ("Student,ID,Section\r\n", "There is no student on the roster."),
        (
            "Farbe,Form\r\nrot,rund\r\n",
            "that is known here; it has “Farbe”, “Form”",
        ),
        ("Name\n" + "x" * 200_000, "is not a table that can be read"),
    ],
)
def test_a_poor_roster_is_told_and_stops_nothing(text, words):
    notes = join(ROWS, text).notes
    assert any(words in note for note in notes)
    assert [one for one in join(ROWS, text).rows if one in ROWS] == ROWS
    assert [cell for cell in column(canvas(ROWS, A, text), 5) if cell] == [A, "20", "12.5", "20", "0"]


EVIL = ["=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(A1)", " =1", "\t=1", "＝1", "%0A=1", "|x"]


@pytest.mark.parametrize("evil", EVIL)
def test_names_are_no_formulas(evil):
    rows = [row("mallory", evil, "not graded", None, because=evil)]
    for text in (status(rows), canvas(rows, A, None), moodle(rows, A, None)):
        for cell in (cell for line in table(text) for cell in line):
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "%", "＝")), cell
    assert f"'{evil.strip()}" in status(rows).replace("' ", "'")


def test_names_on_a_roster_are_no_formulas():
    rows = [row("mallory", "mallory", points=3.0, number=4711)]
    text = canvas(rows, A, "Student,ID,SIS Login ID,Section\r\n=1+1,4711,mallory,One\r\n")
    assert table(text)[1] == ["'=1+1", "4711", "mallory", "One", "3"]
    text = moodle(rows, A, "Identifier,Full name,Grade\r\nParticipant 4711,@SUM(A1),\r\n")
    assert table(text)[1][:2] == ["Participant 4711", "'@SUM(A1)"]


@pytest.mark.parametrize("evil", ["Eve;=1+1", "Eve; @SUM(A1)", 'a “x;=HYPERLINK("http://x";"y").txt”', 'Eve;"=1+1"'])
def test_names_are_no_formulas_where_a_semicolon_ends_a_cell(evil):
    """As in Excel in German or French, which opens a table with commas all the same."""
    rows = [row("mallory", evil, "not graded", None, because=evil)]
    for text in (status(rows), canvas(rows, A, None), moodle(rows, A, None)):
        for cell in text.replace("\r\n", ";").split(";"):
            assert not cell.lstrip(' "').startswith(("=", "+", "-", "@", "|", "%", "＝")), cell


TO_MARK = "answers in words are to be marked"


def test_status_says_why_and_who_was_late():
    text = status(join([replace(ROWS[0], late=True), *ROWS[1:]], CANVAS, A).rows)
    assert text.startswith("\ufeff")
    assert table(text)[1:5] == [
        ["muelleranna-4711", "Müller, Anna", "final", "12.5", "20", "", "late", ""],
        ["oconnorben-4712", "O'Connor, Ben", "waits for a person", "", "20", "7", "", TO_MARK],
        ["zed-4713", "Zed", "not graded", "", "20", "", "", "the file is empty"],
        ["4799", "Absent Amy", "not graded", "", "20", "", "", "nothing was handed in"],
    ]


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(str.strip)
states = st.sampled_from(["final", "waits for a person", "not graded"])
points = st.none() | st.floats(0, 100) | st.just(float("nan"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(names, states, points), max_size=6), st.sampled_from([None, CANVAS, MOODLE, GERMAN]))
def test_nobody_gets_a_number_who_is_not_final(people, roster):
    rows = [row(f"s{n}", name, state, value) for n, (name, state, value) in enumerate(people)]
    final = sum(one.state == "final" and one.points is not None and one.points == one.points for one in rows)
    assert len(join(rows, roster).rows) >= len(rows)
    for text, place in ((canvas(rows, A, None), 5), (moodle(rows, A, None), 4), (status(rows), 3)):
        head = 2 if place == 5 else 1
        assert sum(cell != "" for cell in column(text, place)[head:]) == final
        assert len(table(text)) == (final if place == 5 else len(rows)) + head
    assert len(table(moodle(rows, A, MOODLE))) == 4


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300) | st.lists(st.lists(names, max_size=5).map(";".join), max_size=5).map("\n".join))
def test_no_roster_raises(text):
    for roster in (text, f"Student,ID,Section\n{text}", f"Identifier,Grade\nParticipant 1,\n{text}"):
        joined = join(ROWS, roster, A)
        assert [one for one in joined.rows if one in ROWS] != [] or not ROWS
        canvas(ROWS, A, roster)
        moodle(ROWS, A, roster)


@pytest.mark.parametrize("roster", [CANVAS, MOODLE, GERMAN, None])
def test_joining_first_changes_no_file(roster):
    rows = [*ROWS, *MOODLERS]
    joined = join(rows, roster).rows
    assert canvas(joined, A, roster) == canvas(rows, A, roster)
    assert moodle(joined, A, roster) == moodle(rows, A, roster)
    assert join(joined, roster).rows == joined


def test_the_roster_says_what_students_are_called():
    read = table(CANVAS)
    names = [line[0] for line in read if line[1].isdecimal() and line[0] != "Student, Test"]
    assert [one.name for one in join(ROWS, CANVAS, A).rows] == names
    assert "mülleranna" in [one.name for one in ROWS]  # as in the name of her file


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CANVAS, ""),
        (
            "Student,ID,Section\r\nKant,1,A\r\n",
            "none of the 5 students in the download is on this roster, so it is another class's",
        ),
        (
            MOODLE,
            "The roster is Moodle's, but the download is Canvas's: give the list that Canvas exports with --roster",
        ),
        ("", "The roster is empty"),
        ("Student,ID,Section\r\n", "There is no student on the roster"),
    ],
)
def test_a_list_of_others_is_no_roster(text, words):
    assert wrong_roster({one.student: (one.name, one.lms) for one in ROWS}, text) == words
    assert wrong_roster({"guest": ("Gast", {})}, CANVAS) == ""  # one guest alone may be a guest


def test_the_other_platforms_roster_is_told():
    words = "The roster is Moodle's, but the download is Canvas's: give the list that Canvas exports with --roster."
    assert words in join(ROWS, MOODLE, A).notes
    assert words not in join(ROWS, CANVAS, A).notes
