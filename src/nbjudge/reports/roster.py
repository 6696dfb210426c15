"""The list of the class that a platform exports, read whatever a spreadsheet did to it, and whose work is whose."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nbjudge.intake.students import plain_name

__all__ = ["Listed", "Roster", "read_roster", "roster_text", "spellings"]

# The names of the columns, as Moodle's translators gave them; Canvas's do not change with the language.
COLUMNS = {
    "id": "Identifier|ID|Canvas User ID|Identifikator|ID-Nummer der Teilnahme|Identificador|Identifiant|Identificatore|"
    "Identificatienummer|Identyfikator|Идентификатор|标识符|識別子|식별자",
    "name": "Student|Full name|Name|Student name|Vollständiger Name|Nombre completo|Nom complet|Nome completo|"
    "Nome e cognome|Volledige naam|Imię i nazwisko|Полное имя|全名|氏名|이름",
    "first": "First name|FirstName|Vorname|Nombre|Prénom|Nome|Voornaam|Imię",
    "last": "Surname|Last name|LastName|Nachname|Apellidos?|Nom(?: de famille)?|Cognome|Apelido|Achternaam|Nazwisko",
    "email": "Email address|E-?mail(?:-?adresse?)?|Dirección de correo|Correo electrónico|Adresse de courriel|"
    "Indirizzo email|Endereço de email|Адрес электронной почты|电子邮件地址|メールアドレス",
    "login": "SIS Login ID|Username|User name|Login|Anmeldename|Nombre de usuario|Nom d.utilisateur",
    "number": "SIS User ID|ID number|Matrikelnummer|Student ID|Student number|Número de ID|Numéro d.identification",
    "grade": "Grade|Bewertung|Calificación|Note|Valutazione|Nota|Beoordeling|Cijfer|Ocena|Оценка|成绩|評点|성적",
    "most": "Maximum grade|Maximum Grade|Höchste Bewertung|Bestwertung|Calificación máxima|Note maximale|Voto massimo|"
    "Nota máxima|Maximale beoordeling|Максимальная оценка|最高分",
    "changeable": "Grade can be changed|Bewertung kann geändert werden|La calificación puede ser cambiada|"
    "La note peut être modifiée",
}
PARTICIPANT = re.compile(r"\D+\s*\d+")


@dataclass(frozen=True)
class Listed:
    """A line of a roster that is a student.

    Attributes:
        line: Its place among the lines.
        keys: What the student is known by: numbers, login, address.
        names: The name, in the ways in which it may be written.
        name: The name, as it stands there.
    """

    line: int
    keys: frozenset[str]
    names: frozenset[str]
    name: str


@dataclass
class Roster:
    """A roster, to be given back as it was, with grades.

    Attributes:
        kind: "canvas", "moodle", or "" for a list of names.
        lines: All lines, the header first; each is as long as the header.
        columns: Where what stands.
        students: Who is on it.
        delimiter: What stands between two columns.
        ending: What ends a line.
        bom: What comes before everything.
        trouble: What a teacher should know about it, in sentences.
    """

    kind: str = ""
    lines: list[list[str]] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    students: list[Listed] = field(default_factory=list)
    delimiter: str = ","
    ending: str = "\r\n"
    bom: str = ""
    trouble: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return it as the text of a file."""
        target = io.StringIO()
        csv.writer(target, delimiter=self.delimiter, lineterminator=self.ending).writerows(self.lines)
        return self.bom + target.getvalue()


def roster_text(data: bytes) -> str:
    """Return the text of a roster, whatever program saved it."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_roster(text: str) -> Roster:
    """Return a roster; what is missing is told in `trouble`, and nothing raises."""
    found = Roster(bom="\ufeff" if text.startswith("\ufeff") else "")
    text = text.lstrip("\ufeff").replace("\0", "")
    found.ending = "\r\n" if "\r\n" in text else "\n"
    if announced := re.match(r"(?i)sep=(.)\r?\n", text):  # Excel's own first line
        text = text[announced.end() :]
    lines = text.splitlines()
    if not text.strip():
        found.trouble.append("The roster is empty.")
        return found
    head = next(line for line in lines if line.strip())
    found.delimiter = announced[1] if announced else max(",;\t|", key=head.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=found.delimiter) if any(map(str.strip, row))]
        width = len(rows[0])
    except (csv.Error, ValueError, TypeError, IndexError) as error:
        found.trouble.append(f"The roster is not a table that can be read ({error}): export it again.")
        return found
    found.lines = [[*row, *[""] * (width - len(row))] for row in rows]
    found.columns = _columns(found.lines)
    found.kind = _kind(found)
    found.students = list(_students(found))
    found.trouble += _missing(found)
    return found


def _columns(lines: Sequence[Sequence[str]]) -> dict[str, int]:
    columns: dict[str, int] = {}
    heads = [head.strip() for head in lines[0]]
    for name, known in COLUMNS.items():
        for place, head in enumerate(heads):
            if name not in columns and place not in columns.values() and re.fullmatch(known, head, re.IGNORECASE):
                columns[name] = place
    body = lines[1:]
    # In a language that is not known here, Moodle's worksheet still begins with "Participant 123", and then the name.
    if "id" not in columns and body and all(PARTICIPANT.fullmatch(row[0].strip()) for row in body):
        columns["id"] = 0
        if len(heads) > 1:
            columns.setdefault("name", 1)
    if "email" not in columns:
        for place in range(len(heads)):
            if body and all("@" in row[place] or not row[place] for row in body) and any(row[place] for row in body):
                columns["email"] = place
                break
    if "most" not in columns and columns.get("id") == 0 and body and PARTICIPANT.fullmatch(body[0][0].strip()):
        for place in range(2, len(heads)):  # everybody's maximum is the same, and the grade stands before it
            same = {row[place].strip() for row in body}
            if len(same) == 1 and re.fullmatch(r"\d+([.,]\d+)?", same.pop()) and place not in columns.values():
                columns["most"] = place
                columns.setdefault("grade", place - 1)
                break
    return columns


def _kind(found: Roster) -> str:
    heads = [head.strip() for head in found.lines[0]]
    if len(heads) > 2 and (heads[:2] == ["Student", "ID"] or heads[:3] == ["LastName", "FirstName", "ID"]):
        return "canvas"
    first = found.lines[1][found.columns["id"]].strip() if "id" in found.columns and len(found.lines) > 1 else ""
    if "grade" in found.columns and PARTICIPANT.fullmatch(first):
        return "moodle"
    return ""


def _students(found: Roster) -> Iterable[Listed]:
    columns = found.columns
    for line, row in enumerate(found.lines[1:], start=1):
        if found.kind == "canvas" and (row[0].strip().startswith("Points Possible") or not (row[0].strip() or row[1])):
            continue
        name = row[columns["name"]].strip() if "name" in columns else ""
        if "first" in columns and "last" in columns:
            name = name or f"{row[columns['first']]} {row[columns['last']]}".strip()
        if found.kind == "canvas" and name in {"Student, Test", "Test Student"}:
            continue
        keys = {row[columns[key]].strip().casefold() for key in ("login", "number", "email") if key in columns}
        keys |= {key.split("@")[0] for key in keys if "@" in key}
        if "id" in columns and (number := re.search(r"(?<!\d)\d{1,20}$", row[columns["id"]].strip())):
            keys.add(f"#{int(number[0])}")
        elif "id" in columns:
            keys.add(row[columns["id"]].strip().casefold())
        yield Listed(line, frozenset(keys - {""}), spellings(name), name)


def spellings(name: str) -> frozenset[str]:
    """Return the ways in which a platform may write a name, without blanks, marks and accents."""
    last, comma, first = name.partition(",")
    ways = {name, f"{first} {last}" if comma else name}
    words = name.split()
    ways |= {" ".join([*words[cut:], *words[:cut]]) for cut in range(1, len(words))}
    apart = {unicodedata.normalize("NFKD", way) for way in ways}
    bare = {"".join(letter for letter in way if not unicodedata.combining(letter)) for way in apart}
    return frozenset({plain_name(way) for way in ways | bare} - {""})


def _missing(found: Roster) -> list[str]:
    if not found.students:
        return ["There is no student on the roster."]
    if not {"id", "name", "email", "login", "number"} & found.columns.keys():
        heads = ", ".join(f"“{head}”" for head in found.lines[0][:8])
        return [f"The roster has no column with names or numbers that is known here; it has {heads}."]
    return []
